"""The conditions of a question in words: field, operator, value, each with the address that leaves it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind
from hetong.kernel.values import choice_of
from hetong.kernel.where import RELATIVE, Condition
from hetong.ui.forms.options import titles_of

from .state import State


@dataclass(frozen=True)
class Chip:
    """One condition as it stands above a list."""

    label: str
    words: str
    remove_url: str
    change_url: str = ""
    is_broken: bool = False
    why: str = ""


def chips_of(state: State) -> list[Chip]:
    """Every condition, the text that was searched for, and what could not be answered, struck."""
    titles = _titles(state)
    fields = state.register.all()
    chips = [
        Chip(
            str(fields[c.field].label),
            words_of(state.actor, fields[c.field], c, titles),
            state.url(state.where.without(c)),
            state.url(
                state.where.without(c),
                ("_field", c.field),
                ("_operator", _operator(c)),
                *(("_was", v) for v in c.values),
            ),
        )
        for c in state.where.conditions
    ]
    if state.where.text:
        chips.append(Chip(_("Text"), f"“{state.where.text}”", state.url(replace(state.where, text=""))))
    return chips + [
        Chip(b.key, b.value, state.url(broken=False), is_broken=True, why=b.why)
        for b in state.question.broken
        if b.value or b.narrows
    ]


def _operator(condition: Condition) -> str:
    if condition.operator == "empty":
        return "empty" if condition.values[0].casefold() in ("1", "true", "yes") else "filled"
    return condition.operator or "is"


def _titles(state: State) -> dict[str, dict[Any, str]]:
    """Titles of the records that conditions name, one query per noun."""
    wanted: dict[str, set[str]] = {}
    for condition in state.where.conditions:
        one = state.register.all()[condition.field]
        if one.to and one.choices is None and condition.operator != "empty":
            wanted.setdefault(one.to, set()).update(v for v in condition.values if v != "me")
    return {
        key: {str(id): title for id, title in titles_of(state.actor, key, ids).items()}
        for key, ids in wanted.items()
        if ids
    }


def words_of(actor: Actor, one: Field, condition: Condition, titles: dict[str, dict[Any, str]]) -> str:
    """Operator and values of one condition in the reader's language."""
    if condition.operator == "empty":
        return _("empty") if _operator(condition) == "empty" else _("filled in")
    values = [value_words(actor, one, value, titles) for value in condition.values]
    joined = (
        _(" or ").join(values)
        if len(values) < 4
        else ngettext("%(n)s value", "%(n)s values", len(values)) % {"n": len(values)}
    )
    pattern = operator_pattern(one, condition.operator)
    return pattern % {"value": joined}


def operator_pattern(one: Field, operator: str) -> str:
    """How an operator reads before its value."""
    timed = one.kind in (Kind.DATE, Kind.INSTANT)
    match operator:
        case "not":
            return _("not %(value)s")
        case "has":
            return _("contains %(value)s")
        case "lt":
            return _("before %(value)s") if timed else _("under %(value)s")
        case "lte":
            return _("until %(value)s") if timed else _("at most %(value)s")
        case "gt":
            return _("after %(value)s") if timed else _("over %(value)s")
        case "gte":
            return _("from %(value)s") if timed else _("at least %(value)s")
        case _:
            return "%(value)s"


def value_words(actor: Actor, one: Field, value: str, titles: dict[str, dict[Any, str]]) -> str:
    """One value of a condition in words."""
    if one.kind in (Kind.DATE, Kind.INSTANT):
        return day_words(value)
    if one.kind is Kind.FLAG:
        return _("yes") if value.casefold() in ("true", "1", "yes") else _("no")
    if one.choices is not None:
        return str(choice_of(one, value).label)
    if one.to:
        return (
            _("me") if value == "me" else titles.get(one.to, {}).get(value, _("someone or something not open to you"))
        )
    return value


def day_words(value: str) -> str:
    """An ISO day, or a day counted from today."""
    found = RELATIVE.match(value)
    if not found or not found[1]:
        return _("today") if found else value
    count = int(found[1])
    span = {
        "d": ngettext("%(n)s day", "%(n)s days", abs(count)),
        "w": ngettext("%(n)s week", "%(n)s weeks", abs(count)),
        "m": ngettext("%(n)s month", "%(n)s months", abs(count)),
        "y": ngettext("%(n)s year", "%(n)s years", abs(count)),
    }[found[2]] % {"n": abs(count)}
    return (_("today + %(span)s") if count >= 0 else _("today − %(span)s")) % {"span": span}

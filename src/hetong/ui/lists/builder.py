"""Building the question step by step, without a script: commands in the address that lead to a plain address.

``_field`` opens the second step of the filter builder; with ``_operator`` and ``_value`` it becomes a
condition. ``_columns`` becomes ``columns=``. Commands never stay in an address that is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from hetong.kernel.fields import Field, Kind, Ref
from hetong.kernel.money import NotANumber
from hetong.kernel.numerals import parse_number
from hetong.kernel.where import ORDERED, RELATIVE, TEXTUAL, Condition
from hetong.ui.forms.controls import control_of, picker
from hetong.ui.forms.options import listed, resolved, titles_of
from hetong.ui.http import Request

from .chips import day_words
from .menus import Menus, menus_of
from .question import can_choose
from .state import State

DAYS = ("today", "today+30d", "today+60d", "today+90d", "today+6m", "today+1y", "today-30d", "today-90d", "today-1y")


@dataclass(frozen=True)
class Builder:
    """What the filter builder and the column chooser show."""

    menus: Menus
    hidden: list[tuple[str, str]]
    """The present question, carried along by the forms."""
    chosen: Field | None
    operators: list[tuple[str, str]]
    operator: str
    control: Any
    me: bool
    days: list[tuple[str, str]]
    was: list[str]
    """The values of the condition that is being changed."""

    @property
    def is_open(self) -> bool:
        return self.chosen is not None


def builder_of(request: Request, state: State) -> Builder:
    """The builder for the field the address names, if it names one this reader may ask about."""
    readable = [f for f in state.register.readable(state.actor) if not f.is_retired or f in state.columns]
    fields = [f for f in readable if can_choose(f)]
    chosen = next((f for f in fields if f.name == request.GET.get("_field")), None)
    return Builder(
        menus_of(state, readable, chosen),
        state.pairs(view=False),
        chosen,
        operators_of(chosen) if chosen else [],
        request.GET.get("_operator", ""),
        value_control(state, chosen, request.GET.getlist("_was")) if chosen else None,
        bool(chosen and chosen.to == "accounts.user"),
        [(value, day_words(value)) for value in DAYS] if chosen and chosen.kind in (Kind.DATE, Kind.INSTANT) else [],
        request.GET.getlist("_was"),
    )


def operators_of(one: Field) -> list[tuple[str, str]]:
    """The operators a field can be asked with, in words; ``is``, ``empty`` and ``filled`` are ours."""
    blank = [("empty", _("is empty")), ("filled", _("is filled in"))]
    if one.kind is Kind.FLAG:
        return [("is", _("is"))]
    if one.kind in TEXTUAL:
        return [("has", _("contains")), ("is", _("is exactly")), ("not", _("is not")), *blank]
    if one.kind in (Kind.DATE, Kind.INSTANT):
        timed = [("gte", _("from")), ("lte", _("until")), ("gt", _("after")), ("lt", _("before"))]
        return [*timed, *([("is", _("is on"))] if one.kind is Kind.DATE else []), *blank]
    if one.kind in ORDERED:
        return [
            ("gte", _("at least")),
            ("lte", _("at most")),
            ("gt", _("over")),
            ("lt", _("under")),
            ("is", _("is")),
            *blank,
        ]
    return [("is", _("is any of")), ("not", _("is none of")), *blank]


def value_control(state: State, one: Field, was: list[str]) -> Any:
    """The input for the value: several options may be ticked, amounts are typed with their currency."""
    form = forms.Form(prefix=None)
    if one.kind is Kind.FLAG:
        field: forms.Field = forms.ChoiceField(choices=[("true", _("Yes")), ("false", _("No"))])
    elif one.choices is not None:
        field = forms.MultipleChoiceField(
            choices=[(c.code, c.label) for c in one.choices()], widget=forms.CheckboxSelectMultiple
        )
    elif one.to:
        field = _reference(state, one, was)
    elif one.kind is Kind.DATE or one.kind is Kind.INSTANT:
        field = forms.CharField(widget=forms.DateInput(attrs={"type": "date"}))
    elif one.kind is Kind.MONEY:
        field = forms.CharField(widget=forms.TextInput(attrs={"placeholder": _("SEK 1000, or 1000 in any currency")}))
    else:
        plain = replace(one, required=False, help="")
        field = control_of(state.actor, plain) if one.kind in (Kind.NUMBER, Kind.PERCENT) else forms.CharField()
    field.label, field.required, field.help_text = str(one.label), False, ""
    field.initial = was if isinstance(field, forms.MultipleChoiceField) else next(iter(was), "")
    if one.kind in (Kind.DATE, Kind.INSTANT) and RELATIVE.match(str(field.initial)):
        field.initial = ""  # the list of days counted from today holds it
    form.fields["_value"] = field
    return form["_value"]


def _reference(state: State, one: Field, was: list[str]) -> forms.Field:
    options = listed(state.actor, one.to)
    if options is None:
        title = next(iter(titles_of(state.actor, one.to, was[:1]).values()), "")
        return forms.CharField(widget=picker(one.to, Ref(UUID(int=0), title) if title else None))
    return forms.MultipleChoiceField(
        choices=[(str(o.id), o.title) for o in options], widget=forms.SelectMultiple(attrs={"size": "8"})
    )


# -- commands ------------------------------------------------------------------------------------


def command(request: Request, state: State) -> str | None:
    """Where a command in the address leads; None when there is none to carry out."""
    if "_columns" in request.GET:
        chosen = tuple(dict.fromkeys(c for c in request.GET.getlist("_columns") if c))
        readable = {f.name for f in state.register.readable(state.actor)}
        return state.url(replace(state.where, columns=tuple(c for c in chosen if c in readable)))
    if (
        "_field" not in request.GET
        or request.GET.get("fragment")
        or not ("_value" in request.GET or "_add" in request.GET)
    ):
        return None
    condition = _condition(request, state)
    return state.url(state.where.also(condition), view=False) if condition else None


def _condition(request: Request, state: State) -> Condition | None:
    one = next(
        (f for f in state.register.readable(state.actor) if f.name == request.GET["_field"] and can_choose(f)), None
    )
    operator = request.GET.get("_operator", "")
    if one is None or operator not in dict(operators_of(one)):
        return None
    if operator in ("empty", "filled"):
        return Condition(one.name, "empty", ("true" if operator == "empty" else "false",))
    values = tuple(v for v in (_canonical(state, one, v.strip()) for v in request.GET.getlist("_value")) if v)
    if one.kind in ORDERED:
        values = values[:1]
    return Condition(one.name, "" if operator == "is" else operator, values) if values else None


def _canonical(state: State, one: Field, typed: str) -> str:
    """A typed value as it stands in an address: plain numbers, ids."""
    if one.to and one.choices is None and typed != "me":
        return resolved(state.actor, one, typed)
    if one.kind not in (Kind.NUMBER, Kind.PERCENT, Kind.MONEY) or not typed:
        return typed
    currency = typed[:3] if typed[:3].isalpha() else ""
    try:
        number = parse_number(typed[len(currency) :].replace("%", "").strip(), state.actor.language)
    except NotANumber:
        return typed
    return f"{currency.upper()} {number}".strip()

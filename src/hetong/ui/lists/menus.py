"""The menus above a list as HTML: fields to ask about, orders, groups, columns.

They name every field a reader has, up to four times over, and are closed on most pages: drawn by a template's nodes they
took an eighth of the time of a whole page. So each name is put into words once, and everything is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hetong.kernel.fields import Field, Kind
from hetong.kernel.where import Where, can_sort
from hetong.ui.values import icon_html

from .question import can_choose, can_group
from .state import State


@dataclass(frozen=True)
class Menus:
    """What the menus hold; nothing where there is nothing to choose."""

    fields: SafeString
    """The fields a condition can be about, as options of a choice."""
    sorts: SafeString
    groups: SafeString
    columns: SafeString


def menus_of(state: State, readable: Sequence[Field], chosen: Field | None) -> Menus:
    """The menus of a list for the fields that are offered. ``chosen``: the field that a condition is being made of."""
    named = [(f, escape(str(f.label))) for f in readable]
    return Menus(
        _safe(_option(f, label, f is chosen) for f, label in named if can_choose(f)),
        _safe(_sorts(state, named)),
        _safe(_groups(state, named)),
        _safe(_columns(state, named)),
    )


Named = Sequence[tuple[Field, str]]
"""Fields with their labels as HTML."""


def _option(one: Field, label: str, is_chosen: bool) -> str:
    return f'<option value="{escape(one.name)}"{" selected" if is_chosen else ""}>{label}</option>'


def _sorts(state: State, named: Named) -> Iterable[str]:
    """What the list can be ordered by, for phones, where heads do not show."""
    leading = state.sort[0] if state.sort else ("", False)
    labels = {f.name: label for f, label in named}
    for one in state.columns:
        if can_sort(one):
            order = ((one.name, leading == (one.name, False)),)
            yield _choice(state, replace(state.where, sort=order), labels[one.name], leading[0] == one.name)


def _groups(state: State, named: Named) -> list[str]:
    """No group, or one field to group by."""
    grouped = state.where.group
    fields = [(f.name, label) for f, label in named if can_group(f) and f.kind is not Kind.TEXT]
    plain = [("", escape(_("No groups")))] if fields else []
    return [_choice(state, replace(state.where, group=name), label, name == grouped) for name, label in plain + fields]


def _choice(state: State, where: Where, label: str, is_current: bool) -> str:
    current = ' aria-current="true"' if is_current else ""
    return f'<a class="menu-item" href="{escape(state.url(where))}"{current}>{label}</a>'


def _columns(state: State, named: Named) -> Iterable[str]:
    """Every field to tick: those shown first, in their order, with the links that move them."""
    shown, labels = [f.name for f in state.columns], {f.name: label for f, label in named}
    rest = [f.name for f, _label in named if f.name not in shown and f.kind is not Kind.LONG_TEXT]
    for name in [*shown, *rest]:
        ticked, moves = (" checked", _moves(state, shown, name, labels[name])) if name in shown else ("", "")
        yield (
            f'<li><label class="check"><input class="form-check-input" type="checkbox" name="_columns" '
            f'value="{escape(name)}"{ticked}><span>{labels[name]}</span></label>{moves}</li>'
        )


def _moves(state: State, shown: Sequence[str], name: str, label: str) -> str:
    """The links that move a column up and down; the first goes no higher, the last no lower."""
    at = shown.index(name)
    up, down = (escape(way) % {"field": label} for way in (_("Move %(field)s up"), _("Move %(field)s down")))
    return _move(state, shown, at, at - 1, up, "arrow-up") + _move(state, shown, at, at + 1, down, "arrow-down")


def _move(state: State, shown: Sequence[str], at: int, to: int, label: str, icon: str) -> str:
    """The link to the list with two columns in each other's place; none where there is no such place."""
    css, href = "btn btn-ghost btn-icon", ""
    if 0 <= to < len(shown):
        order = list(shown)
        order[at], order[to] = order[to], order[at]
        href = f' href="{escape(state.url(replace(state.where, columns=tuple(order))))}"'
    else:
        css += " is-off"
    return f'<a class="{css}"{href} aria-label="{label}">{icon_html(icon, "sm")}</a>'


def _safe(pieces: Iterable[str]) -> SafeString:
    return mark_safe("".join(pieces))  # noqa: S308 - every part was escaped

"""The menus of a list as HTML: fields to ask about, orders, groups, columns.

They name every field a reader has, up to four times over, and are closed on most pages: drawn by a template's nodes they
took an eighth of the time of a whole page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hetong.kernel.fields import Field, Kind, Text
from hetong.kernel.where import Where, can_sort
from hetong.ui.values import icon_html

from .question import can_group
from .state import State


def options_html(fields: Iterable[Field], chosen: Field | None) -> SafeString:
    """The fields a condition can be about, as options of a choice."""
    rows = ((f.name, _mark(f is chosen, " selected"), f.label) for f in fields)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def sorts_html(state: State) -> SafeString:
    """What the list can be ordered by, for phones, where heads do not show."""
    leading = state.sort[0] if state.sort else ("", False)
    return _choices(
        state,
        (
            (f.label, replace(state.where, sort=((f.name, leading == (f.name, False)),)), leading[0] == f.name)
            for f in state.columns
            if can_sort(f)
        ),
    )


def groups_html(state: State, readable: Sequence[Field]) -> SafeString:
    """No group, or one field to group by; nothing where no field groups."""
    fields = [f for f in readable if can_group(f) and f.kind is not Kind.TEXT]
    if not fields:
        return SafeString()
    grouped = state.where.group
    plain = (_("No groups"), replace(state.where, group=""), not grouped)
    return _choices(state, [plain, *((f.label, replace(state.where, group=f.name), grouped == f.name) for f in fields)])


def columns_html(state: State, readable: Sequence[Field]) -> SafeString:
    """Every readable field to tick: those shown first, in their order, with the links that move them."""
    shown = {f.name: f for f in state.columns}
    rest = [f for f in readable if f.name not in shown and f.kind is not Kind.LONG_TEXT]
    icons = icon_html("arrow-up", "sm"), icon_html("arrow-down", "sm")
    rows = [(f.name, SafeString(" checked"), f.label, _moves(state, list(shown), f, icons)) for f in shown.values()]
    rows += [(f.name, SafeString(), f.label, SafeString()) for f in rest]
    item = (
        '<li><label class="check"><input class="form-check-input" type="checkbox" name="_columns" value="{}"{}>'
        "<span>{}</span></label>{}</li>"
    )
    return format_html_join("", item, rows)


def _moves(state: State, shown: list[str], one: Field, icons: tuple[SafeString, SafeString]) -> SafeString:
    """The links that move a column up and down; the first goes no higher, the last no lower."""
    at = shown.index(one.name)
    said = {"field": one.label}
    ways = ((at - 1, _("Move %(field)s up") % said, icons[0]), (at + 1, _("Move %(field)s down") % said, icons[1]))
    return format_html_join(
        "",
        '<a class="btn btn-ghost btn-icon{}"{} aria-label="{}">{}</a>',
        (
            (_mark(not href, " is-off"), href, label, icon)
            for href, label, icon in ((_moved(state, shown, at, to), label, icon) for to, label, icon in ways)
        ),
    )


def _moved(state: State, shown: list[str], at: int, to: int) -> SafeString:
    """The link to the list with two columns in each other's place; nothing where there is no such place."""
    if not 0 <= to < len(shown):
        return SafeString()
    order = list(shown)
    order[at], order[to] = order[to], order[at]
    return format_html(' href="{}"', state.url(replace(state.where, columns=tuple(order))))


def _choices(state: State, offered: Iterable[tuple[Text, Where, bool]]) -> SafeString:
    rows = (
        (state.url(where), _mark(is_current, ' aria-current="true"'), label) for label, where, is_current in offered
    )
    return format_html_join("", '<a class="menu-item" href="{}"{}>{}</a>', rows)


def _mark(is_set: bool, mark: str) -> SafeString:
    return SafeString(mark if is_set else "")

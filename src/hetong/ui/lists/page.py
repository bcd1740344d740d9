"""The page of a list, and the fragments of it that are asked for on their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hetong.jobs.announcing import of_kind
from hetong.kernel.actors import Reach
from hetong.kernel.fields import Field
from hetong.kernel.paging import DEFAULT_LIMIT, BadCursor, page
from hetong.kernel.where import can_sort
from hetong.ui.http import Request
from hetong.ui.navigation import list_actions

from .builder import builder_of, command
from .chips import chips_of
from .drawing import Line, rows_html
from .export import export, export_links
from .groups import groups_of
from .state import State, state_of
from .table import Table
from .tabs import tabs_of
from .totals import totals_of

WIDTHS = {"person": "w-own", "period": "w-per", "next_event": "w-next"}
"""Widths that neither kind nor the number's role tells: by role on a phone, else by the field's name."""


def list_page(request: Request, table: Table, *, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """A list of a noun: the whole page, one of its fragments (``fragment=``) or a file (``format=``).

    Never refuses an address: what cannot be answered in it stands struck above the list, with what to do.
    ``context`` is for templates that extend ``ui/lists/page.html``.
    """
    state = state_of(request, table)
    if (going := command(request, state)) is not None:
        return redirect(request.path + going)
    if request.GET.get("format"):
        return cast("HttpResponse", export(request, state, request.GET["format"]))
    draw = _FRAGMENTS.get(request.GET.get("fragment", ""), _whole)
    return draw(request, state, dict(context or {}))


def _whole(request: Request, state: State, context: dict[str, Any]) -> HttpResponse:
    inline = request.GET.get("layout") == "totals"
    context |= _lines(state) | {
        "state": state,
        "table": state.table,
        "noun": state.entry,
        "title": state.table.title or state.entry.labels[1],
        "chips": chips_of(state),
        "builder": builder_of(request, state),
        "view_tabs": tabs_of(state),
        "exports": export_links(state),
        "totals": totals_of(state) if inline else None,
        "totals_url": state.url(None, ("fragment", "totals")),
        "totals_page_url": state.url(None, ("layout", "totals")),
        "counts_url": state.url(None, ("fragment", "counts")),
        "clean_url": state.url(broken=False),
        "clear_url": "?view=all",
        "density_url": _density_url(state),
        "new_url": _new_url(request, state),
        "actions": _actions(request, state),
        "bulk_fields": _bulk_fields(state),
        "live_on": of_kind(state.entry.key, request.actor.companies()),
        "empty": _empty_kind(state),
        "broken": [b for b in state.question.broken if b.value or b.narrows],
    }
    return render(request, state.table.template, context)


def _rows_fragment(request: Request, state: State, context: dict[str, Any]) -> HttpResponse:
    return render(request, "ui/lists/_more.html", context | _lines(state) | {"state": state, "noun": state.entry})


def _totals_fragment(request: Request, state: State, context: dict[str, Any]) -> HttpResponse:
    return render(request, "ui/lists/_totals.html", {"totals": totals_of(state), "noun": state.entry})


def _counts_fragment(request: Request, state: State, context: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        "ui/lists/_views.html",
        {"view_tabs": tabs_of(state, counted=True), "state": state, "noun": state.entry},
    )


def _builder_fragment(request: Request, state: State, context: dict[str, Any]) -> HttpResponse:
    return render(request, "ui/lists/_builder_value.html", {"builder": builder_of(request, state), "state": state})


_FRAGMENTS = {
    "rows": _rows_fragment,
    "totals": _totals_fragment,
    "counts": _counts_fragment,
    "filter": _builder_fragment,
}


def _lines(state: State) -> dict[str, Any]:
    """The rows of one page with their columns, and the address of the next page."""
    order, lead = state.order(), state.lead()
    led = state.led() if lead else None
    try:
        found = page(state.rows, order, cursor=state.cursor, limit=state.limit, lead=lead, led=led)
    except BadCursor:
        found = page(state.rows, order, limit=state.limit, lead=lead)
    names = (
        {f.name for f in state.columns}
        | {state.register.heading}
        | ({state.where.group} if state.where.group else set())
    )
    rows = state.register.show(state.actor, found.ids, names)
    columns = [_column(state, one, first=index == 0) for index, one in enumerate(state.columns)]
    groups = groups_of(state, rows) if state.where.group else {}
    lines, before = [], object()
    for row in rows:
        own = groups.get(row.id)
        lines.append(Line(row, own if own is not None and own is not before else None))
        before = own or before
    next_url = state.url(None, ("cursor", found.next)) if found.next else ""
    return {
        "rows_html": rows_html(lines, columns, is_editable=state.entry.edit is not None),
        "columns": columns,
        "next_url": next_url,
        "more_url": f"{next_url}&fragment=rows" if next_url else "",
        "shown": len(rows),
        "is_complete": not found.next and not state.cursor,
        "per": state.limit or DEFAULT_LIMIT,
        "is_empty": not rows,
    }


def _column(state: State, one: Field, *, first: bool) -> dict[str, Any]:
    leading = state.sort[0] if state.sort else ("", False)
    is_sorted = "" if leading[0] != one.name else "desc" if leading[1] else "asc"
    following = replace(state.where, sort=((one.name, is_sorted == "asc"),))
    return {
        "name": one.name,
        "label": one.label,
        "kind": str(one.kind),
        "role": state.table.role_of(one.name),
        "sorted": is_sorted,
        "sort_url": state.url(following) if can_sort(one) else "",
        "is_link": one.name == state.register.heading or (first and not _has_heading(state)),
        "write": one.write,
        "width": WIDTHS.get(state.table.role_of(one.name)) or WIDTHS.get(one.name, ""),
    }


def _has_heading(state: State) -> bool:
    return any(f.name == state.register.heading for f in state.columns)


def _density_url(state: State) -> str:
    return replace(state, density="" if state.density else "compact").url()


def _new_url(request: Request, state: State) -> str:
    if not state.table.new or (state.entry.can_add and not request.actor.may(state.entry.can_add)):
        return ""
    return reverse(state.table.new)


def _actions(request: Request, state: State) -> list[dict[str, Any]]:
    own = [
        {"label": a.label, "url": reverse(a.url_name), "icon": a.icon}
        for a in state.table.actions
        if not a.can or any(request.actor.may(can) for can in a.can)
    ]
    # a list about one thing (the contracts of a party) is no place for what concerns all of them
    higher = [] if state.table.fixed else list_actions(request.actor, state.entry.key)
    return own + [{"label": one.label, "url": one.url, "icon": one.icon} for one in higher]


def _bulk_fields(state: State) -> list[Field]:
    """The fields of the bulk bar that the reader may write in some company: the list's own, then those added by the house."""
    if state.entry.edit is None:
        return []
    writable = {f.name: f for f in state.register.writable(state.actor)}
    return [writable[name] for name in state.table.bulk if name in writable] + [f for f in writable.values() if f.kept]


def _empty_kind(state: State) -> str:
    """Which of the three empty states: no match, no right, or nothing yet."""
    if state.question.is_narrowed or state.question.cannot_answer:
        return "match"
    return "nothing" if _may_see_any(state) else "right"


def _may_see_any(state: State) -> bool:
    if state.actor.is_system or state.entry.register.parent is not None:
        return True
    return any(role.reach_of(state.entry.key) > Reach.NONE for role in state.actor.roles_in(None))

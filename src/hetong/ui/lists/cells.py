"""Editing one field of one row where it stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hetong.kernel.errors import Invalid, NotFound, Stale
from hetong.kernel.fields import Row
from hetong.kernel.input import ReadOnly
from hetong.kernel.nouns import Noun, noun
from hetong.ui.cards import shown_row
from hetong.ui.forms import RecordForm, edit_page
from hetong.ui.forms.conflict import last_change, readable
from hetong.ui.http import Request

from .drawing import cell_html

PREFIX = "cell"
"""Keeps the ids of a cell's control apart from those of other forms on the page."""


def cell(request: Request, key: str, id: UUID, name: str) -> HttpResponse:
    """GET: the control for one cell. POST: save it and show the cell again (409 with both values, 422 with the reason).

    Without a script the same address is a page with that one field.
    """
    entry = noun(key)
    row = _editable_row(request, key, id, name)
    if not request.htmx or request.htmx.boosted:
        _as_page_form(request)
        return edit_page(request, key, id, names=[name], alone=True, back=entry.section and f"/{entry.section}/")
    form = RecordForm(
        request.actor,
        entry.register,
        [name],
        data=request.POST if request.method == "POST" else None,
        row=row,
        prefix=PREFIX,
    )
    if request.method != "POST":
        return _control(request, form, row, name)
    given = form.given()
    try:
        if entry.edit is not None and form.changed():
            entry.edit(request.actor, [id], given, locale=request.actor.language, versions={id: _version(request, row)})
    except Stale:
        now = shown_row(request.actor, key, id, {name})
        who, _at = last_change(key, id)
        more = {"theirs": now.get(name), "mine": readable(form, form.asked[0], given[name]), "who": who}
        return _control(request, form, now, name, status=409, **more)
    except Invalid as refused:
        form.refuse(refused)
        return _control(request, form, row, name, status=422)
    return _saved(request, entry, id, name)


def _saved(request: Request, entry: Noun, id: UUID, name: str) -> HttpResponse:
    """The cell as it stands now; the whole list again where the change took the row out of the reader's sight."""
    rows = entry.register.show(request.actor, entry.among(request.actor).filter(pk=id), {name, entry.register.heading})
    if not rows:
        messages.success(request, _("Saved. The record is no longer among those open to you."))
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponse(
        cell_html(
            rows[0],
            name,
            is_link=name == entry.register.heading,
            as_person=request.GET.get("as") == "person",
        )
    )


def _editable_row(request: Request, key: str, id: UUID, name: str) -> Row:
    """The row, if this reader may change that field of it. Raises `NotFound` for hidden fields, `ReadOnly` for others."""
    register = noun(key).register
    row = shown_row(request.actor, key, id, {name, register.heading})
    if name not in row:
        raise NotFound(noun=key, id=str(id))
    if not register.all()[name].write or not row.editable(name) or noun(key).edit is None:
        raise ReadOnly(fields=name)
    return row


def _as_page_form(request: Request) -> None:
    """Let the page read what the control of a cell sent without the script's help; else the field would count as emptied."""
    mark = f"{PREFIX}-"
    if any(name.startswith(mark) for name in request.POST):
        sent = request.POST.copy()
        for name in [name for name in sent if name.startswith(mark)]:
            sent.setlist(name.removeprefix(mark), sent.pop(name))
        request.POST = sent  # type: ignore[assignment]  # the stubs know only the frozen kind


def _version(request: Request, row: Row) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else row.version


def _control(request: Request, form: RecordForm, row: Row, name: str, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "field": form[name], "row": row, "name": name, "url": request.get_full_path(), **more}
    return render(request, "ui/lists/_cell_edit.html", context, status=status)

"""The page that shows both values when two people saved the same record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from hetong.kernel.fields import Field, Kind, Row
from hetong.ui.http import Request

from .controls import raw_of
from .form import RecordForm, comparable

LastChange = Callable[[str, UUID], tuple[str, datetime] | None]
_hook: dict[str, LastChange] = {}


def install(last_change: LastChange) -> None:
    """Take from config who can tell the last change of a record: the journal stands above this floor."""
    _hook["last_change"] = last_change


def last_change(key: str, id: UUID) -> tuple[str, datetime | None]:
    """Who changed the record last, and when; empty where that is not known."""
    return (_hook["last_change"](key, id) if "last_change" in _hook else None) or ("", None)


def conflict_page(
    request: Request, form: RecordForm, given: Mapping[str, Any], row: Row, reload_url: str
) -> HttpResponse:
    """Mine beside theirs for every field that I changed; ``row`` is the record as it is now. Status 409."""
    who, at = last_change(row.noun, row.id)
    fields = [_line(form, one, given[one.name], row) for one in form.asked if one.name in given]
    keep = [
        (name, value) for name, value in _posted(request) if name not in ("version", "csrfmiddlewaretoken", "once_key")
    ]
    context = {
        "fields": fields,
        "keep": keep,
        "version": row.version,
        "who": who,
        "at": at,
        "action": request.get_full_path(),
        "reload_url": reload_url,
        "row": row,
    }
    return render(request, "ui/conflict.html", context, status=409)


def _line(form: RecordForm, one: Field, mine: Any, row: Row) -> dict[str, Any]:
    was = form.was(one.name)
    theirs = row.get(one.name)
    now = raw_of(one, theirs, form.actor.language)
    before = None if was is None or comparable(was) == comparable(now) else was
    return {
        "name": one.name,
        "label": one.label,
        "before": None if before is None else readable(form, one, before),
        "mine": readable(form, one, mine),
        "theirs": theirs,
        "mine_raw": mine,
    }


def readable(form: RecordForm, one: Field, raw: Any) -> Any:
    """What was typed, in words: the option's label instead of its code or id."""
    choices: Any = getattr(form.fields[one.name].widget, "choices", None)
    if choices:
        known = {str(code): label for code, label in choices}
        if isinstance(raw, list | tuple):
            return ", ".join(str(known.get(str(code), code)) for code in raw)
        return known.get(str(raw), raw) if raw else ""
    if one.kind is Kind.LABELS and isinstance(raw, Mapping):
        return " · ".join(str(text) for text in raw.values())
    return raw


def _posted(request: Request) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() if not name.startswith("keep.") for value in values]

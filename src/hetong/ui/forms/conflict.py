"""The page that shows both values when two people saved the same record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from hetong.kernel.fields import Field, Kind, Row

from ..http import Request
from .controls import raw_of
from .form import RecordForm, comparable


@dataclass(frozen=True)
class LastSave:
    """Who saved a record last, and when."""

    who: str
    at: datetime


_hook: dict[str, Callable[[str, UUID], LastSave | None]] = {}


def install(last_save: Callable[[str, UUID], LastSave | None]) -> None:
    """Take from config who can tell the last save: the journal stands above this floor."""
    _hook["last_save"] = last_save


def last_save(key: str, id: UUID) -> LastSave | None:
    """Who saved the record last, where that is known."""
    return _hook["last_save"](key, id) if "last_save" in _hook else None


def conflict_page(request: Request, form: RecordForm, given: Mapping[str, Any], row: Row, reload_url: str) -> HttpResponse:
    """Mine beside theirs for every field that I changed; ``row`` is the record as it is now. Status 409."""
    saved = last_save(row.noun, row.id)
    fields = [_line(form, one, given[one.name], row) for one in form.asked if one.name in given]
    keep = [(name, value) for name, value in _posted(request) if name not in ("version", "csrfmiddlewaretoken", "once_key")]
    context = {
        "fields": fields, "keep": keep, "version": row.version, "who": saved.who if saved else "", "at": saved.at if saved else None,
        "action": request.get_full_path(), "reload_url": reload_url, "row": row,
    }  # fmt: skip
    return render(request, "ui/conflict.html", context, status=409)


def _line(form: RecordForm, one: Field, mine: Any, row: Row) -> dict[str, Any]:
    was = form.was(one.name)
    theirs = row.get(one.name)
    now = raw_of(one, theirs, form.actor.language)
    before = None if was is None or comparable(was) == comparable(now) else was
    return {
        "name": one.name, "label": one.label, "before": None if before is None else readable(form, one, before),
        "mine": readable(form, one, mine), "theirs": theirs, "mine_raw": mine,
    }  # fmt: skip


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

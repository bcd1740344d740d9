"""The pages to add and to edit one record of any noun."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.kernel.actors import require
from hetong.kernel.errors import Forbidden, Invalid, Stale
from hetong.kernel.fields import Row, Text
from hetong.kernel.nouns import Noun, is_visible, noun
from hetong.ui.cards import shown_row
from hetong.ui.http import Request

from .conflict import conflict_page
from .form import RecordForm, comparable, with_added

Address = str | Callable[[Any], str]
Warn = Callable[[RecordForm], Mapping[str, Any] | None]
"""Looks at what was typed before it is saved; gives the context of a warning, or nothing."""


def add_page(
    request: Request,
    key: str,
    *,
    names: Sequence[str] | None = None,
    title: Text = "",
    initial: Mapping[str, Any] | None = None,
    fixed: Mapping[str, Any] | None = None,
    back: Address = "",
    submit: Text = "",
    intro: Text = "",
    after_first: str = "",
    warn: Warn | None = None,
    enough: Collection[str] = (),
) -> HttpResponse:
    """A page that asks for a new record and, posted, has the noun's service add it.

    ``names``: the fields asked for, in order (None: all writable ones); those that the house added always follow.
    ``initial``: values the form starts with; parameters of the address override them. ``fixed``: values that are given
    and not asked for. ``back``: where success leads (an address, or a function of the new row); the record's page else.
    ``after_first``: a template drawn after the first section. ``warn``: what it gives is shown before anything is saved,
    until the sender confirms with ``anyway``. ``enough``: the fields that show at once (none: all); the others are folded
    up until one says something.
    """
    entry = noun(key)
    if entry.can_add:
        require(request.actor, entry.can_add)
    asked = None if names is None else with_added(entry.register, names)
    start = dict(initial or {}) | {name: value for name, value in request.GET.items() if asked is None or name in asked}
    form = RecordForm(
        request.actor, entry.register, asked, data=request.POST if request.method == "POST" else None, initial=start
    )
    context: dict[str, Any] = {
        "title": title or _("New"), "submit": submit or _("Add"), "intro": intro, "noun": entry,
        "cancel_url": _cancel(request, entry, back), "after_first": after_first, "enough": _enough(form, enough),
    }  # fmt: skip
    if request.method != "POST":
        return _shown(request, form, context)
    if (warning := _warning(request, form, warn)) is not None:
        return _shown(request, form, context | warning, status=422)
    try:
        added = _service(entry, "add")(
            request.actor, [form.given() | dict(fixed or {})], locale=request.actor.language
        )[0]
    except Invalid as refused:
        form.refuse(refused)
        return _shown(request, form, context, status=422)
    messages.success(request, _("Added."))
    return redirect(_target(back, added) or entry.url(added.pk) or "/")


def edit_page(
    request: Request,
    key: str,
    id: UUID,
    *,
    names: Sequence[str] | None = None,
    title: Text = "",
    back: Address = "",
    submit: Text = "",
    intro: Text = "",
    reason: bool = False,
    after_first: str = "",
    warn: Warn | None = None,
    alone: bool = False,
) -> HttpResponse:
    """A page that changes one record: only what was changed is saved, on top of the version that was seen.

    Someone else's save in between gives the page with both values (409). ``reason`` asks why. ``after_first``
    and ``warn`` as in `add_page`. ``alone``: nothing is asked for but ``names``. Raises `Forbidden` where the reader
    may write none of it.
    """
    entry = noun(key)
    row = shown_row(request.actor, key, id)
    asked = names if names is None or alone else with_added(entry.register, names)
    form = RecordForm(
        request.actor, entry.register, asked, data=request.POST if request.method == "POST" else None, row=row
    )
    if not form.asked:
        raise Forbidden
    context = {
        "title": title or row.title,
        "submit": submit or _("Save"),
        "intro": intro,
        "noun": entry,
        "row": row,
        "ask_reason": reason,
        "version": _seen_version(request, row),
        "cancel_url": _cancel(request, entry, back, row),
        "after_first": after_first,
    }
    if request.method != "POST":
        return _shown(request, form, context)
    if (warning := _warning(request, form, warn)) is not None:
        return _shown(request, form, context | warning, status=422)
    return _save(request, form, row, back, context)


def _save(request: Request, form: RecordForm, row: Row, back: Address, context: Mapping[str, Any]) -> HttpResponse:
    """Have the service save what was changed, and lead on; or show why not."""
    entry, id = noun(row.noun), row.id
    given = {name: value for name, value in form.changed().items() if request.POST.get(f"keep.{name}") != "theirs"}
    versions, reason = {id: _seen_version(request, row)}, request.POST.get("reason", "").strip()[:500]
    try:
        if given:
            _service(entry, "edit")(
                request.actor, [id], given, locale=request.actor.language, versions=versions, reason=reason
            )
    except Stale:
        return conflict_page(request, form, given, row, str(context["cancel_url"]))
    except Invalid as refused:
        form.refuse(refused)
        return _shown(request, form, context, status=422)
    if given and not is_visible(request.actor, row.noun, id):
        messages.success(request, _("Saved. The record is no longer among those open to you."))
        return redirect(_cancel(request, entry, ""))
    messages.success(request, _("Saved.") if given else _("Nothing was changed."))
    return redirect(_target(back, row) or row.url or "/")


def _warning(request: Request, form: RecordForm, warn: Warn | None) -> dict[str, Any] | None:
    """The context of the warning to show now; None when there is nothing to warn of, or it was confirmed."""
    found = warn(form) if warn and not request.POST.get("anyway") else None
    return dict(found) if found is not None else None


def _service(entry: Noun, name: str) -> Callable[..., list[Any]]:
    service: Callable[..., list[Any]] | None = getattr(entry, name)
    if service is None:
        raise LookupError(f"{entry.key} has no {name} service in config/nouns.py")
    return service


def _seen_version(request: Request, row: Row) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else row.version


def _target(back: Address, row: Any) -> str:
    return back(row) if callable(back) else back


def _cancel(request: Request, entry: Noun, back: Address, row: Row | None = None) -> str:
    if row is not None:
        return _target(back, row) or row.url or "/"
    if isinstance(back, str) and back:
        return back
    return f"/{entry.section}/" if entry.section else "/"


def _shown(request: Request, form: RecordForm, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    more = _folded(request, form, context.get("enough") or ())
    return render(request, "ui/forms/page.html", {"form": form, **more, **context}, status=status)


def _enough(form: RecordForm, names: Collection[str]) -> set[str]:
    """The fields that show at once: those named, and what is required and does not start with a value."""
    if not names:
        return set()
    return {one.name for one in form.asked if one.name in names or (one.required and not form[one.name].initial)}


def _folded(request: Request, form: RecordForm, enough: Collection[str]) -> dict[str, Any]:
    """The sections that show at once and those folded up, which open where one of their fields says something."""
    sections = form.sections()
    if not enough:
        return {"sections": sections}

    def those(*, folded: bool) -> list[dict[str, Any]]:
        parts = [
            section | {"fields": [field for field in section["fields"] if (field.name not in enough) is folded]}
            for section in sections
        ]
        return [part for part in parts if part["fields"]]

    more = those(folded=True)
    is_open = any(_speaks(request, form, field) for part in more for field in part["fields"])
    return {"sections": those(folded=False), "more": more, "more_is_open": is_open}


def _speaks(request: Request, form: RecordForm, field: Any) -> bool:
    """Whether a field was refused, given by the address, or filled in otherwise than it started."""
    now = comparable(field.value())
    is_filled = form.is_bound and bool(now) and now != comparable(field.initial)
    return bool(field.errors) or field.name in request.GET or is_filled

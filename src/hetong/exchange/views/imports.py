"""The imports of a person, and beginning one: a file, what it holds, and templates for those who have no file yet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.documents.services import Upload
from hetong.exchange.forms import StartForm
from hetong.exchange.importing import KINDS, kind_of
from hetong.exchange.models import Import
from hetong.exchange.policy import Can
from hetong.exchange.queries.imports import find_imports, find_profiles
from hetong.exchange.queries.templates import template_csv, template_xlsx
from hetong.exchange.services import begin_import
from hetong.exchange.services.working import needs_of
from hetong.exchange.states import ImportState
from hetong.files.names import disposition
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid
from hetong.kernel.nouns import noun
from hetong.ui.http import Request

SHOWN = 50
FORMATS = (("xlsx", "XLSX"), ("csv", "CSV"))
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_list(request: Request) -> HttpResponse:
    """One's own imports, newest first, and the templates."""
    asked = request.GET.get("page", "1")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 5 else 1
    rows = list(find_imports(request.actor)[SHOWN * (number - 1) : SHOWN * number + 1])
    context = {
        "imports": [_shown(row) for row in rows[:SHOWN]], "kinds": [KINDS[key] for key in kinds_of(request.actor)],
        "formats": FORMATS, "newer": number - 1, "older": number + 1 if len(rows) > SHOWN else 0,
    }  # fmt: skip
    return render(request, "exchange/imports.html", context)


def _shown(row: Import) -> dict[str, Any]:
    label, glyph = state_words(row.state)
    return {
        "id": row.pk, "name": row.name, "kind": kind_of(row.kind).label, "company": row.company.name, "label": label, "glyph": glyph,
        "counts": row.counts, "created_at": row.created_at,
    }  # fmt: skip


def state_words(state: str) -> tuple[str, str]:
    """How far an import is, in words, and the sign beside them."""
    words = {
        ImportState.UPLOADED: (_("To be read"), "waiting"),
        ImportState.READ: (_("To be mapped"), "waiting"),
        ImportState.MAPPED: (_("To be checked"), "waiting"),
        ImportState.CHECKED: (_("Checked"), "waiting"),
        ImportState.RUNNING: (_("Running"), "running"),
        ImportState.DONE: (_("Imported"), "done"),
        ImportState.CANCELLED: (_("Stopped"), "void"),
        ImportState.UNDONE: (_("Undone"), "void"),
        ImportState.FAILED: (_("Failed"), "failed"),
    }
    return words[ImportState(state)]


def kinds_of(actor: Actor) -> list[str]:
    """The kinds of file that the actor may import somewhere."""
    return [key for key in KINDS if all(actor.may(can) for can in needs_of(key))]


def import_new(request: Request) -> HttpResponse:
    """Choose a file and what it holds; what is guessed of it stands on the next page."""
    actor = request.actor
    asked, posted = request.GET.get("kind", ""), request.method == "POST"
    kinds = kinds_of(actor)
    form = StartForm(
        request.POST if posted else None, files=request.FILES if posted else None, kinds=kinds, companies=_companies(actor),
        profiles=_profiles(actor, kinds), initial={"kind": asked if asked in kinds else (kinds or [""])[0]},
    )  # fmt: skip
    status = 200
    if posted:
        if form.is_valid():
            try:
                return _begin(request, form)
            except Invalid as refused:
                form.refuse_file(refused)
        status = 422
    context = {"form": form, "kinds": [KINDS[key] for key in kinds], "formats": FORMATS}
    return render(request, "exchange/import_new.html", context, status=status)


def _begin(request: Request, form: StartForm) -> HttpResponse:
    given = form.cleaned_data
    file: Any = given["file"]
    upload, profile = Upload(file.name or "", file), given.get("profile") or ""
    kind, _colon, name = profile.partition(":")
    wanted = name if kind == given["kind"] else ""
    made = begin_import(request.actor, given["kind"], UUID(given["company"]), upload, profile=wanted, keep_unread=True)
    messages.success(request, _("The file is kept. Look whether it is read rightly."))
    return redirect("exchange:import_reading", made)


def _companies(actor: Actor) -> list[tuple[str, str]]:
    entry = noun("accounts.company")
    rows = entry.register.show(actor, entry.visible_to(actor).filter(is_active=True), {entry.register.heading})
    return [(str(row.id), row.title) for row in rows if actor.may(Can.IMPORT, row.id)]


def _profiles(actor: Actor, kinds: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"{key}:{name}", f"{KINDS[key].label}: {name}") for key in kinds for name in find_profiles(actor, key)]


def import_template(request: Request, kind: str) -> HttpResponse:
    """An empty file with the columns that a kind of import knows, in the reader's language."""
    found = kind_of(kind)
    is_sheet = request.GET.get("format") != "csv"
    held = io.BytesIO()
    if is_sheet:
        template_xlsx(found, held)
    name = f"{found.label}.{'xlsx' if is_sheet else 'csv'}"
    content = held.getvalue() if is_sheet else template_csv(found)
    headers = {"Content-Disposition": disposition(name), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=SHEET if is_sheet else "text/csv; charset=utf-8", headers=headers)

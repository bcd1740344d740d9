"""An import step by step: how the file is read, what its columns mean, what a check found, the run, the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hetong.exchange import services
from hetong.exchange.forms import OptionsForm, ReadingForm
from hetong.exchange.importing.kinds import LINE_PART, PLAN_PART
from hetong.exchange.queries.imports import ImportPage, error_file, import_page
from hetong.exchange.queries.looking import Look, look
from hetong.exchange.reading import from_json
from hetong.exchange.states import OPEN, RAN, ImportState
from hetong.files.names import disposition
from hetong.kernel.errors import Conflict, DomainError, Invalid
from hetong.ui.errors import problem_words, wording
from hetong.ui.http import Request
from hetong.ui.live import live_answer, live_part

from .imports import state_words

PREVIEWED = 8
"""Rows that a preview draws."""
LISTS = {
    "parties": "parties:list",
    "contracts": "contracts:list",
    "invoices": "billing:invoices",
    "payments": "billing:payments",
}
"""Where the records of a kind are listed; contacts have no list of their own."""


def frame(page: ImportPage, step: str) -> dict[str, Any]:
    """What every page of an import shows: its name, how far it is, the steps with their addresses."""
    is_open = page.state in OPEN
    label, glyph = state_words(ImportState.RUNNING if page.is_working else page.state)
    steps = [
        ("reading", _("Reading"), reverse("exchange:import_reading", args=[page.id]) if is_open else ""),
        (
            "columns",
            _("Columns"),
            reverse("exchange:import_columns", args=[page.id]) if is_open and page.columns else "",
        ),
        ("check", _("Check and import"), reverse("exchange:import", args=[page.id])),
    ]
    return {"page": page, "step": step, "steps": steps, "label": label, "glyph": glyph, "is_open": is_open}


# -- reading -----------------------------------------------------------------------------------------


def import_reading(request: Request, import_id: UUID) -> HttpResponse:
    """How the file is read, with its first rows; every guess can be corrected."""
    page = import_page(request.actor, import_id)
    if page.state not in OPEN or page.is_working:
        return redirect("exchange:import", import_id)
    seen = look(request.actor, import_id)
    form = ReadingForm(
        request.POST if request.method == "POST" else None, reading=from_json(page.reading), sheets=seen.sheets
    )
    status = 200
    if request.method == "POST":
        try:
            services.set_reading(request.actor, import_id, from_json({**page.reading, **form.given()}))
        except (Invalid, Conflict) as refused:
            form.refuse(refused)
            status = refused.status
            seen = look(request.actor, import_id, _tried(page, form)) if isinstance(refused, Invalid) else seen
        else:
            return redirect(
                "exchange:import_reading" if "again" in request.POST else "exchange:import_columns", import_id
            )
    context = frame(page, "reading") | {"form": form, "seen": seen, "rows": _cut(seen), "refused": _refusal(seen)}
    return render(request, "exchange/import_reading.html", context, status=status)


def _tried(page: ImportPage, form: ReadingForm) -> Any:
    """What was chosen last, to show what it gives; what is kept, where it is no choice."""
    try:
        return from_json({**page.reading, **form.given()})
    except Invalid:
        return None


def _cut(seen: Look) -> Sequence[Any]:
    return [(line, cells[: len(seen.columns)], cells[len(seen.columns) :]) for line, cells in seen.rows[:PREVIEWED]]


def _refusal(seen: Look) -> str:
    return " ".join(wording(seen.refused)) if seen.refused else ""


# -- columns -----------------------------------------------------------------------------------------


def import_columns(request: Request, import_id: UUID) -> HttpResponse:
    """What each column means, how rows are known again, what holds for all of them; posted, the check begins."""
    page = import_page(request.actor, import_id)
    if page.state not in OPEN or page.is_working or not page.columns:
        return redirect("exchange:import", import_id)
    posted = request.POST if request.method == "POST" else None
    form = OptionsForm(posted, actor=request.actor, kind=page.kind, options=page.options)
    errors: list[str] = []
    mapping, status = page.mapping, 200
    if posted is not None:
        mapping = {head: posted.get(f"c{place}", "")[:120] for place, head in enumerate(page.columns)}
        try:
            _set(request, import_id, mapping, form)
        except (Invalid, Conflict) as refused:
            errors = [*_labelled(page, refused)]
            status = refused.status
        else:
            return redirect("exchange:import", import_id)
    context = frame(page, "columns") | _mapped(request, page, mapping) | {
        "form": form, "errors": [{"text": text} for text in errors], "profile_name": request.POST.get("profile_name", ""),
    }  # fmt: skip
    return render(request, "exchange/import_columns.html", context, status=status)


def _set(request: Request, import_id: UUID, mapping: Mapping[str, str], form: OptionsForm) -> None:
    actor, sent = request.actor, request.POST
    if form.fields:
        services.set_options(actor, import_id, form.given())
    keys = [name for name in sent.get("keys", "").split(",") if name]
    keys = [name for name in keys if name in mapping.values()]
    services.set_mapping(
        actor, import_id, mapping, keys, sent.get("duplicates", "import"), sent.get("profile_name", "")[:60]
    )
    services.check_import(actor, import_id)


def _labelled(page: ImportPage, refused: DomainError) -> Sequence[str]:
    """The problems in words, with the label of the field that each is about."""
    labels = {column.name: str(column.label) for column in page.fields}
    problems = refused.problems if isinstance(refused, Invalid) else ()
    words = [f"{labels[p.field]}: {problem_words(p)}" if p.field in labels else problem_words(p) for p in problems]
    return words or [" ".join(wording(refused))]


def _mapped(request: Request, page: ImportPage, mapping: Mapping[str, str]) -> dict[str, Any]:
    """Each column of the file with samples and what it means, and the choices, in groups."""
    samples = look(request.actor, page.id).samples()
    columns = [
        {"place": place, "head": head, "samples": samples.get(head, []), "meant": mapping.get(head, "")}
        for place, head in enumerate(page.columns)
    ]
    groups: dict[str, list[Any]] = {}
    for column in page.fields:
        groups.setdefault(column.part, []).append(column)
    words = {"": page.label, LINE_PART: _("Lines"), PLAN_PART: _("Payment plan")}
    needed = {one.name for one in page.missing} | {one.name for one in page.fields if one.required}
    labels = {column.name: str(column.label) for column in page.fields}
    keys = [(",".join(group), " + ".join(labels[name] for name in group)) for group in page.key_choices]
    return {
        "columns": columns, "groups": [(words.get(part, part), fields) for part, fields in groups.items()], "needed": needed,
        "key_choices": keys, "keys": request.POST.get("keys", ",".join(page.keys)),
        "duplicates": request.POST.get("duplicates", page.duplicates),
        "missing": [str(one.label) for one in page.missing if one.name not in mapping.values()],
    }  # fmt: skip


# -- check, run, result ------------------------------------------------------------------------------


def import_card(request: Request, import_id: UUID) -> HttpResponse:
    """How far the import is and what was found; asked again while it is worked on."""
    page = import_page(request.actor, import_id)
    context = frame(page, "check") | _standing(page)
    if request.GET.get("fragment") == "standing":
        return live_answer(request, "exchange/_import_standing.html", context)
    url = f"{reverse('exchange:import', args=[import_id])}?fragment=standing"
    context["part"] = live_part(request, "exchange/_import_standing.html", context, url)
    return render(request, "exchange/import.html", context)


def _standing(page: ImportPage) -> dict[str, Any]:
    counts = page.counts
    share = 100 * page.progress // page.total if page.total else 0
    is_checked, has_run = page.state == ImportState.CHECKED, page.state in RAN
    words = _past() if has_run else _future()
    names = ("created", "updated", "unchanged", "duplicates", "errors")
    return {
        "share": min(share, 100), "is_checked": is_checked, "has_run": has_run, "is_undone": page.state == ImportState.UNDONE,
        "tally": [(name, words[name], counts.get(name, 0)) for name in names] if "created" in counts else [],
        "to_import": counts.get("created", 0) + counts.get("updated", 0), "work": _work(page.task),
        "list_url": reverse(LISTS[page.kind]) if page.kind in LISTS else "", "rows": counts.get("rows", 0),
    }  # fmt: skip


def _future() -> dict[str, str]:
    return {
        "created": pgettext("rows of a file", "New"), "updated": pgettext("rows of a file", "Changed"), "unchanged": _("Unchanged"),
        "duplicates": _("Twice in the file"), "errors": _("With errors"),
    }  # fmt: skip


def _past() -> dict[str, str]:
    return _future() | {"created": pgettext("rows of a file", "Added"), "errors": _("Not imported")}


def _work(task: str) -> str:
    words = {
        "exchange.check": _("The rows are being checked"),
        "exchange.run": _("The rows are being imported"),
        "exchange.undo": _("The import is being undone"),
    }
    return words.get(task, _("Work is under way"))


def _act(request: Request, import_id: UUID, act: Callable[..., Any], said: str) -> HttpResponse:
    """Begin or stop a long step, and go to where it is watched; what is not possible now is said there."""
    try:
        act(request.actor, import_id)
    except (Conflict, Invalid) as refused:
        for text in _labelled(import_page(request.actor, import_id), refused):
            messages.error(request, text)
    else:
        messages.success(request, said)
    return redirect("exchange:import", import_id)


def import_check(request: Request, import_id: UUID) -> HttpResponse:
    """Try every row again."""
    return _act(request, import_id, services.check_import, _("The check has begun."))


def import_run(request: Request, import_id: UUID) -> HttpResponse:
    """Import what is right."""
    return _act(request, import_id, services.run_import, _("The import has begun. You may leave this page."))


def import_cancel(request: Request, import_id: UUID) -> HttpResponse:
    """Stop the work at its next step."""
    return _act(
        request, import_id, services.cancel_import, _("The work stops at its next step. What is done stays done.")
    )


def import_undo(request: Request, import_id: UUID) -> HttpResponse:
    """Take back what the import did."""
    return _act(request, import_id, services.undo_import, _("The import is being undone."))


def import_errors(request: Request, import_id: UUID) -> HttpResponseBase:
    """The rows that are not in, as a file with why."""
    page = import_page(request.actor, import_id)
    response = StreamingHttpResponse(error_file(request.actor, import_id), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = disposition(
        _("Not imported – %(name)s.csv") % {"name": page.name.rpartition(".")[0]}
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

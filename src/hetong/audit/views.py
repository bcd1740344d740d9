from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.kernel import clock
from hetong.kernel.errors import NotFound
from hetong.kernel.ids import new_id
from hetong.kernel.nouns import noun_of_section
from hetong.ui.cards import card_frame
from hetong.ui.http import Request

from .exporting import journal_csv
from .gateways import daily_heads, last_head, place_of_heads
from .journal import Asked, codes_of, fields_of, find_accesses, find_entries, nouns_of, people_of, read_asked
from .queries import find_history, last_verification
from .services import log_access, start_verifying

PAGE = 50
PARTS = ("who", "since", "until", "noun", "code", "record", "batch", "field")


def history(request: Request, section: str, id: UUID) -> HttpResponse:
    """What happened to a record, newest first, without what the reader may not read."""
    key = noun_of_section(section).key
    happenings = find_history(request.actor, key, id, limit=PAGE + 1, before=_cursor(request))
    context = card_frame(request.actor, key, id, "history")
    context |= {"happenings": happenings[:PAGE], "older": happenings[PAGE - 1].id if len(happenings) > PAGE else None}
    template = "audit/history.html#entries" if request.htmx and "before" in request.GET else "audit/history.html"
    return render(request, template, context)


def _cursor(request: Request) -> UUID | None:
    given = request.GET.get("before")
    try:
        return UUID(given) if given else None
    except ValueError as broken:
        raise NotFound(before=given) from broken


def journal(request: Request) -> HttpResponse:
    """The whole journal, filtered, newest first."""
    asked = read_asked(request.actor, request.GET.dict())
    found, older = find_entries(request.actor, asked, before=_cursor(request), limit=PAGE)
    context = {"happenings": found, "older": _address(request, before=older) if older else ""}
    if request.htmx and "before" in request.GET:
        return render(request, "audit/journal.html#entries", context)
    return render(request, "audit/journal.html", context | _frame(request, asked, "journal"))


def accesses(request: Request) -> HttpResponse:
    """Who viewed and downloaded what, newest first."""
    asked = read_asked(request.actor, request.GET.dict())
    found, older = find_accesses(request.actor, asked, before=_cursor(request), limit=PAGE)
    context = {"accesses": found, "older": _address(request, before=older) if older else ""}
    if request.htmx and "before" in request.GET:
        return render(request, "audit/accesses.html#entries", context)
    return render(request, "audit/accesses.html", context | _frame(request, asked, "accesses"))


def _frame(request: Request, asked: Asked, tab: str) -> dict[str, Any]:
    """What both pages share: the question, what can be chosen, and how the chain stands."""
    actor = request.actor
    tabs = (("journal", _("What happened")), ("accesses", _("Views and downloads")))
    return {
        "asked": asked, "given": {name: request.GET.get(name, "") for name in PARTS}, "people": people_of(actor), "nouns": nouns_of(),
        "codes": codes_of() if tab == "journal" else [], "fields": fields_of(actor, asked.noun) if tab == "journal" else [],
        "tabs": [{"label": label, "url": reverse(f"audit:{key}"), "current": key == tab} for key, label in tabs],
        "head": last_head(), "place": place_of_heads(), "verified": last_verification(actor),
        "export_url": f"{reverse('audit:export')}{_address(request)}",
    }  # fmt: skip


def _address(request: Request, **more: Any) -> str:
    """The question as an address, with something added."""
    kept = {name: request.GET[name] for name in PARTS if request.GET.get(name)}
    return f"?{urlencode(kept | more)}"


def export(request: Request) -> HttpResponse | StreamingHttpResponse:
    """The entries that answer the question, as CSV: one line per changed field."""
    asked = read_asked(request.actor, request.GET.dict())
    if asked.unreadable:
        messages.error(request, _("Remove the conditions that cannot be used, then export."))
        return redirect(f"{reverse('audit:journal')}{_address(request)}")
    log_access(request.actor, "export", "audit.entry", new_id(), f"journal, csv, {_address(request)}")
    answer = StreamingHttpResponse(journal_csv(request.actor, asked), content_type="text/csv; charset=utf-8")
    day = clock.today(request.actor.zone)
    answer.headers["Content-Disposition"] = f'attachment; filename="journal-{day.isoformat()}.csv"'
    return answer


@require_POST
def verify(request: Request) -> HttpResponse:
    """Have the chain checked now."""
    start_verifying(request.actor)
    messages.success(request, _("The journal is being checked. You may go on; the bell says when it is done."))
    return redirect("audit:journal")


def heads(request: Request) -> HttpResponse:
    """The last head of the chain of every day, to be kept elsewhere: who holds it can prove what was there."""
    lines = "".join(json.dumps(one) + "\n" for one in daily_heads())
    answer = HttpResponse(lines, content_type="application/x-ndjson; charset=utf-8")
    day = clock.today(request.actor.zone)
    answer.headers["Content-Disposition"] = f'attachment; filename="journal-heads-{day.isoformat()}.jsonl"'
    return answer

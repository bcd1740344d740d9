from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hetong.contracts import queries
from hetong.contracts.fields import CONTRACT
from hetong.contracts.tables import CONTRACTS
from hetong.kernel.actors import Actor
from hetong.kernel.nouns import noun
from hetong.ui.forms import add_page, edit_page
from hetong.ui.http import Request
from hetong.ui.lists import list_page

NEEDED = ("title", "type", "counterparty")
MORE = (
    "company", "owner", "team", "parent", "project", "reference", "currency", "prices_include_tax", "payment_days",
    "starts_on", "ends_on", "effective_on", "term", "committed_until", "notice_count", "notice_unit", "summary",
)  # fmt: skip
PAPER = ("signed_on", "originals", "archive_no", "archive_place", "keep_until", "source")


def contract_list(request: Request) -> HttpResponse:
    """All contracts the reader may see."""
    return list_page(request, CONTRACTS)


def contract_add(request: Request) -> HttpResponse:
    """Three fields and a draft; more where it is known already."""
    return add_page(
        request, CONTRACT.noun, names=NEEDED + MORE, title=_("New contract"), submit=_("Add draft"),
        initial=_start(request.actor, request.GET.get("parent", "")),
        intro=_("Title, type and counterparty are enough. The rest has defaults and can follow."),
    )  # fmt: skip


def _start(actor: Actor, parent: str) -> dict[str, Any]:
    """What the form starts with: ourselves, and the terms of the contract it becomes a part of."""
    companies = noun("accounts.company").visible_to(actor)
    only = list(companies.filter(is_active=True)[:2])
    start: dict[str, Any] = {"owner": str(actor.id) if actor.id else ""}
    if len(only) == 1:
        start |= {"company": str(only[0].pk), "prices_include_tax": only[0].prices_include_tax}
    return start | _of_parent(actor, parent)


def _of_parent(actor: Actor, parent: str) -> dict[str, Any]:
    try:
        wanted = UUID(parent)
    except ValueError:
        return {}
    rows = CONTRACT.show(actor, noun(CONTRACT.noun).visible_to(actor).filter(pk=wanted))
    names = ("counterparty", "currency", "term", "notice_count", "notice_unit", "payment_days", "ends_on", "project", "team", "company")
    return {"parent": str(wanted)} | {name: rows[0][name] for name in names if rows and rows[0].get(name) is not None}


def contract_edit(request: Request, id: UUID) -> HttpResponse:
    """Everything that may still be written."""
    return edit_page(request, CONTRACT.noun, id, names=NEEDED + MORE[1:] + PAPER, reason=True)


def contract_alike(request: Request) -> HttpResponse:
    """A fragment for the form: the contracts that look like the one being typed."""
    counterparty = request.GET.get("counterparty", "")
    try:
        party = UUID(counterparty)
    except ValueError:
        party = None
    found = queries.find_alike(
        request.actor, counterparty=party, title=request.GET.get("title", "")[:200], reference=request.GET.get("reference", "")[:80]
    )
    return render(request, "contracts/_alike.html", {"alike": found})

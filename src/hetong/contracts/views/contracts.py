from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hetong.contracts import queries, services
from hetong.contracts.fields import CONTRACT
from hetong.contracts.policy import Can
from hetong.contracts.tables import CONTRACTS
from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError
from hetong.kernel.nouns import noun
from hetong.kernel.text import clean_line
from hetong.ui.cards import card_frame
from hetong.ui.forms import add_page, edit_page, in_order
from hetong.ui.http import Request
from hetong.ui.lists import list_page

NEEDED = ("title", "type", "counterparty")
MORE = (
    "starts_on", "ends_on", "effective_on", "term", "committed_until", "notice_count", "notice_unit", "summary",
    "currency", "prices_include_tax", "payment_days", "company", "owner", "team", "parent", "project", "reference",
)  # fmt: skip
PAPER = ("signed_on", "archive_no", "archive_place", "keep_until", "source")
"""The order of the forms; what is not named follows as the register has it."""


def contract_list(request: Request) -> HttpResponse:
    """All contracts the reader may see."""
    return list_page(request, CONTRACTS)


def party_contracts(request: Request, id: UUID) -> HttpResponse:
    """A tab of a customer, supplier or partner: the contracts with it and what they are worth."""
    context = card_frame(request.actor, "parties.party", id, "contracts")
    contracts = queries.party_summary(request.actor, id)
    return render(
        request, "contracts/of_party.html", context | {"contracts": contracts, "may_add": request.actor.may(Can.ADD)}
    )


def contract_add(request: Request) -> HttpResponse:
    """Three fields and a draft; more where it is known already."""
    return add_page(
        request, CONTRACT.noun, names=in_order(CONTRACT, NEEDED + MORE, without=PAPER), title=_("New contract"), submit=_("Add draft"),
        initial=_start(request.actor, request.GET.get("parent", "")),
        intro=_("Title, type and counterparty are enough. The rest has defaults and can follow."),
        after_first="contracts/_alike_live.html", enough=NEEDED, warn=lambda form: _warning(request.actor, form.given()),
    )  # fmt: skip


def _warning(actor: Actor, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """The contracts that look like what was typed, where there are any."""
    found = _typed_alike(actor, given)
    return {"alike": found, "ask_anyway": True} if found else None


def _typed_alike(actor: Actor, given: Mapping[str, Any]) -> queries.Alike:
    """What looks like the typed contract; text that cannot be kept is left to the form to refuse."""
    try:
        title, reference = (clean_line(str(given.get(name) or ""))[:200] for name in ("title", "reference"))
        party = UUID(str(given.get("counterparty") or ""))
    except (DomainError, ValueError):
        return queries.Alike([])
    return queries.find_alike(actor, counterparty=party, title=title, reference=reference)


def _start(actor: Actor, parent: str) -> dict[str, Any]:
    """What the form starts with: ourselves, and the terms of the contract it becomes a part of."""
    companies = noun("accounts.company").visible_to(actor)
    only = list(companies.filter(is_active=True)[:2])
    start: dict[str, Any] = {"owner": str(actor.id) if actor.id else ""}
    if len(only) == 1:
        own = only[0]
        start |= {"company": str(own.pk), "prices_include_tax": own.prices_include_tax, "currency": own.currency}
    return start | _of_parent(actor, parent)


def _of_parent(actor: Actor, parent: str) -> dict[str, Any]:
    try:
        wanted = UUID(parent)
    except ValueError:
        return {}
    rows = CONTRACT.show(actor, noun(CONTRACT.noun).visible_to(actor).filter(pk=wanted))
    names = (
        "counterparty",
        "currency",
        "term",
        "notice_count",
        "notice_unit",
        "payment_days",
        "ends_on",
        "project",
        "team",
        "company",
    )
    return {"parent": str(wanted)} | {name: rows[0][name] for name in names if rows and rows[0].get(name) is not None}


def contract_edit(request: Request, id: UUID) -> HttpResponse:
    """Everything that may still be written."""
    services.check_writable([queries.get_contract(request.actor, id).pk])
    return edit_page(
        request,
        CONTRACT.noun,
        id,
        names=in_order(CONTRACT, NEEDED + MORE + PAPER, without=("company",)),
        reason=True,
    )


def contract_alike(request: Request) -> HttpResponse:
    """A fragment for the form: the contracts that look like the one being typed."""
    return render(request, "contracts/_alike.html", {"alike": _typed_alike(request.actor, request.GET.dict())})

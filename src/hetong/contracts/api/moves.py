"""The steps of a contract's lifecycle in the API, and the checklist before it is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel

from hetong.contracts import queries, services
from hetong.contracts.api.contracts import KEY, Contract
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, Problem
from hetong.ui.http import Request
from hetong.ui.rest import act_answer, body_of, describes_act, texts_of

router = Router(tags=["contracts"])
DAYS = frozenset({"on", "signed_on", "keep_until"})
"""What among the texts of a verb is a day, in ISO form."""


def _move(request: Request, contract_id: UUID, verb: str, *takes: str) -> HttpResponse:
    """One step of the lifecycle."""
    return act_answer(request, KEY, contract_id, partial(_take_step, verb), takes=takes)


def _take_step(
    verb: str, actor: Actor, ids: Sequence[UUID], *, versions: Mapping[UUID, int] | None = None, **given: str
) -> Sequence[object]:
    reason = given.pop("note", "") or given.pop("reason", "")
    more: dict[str, Any] = {"on": None} if verb == "terminate" else {}
    more |= {name: _day(name, text) if name in DAYS else text for name, text in given.items()}
    return services.move_contracts(actor, ids, verb, reason=reason, versions=versions, **more)


def _day(name: str, text: str) -> dt.date | None:
    """A day in ISO form; an empty text is none. Raises `Invalid`."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as broken:
        problem = Problem(
            "unreadable", N_("“%(given)s” is not a date. Example: 2026-03-31"), {"given": text[:40]}, name
        )
        raise Invalid(problems=[problem]) from broken


@router.post(
    "/contracts/{uuid:contract_id}/review",
    url_name="contract_review",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_review(request: Request, contract_id: UUID) -> HttpResponse:
    """Hand a draft to review."""
    return _move(request, contract_id, "review", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/return",
    url_name="contract_return",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_return(request: Request, contract_id: UUID) -> HttpResponse:
    """Give a contract in review back to its drafter; the reason is needed."""
    return _move(request, contract_id, "return", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/submit",
    url_name="contract_submit",
    response=Contract,
    openapi_extra=describes_act("note"),
)
def contract_submit(request: Request, contract_id: UUID) -> HttpResponse:
    """Hand a contract to its approver; the first time it gets its number."""
    return _move(request, contract_id, "submit", "note")


@router.post(
    "/contracts/{uuid:contract_id}/withdraw",
    url_name="contract_withdraw",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_withdraw(request: Request, contract_id: UUID) -> HttpResponse:
    """Take a contract back from approval."""
    return _move(request, contract_id, "withdraw", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/revise",
    url_name="contract_revise",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_revise(request: Request, contract_id: UUID) -> HttpResponse:
    """Make an approved or rejected contract a draft again; decisions on it no longer count."""
    return _move(request, contract_id, "revise", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/send_to_sign",
    url_name="contract_send_to_sign",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_send_to_sign(request: Request, contract_id: UUID) -> HttpResponse:
    """Send an approved contract to be signed, exactly as approved."""
    return _move(request, contract_id, "send_to_sign", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/recall",
    url_name="contract_recall",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_recall(request: Request, contract_id: UUID) -> HttpResponse:
    """Take a contract back from signing; the approval stands."""
    return _move(request, contract_id, "recall", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/activate",
    url_name="contract_activate",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_activate(request: Request, contract_id: UUID) -> HttpResponse:
    """Bring a signed contract into force, if nothing changed since approval; usually happens by itself."""
    return _move(request, contract_id, "activate", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/adopt",
    url_name="contract_adopt",
    response=Contract,
    openapi_extra=describes_act("reason", "signed_on"),
)
def contract_adopt(request: Request, contract_id: UUID) -> HttpResponse:
    """Take in a draft of a contract that is in force already; reason and day of signing are needed."""
    return _move(request, contract_id, "adopt", "reason", "signed_on")


@router.post(
    "/contracts/{uuid:contract_id}/adopt_closed",
    url_name="contract_adopt_closed",
    response=Contract,
    openapi_extra=describes_act("reason", "signed_on"),
)
def contract_adopt_closed(request: Request, contract_id: UUID) -> HttpResponse:
    """Take in a draft of a contract that is over already; reason and day of signing are needed."""
    return _move(request, contract_id, "adopt_closed", "reason", "signed_on")


@router.post(
    "/contracts/{uuid:contract_id}/suspend",
    url_name="contract_suspend",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_suspend(request: Request, contract_id: UUID) -> HttpResponse:
    """Let a contract in force rest; the reason is needed."""
    return _move(request, contract_id, "suspend", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/resume",
    url_name="contract_resume",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_resume(request: Request, contract_id: UUID) -> HttpResponse:
    """Bring a suspended contract back into force."""
    return _move(request, contract_id, "resume", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/terminate",
    url_name="contract_terminate",
    response=Contract,
    openapi_extra=describes_act("reason", "on"),
)
def contract_terminate(request: Request, contract_id: UUID) -> HttpResponse:
    """End a contract before its time; `on` is its last day (ISO date). Both are needed."""
    return _move(request, contract_id, "terminate", "reason", "on")


@router.post(
    "/contracts/{uuid:contract_id}/renewal",
    url_name="contract_renewal",
    response=Contract,
    openapi_extra=describes_act("decision", "reason"),
)
def contract_renewal(request: Request, contract_id: UUID) -> HttpResponse:
    """Decide what comes after the day of notice: `renew`, `renegotiate` or `lapse`; a lapse needs its reason."""
    return act_answer(request, KEY, contract_id, _decide, takes=("decision", "reason"))


def _decide(
    actor: Actor,
    ids: Sequence[UUID],
    *,
    decision: str = "",
    reason: str = "",
    versions: Mapping[UUID, int] | None = None,
) -> Sequence[object]:
    return services.decide_renewals(actor, ids, decision, reason=reason, versions=versions)


@router.post(
    "/contracts/{uuid:contract_id}/begin_closing",
    url_name="contract_begin_closing",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_begin_closing(request: Request, contract_id: UUID) -> HttpResponse:
    """Begin to settle what is still open."""
    return _move(request, contract_id, "begin_closing", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/close",
    url_name="contract_close",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_close(request: Request, contract_id: UUID) -> HttpResponse:
    """Close a contract on which nothing is open that was not waived."""
    return _move(request, contract_id, "close", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/archive",
    url_name="contract_archive",
    response=Contract,
    openapi_extra=describes_act("archive_no", "place", "keep_until", "reason"),
)
def contract_archive(request: Request, contract_id: UUID) -> HttpResponse:
    """Archive a contract: read-only from then on. Without a number it gets the next of the series."""
    return _move(request, contract_id, "archive", "archive_no", "place", "keep_until", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/unarchive",
    url_name="contract_unarchive",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_unarchive(request: Request, contract_id: UUID) -> HttpResponse:
    """Take a contract out of the archive, as a closed one; the reason is needed."""
    return _move(request, contract_id, "unarchive", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/void",
    url_name="contract_void",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_void(request: Request, contract_id: UUID) -> HttpResponse:
    """Declare a contract void before it comes into force; the reason is needed."""
    return _move(request, contract_id, "void", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/discard",
    url_name="contract_discard",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_discard(request: Request, contract_id: UUID) -> HttpResponse:
    """Put a draft aside."""
    return _move(request, contract_id, "discard", "reason")


@router.post(
    "/contracts/{uuid:contract_id}/restore",
    url_name="contract_restore",
    response=Contract,
    openapi_extra=describes_act("reason"),
)
def contract_restore(request: Request, contract_id: UUID) -> HttpResponse:
    """Take a discarded draft up again."""
    return _move(request, contract_id, "restore", "reason")


class ClosePoint(BaseModel):
    """One point of the checklist before closing."""

    code: str
    label: str
    is_done: bool
    detail: str
    waived_by: str
    waived_reason: str


class CloseList(BaseModel):
    """Everything that has to be settled or waived before closing."""

    items: list[ClosePoint]
    next: str


@router.get("/contracts/{uuid:contract_id}/close", url_name="contract_close", response=CloseList)
def contract_close_list(request: Request, contract_id: UUID) -> HttpResponse:
    """What has to be settled before a contract is closed."""
    return _close_list(request, contract_id)


def _close_list(request: Request, contract_id: UUID) -> HttpResponse:
    contract = queries.get_contract(request.actor, contract_id)
    items = [
        ClosePoint(
            code=one.code, label=str(one.label), is_done=one.is_done, detail=str(one.detail), waived_by=one.waived_by,
            waived_reason=one.waived_reason,
        ).model_dump()
        for one in services.close_items(request.actor, [contract])
    ]  # fmt: skip
    return JsonResponse({"items": items, "next": ""})


@router.post(
    "/contracts/{uuid:contract_id}/close/{code}/waive",
    url_name="contract_waive",
    response=CloseList,
    openapi_extra=describes_act("reason"),
)
def contract_waive(request: Request, contract_id: UUID, code: str) -> HttpResponse:
    """Let one open point not stand in the way of closing; the reason is needed."""
    reason = texts_of(body_of(request), ("reason",)).get("reason", "")
    services.waive_item(request.actor, contract_id, code, reason=reason)
    return _close_list(request, contract_id)


class AskedPaper(BaseModel):
    """One kind of paper that the contract's type asks of the other side; texts are empty for who may not read it."""

    code: str
    label: str
    state: Literal["valid", "soon", "lapsed", "missing"]
    title: str
    licence_number: str
    valid_until: dt.date | None
    is_in_the_way: bool
    waived_by: str
    waived_reason: str


class AskedPapers(BaseModel):
    """The papers that the contract's type asks of the other side; none once it is in force."""

    items: list[AskedPaper]
    next: str


@router.get("/contracts/{uuid:contract_id}/qualifications", url_name="contract_qualifications", response=AskedPapers)
def contract_qualifications(request: Request, contract_id: UUID) -> HttpResponse:
    """The papers that the other side must have before the contract is submitted and signed, as they stand today."""
    return _asked_papers(request, contract_id)


def _asked_papers(request: Request, contract_id: UUID) -> HttpResponse:
    contract = queries.get_contract(request.actor, contract_id)
    items = [
        AskedPaper(
            code=one.code if one.label else "", label=one.label, state=one.state, title=one.title, licence_number=one.number,
            valid_until=one.until, is_in_the_way=one.is_in_the_way, waived_by=one.waived_by, waived_reason=one.waived_reason,
        ).model_dump(mode="json")
        for one in queries.qualifications_of(request.actor, [contract])
    ]  # fmt: skip
    return JsonResponse({"items": items, "next": ""})


@router.post(
    "/contracts/{uuid:contract_id}/qualifications/{code}/waive",
    url_name="contract_let_pass",
    response=AskedPapers,
    openapi_extra=describes_act("reason"),
)
def contract_let_pass(request: Request, contract_id: UUID, code: str) -> HttpResponse:
    """Let one missing or lapsed paper not stand in the way; the reason is needed."""
    reason = texts_of(body_of(request), ("reason",)).get("reason", "")
    services.let_qualification_pass(request.actor, contract_id, code, reason=reason)
    return _asked_papers(request, contract_id)

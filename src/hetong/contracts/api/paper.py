"""Originals on paper and their loans, in the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.audit.services.editing import check_versions
from hetong.contracts import queries, services
from hetong.contracts.api.plan import day_of
from hetong.contracts.fields import LOAN, ORIGINAL
from hetong.contracts.models import Original as OriginalRow
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.nouns import must_see
from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    act_answer,
    add_answer,
    describes_act,
    describes_add,
    describes_edit,
    describes_list,
    edit_answer,
    list_answer,
    show_answer,
)

KEY, PAPER = "contracts.contract", "contracts.original"
PAPERS = "/contracts/{uuid:contract_id}/originals"
router = Router(tags=["contracts"])
Original, Loan = out_schema(ORIGINAL, "Original"), out_schema(LOAN, "Loan")


@router.get(
    PAPERS,
    url_name="contract_originals",
    response=page_schema(Original, "OriginalPage"),
    openapi_extra=describes_list(ORIGINAL),
)
def originals_list(request: Request, contract_id: UUID) -> HttpResponse:
    """The originals on paper of a contract."""
    must_see(request.actor, KEY, contract_id)
    return list_answer(request, PAPER, rows=OriginalRow.objects.visible_to(request.actor).filter(contract=contract_id))


@router.post(
    PAPERS,
    url_name="contract_originals",
    response={201: Original},
    openapi_extra=describes_add(ORIGINAL, "OriginalNew", without=("contract",)),
)
def original_add(request: Request, contract_id: UUID) -> HttpResponse:
    """Note one more original; copies are numbered as they come."""
    must_see(request.actor, KEY, contract_id)
    return add_answer(request, PAPER, fixed={"contract": str(contract_id)})


@router.get(PAPERS + "/{uuid:original_id}", url_name="contract_original", response=Original)
def original_show(request: Request, contract_id: UUID, original_id: UUID) -> HttpResponse:
    """One original, and who has it."""
    _of_contract(request, contract_id, original_id)
    return show_answer(request, PAPER, original_id)


@router.patch(
    PAPERS + "/{uuid:original_id}",
    url_name="contract_original",
    response=Original,
    openapi_extra=describes_edit(ORIGINAL, "OriginalChange"),
)
def original_edit(request: Request, contract_id: UUID, original_id: UUID) -> HttpResponse:
    """Change what is noted about an original: its stamp, place, note."""
    _of_contract(request, contract_id, original_id)
    return edit_answer(request, PAPER, original_id)


@router.post(
    PAPERS + "/{uuid:original_id}/lend",
    url_name="contract_original_lend",
    response=Original,
    openapi_extra=describes_act("borrower", "lent_on", "until", "purpose"),
)
def original_lend(request: Request, contract_id: UUID, original_id: UUID) -> HttpResponse:
    """Lend an original out, until a day that is included."""
    _of_contract(request, contract_id, original_id)

    def act(
        actor: Actor, ids: Sequence[UUID], *, versions: Mapping[UUID, int] | None = None, **given: str
    ) -> Sequence[object]:
        return services.lend_originals(actor, ids, given, versions=versions)

    return act_answer(request, PAPER, original_id, act, takes=("borrower", "lent_on", "until", "purpose"))


@router.post(
    PAPERS + "/{uuid:original_id}/return",
    url_name="contract_original_return",
    response=Original,
    openapi_extra=describes_act("returned_on", "place"),
)
def original_return(request: Request, contract_id: UUID, original_id: UUID) -> HttpResponse:
    """Take an original back."""
    _of_contract(request, contract_id, original_id)

    def act(
        actor: Actor, ids: Sequence[UUID], *, returned_on: str = "", place: str = "", versions: Any = None
    ) -> Sequence[object]:
        check_versions(list(OriginalRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
        day = day_of(LOAN, "returned_on", returned_on)
        return services.return_originals(actor, ids, returned_on=day, place=place)

    return act_answer(request, PAPER, original_id, act, takes=("returned_on", "place"))


@router.post(
    PAPERS + "/{uuid:original_id}/remove",
    url_name="contract_original_remove",
    response={204: None},
    openapi_extra=describes_act("reason"),
)
def original_remove(request: Request, contract_id: UUID, original_id: UUID) -> HttpResponse:
    """Remove an original that was noted by mistake and never lent."""
    _of_contract(request, contract_id, original_id)

    def act(actor: Actor, ids: Sequence[UUID], *, reason: str = "", versions: Any = None) -> Sequence[object]:
        check_versions(list(OriginalRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
        services.remove_originals(actor, ids, reason=reason)
        return ()

    return act_answer(request, PAPER, original_id, act, takes=("reason",))


@router.get(
    "/loans", url_name="overdue_loans", response=page_schema(Loan, "LoanPage"), openapi_extra=describes_list(LOAN)
)
def loans_overdue(request: Request) -> HttpResponse:
    """Originals that should have come back, longest overdue first."""
    return list_answer(request, "contracts.loan", rows=queries.find_overdue_loans(request.actor))


def _of_contract(request: Request, contract_id: UUID, original_id: UUID) -> None:
    """Raise `NotFound` unless the original is one of that very contract."""
    if not OriginalRow.objects.visible_to(request.actor).filter(pk=original_id, contract=contract_id).exists():
        raise NotFound(noun=PAPER, id=str(original_id))

"""What is asked of approvers, in the API: tasks to read and to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.audit.services.editing import check_versions
from hetong.kernel.actors import Actor
from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import act_answer, describes_act, describes_list, list_answer, show_answer

from . import services
from .fields import TASK
from .models import Task

KEY = "approvals.task"
router = Router(tags=["approvals"])
Approval = out_schema(TASK, "Approval")


@router.get(
    "/approvals", url_name="approvals", response=page_schema(Approval, "ApprovalPage"), openapi_extra=describes_list(TASK)
)  # fmt: skip
def approvals_list(request: Request) -> HttpResponse:
    """What was asked of approvers, on every record that you may see; `assignee=me&state=waiting` is what waits for you."""
    return list_answer(request, KEY)


@router.get("/approvals/{uuid:approval_id}", url_name="approval", response=Approval)
def approval_show(request: Request, approval_id: UUID) -> HttpResponse:
    """One request for a decision."""
    return show_answer(request, KEY, approval_id)


@router.post(
    "/approvals/{uuid:approval_id}/approve",
    url_name="approval_approve",
    response=Approval,
    openapi_extra=describes_act("comment"),
)
def approval_approve(request: Request, approval_id: UUID) -> HttpResponse:
    """Approve what you were asked to decide; never what you asked for yourself."""
    return act_answer(request, KEY, approval_id, _approve, takes=("comment",))


@router.post(
    "/approvals/{uuid:approval_id}/reject",
    url_name="approval_reject",
    response=Approval,
    openapi_extra=describes_act("comment"),
)
def approval_reject(request: Request, approval_id: UUID) -> HttpResponse:
    """Reject what you were asked to decide; the comment is needed."""
    return act_answer(request, KEY, approval_id, _reject, takes=("comment",))


def _approve(
    actor: Actor, ids: Sequence[UUID], *, comment: str = "", versions: Mapping[UUID, int] | None = None
) -> Sequence[object]:
    check_versions(list(Task.objects.visible_to(actor).filter(pk__in=ids)), versions)
    return services.decide(actor, ids, "approve", comment=comment)


def _reject(
    actor: Actor, ids: Sequence[UUID], *, comment: str = "", versions: Mapping[UUID, int] | None = None
) -> Sequence[object]:
    check_versions(list(Task.objects.visible_to(actor).filter(pk__in=ids)), versions)
    return services.decide(actor, ids, "reject", comment=comment)

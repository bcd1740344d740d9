"""Contracts, their lines, projects and what contracts are set up with, in the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.audit.services.editing import check_versions
from hetong.contracts import services
from hetong.contracts.fields import CONTRACT, LINE, PROJECT, STATUS, TYPE
from hetong.contracts.models import Contract as ContractRow
from hetong.contracts.models import Line as LineRow
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.nouns import must_see
from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    act_answer,
    add_answer,
    body_of,
    describes_act,
    describes_add,
    describes_body,
    describes_edit,
    describes_list,
    edit_answer,
    list_answer,
    show_answer,
)

KEY = "contracts.contract"
FLAGGED = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reason"],
    "properties": {
        "reason": {"type": "string", "maxLength": 500},
        "owner": {"type": ["string", "null"], "format": "uuid"},
        "due_on": {"type": ["string", "null"], "format": "date"},
        "stops_invoicing": {"type": "boolean"},
        "stops_signing": {"type": "boolean"},
    },
}
router = Router(tags=["contracts"])
Contract, Line, Project = out_schema(CONTRACT, "Contract"), out_schema(LINE, "Line"), out_schema(PROJECT, "Project")
ContractType, Status = out_schema(TYPE, "ContractType"), out_schema(STATUS, "ContractStatus")


@router.get(
    "/contracts",
    url_name="contracts",
    response=page_schema(Contract, "ContractPage"),
    openapi_extra=describes_list(CONTRACT),
)
def contracts_list(request: Request) -> HttpResponse:
    """Contracts that you may see."""
    return list_answer(request, KEY)


@router.post(
    "/contracts", url_name="contracts", response={201: Contract}, openapi_extra=describes_add(CONTRACT, "ContractNew")
)
def contract_add(request: Request) -> HttpResponse:
    """Add a draft; title, type and counterparty are enough."""
    return add_answer(request, KEY)


@router.get("/contracts/{uuid:contract_id}", url_name="contract", response=Contract)
def contract_show(request: Request, contract_id: UUID) -> HttpResponse:
    """One contract."""
    return show_answer(request, KEY, contract_id)


@router.patch(
    "/contracts/{uuid:contract_id}",
    url_name="contract",
    response=Contract,
    openapi_extra=describes_edit(CONTRACT, "ContractChange"),
)
def contract_edit(request: Request, contract_id: UUID) -> HttpResponse:
    """Change a contract; only what you name."""
    return edit_answer(request, KEY, contract_id)


@router.post(
    "/contracts/{uuid:contract_id}/flag",
    url_name="contract_flag",
    response=Contract,
    openapi_extra=describes_body(FLAGGED),
)
def contract_flag(request: Request, contract_id: UUID) -> HttpResponse:
    """Mark a contract abnormal; that may stop its invoicing or signing."""
    services.flag_contracts(request.actor, [contract_id], body_of(request))
    return show_answer(request, KEY, contract_id)


@router.post(
    "/contracts/{uuid:contract_id}/unflag",
    url_name="contract_unflag",
    response=Contract,
    openapi_extra=describes_act("outcome"),
)
def contract_unflag(request: Request, contract_id: UUID) -> HttpResponse:
    """Resolve what made a contract abnormal."""
    return act_answer(request, KEY, contract_id, _unflag, takes=("outcome",))


def _unflag(
    actor: Actor, ids: Sequence[UUID], *, outcome: str = "", versions: Mapping[UUID, int] | None = None
) -> Sequence[object]:
    check_versions(list(ContractRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
    return services.unflag_contracts(actor, ids, outcome=outcome)


LINES = "/contracts/{uuid:contract_id}/lines"


@router.get(
    LINES, url_name="contract_lines", response=page_schema(Line, "LinePage"), openapi_extra=describes_list(LINE)
)
def lines_list(request: Request, contract_id: UUID) -> HttpResponse:
    """The lines of a contract."""
    must_see(request.actor, KEY, contract_id)
    return list_answer(
        request, "contracts.line", rows=LineRow.objects.visible_to(request.actor).filter(contract=contract_id)
    )


@router.post(
    LINES,
    url_name="contract_lines",
    response={201: Line},
    openapi_extra=describes_add(LINE, "LineNew", without=("contract",)),
)
def line_add(request: Request, contract_id: UUID) -> HttpResponse:
    """Add a line to a draft."""
    must_see(request.actor, KEY, contract_id)
    return add_answer(request, "contracts.line", fixed={"contract": str(contract_id)})


@router.get(LINES + "/{uuid:line_id}", url_name="contract_line", response=Line)
def line_show(request: Request, contract_id: UUID, line_id: UUID) -> HttpResponse:
    """One line."""
    _of_contract(request, contract_id, line_id)
    return show_answer(request, "contracts.line", line_id)


@router.patch(
    LINES + "/{uuid:line_id}", url_name="contract_line", response=Line, openapi_extra=describes_edit(LINE, "LineChange")
)
def line_edit(request: Request, contract_id: UUID, line_id: UUID) -> HttpResponse:
    """Change a line of a draft; only what you name."""
    _of_contract(request, contract_id, line_id)
    return edit_answer(request, "contracts.line", line_id)


@router.post(
    LINES + "/{uuid:line_id}/remove",
    url_name="contract_line_remove",
    response={204: None},
    openapi_extra=describes_act(),
)
def line_remove(request: Request, contract_id: UUID, line_id: UUID) -> HttpResponse:
    """Remove a line from a draft."""
    _of_contract(request, contract_id, line_id)
    return act_answer(request, "contracts.line", line_id, _remove)


def _remove(actor: Actor, ids: Sequence[UUID], *, versions: Mapping[UUID, int] | None = None) -> Sequence[object]:
    check_versions(list(LineRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
    services.remove_lines(actor, ids)
    return ()


def _of_contract(request: Request, contract_id: UUID, line_id: UUID) -> None:
    """Raise `NotFound` unless the line is one of that very contract."""
    if not LineRow.objects.visible_to(request.actor).filter(pk=line_id, contract=contract_id).exists():
        raise NotFound(noun="contracts.line", id=str(line_id))


@router.get(
    "/projects",
    url_name="projects",
    response=page_schema(Project, "ProjectPage"),
    openapi_extra=describes_list(PROJECT),
    tags=["projects"],
)
def projects_list(request: Request) -> HttpResponse:
    """Projects that you may see."""
    return list_answer(request, "contracts.project")


@router.post(
    "/projects",
    url_name="projects",
    response={201: Project},
    openapi_extra=describes_add(PROJECT, "ProjectNew"),
    tags=["projects"],
)
def project_add(request: Request) -> HttpResponse:
    """Add a project."""
    return add_answer(request, "contracts.project")


@router.get("/projects/{uuid:project_id}", url_name="project", response=Project, tags=["projects"])
def project_show(request: Request, project_id: UUID) -> HttpResponse:
    """One project."""
    return show_answer(request, "contracts.project", project_id)


@router.patch(
    "/projects/{uuid:project_id}",
    url_name="project",
    response=Project,
    openapi_extra=describes_edit(PROJECT, "ProjectChange"),
    tags=["projects"],
)
def project_edit(request: Request, project_id: UUID) -> HttpResponse:
    """Change a project; only what you name."""
    return edit_answer(request, "contracts.project", project_id)


@router.get(
    "/contract-types",
    url_name="contract_types",
    response=page_schema(ContractType, "ContractTypePage"),
    openapi_extra=describes_list(TYPE),
)
def types_list(request: Request) -> HttpResponse:
    """The types a contract can be of."""
    return list_answer(request, "contracts.type")


@router.get(
    "/contract-statuses",
    url_name="contract_statuses",
    response=page_schema(Status, "ContractStatusPage"),
    openapi_extra=describes_list(STATUS),
)
def statuses_list(request: Request) -> HttpResponse:
    """The statuses within the stages of a contract."""
    return list_answer(request, "contracts.status")

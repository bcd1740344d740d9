"""The plan of a contract and its milestones, in the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.audit.services.editing import check_versions
from hetong.contracts import services
from hetong.contracts.fields import INSTALMENT, MILESTONE
from hetong.contracts.models import Instalment as InstalmentRow
from hetong.contracts.models import Milestone as MilestoneRow
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, NotFound, Problem
from hetong.kernel.nouns import must_see
from hetong.kernel.schemas import out_schema, page_schema
from hetong.kernel.values import Unreadable, problem, read
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

KEY, STAGE, GOAL = "contracts.contract", "contracts.instalment", "contracts.milestone"
STAGES = "/contracts/{uuid:contract_id}/instalments"
GOALS = "/contracts/{uuid:contract_id}/milestones"
router = Router(tags=["contracts"])
Instalment, Milestone = out_schema(INSTALMENT, "Instalment"), out_schema(MILESTONE, "Milestone")
REPLANNED = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reason"],
    "properties": {
        "reason": {"type": "string", "maxLength": 2000},
        "add": {"type": "array", "maxItems": 200, "items": {"type": "object"}, "description": "New stages."},
        "edit": {
            "type": "object",
            "additionalProperties": {"type": "object"},
            "description": "By the id of a stage: what changes of it.",
        },
        "remove": {"type": "array", "maxItems": 200, "items": {"type": "string", "format": "uuid"}},
    },
}


@router.get(
    STAGES,
    url_name="contract_instalments",
    response=page_schema(Instalment, "InstalmentPage"),
    openapi_extra=describes_list(INSTALMENT),
)
def instalments_list(request: Request, contract_id: UUID) -> HttpResponse:
    """The stages of a contract's plan."""
    must_see(request.actor, KEY, contract_id)
    rows = InstalmentRow.objects.visible_to(request.actor).filter(contract=contract_id, is_retired=False)
    return list_answer(request, STAGE, rows=rows)


@router.post(
    STAGES,
    url_name="contract_instalments",
    response={201: Instalment},
    openapi_extra=describes_add(INSTALMENT, "InstalmentNew", without=("contract",)),
)
def instalment_add(request: Request, contract_id: UUID) -> HttpResponse:
    """Add a stage to the plan of a draft: a percentage, an amount, or neither for whatever the others leave."""
    must_see(request.actor, KEY, contract_id)
    return add_answer(request, STAGE, fixed={"contract": str(contract_id)})


@router.get(STAGES + "/{uuid:instalment_id}", url_name="contract_instalment", response=Instalment)
def instalment_show(request: Request, contract_id: UUID, instalment_id: UUID) -> HttpResponse:
    """One stage."""
    _of_contract(request, InstalmentRow, contract_id, instalment_id)
    return show_answer(request, STAGE, instalment_id)


@router.patch(
    STAGES + "/{uuid:instalment_id}",
    url_name="contract_instalment",
    response=Instalment,
    openapi_extra=describes_edit(INSTALMENT, "InstalmentChange"),
)
def instalment_edit(request: Request, contract_id: UUID, instalment_id: UUID) -> HttpResponse:
    """Change a stage of a draft; only what you name."""
    _of_contract(request, InstalmentRow, contract_id, instalment_id)
    return edit_answer(request, STAGE, instalment_id)


@router.post(
    STAGES + "/{uuid:instalment_id}/remove",
    url_name="contract_instalment_remove",
    response={204: None},
    openapi_extra=describes_act(),
)
def instalment_remove(request: Request, contract_id: UUID, instalment_id: UUID) -> HttpResponse:
    """Remove a stage from the plan of a draft."""
    _of_contract(request, InstalmentRow, contract_id, instalment_id)
    return act_answer(request, STAGE, instalment_id, _gone(InstalmentRow, services.remove_instalments))


@router.post(
    "/contracts/{uuid:contract_id}/replan",
    url_name="contract_replan",
    response=page_schema(Instalment, "InstalmentPage"),
    openapi_extra=describes_body(REPLANNED),
)
def contract_replan(request: Request, contract_id: UUID) -> HttpResponse:
    """Change the plan of a contract in force in one go, with the reason; afterwards it adds up again."""
    must_see(request.actor, KEY, contract_id)
    given = body_of(request)
    services.replan(request.actor, contract_id, **_change(given))
    rows = InstalmentRow.objects.visible_to(request.actor).filter(contract=contract_id, is_retired=False)
    return list_answer(request, STAGE, rows=rows)


def _change(given: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a change of plan, checked for its shape. Raises `Invalid`."""
    shapes: Mapping[str, type] = {"reason": str, "add": list, "edit": dict, "remove": list}
    wrong = [name for name, value in given.items() if name not in shapes or not isinstance(value, shapes[name])]
    found = {name: value for name, value in given.items() if name not in wrong}
    if not all(isinstance(one, dict) for one in [*found.get("add", ()), *found.get("edit", {}).values()]):
        wrong.append("add")
    if wrong:
        text = N_("This is not what is taken here.")
        raise Invalid(problems=[Problem("unfit", text, field=name) for name in dict.fromkeys(wrong)])
    edits = {_id(pk, "edit"): one for pk, one in found.get("edit", {}).items()}
    remove = [_id(one, "remove") for one in found.get("remove", ())]
    return {"reason": found.get("reason", ""), "add": found.get("add", ()), "edit": edits, "remove": remove}


def _id(given: Any, field: str) -> UUID:
    try:
        return UUID(str(given))
    except ValueError as broken:
        raise NotFound(noun=STAGE, field=field) from broken


@router.get(
    GOALS,
    url_name="contract_milestones",
    response=page_schema(Milestone, "MilestonePage"),
    openapi_extra=describes_list(MILESTONE),
)
def milestones_list(request: Request, contract_id: UUID) -> HttpResponse:
    """The milestones of a contract."""
    must_see(request.actor, KEY, contract_id)
    return list_answer(request, GOAL, rows=MilestoneRow.objects.visible_to(request.actor).filter(contract=contract_id))


@router.post(
    GOALS,
    url_name="contract_milestones",
    response={201: Milestone},
    openapi_extra=describes_add(MILESTONE, "MilestoneNew", without=("contract",)),
)
def milestone_add(request: Request, contract_id: UUID) -> HttpResponse:
    """Add a milestone to a draft."""
    must_see(request.actor, KEY, contract_id)
    return add_answer(request, GOAL, fixed={"contract": str(contract_id)})


@router.get(GOALS + "/{uuid:milestone_id}", url_name="contract_milestone", response=Milestone)
def milestone_show(request: Request, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """One milestone."""
    _of_contract(request, MilestoneRow, contract_id, milestone_id)
    return show_answer(request, GOAL, milestone_id)


@router.patch(
    GOALS + "/{uuid:milestone_id}",
    url_name="contract_milestone",
    response=Milestone,
    openapi_extra=describes_edit(MILESTONE, "MilestoneChange"),
)
def milestone_edit(request: Request, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Change a milestone of a draft; only what you name."""
    _of_contract(request, MilestoneRow, contract_id, milestone_id)
    return edit_answer(request, GOAL, milestone_id)


@router.post(
    GOALS + "/{uuid:milestone_id}/remove",
    url_name="contract_milestone_remove",
    response={204: None},
    openapi_extra=describes_act("reason"),
)
def milestone_remove(request: Request, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Remove a milestone for which no stage waits; from a contract in force with a reason."""
    _of_contract(request, MilestoneRow, contract_id, milestone_id)
    gone = _gone(MilestoneRow, services.remove_milestones)
    return act_answer(request, GOAL, milestone_id, gone, takes=("reason",))


@router.post(
    GOALS + "/{uuid:milestone_id}/reach",
    url_name="contract_milestone_reach",
    response=Milestone,
    openapi_extra=describes_act("reached_on", "note"),
)
def milestone_reach(request: Request, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Mark a milestone of a contract in force as reached, on a day (ISO) or today."""
    _of_contract(request, MilestoneRow, contract_id, milestone_id)

    def act(actor: Actor, ids: Sequence[UUID], *, reached_on: str = "", **more: Any) -> Sequence[object]:
        return services.reach_milestones(actor, ids, reached_on=day_of(MILESTONE, "reached_on", reached_on), **more)

    return act_answer(request, GOAL, milestone_id, act, takes=("reached_on", "note"))


@router.post(
    GOALS + "/{uuid:milestone_id}/unreach",
    url_name="contract_milestone_unreach",
    response=Milestone,
    openapi_extra=describes_act("reason"),
)
def milestone_unreach(request: Request, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Take back that a milestone was reached, with the reason."""
    _of_contract(request, MilestoneRow, contract_id, milestone_id)

    def act(actor: Actor, ids: Sequence[UUID], *, reason: str = "", **more: Any) -> Sequence[object]:
        return services.unreach_milestones(actor, ids, reason=reason, **more)

    return act_answer(request, GOAL, milestone_id, act, takes=("reason",))


def day_of(register: Any, name: str, text: str) -> Any:
    """A day of the body as the register reads it; None where it is empty. Raises `Invalid`."""
    if not text:
        return None
    one = register.fields[name]
    try:
        return read(one, text)
    except Unreadable as broken:
        raise Invalid(problems=[problem(one, broken)]) from broken


def _gone(
    model: type[InstalmentRow] | type[MilestoneRow], remove: Callable[..., None]
) -> Callable[..., Sequence[object]]:
    """The act that removes one row, on top of the version that was seen."""

    def act(
        actor: Actor, ids: Sequence[UUID], *, versions: Mapping[UUID, int] | None = None, **more: Any
    ) -> Sequence[object]:
        check_versions(list(model.objects.visible_to(actor).filter(pk__in=ids)), versions)
        remove(actor, ids, **more)
        return ()

    return act


def _of_contract(
    request: Request, model: type[InstalmentRow] | type[MilestoneRow], contract_id: UUID, id: UUID
) -> None:
    """Raise `NotFound` unless the row is one of that very contract."""
    found: Any = model.objects.visible_to(request.actor).filter(pk=id, contract=contract_id)
    if not found.exists():
        raise NotFound(noun=model._meta.label_lower, id=str(id))

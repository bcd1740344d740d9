"""What may be done with contracts, by whom, in which stage."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hetong.contracts.states import EDITABLE, LIFECYCLE, OFFERED, Stage
from hetong.kernel.routes import Route, form, get, post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hetong.kernel.actors import Actor

CONTRACT, PROJECT = "contracts.contract", "contracts.project"


class Can(StrEnum):
    VIEW = "contracts.view"
    ADD = "contracts.add"
    EDIT = "contracts.edit"
    MOVE = "contracts.move"
    FLAG = "contracts.flag"
    VOID = "contracts.void"
    RUN = "contracts.run"
    ARCHIVE = "contracts.archive"
    UNARCHIVE = "contracts.unarchive"
    ADOPT = "contracts.adopt"
    PERFORM = "contracts.perform"
    PAPER = "contracts.paper"
    MANAGE_TYPES = "contracts.manage_types"


NEEDS: dict[str, Can] = dict.fromkeys(LIFECYCLE.moves, Can.MOVE) | {"void": Can.VOID}
"""The permission that each verb of the lifecycle needs."""


def verbs_now(actor: Actor, raw: Mapping[str, Any]) -> list[str]:
    """The verbs of the lifecycle that this actor may use on this row now: machine, offer and permission."""
    stage = Stage(raw["stage"])
    return [v for v in LIFECYCLE.verbs_from(stage) if v in OFFERED and actor.may(NEEDS[v], raw["company_id"])]


def can_edit(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may change what was agreed: the right role, and the contract still on the drafting table."""
    return raw["stage"] in EDITABLE and actor.may(Can.EDIT, raw["company_id"])


MANAGE = str(Can.MANAGE_TYPES)
LINE = "contracts.line"
API: tuple[Route, ...] = (
    get("api:contracts", Can.VIEW),
    post("api:contracts", Can.ADD),
    get("api:contract", Can.VIEW, noun=CONTRACT),
    Route("api:contract", ("PATCH",), (Can.EDIT,), CONTRACT),
    *(post(f"api:contract_{verb}", NEEDS[verb], noun=CONTRACT) for verb in OFFERED),
    post("api:contract_flag", Can.FLAG, noun=CONTRACT),
    post("api:contract_unflag", Can.FLAG, noun=CONTRACT),
    get("api:contract_lines", Can.VIEW, noun=CONTRACT),
    post("api:contract_lines", Can.EDIT, noun=CONTRACT),
    get("api:contract_line", Can.VIEW, noun=LINE),
    Route("api:contract_line", ("PATCH",), (Can.EDIT,), LINE),
    post("api:contract_line_remove", Can.EDIT, noun=LINE),
    get("api:projects", Can.VIEW),
    post("api:projects", Can.ADD),
    get("api:project", Can.VIEW, noun=PROJECT),
    Route("api:project", ("PATCH",), (Can.EDIT,), PROJECT),
    get("api:contract_types", Can.VIEW),
    get("api:contract_statuses", Can.VIEW),
)

ROUTES: tuple[Route, ...] = (
    *API,
    get("contracts:list", Can.VIEW),
    form("contracts:add", Can.ADD),
    get("party_contracts:list", Can.VIEW, noun="parties.party"),
    get("contracts:alike", Can.ADD),
    get("contracts:card", Can.VIEW, noun=CONTRACT),
    get("contracts:notices", Can.VIEW, noun=CONTRACT),
    form("contracts:edit", Can.EDIT, noun=CONTRACT),
    form("contracts:lines", Can.VIEW, noun=CONTRACT),
    form("contracts:line_edit", Can.EDIT, noun=CONTRACT),
    post("contracts:line_remove", Can.EDIT, noun=CONTRACT),
    *(form(f"contracts:{verb}", NEEDS[verb], noun=CONTRACT) for verb in OFFERED),
    form("contracts:status", Can.MOVE, noun=CONTRACT),
    form("contracts:flag", Can.FLAG, noun=CONTRACT),
    form("contracts:unflag", Can.FLAG, noun=CONTRACT),
    form("contracts:team", Can.EDIT, noun=CONTRACT),
    post("contracts:team_remove", Can.EDIT, noun=CONTRACT),
    post("contracts:snapshot", Can.EDIT, noun=CONTRACT),
    get("projects:list", Can.VIEW),
    form("projects:add", Can.ADD),
    get("projects:card", Can.VIEW, noun=PROJECT),
    form("projects:edit", Can.EDIT, noun=PROJECT),
    get("contract_settings:types", MANAGE),
    form("contract_settings:type_add", MANAGE),
    form("contract_settings:type_edit", MANAGE),
    get("contract_settings:statuses", MANAGE),
    form("contract_settings:status_add", MANAGE),
    form("contract_settings:status_edit", MANAGE),
    post("contract_settings:status_act", MANAGE),
    post("contract_settings:type_act", MANAGE),
)

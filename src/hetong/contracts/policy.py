"""What may be done with contracts, by whom, in which stage."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hetong.contracts.states import EDITABLE, IN_FORCE, LIFECYCLE, OFFERED, Signature, Stage
from hetong.kernel.actors import Reach
from hetong.kernel.routes import Route, form, get, post
from hetong.signing.policy import Can as Signing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hetong.kernel.actors import Actor, Grant

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


NEEDS: dict[str, str] = (
    dict.fromkeys(LIFECYCLE.moves, str(Can.MOVE))
    | dict.fromkeys(("send_to_sign", "recall", "mark_signed", "activate"), str(Signing.SIGN))
    | dict.fromkeys(("suspend", "resume", "terminate", "expire", "supersede", "begin_closing", "close"), str(Can.RUN))
    | {"void": str(Can.VOID), "archive": str(Can.ARCHIVE), "unarchive": str(Can.UNARCHIVE)}
    | dict.fromkeys(("adopt", "adopt_closed"), str(Can.ADOPT))
)
"""The permission that each verb of the lifecycle needs."""


def verbs_now(actor: Actor, raw: Mapping[str, Any]) -> list[str]:
    """The verbs of the lifecycle that this actor may use on this row now: machine, offer and permission."""
    stage = Stage(raw["stage"])
    possible = [v for v in LIFECYCLE.verbs_from(stage) if v in OFFERED and actor.may(NEEDS[v], raw["company_id"])]
    return [v for v in possible if v != "activate" or raw.get("signature") == Signature.BOTH]


def is_in_reach(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether a role alone brings the row within the actor's reach, so that it is open for more than reading.

    The twin in memory of `accounts.scopes.scope_of` without shares; False leaves shares and membership to ask.
    """
    if actor.is_system:
        return True
    return any(_reaches(actor, grant, raw) for grant in actor.grants if grant.company in (None, raw["company_id"]))


def _reaches(actor: Actor, grant: Grant, raw: Mapping[str, Any]) -> bool:
    reach = grant.role.reach_of(CONTRACT)
    teams = {Reach.TEAM: {grant.team} - {None}, Reach.TEAM_AND_BELOW: grant.below}.get(reach, frozenset())
    if reach >= Reach.COMPANY or (reach > Reach.NONE and raw["owner_id"] == actor.id):
        return True
    return raw["team_id"] is not None and raw["team_id"] in teams


def can_edit(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may change what was agreed: the right role, and the contract still on the drafting table."""
    return raw["stage"] in EDITABLE and actor.may(Can.EDIT, raw["company_id"])


def can_reach(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may say that a milestone was reached: the contract has come into force and is not settled yet."""
    return raw["stage"] in IN_FORCE and actor.may(Can.PERFORM, raw["company_id"])


def can_replan(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may change the plan of a contract that is in force."""
    return raw["stage"] in IN_FORCE and actor.may(Can.RUN, raw["company_id"])


def can_keep_paper(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may write about originals. From the archive they are only lent and taken back."""
    return raw["stage"] != Stage.DISCARDED and actor.may(Can.PAPER, raw["company_id"])


MANAGE = str(Can.MANAGE_TYPES)
LINE = "contracts.line"
API: tuple[Route, ...] = (
    get("api:contracts", Can.VIEW),
    post("api:contracts", Can.ADD),
    get("api:contract", Can.VIEW, noun=CONTRACT),
    Route("api:contract", ("PATCH",), (Can.EDIT,), CONTRACT),
    *(post(f"api:contract_{verb}", NEEDS[verb], noun=CONTRACT) for verb in OFFERED),
    post("api:contract_renewal", Can.MOVE, noun=CONTRACT),
    get("api:contract_close", Can.VIEW, noun=CONTRACT),
    post("api:contract_waive", Can.RUN, noun=CONTRACT),
    get("api:contract_qualifications", Can.VIEW, noun=CONTRACT),
    post("api:contract_let_pass", Can.RUN, noun=CONTRACT),
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

PLAN_API: tuple[Route, ...] = (
    get("api:contract_instalments", Can.VIEW, noun=CONTRACT),
    post("api:contract_instalments", Can.EDIT, noun=CONTRACT),
    get("api:contract_instalment", Can.VIEW, noun="contracts.instalment"),
    Route("api:contract_instalment", ("PATCH",), (Can.EDIT,), "contracts.instalment"),
    post("api:contract_instalment_remove", Can.EDIT, noun="contracts.instalment"),
    post("api:contract_replan", Can.RUN, noun=CONTRACT),
    get("api:contract_milestones", Can.VIEW, noun=CONTRACT),
    post("api:contract_milestones", Can.EDIT, noun=CONTRACT),
    get("api:contract_milestone", Can.VIEW, noun="contracts.milestone"),
    Route("api:contract_milestone", ("PATCH",), (Can.EDIT,), "contracts.milestone"),
    post("api:contract_milestone_remove", Can.EDIT, noun="contracts.milestone"),
    post("api:contract_milestone_reach", Can.PERFORM, noun="contracts.milestone"),
    post("api:contract_milestone_unreach", Can.PERFORM, noun="contracts.milestone"),
    get("api:contract_originals", Can.VIEW, noun=CONTRACT),
    post("api:contract_originals", Can.PAPER, noun=CONTRACT),
    get("api:contract_original", Can.VIEW, noun="contracts.original"),
    Route("api:contract_original", ("PATCH",), (Can.PAPER,), "contracts.original"),
    *(
        post(f"api:contract_original_{act}", Can.PAPER, noun="contracts.original")
        for act in ("lend", "return", "remove")
    ),
    get("api:overdue_loans", Can.VIEW),
)

PLAN: tuple[Route, ...] = (
    *PLAN_API,
    form("contracts:plan", Can.VIEW, noun=CONTRACT),
    get("contracts:plan_check", Can.VIEW, noun=CONTRACT),
    form("contracts:plan_change", Can.RUN, noun=CONTRACT),
    form("contracts:stage_edit", Can.EDIT, noun=CONTRACT),
    post("contracts:stage_remove", Can.EDIT, noun=CONTRACT),
    post("contracts:stage_move", Can.EDIT, noun=CONTRACT),
    form("contracts:milestone_edit", Can.EDIT, noun=CONTRACT),
    post("contracts:milestone_remove", Can.EDIT, noun=CONTRACT),
    form("contracts:milestone_reach", Can.PERFORM, noun=CONTRACT),
    form("contracts:milestone_unreach", Can.PERFORM, noun=CONTRACT),
    form("contracts:originals", Can.VIEW, noun=CONTRACT),
    *(form(f"contracts:original_{act}", Can.PAPER, noun=CONTRACT) for act in ("edit", "stamp", "lend", "return")),
    post("contracts:original_remove", Can.PAPER, noun=CONTRACT),
)

ROUTES: tuple[Route, ...] = (
    *API,
    *PLAN,
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
    get("contracts:head", Can.VIEW, noun=CONTRACT),
    post("contracts:waive", Can.RUN, noun=CONTRACT),
    post("contracts:let_pass", Can.RUN, noun=CONTRACT),
    form("contracts:status", Can.MOVE, noun=CONTRACT),
    form("contracts:renewal", Can.MOVE, noun=CONTRACT),
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

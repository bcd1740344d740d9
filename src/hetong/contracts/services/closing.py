"""Closing: what has to be settled first, as a list of checks from every app that has something to say; waiving with a reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hetong.audit.services import Change, record_many
from hetong.contracts.events import Act, CloseItemsWaived
from hetong.contracts.fields import CONTRACT, MILESTONE
from hetong.contracts.models import Contract, Milestone, Waiver
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.services.moving import Extras, after, checked_reason, move, taken
from hetong.contracts.services.required import unfilled
from hetong.contracts.states import Performance
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, Level, require
from hetong.kernel.errors import N_, Conflict, NotFound, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.fields import Text
from hetong.kernel.rows import insert, locked
from hetong.kernel.text import clean_text

Versions = Mapping[UUID, int] | None
LONGEST = 500


@dataclass(frozen=True)
class CloseItem:
    """One point of a contract's close checklist: whether it is done, and where to look; ``waived_by`` and why, if waived."""

    contract_id: UUID
    code: str
    label: Text
    is_done: bool
    detail: Text = ""
    url: str = ""
    waived_by: str = ""
    waived_reason: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether the point no longer stands in the way."""
        return self.is_done or bool(self.waived_by)


CloseCheck = Callable[[Actor, Collection[Contract]], Sequence[CloseItem]]
CHECKS: list[CloseCheck] = []
"""What the apps above have to say; config hands them in at start."""


def register_checks(checks: Sequence[CloseCheck]) -> None:
    """Take the checks of the apps above, in the order in which they are shown."""
    CHECKS[:] = checks


class NotSettled(Conflict):
    """Something is still open."""

    code = "not_settled"
    text = N_("“%(title)s” cannot be closed: %(open)s")
    then = N_("Settle what is open, or waive it with a reason on the close checklist.")


class NothingToWaive(Conflict):
    """The point is done or waived already."""

    code = "nothing_to_waive"
    text = N_("This point does not stand in the way any more.")


def close_items(actor: Actor, contracts: Collection[Contract]) -> list[CloseItem]:
    """The close checklist of contracts, with what was waived since each entered its present stage."""
    items = [*own_items(actor, contracts)]
    for check in CHECKS:
        items += check(actor, contracts)
    since = {one.pk: one.stage_since for one in contracts}
    waivers = {
        (one.contract_id, one.code): one
        for one in Waiver.objects.filter(contract__in=list(since)).order_by("at")
        if one.at >= since[one.contract_id]
    }
    return [_with_waiver(item, waivers.get((item.contract_id, item.code))) for item in items]


def _with_waiver(item: CloseItem, waiver: Waiver | None) -> CloseItem:
    if waiver is None or item.is_done:
        return item
    return replace(item, waived_by=waiver.by_label, waived_reason=waiver.reason)


def own_items(actor: Actor, contracts: Collection[Contract]) -> list[CloseItem]:
    """What contracts themselves ask for: their milestones are reached, no abnormal flag stands."""
    ids = [one.pk for one in contracts]
    # allow: visibility — the contracts are narrowed already, and only counted
    rows = Milestone.objects.filter(contract__in=ids, reached_on=None).values_list("contract", "title")
    waiting: dict[UUID, list[str]] = {}
    for contract, title in rows.order_by("position", "pk"):
        waiting.setdefault(contract, []).append(title)
    items = []
    for one in contracts:
        named = MILESTONE.level(actor, "title", one.company_id) > Level.HIDDEN
        told = CONTRACT.level(actor, "abnormal_reason", one.company_id) > Level.HIDDEN
        titles = waiting.get(one.pk, [])
        items.append(
            CloseItem(
                one.pk, "milestones", _("All milestones are reached"), not titles, ", ".join(titles) if named else "",
                f"/contracts/{one.pk}/plan/",
            )
        )  # fmt: skip
        items.append(
            CloseItem(
                one.pk, "abnormal", _("No abnormal flag stands"), not one.is_abnormal, one.abnormal_reason if told else "",
                f"/contracts/{one.pk}/",
            )
        )  # fmt: skip
    return items


@transaction.atomic
def begin_closing(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Begin to settle what is still open on contracts."""
    contracts = taken(actor, ids, "begin_closing", versions=versions)
    return move(actor, contracts, "begin_closing", reason=checked_reason("begin_closing", reason))


@transaction.atomic
def waive_item(actor: Actor, id: UUID, code: str, *, reason: str) -> Waiver:
    """Let one open point of a contract's checklist not stand in the way of closing; why is kept with who said so.

    Raises `NotFound`, `Forbidden`, `NotNow`, `NothingToWaive`, `Invalid` (no reason).
    """
    [contract] = locked(Contract.objects.visible_to(actor), [id])
    require(actor, Can.RUN, [contract])
    check_editable_by(actor, [contract])
    after(contract, "close")
    item = next((one for one in close_items(actor, [contract]) if one.code == code), None)
    if item is None:
        raise NotFound(noun="contracts.waiver", id=code)
    said = clean_text(reason, max_length=LONGEST)
    if not said:
        refuse([Problem("required", N_("Say why this may stay open."), field="reason")])
    if item.is_settled:
        raise NothingToWaive
    waiver = Waiver(contract=contract, code=code, reason=said, by=actor.id, by_label=actor.label[:200], at=clock.now())
    insert([waiver])
    change = Change(CONTRACT.noun, contract.pk, contract.title, contract.company_id)
    record_many(actor, Act.CLOSE_WAIVED, [change], reason=said, params={"check": code})
    publish(CloseItemsWaived(actor, (Fact(CONTRACT.noun, contract.pk, contract.company_id, {"check": code}),)))
    return waiver


@transaction.atomic
def close_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Close contracts on which nothing is open that was not waived. Raises `NotSettled` naming what is open."""
    contracts = taken(actor, ids, "close", versions=versions)
    refuse(unfilled(actor, contracts, "close"))
    reason = checked_reason("close", reason)
    items = close_items(actor, contracts)
    for one in contracts:
        still = [item for item in items if item.contract_id == one.pk and not item.is_settled]
        if still:
            raise NotSettled(title=one.title, open="; ".join(_words(item) for item in still))
        one.performance = Performance.DONE
    return move(actor, contracts, "close", reason=reason, extras=Extras(("performance",), ("performance",)))


def _words(item: CloseItem) -> str:
    return f"{item.label} ({item.detail})" if item.detail else str(item.label)

"""The words administrators set up: contract types, and statuses mapped to stages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from hetong.audit.services import Change, add_rows, changes, edit_rows, record_many
from hetong.contracts.events import (
    Act,
    StatusesAdded,
    StatusesEdited,
    StatusesRemoved,
    StatusesRetired,
    TypesAdded,
    TypesEdited,
    TypesRetired,
)
from hetong.contracts.fields import STATUS, TYPE
from hetong.contracts.models import Contract, ContractType, Status
from hetong.contracts.policy import Can
from hetong.contracts.services.shipped import STATUSES, TYPES
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, InUse, Problem
from hetong.kernel.events import Fact
from hetong.kernel.rows import insert, locked, write

Given = Mapping[str, Any]
LEAD_DAYS = 14
MOST_LEAD_DAYS, MOST_PAYMENT_DAYS, MOST_NOTICE = 3650, 730, 3660


class DefaultStatus(Conflict):
    """Every stage that is reached by a verb needs the status that the verb sets."""

    code = "default_status"
    text = N_("This is the default status of its stage and has to stay.")
    then = N_("Make another status of the stage the default first.")


def default_statuses() -> dict[str, UUID]:
    """The status that entering each stage sets; those that are missing are made."""
    found = dict(Status.objects.filter(is_default=True).values_list("stage", "pk"))
    missing = [stage for stage in STATUSES if stage not in found]
    if missing:
        last = Status.objects.aggregate(last=Max("position"))["last"] or 0
        made = [
            Status(stage=stage, labels=dict(STATUSES[stage]), position=last + 10 * n, is_default=True)
            for n, stage in enumerate(missing, start=1)
        ]
        insert(made)
        record_many(Actor.system(), Act.STATUSES_ADDED, [Change(STATUS.noun, one.pk, one.labels["en"]) for one in made])
        found |= {one.stage: one.pk for one in made}
    return found


@transaction.atomic
def seed_setup() -> int:
    """Make the shipped statuses that are missing, and the shipped types where there are none at all."""
    default_statuses()
    if ContractType.objects.exists():
        return 0
    made = [
        ContractType(labels=dict(labels), class_of=kind, position=10 * n, **more)
        for n, (labels, kind, more) in enumerate(TYPES, start=1)
    ]
    insert(made)
    record_many(Actor.system(), Act.TYPES_ADDED, [Change(TYPE.noun, one.pk, one.labels["en"]) for one in made])
    return len(made)


# -- types -----------------------------------------------------------------------------------------


@transaction.atomic
def add_types(actor: Actor, givens: Sequence[Given], *, locale: str = "", reason: str = "") -> list[ContractType]:
    """Add contract types."""
    last = ContractType.objects.aggregate(last=Max("position"))["last"] or 0
    return add_rows(
        TYPE, actor, givens, can=Can.MANAGE_TYPES, code=Act.TYPES_ADDED, event=TypesAdded, locale=locale, reason=reason,
        make=lambda values: ContractType(
            position=last + 10, **{name: list(values.get(name) or []) for name in ("required", "qualifications")}
        ),
        prepare=_type_problems,
    )  # fmt: skip


@transaction.atomic
def edit_types(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[ContractType]:  # fmt: skip
    """Change contract types; the class of one that contracts have stays."""
    rows = locked(ContractType.objects.visible_to(actor), ids)
    was = {row.pk: row.class_of for row in rows}
    used = set(Contract.objects.filter(type__in=list(was)).values_list("type", flat=True).distinct())

    def prepare(row: ContractType, values: Given) -> list[Problem]:
        problems = _type_problems(row, values)
        if row.pk in used and row.class_of != was[row.pk]:
            problems.append(
                Problem("immutable", N_("Contracts have this type; its class never changes."), field="class")
            )
        return problems

    return edit_rows(
        TYPE, actor, rows, given, can=Can.MANAGE_TYPES, code=Act.TYPES_EDITED, event=TypesEdited, locale=locale,
        versions=versions, reason=reason, prepare=prepare,
        also=("term", "notice_unit", "lead_days", "position", "required", "qualifications", "lapse_rule"),
    )  # fmt: skip


def _type_problems(row: ContractType, values: Given) -> list[Problem]:
    row.term, row.notice_unit = row.term or "fixed", row.notice_unit or "month"
    row.lead_days = LEAD_DAYS if values.get("lead_days", LEAD_DAYS) is None else row.lead_days
    row.position = row.position or 0
    row.lapse_rule = row.lapse_rule or "stop"
    for name in {"required", "qualifications"} & set(values):
        setattr(row, name, list(values[name] or []))
    limits = {
        "lead_days": (row.lead_days, MOST_LEAD_DAYS), "payment_days": (row.payment_days, MOST_PAYMENT_DAYS),
        "notice_count": (row.notice_count, MOST_NOTICE), "position": (row.position, 1_000_000),
        "tax_rate": (row.tax_percent, 1_000_000),
    }  # fmt: skip
    return [
        Problem("out_of_range", N_("This number is out of range."), field=name)
        for name, (value, most) in limits.items()
        if value is not None and not 0 <= value <= most
    ]


@transaction.atomic
def offer_types(actor: Actor, ids: Collection[UUID], *, is_offered: bool, reason: str = "") -> list[ContractType]:
    """Offer types for new contracts or stop offering them; contracts that have one keep it."""
    actor.require(Can.MANAGE_TYPES)
    rows = locked(ContractType.objects.visible_to(actor), ids)
    before = TYPE.snapshot(rows, ("labels", "is_active"))
    for row in rows:
        row.is_active = is_offered
    write(rows, ("is_active",))
    what = changes(TYPE, before, TYPE.snapshot(rows, ("labels", "is_active")), {})
    record_many(actor, Act.TYPES_RETIRED, what, reason=reason)
    publish(TypesRetired(actor, tuple(Fact(TYPE.noun, row.pk) for row in rows)))
    return rows


# -- statuses --------------------------------------------------------------------------------------


@transaction.atomic
def add_statuses(actor: Actor, givens: Sequence[Given], *, locale: str = "", reason: str = "") -> list[Status]:
    """Add statuses, each mapped to a stage."""
    default_statuses()
    last = Status.objects.aggregate(last=Max("position"))["last"] or 0
    return add_rows(
        STATUS, actor, givens, can=Can.MANAGE_TYPES, code=Act.STATUSES_ADDED, event=StatusesAdded, locale=locale,
        reason=reason, make=lambda values: Status(), prepare=_placed(last + 10),
    )  # fmt: skip


@transaction.atomic
def edit_statuses(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Status]:  # fmt: skip
    """Rename, colour and order statuses; the stage of one in use, or of a default, stays."""
    rows = locked(Status.objects.visible_to(actor), ids)
    was = {row.pk: row.stage for row in rows}
    used = set(Contract.objects.filter(status__in=list(was)).values_list("status", flat=True).distinct())

    def prepare(row: Status, values: Given) -> list[Problem]:
        _placed(0)(row, values)
        if row.stage != was[row.pk] and (row.pk in used or row.is_default):
            why = N_("Contracts have this status, or it is the default of its stage: its stage stays.")
            return [Problem("immutable", why, field="stage")]
        return []

    return edit_rows(
        STATUS, actor, rows, given, can=Can.MANAGE_TYPES, code=Act.STATUSES_EDITED, event=StatusesEdited, locale=locale,
        versions=versions, reason=reason, prepare=prepare, also=("color", "position"),
    )  # fmt: skip


def _placed(position: int) -> Callable[[Status, Given], None]:
    def prepare(row: Status, values: Given) -> None:
        row.color = row.color or ""
        row.position = min(max(row.position or position, 0), 1_000_000)

    return prepare


@transaction.atomic
def make_status_default(actor: Actor, id: UUID, *, reason: str = "") -> Status:
    """Let a status be the one that entering its stage sets."""
    actor.require(Can.MANAGE_TYPES)
    (row,) = locked(Status.objects.visible_to(actor), [id])
    others = list(Status.objects.filter(stage=row.stage, is_default=True).exclude(pk=id))
    before = STATUS.snapshot([row, *others])
    for other in others:
        other.is_default = False
    write(others, ("is_default",))
    row.is_default, row.is_active = True, True
    write([row], ("is_default", "is_active"))
    record_many(actor, Act.STATUSES_EDITED, changes(STATUS, before, STATUS.snapshot([row, *others]), {}), reason=reason)
    publish(StatusesEdited(actor, (Fact(STATUS.noun, row.pk),)))
    return row


@transaction.atomic
def offer_statuses(actor: Actor, ids: Collection[UUID], *, is_offered: bool, reason: str = "") -> list[Status]:
    """Offer statuses or retire them; contracts that have a retired one keep it. A default stays: `DefaultStatus`."""
    actor.require(Can.MANAGE_TYPES)
    rows = locked(Status.objects.visible_to(actor), ids)
    if not is_offered and any(row.is_default for row in rows):
        raise DefaultStatus()
    before = STATUS.snapshot(rows, ("labels", "is_active"))
    for row in rows:
        row.is_active = is_offered
    write(rows, ("is_active",))
    what = changes(STATUS, before, STATUS.snapshot(rows, ("labels", "is_active")), {})
    record_many(actor, Act.STATUSES_RETIRED, what, reason=reason)
    publish(StatusesRetired(actor, tuple(Fact(STATUS.noun, row.pk) for row in rows)))
    return rows


@transaction.atomic
def remove_statuses(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> None:
    """Delete statuses that no contract has. Raises `InUse` for one that is used, `DefaultStatus` for a default."""
    actor.require(Can.MANAGE_TYPES)
    rows = locked(Status.objects.visible_to(actor), ids)
    if any(row.is_default for row in rows):
        raise DefaultStatus()
    if Contract.objects.filter(status__in=[row.pk for row in rows]).exists():
        raise InUse()
    before = STATUS.snapshot(rows)
    gone = [Change(STATUS.noun, row.pk, str(before[row.pk]["labels"]), None, before[row.pk]) for row in rows]
    Status.objects.filter(pk__in=[row.pk for row in rows]).delete()
    record_many(actor, Act.STATUSES_REMOVED, gone, reason=reason)
    publish(StatusesRemoved(actor, tuple(Fact(STATUS.noun, row.pk) for row in rows)))


@transaction.atomic
def shift_status(actor: Actor, id: UUID, by: int, *, reason: str = "") -> Status:
    """Move a status up (-1) or down (1) in the order in which they are listed."""
    actor.require(Can.MANAGE_TYPES)
    order = list(Status.objects.visible_to(actor).order_by("position", "pk").values_list("pk", flat=True))
    rows = locked(Status.objects.visible_to(actor), [*order, id])
    at = order.index(id)
    to = min(max(at + by, 0), len(order) - 1)
    before = STATUS.snapshot(rows, ("labels", "position"))
    order.insert(to, order.pop(at))
    for row in rows:
        row.position = 10 * (order.index(row.pk) + 1)
    changed = [row for row in rows if row.position != before[row.pk]["position"]]
    write(changed, ("position",))
    what = changes(STATUS, before, STATUS.snapshot(changed, ("labels", "position")), {})
    record_many(actor, Act.STATUSES_EDITED, what, reason=reason)
    publish(StatusesEdited(actor, tuple(Fact(STATUS.noun, row.pk) for row in changed)))
    return rows[at]

"""Placing and lifting legal holds, and setting how long records are kept."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from hetong.accounts.events import Act
from hetong.accounts.holds import Record, must_be_free
from hetong.accounts.models import LegalHold, Retention
from hetong.accounts.policy import Can, manages
from hetong.accounts.queries import must_everywhere
from hetong.audit.services import Change, record, record_many
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Invalid, NotFound, Problem
from hetong.kernel.nouns import is_visible, must_see, noun
from hetong.kernel.text import clean_text

from .access import hold_policy

LONGEST_MONTHS = 1200


class HeldAlready(Conflict):
    """One hold at a time stands on a record."""

    code = "held_already"
    text = N_("A hold stands on this record already.")
    then = N_("Lift that one first, or leave it.")


def keep_free(*records: Record) -> None:
    """Raise `HeldForCase` where a hold keeps one of the records; one that is being placed just now is waited for.

    Inside the transaction of what would change or remove the record: no hold comes in between.
    """
    hold_policy()
    must_be_free(*records)


@transaction.atomic
def place_hold(actor: Actor, key: str, id: UUID, *, reason: str) -> LegalHold:
    """Keep a record as it is until the hold is lifted. Raises `Forbidden`, `NotFound`, `HeldAlready`, `Invalid`."""
    actor.require(Can.HOLD)
    must_see(actor, key, id)
    hold_policy()
    if LegalHold.objects.filter(noun=key, record=id, lifted_at=None).exists():
        raise HeldAlready
    register = noun(key).register
    [row] = register.show(Actor.system(), [id], (register.heading,))
    actor.require(Can.HOLD, (row.company,))
    hold = LegalHold(
        noun=key, record=id, label=row.title[:300], company_id=row.company, reason=_needed(reason), by_label=actor.label[:200],
        at=clock.now(),
    )  # fmt: skip
    hold.save(force_insert=True)
    record_many(actor, Act.HELD, [Change(key, id, "", row.company)], reason=hold.reason)
    return hold


@transaction.atomic
def lift_hold(actor: Actor, hold_id: UUID, *, reason: str) -> LegalHold:
    """End a hold, with the reason; it stays on the list. Raises `Forbidden`, `NotFound`, `Invalid`."""
    actor.require(Can.HOLD)
    hold_policy()
    hold = LegalHold.objects.filter(pk=hold_id, lifted_at=None).first()
    if hold is None or not _may_lift(actor, hold):
        raise NotFound(noun="accounts.legal_hold")
    hold.lifted_at, hold.lifted_by_label, hold.lift_reason = clock.now(), actor.label[:200], _needed(reason)
    hold.save(update_fields=["lifted_at", "lifted_by_label", "lift_reason"])
    record_many(actor, Act.HOLD_LIFTED, [Change(hold.noun, hold.record, "", hold.company_id)], reason=hold.lift_reason)
    return hold


def _may_lift(actor: Actor, hold: LegalHold) -> bool:
    """Whether the hold is of a company where the actor has the right, or on a record of all of them that the actor sees."""
    if hold.company_id is None:
        return manages(actor, Can.HOLD, None) or is_visible(actor, hold.noun, hold.record)
    return actor.may(Can.HOLD, hold.company_id)


@transaction.atomic
def set_retention(actor: Actor, months: Mapping[str, int | None]) -> None:
    """Say for how many months records of these nouns are kept once they are over; None: as long as the product.

    Raises `Forbidden`, `Invalid`.
    """
    must_everywhere(actor, Can.HOLD)
    odd = [key for key, count in months.items() if count is not None and not 1 <= count <= LONGEST_MONTHS]
    if odd:
        why = N_("Between 1 and %(most)s months, or empty.")
        raise Invalid(problems=[Problem("odd_months", why, {"most": LONGEST_MONTHS}, key) for key in odd])
    before = dict(Retention.objects.values_list("noun", "months"))
    for key, count in months.items():
        if count == before.get(key):
            continue
        Retention.objects.filter(noun=key).delete()
        if count is not None:
            Retention.objects.create(noun=key, months=count)
        record(actor, Act.RETENTION_SET, reason=key, months=count or "–", kind=key)


def _needed(reason: str) -> str:
    kept = clean_text(reason, max_length=500)
    if not kept:
        raise Invalid(problems=[Problem("required", N_("Say why, so that others can follow."), field="reason")])
    return kept

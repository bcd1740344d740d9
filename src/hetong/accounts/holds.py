"""Legal holds: which records stay as they are whatever their time, and how long others are kept. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict
from hetong.kernel.nouns import noun

from .models import LegalHold, Retention

Record = tuple[str, UUID]
MOST = 200


class HeldForCase(Conflict):
    """A legal hold keeps the record as it is."""

    code = "legal_hold"
    text = N_("This is held for a legal case since %(since)s: %(reason)s")
    then = N_("Nothing of it is erased or removed until the hold is lifted, under Settings → Legal holds.")


def held(records: Iterable[Record]) -> set[Record]:
    """Those of the records that a hold keeps; one statement for each kind."""
    by_noun: dict[str, list[UUID]] = {}
    for key, id in records:
        by_noun.setdefault(key, []).append(id)
    found: set[Record] = set()
    for key, ids in by_noun.items():
        rows = LegalHold.objects.filter(noun=key, record__in=ids, lifted_at=None)
        found |= {(key, id) for id in rows.values_list("record", flat=True)}
    return found


def must_be_free(*records: Record) -> None:
    """Raise `HeldForCase` where a hold keeps one of the records."""
    standing = LegalHold.objects.filter(lifted_at=None)
    if len(records) <= MOST:  # of very many, rather look at every hold
        standing = standing.filter(record__in=[id for _key, id in records])
    wanted = set(records)
    for hold in standing.select_related("company").order_by("pk"):
        if (hold.noun, hold.record) in wanted:
            since = clock.day_of(hold.at, hold.company.zone if hold.company else "UTC")
            raise HeldForCase(since=since.isoformat(), reason=hold.reason)


def find_holds(actor: Actor) -> list[dict[str, Any]]:
    """The holds of the companies that the reader sees, and those on records of no company that the reader sees; standing first."""
    companies = actor.companies()
    rows = (
        LegalHold.objects.all()
        if companies is None
        else LegalHold.objects.filter(Q(company=None) | Q(company__in=companies))
    )
    ordered = sorted(rows.order_by("-at")[:MOST], key=lambda one: one.lifted_at is not None)
    titles = _titles(actor, [(one.noun, one.record) for one in ordered])
    return [
        {
            "id": one.pk, "label": titles.get((one.noun, one.record), ""), "reason": one.reason, "by": one.by_label, "at": one.at,
            "is_on": one.lifted_at is None, "lifted_at": one.lifted_at, "lifted_by": one.lifted_by_label, "why_lifted": one.lift_reason,
        }
        for one in ordered if companies is None or one.company_id or (one.noun, one.record) in titles
    ]  # fmt: skip


def _titles(actor: Actor, records: Iterable[Record]) -> dict[Record, str]:
    """What the records are called, as far as the reader may read it."""
    found: dict[Record, str] = {}
    by_noun: dict[str, list[UUID]] = {}
    for key, id in records:
        by_noun.setdefault(key, []).append(id)
    for key, ids in by_noun.items():
        entry = noun(key)
        for row in entry.register.show(actor, entry.among(actor).filter(pk__in=ids), (entry.register.heading,)):
            found[key, row.id] = row.title
    return found


def months_kept() -> dict[str, int]:
    """For each noun with a time, how many months its records are kept once they are over."""
    return dict(Retention.objects.values_list("noun", "months"))

"""Duties that two people share: the pairs, who may do both halves, and for how long an exception holds. Reads only.

The pairs stand in ``config/duties.py``; each is enforced in the services of the app that knows the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from hetong.audit.journal import journal_companies
from hetong.audit.models import Entry
from hetong.audit.queries import Happening, worded
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Text, words
from hetong.kernel.nouns import noun
from hetong.kernel.values import is_unnamed

from .models import DutyWaiver, Grant
from .policy import Can, manages

MOST = 100
"""How many rows each part of the report shows."""


@dataclass(frozen=True)
class Happened:
    """One person did both halves on one record."""

    noun: str
    id: UUID
    who: str
    at: datetime | None


@dataclass(frozen=True)
class Pair:
    """Two acts that one person does not do both on the same thing.

    ``can_one`` and ``can_other`` are the permissions of each half; ``refused`` the journal code of an attempt;
    ``happened(actor)`` finds where one person did both, newest first, among what the actor sees.
    """

    key: str
    one: Text
    other: Text
    why: Text
    can_one: tuple[str, ...]
    can_other: tuple[str, ...]
    refused: str
    happened: Callable[[Actor], Sequence[Happened]]
    may_waive: bool = False
    """Whether a company with too few people may be excepted for a time."""


_pairs: dict[str, Pair] = {}


def install(table: Iterable[Pair]) -> None:
    """Take config's table; called once at start."""
    _pairs.clear()
    _pairs.update((pair.key, pair) for pair in table)


def pairs() -> tuple[Pair, ...]:
    """All pairs, in the order of the table."""
    return tuple(_pairs.values())


def pair_of(key: str) -> Pair:
    """The pair of that key. Raises `NotFound`."""
    if key not in _pairs:
        raise NotFound(pair=key)
    return _pairs[key]


def is_waived(pair: str, company: UUID | None) -> bool:
    """Whether one person may do both halves in that company today."""
    if company is None:
        return False
    found = DutyWaiver.objects.filter(pair=pair, company=company).select_related("company")
    return any(one.ends_on >= clock.today(one.company.zone) for one in found)


def waivers_shown(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """The exceptions of the companies that the reader sees, by pair, the present ones first."""
    companies = actor.companies()
    found = DutyWaiver.objects.select_related("company").order_by("-ends_on", "-pk")
    found = found if companies is None else found.filter(company__in=companies)
    shown: dict[str, list[dict[str, Any]]] = {}
    for one in found[:MOST]:
        shown.setdefault(one.pair, []).append({
            "id": one.pk, "company": one.company.name, "reason": one.reason, "by": one.by_label, "at": one.at,
            "ends_on": one.ends_on, "is_on": one.ends_on >= clock.today(one.company.zone),
            "may_end": manages(actor, Can.MANAGE_ROLES, one.company_id),
        })  # fmt: skip
    return shown


def holders(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """By pair, who holds the permissions of both halves in one company; of those the reader may know of."""
    if is_unnamed("accounts.user", actor):
        return {}
    companies = actor.companies()
    grants = Grant.objects.filter(user__is_active=True, user__kind="staff", role__is_active=True)
    if companies is not None:
        grants = grants.filter(Q(company=None) | Q(company__in=companies))
    held: dict[tuple[UUID, UUID | None], list[Grant]] = {}
    for grant in grants.select_related("user", "role", "company").order_by("user__name_key", "pk"):
        held.setdefault((grant.user_id, grant.company_id), []).append(grant)
    found: dict[str, list[dict[str, Any]]] = {}
    for (user, company), own in held.items():
        everywhere = held.get((user, None), []) if company else []
        given = {can for grant in (*own, *everywhere) for can in grant.role.permissions}
        for pair in pairs():
            if given & set(pair.can_one) and given & set(pair.can_other):
                found.setdefault(pair.key, []).append(_holder(actor, own))
    return found


def _holder(actor: Actor, grants: Sequence[Grant]) -> dict[str, Any]:
    return {
        "id": grants[0].user_id, "name": grants[0].user.name, "company": grants[0].company.name if grants[0].company else "",
        "roles": ", ".join(dict.fromkeys(words(grant.role.labels, actor.language) for grant in grants)),
    }  # fmt: skip


def happened_shown(actor: Actor, pair: Pair) -> list[dict[str, Any]]:
    """Where one person did both, with the record as far as the reader may read it; records out of sight are left out."""
    rows = list(pair.happened(actor))[:MOST]
    hides_people = is_unnamed("accounts.user", actor)
    titles: dict[tuple[str, UUID], tuple[str, str]] = {}
    for key in {row.noun for row in rows}:
        entry = noun(key)
        ids = [row.id for row in rows if row.noun == key]
        for shown in entry.register.show(actor, entry.among(actor).filter(pk__in=ids), (entry.register.heading,)):
            titles[key, shown.id] = (shown.title or "–", shown.url)
    return [
        {"title": titles[row.noun, row.id][0], "url": titles[row.noun, row.id][1], "at": row.at, "kind": noun(row.noun).labels[0],
         "who": "–" if hides_people else row.who}
        for row in rows if (row.noun, row.id) in titles
    ]  # fmt: skip


def attempts(actor: Actor) -> dict[str, list[Happening]]:
    """By pair, who tried to do both and was refused, newest first; in the companies whose journal the reader may read."""
    found: dict[str, list[Happening]] = {}
    companies = journal_companies(actor)
    for pair in pairs():
        entries = Entry.objects.filter(code=pair.refused).order_by("-pk")
        if companies is not None:
            entries = entries.filter(company__in=companies)
        found[pair.key] = worded(actor, list(entries[:MOST]))
    return found

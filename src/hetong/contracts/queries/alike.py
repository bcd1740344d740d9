"""Contracts that may be the same as a new one: the same counterparty, and a title or a number alike."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from rapidfuzz import fuzz

from hetong.accounts.queries import find_colleagues
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun
from hetong.kernel.text import fold

ALIKE_ENOUGH = 85
"""Of 100, by `rapidfuzz`'s ratio over the words in order; below it titles of one series look alike."""
MOST_COMPARED = 500
GONE = (Stage.DISCARDED, Stage.VOID, Stage.ARCHIVED)


@dataclass(frozen=True)
class Alike:
    """What was found: rows the actor may see, and whom to ask about those that the actor may not."""

    rows: list[Row]
    hidden_count: int = 0
    ask: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.hidden_count)


def find_alike(
    actor: Actor, *, counterparty: UUID | None, title: str, reference: str = "", company: UUID | None = None, exclude: UUID | None = None
) -> Alike:  # fmt: skip
    """The contracts that look like the described one. A hidden one is announced without name or id."""
    if counterparty and not noun("parties.party").visible_to(actor).filter(pk=counterparty).exists():
        return Alike([])
    wanted, key = fold(title), fold(reference)
    if any(CONTRACT.level(actor, name) is Level.HIDDEN for name in ("reference", "number")):
        key = ""  # who may not read numbers learns of none by trying them
    if CONTRACT.level(actor, "title") is Level.HIDDEN:
        wanted = ""
    same = Q(counterparty=counterparty) if counterparty else Q(pk__in=[])
    if key:
        same |= Q(reference_key=key) | Q(number_key=key)
    candidates = Contract.objects.exclude(stage__in=GONE).filter(same)  # allow: visibility — hidden ones are counted
    own = {company} if company else actor.companies()
    if own is not None:
        candidates = candidates.filter(company__in=own)
    names = ("pk", "title_key", "reference_key", "number_key", "counterparty_id")
    found = [
        row["pk"]
        for row in candidates.order_by("-pk").values(*names)[:MOST_COMPARED]
        if row["pk"] != exclude and _is_alike(row, wanted, key, counterparty)
    ]
    return _split(actor, found) if found else Alike([])


def _is_alike(row: dict[str, object], title: str, key: str, counterparty: UUID | None) -> bool:
    if key and key in (row["reference_key"], row["number_key"]):
        return True
    if not title or row["counterparty_id"] != counterparty:
        return False
    return row["title_key"] == title or fuzz.ratio(str(row["title_key"]), title) >= ALIKE_ENOUGH


def _split(actor: Actor, ids: list[UUID]) -> Alike:
    names = ("title", "number", "status", "counterparty", "owner")
    rows = CONTRACT.show(actor, Contract.objects.visible_to(actor).filter(pk__in=ids).order_by("-pk")[:10], names)
    hidden = set(ids) - set(Contract.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    owners = Contract.objects.visible_to(Actor.system()).filter(pk__in=hidden).values("owner")
    ask = find_colleagues(actor).filter(pk__in=owners).order_by("name_key").values_list("name", flat=True)
    return Alike(rows, len(hidden), tuple(ask[:3]) if hidden else ())

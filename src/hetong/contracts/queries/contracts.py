from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, ContractParty, Line, StageMove
from hetong.contracts.queries.terms import KeyDates, key_dates
from hetong.contracts.queries.value import TaxTotals, tax_totals, value_of
from hetong.contracts.states import EDITABLE, Stage
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import NotFound
from hetong.kernel.explain import Explained
from hetong.kernel.fields import Row, Text
from hetong.kernel.known import asked, known
from hetong.kernel.money import Money, sum_money
from hetong.kernel.nouns import noun
from hetong.kernel.where import EVERYTHING, Condition, Where, narrow
from hetong.parties.queries.snapshots import differences, snapshots
from hetong.signing.fields import SIGNATORY
from hetong.signing.queries import find_envelopes, find_signatories

NO_VALUE = (Stage.DISCARDED, Stage.VOID, Stage.REJECTED)


def find_contracts(actor: Actor, where: Where = EVERYTHING) -> QuerySet[Contract]:
    """The visible contracts that answer the question."""
    return narrow(CONTRACT, actor, Contract.objects.visible_to(actor), where)


def get_contract(actor: Actor, id: UUID) -> Contract:
    """One visible contract with its type and company. Raises `NotFound`."""
    # allow: visibility — it is `visible_to`, written once per reader
    visible = Contract.objects.filter(known(actor, noun(CONTRACT.noun), "pk"))
    found = visible.select_related("type", "company").filter(pk=id).first()
    if found is None:
        raise NotFound(noun="contracts.contract", id=str(id))
    return found


def is_editable(contract: Contract) -> bool:
    """Whether what was agreed may still be written."""
    return contract.stage in EDITABLE


def find_moves(actor: Actor, id: UUID) -> list[StageMove]:
    """The steps of a visible contract's life, oldest first."""
    return list(StageMove.objects.visible_to(actor).filter(contract=id).order_by("pk"))


def stage_on(moves: Sequence[StageMove], day: dt.date, *, entered: dt.date | None) -> Stage | None:
    """The stage at the end of a day, from the steps until then; None where the contract had not been entered yet."""
    if moves:
        return Stage(max(moves, key=lambda one: (one.on, one.pk)).to_stage)
    return Stage.DRAFT if entered is None or entered <= day else None


def signed_sides(actor: Actor, id: UUID) -> dict[str, Row]:
    """Who has signed last for each side of a visible contract: ``ours`` and ``theirs``."""
    envelopes = find_envelopes(actor, CONTRACT.noun, id).exclude(state="recalled")
    rows = SIGNATORY.show(actor, find_signatories(actor, envelopes))
    return {row["side"].code: row for row in rows if "side" in row}


def count_lines(actor: Actor, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """How many lines each of these contracts has, for the tab."""
    lines = Line.objects.visible_to(actor).filter(contract__in=ids).order_by()
    return lines.values_list("contract").annotate(count=Count("pk"))


def count_contracts(actor: Actor, parties: Sequence[UUID]) -> dict[UUID, int]:
    """How many contracts the reader sees with each of these parties, for the tab."""
    return {id: found.count() for id in parties if (found := _with_party(actor, id)) is not None}


def _with_party(actor: Actor, id: UUID) -> QuerySet[Contract] | None:
    """The visible contracts with a party; nothing for a reader who may not read whose counterparty it is."""
    if CONTRACT.level(actor, "counterparty") is Level.HIDDEN:
        return None
    return find_contracts(actor, Where((Condition("counterparty", "", (str(id),)),))).order_by()


@dataclass(frozen=True)
class OverviewFacts:
    """What the overview explains: the value, the tax per rate, the key dates."""

    value: Explained[Money] | None
    notes: Sequence[Text] = ()
    totals: Sequence[TaxTotals] = ()
    dates: KeyDates = field(default_factory=KeyDates)
    titles: Mapping[str, str] = field(default_factory=dict)
    """What each line is called, by id, for the steps that rest on it."""


def overview_facts(actor: Actor, contract: Contract) -> OverviewFacts:
    """The explanations of one contract, reduced to what this reader may read."""
    lines = list(Line.objects.visible_to(actor).filter(contract=contract.pk).order_by("position", "pk"))
    value, notes = value_of(contract, lines)
    readable = _readable(actor, contract)
    line = noun("contracts.line").register
    readable_titles = line.level(actor, "title", contract.company_id, contract.stage) > Level.HIDDEN
    dates = key_dates(
        contract, lead_days=contract.type.lead_days, country=contract.company.country, act_by=contract.act_by
    )
    return OverviewFacts(
        value.visible_for(readable) if value and readable("gross") else None,
        notes if readable("gross") else (),
        tax_totals(contract, lines) if all(map(readable, ("gross", "net", "tax", "tax_rate"))) else (),
        KeyDates(
            dates.notice_by.visible_for(readable) if dates.notice_by and readable("notice_by") else None,
            dates.act_by.visible_for(readable) if dates.act_by and readable("act_by") else None,
        ),
        {str(line.pk): line.title for line in lines} if readable_titles else {},
    )


def _readable(actor: Actor, contract: Contract) -> Any:
    """Whether a field of the contract or of its lines may be read; explanations name both."""
    line = noun("contracts.line").register

    def readable(name: str) -> bool:
        known = [r for r in (CONTRACT, line) if name in r.all()]
        return all(r.level(actor, name, contract.company_id, contract.stage) > Level.HIDDEN for r in known)

    return readable


@dataclass(frozen=True)
class Parts:
    """The contracts under a master agreement or a project that the reader may see, and their value per currency."""

    rows: list[Row]
    count: int = 0
    total: Mapping[str, Money] = field(default_factory=dict)


def children_summary(actor: Actor, id: UUID, *, limit: int = 50) -> Parts:
    """The visible contracts under one, newest first, and the sum of their values per currency."""

    def first(id: UUID) -> QuerySet[Any, Any]:
        return Contract.objects.visible_to(actor).filter(parent=id).values_list("pk")[:1]

    if not asked(actor, "contracts.children", first, id):
        return Parts([])  # as with most contracts
    return _parts(actor, Contract.objects.visible_to(actor).filter(parent=id), limit)


def party_summary(actor: Actor, id: UUID, *, limit: int = 50) -> Parts:
    """The visible contracts with a party, newest first, and the sum of their values per currency."""
    found = _with_party(actor, id)
    return Parts([]) if found is None else _parts(actor, found, limit)


def project_summary(actor: Actor, id: UUID, *, limit: int = 50) -> Parts:
    """The visible contracts of a project, newest first, and the sum of their values per currency."""
    return _parts(actor, Contract.objects.visible_to(actor).filter(project=id), limit)


def _parts(actor: Actor, below: QuerySet[Contract], limit: int) -> Parts:
    """What was discarded or voided is listed and not summed."""
    rows = CONTRACT.show(
        actor, below.order_by("-pk")[:limit], ("title", "number", "counterparty", "status", "gross", "period")
    )
    count = below.count() if len(rows) == limit else len(rows)
    if not rows or CONTRACT.level(actor, "gross") is Level.HIDDEN:
        return Parts(rows, count)
    value = CONTRACT.guarded(actor, CONTRACT.fields["gross"])
    sums = below.exclude(stage__in=NO_VALUE).annotate(v=value).values("currency").annotate(total=Sum("v")).order_by()
    money = [Money(int(one["total"]), one["currency"]) for one in sums if one["total"] is not None]
    return Parts(rows, count, sum_money(money))


@dataclass(frozen=True)
class Difference:
    """A fact of a party's master data that is no longer as the contract took it; lists are only named."""

    label: Text
    then: str = ""
    now: str = ""


PARTS: Mapping[str, tuple[str, str]] = {
    "addresses": ("parties.address", "lines"),
    "banks": ("parties.bank", "account"),
    "contacts": ("parties.contact", "name"),
    "payment_days": ("parties.terms", "payment_days"),
}
"""The field that decides whether a reader is told of a part of a party's details; the others are the party's own."""


def _may_read_part(actor: Actor, part: str, company: UUID) -> bool:
    key, name = PARTS.get(part, ("parties.party", part))
    return noun(key).register.level(actor, name, company) > Level.HIDDEN


def party_differences(actor: Actor, contract: Contract) -> tuple[list[Difference], dt.datetime | None]:
    """What has changed in the counterparty's master data since the contract took them, and when it did.

    What the reader may not read of parties is left out.
    """
    kept = (
        ContractParty.objects.visible_to(actor)
        .filter(contract=contract.pk, role="counterparty")
        .order_by("-taken_at")
        .first()
    )
    if kept is None:
        return [], None
    now = snapshots([kept.party_id], contract.company_id).get(kept.party_id, {})
    found = []
    for name, label, before, after in differences(kept.snapshot, now):
        if not _may_read_part(actor, name, contract.company_id):
            continue
        plain = all(one is None or isinstance(one, str | int) for one in (before, after))
        found.append(Difference(label, str(before or ""), str(after or "")) if plain else Difference(label))
    return found, kept.taken_at

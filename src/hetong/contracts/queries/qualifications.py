"""The qualifications that a type asks of the other side: which paper proves each, and how it stands today (S2-24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from hetong.accounts.models import Company
from hetong.contracts.models import Contract, ContractType, Waiver
from hetong.contracts.states import BEFORE_FORCE, LapseRule
from hetong.documents.fields import DOCUMENT, SOON
from hetong.documents.models import Document, DocumentKind
from hetong.documents.policy import may_read_kind
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Row
from hetong.kernel.labels import Labels
from hetong.kernel.nouns import noun
from hetong.kernel.values import is_unnamed

PARTY = "parties.party"
State = Literal["valid", "soon", "lapsed", "missing"]
GOOD: Collection[State] = ("valid", "soon")
LASTING = dt.date.max
"""Stands for the last day of a paper that does not lapse."""


@dataclass(frozen=True)
class Qualification:
    """One kind of paper that a contract's type asks of the counterparty, as this reader may see it.

    ``state``: valid, soon (its last day is near), lapsed or missing. ``label`` and everything about the paper
    are empty for who may not read papers of the kind, and its state is only valid or missing; that it is in the way is said
    to everybody.
    """

    contract_id: UUID
    code: str
    """The kind's key."""
    state: State
    stops: bool
    """Whether the type stops on it; otherwise it is only said."""
    label: str = ""
    title: str = ""
    number: str = ""
    until: dt.date | None = None
    """The last day of the paper that lasts longest; None where there is none, or where it does not lapse."""
    url: str = ""
    waiver: str = ""
    """What letting it pass is kept under: this paper of this party, with this last day."""
    is_waived: bool = False
    """Whether somebody let it pass."""
    waived_by: str = ""
    """Who did; empty for who may read no names of people."""
    waived_reason: str = ""

    @property
    def is_good(self) -> bool:
        """Whether a paper is valid today."""
        return self.state in GOOD

    @property
    def is_in_the_way(self) -> bool:
        """Whether neither submitting nor signing is possible before something is done."""
        return self.stops and not self.is_good and not self.is_waived

    @property
    def words(self) -> str:
        """What is wrong, in one phrase."""
        if not self.label:
            return _("a paper that you may not read is missing or has lapsed")
        known = {"kind": self.label, "title": self.title, "until": self.until.isoformat() if self.until else ""}
        if self.state == "missing":
            return _("%(kind)s is missing") % known
        if not self.title or not self.until:
            return _("%(kind)s has lapsed") % known
        return _("%(kind)s “%(title)s” was valid until %(until)s") % known


def qualifications_of(actor: Actor, contracts: Collection[Contract]) -> list[Qualification]:
    """What the types of contracts that are not in force yet ask of their counterparties, in the order of the kinds."""
    early = [one for one in contracts if one.stage in BEFORE_FORCE]
    # allow: visibility — what the types of contracts ask for is asked for whoever acts
    types = ContractType.objects.filter(pk__in={one.type_id for one in early})
    kinds = {one.pk: one for one in types} if early else {}
    asking = [one for one in early if kinds[one.type_id].qualifications]
    if not asking:
        return []
    asked = {key for one in asking for key in kinds[one.type_id].qualifications}
    # allow: visibility — what is asked for is asked for; a kind's name is shown to its readers alone
    proofs = DocumentKind.objects.filter(key__in=asked).order_by("position", "key")
    shelf = _Shelf.read(actor, asking, list(proofs))
    return [found for one in asking for found in shelf.standing(one, kinds[one.type_id])]


def cautions(actor: Actor, row: Row) -> list[str]:
    """What whoever decides on a contract has to know besides its content, as this reader may: a flag, papers that are not valid."""
    found = []
    if row.get("is_abnormal"):
        found.append(_("Marked as abnormal: %(why)s") % {"why": row.get("abnormal_reason") or "–"})
    contracts = list(Contract.objects.visible_to(actor).filter(pk=row.id))
    for one in qualifications_of(actor, contracts):
        if one.is_good:
            continue
        passed = _("Let pass by %(who)s: %(why)s") % {"who": one.waived_by or "–", "why": one.waived_reason or "–"}
        found.append(f"{one.words}. {passed}" if one.is_waived else one.words)
    return found


@dataclass(frozen=True)
class _Shelf:
    """What is kept with the counterparties, read once for all contracts."""

    actor: Actor
    proofs: Collection[DocumentKind]
    best: Mapping[tuple[UUID, UUID], Document]
    """The paper of a party and kind that lasts longest."""
    shown: Mapping[UUID, Row]
    """Those of them that the reader sees, with what the reader may see of them."""
    seen: frozenset[UUID]
    """The parties that the reader sees."""
    waivers: Mapping[tuple[UUID, str], Waiver]
    days: Mapping[UUID, dt.date]

    @classmethod
    def read(cls, actor: Actor, contracts: Collection[Contract], proofs: Collection[DocumentKind]) -> _Shelf:
        parties = {one.counterparty_id for one in contracts}
        # allow: visibility — whether a paper is good decides for everybody; what it says is shown to its readers alone
        kept = Document.objects.filter(
            noun=PARTY,
            subject__in=parties,
            kind__in=[one.pk for one in proofs],
            is_retired=False,
            current__isnull=False,
        )
        best: dict[tuple[UUID, UUID], Document] = {}
        for one in kept.order_by("pk"):
            held = best.setdefault((one.subject, one.kind_id), one)
            if (one.valid_until or LASTING) > (held.valid_until or LASTING):
                best[one.subject, one.kind_id] = one
        shown = Document.objects.visible_to(actor, PARTY).filter(pk__in=[one.pk for one in best.values()])
        seen = noun(PARTY).visible_to(actor).filter(pk__in=parties)
        waivers = Waiver.objects.filter(contract__in=[one.pk for one in contracts]).order_by("at")
        companies = Company.objects.filter(pk__in={one.company_id for one in contracts})
        rows = {row.id: row for row in DOCUMENT.show(actor, shown, ("title", "licence_number", "valid_until"))}
        return cls(
            actor, proofs, best, rows, frozenset(seen.values_list("pk", flat=True)),
            {(one.contract_id, one.code): one for one in waivers}, {one.pk: clock.today(one.zone) for one in companies},
        )  # fmt: skip

    def standing(self, contract: Contract, kind: ContractType) -> Iterator[Qualification]:
        """How each paper that the contract's type asks for stands on its company's day."""
        for proof in self.proofs:
            if proof.key in kind.qualifications:
                yield self._of(contract, proof, stops=kind.lapse_rule == LapseRule.STOP)

    def _of(self, contract: Contract, proof: DocumentKind, *, stops: bool) -> Qualification:
        party, paper = contract.counterparty_id, self.best.get((contract.counterparty_id, proof.pk))
        until = paper.valid_until if paper else None
        waiver = f"{proof.key}:{party.hex}:{until.isoformat() if until else ''}"
        waived = self.waivers.get((contract.pk, waiver))
        told = self.shown.get(paper.pk) if paper else None
        is_known = may_read_kind(self.actor, proof, noun(PARTY).register, contract.company_id)
        url = f"{noun(PARTY).url(party)}documents/" if party in self.seen and is_known else ""
        state = self._state(paper, self.days[contract.company_id])
        if not is_known:
            state = "valid" if state in GOOD else "missing"
        is_named = waived is not None and (waived.by == self.actor.id or not is_unnamed("accounts.user", self.actor))
        return Qualification(
            contract.pk, proof.key, state, stops,
            label=Labels(proof.labels).text(self.actor.language) if is_known else "",
            title=told.get("title") or "" if told else "",
            number=told.get("licence_number") or "" if told else "",
            until=told.get("valid_until") if told else None,
            url=f"{url}#d-{told.id}" if url and told else url,
            waiver=waiver,
            is_waived=waived is not None,
            waived_by=waived.by_label if waived and is_named else "",
            waived_reason=waived.reason if waived and is_known else "",
        )  # fmt: skip

    def _state(self, paper: Document | None, today: dt.date) -> State:
        if paper is None:
            return "missing"
        until = paper.valid_until or LASTING
        if until < today:
            return "lapsed"
        return "soon" if until - today <= SOON else "valid"

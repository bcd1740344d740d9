"""What hangs on two parties that are one: numbers, addresses, accounts, contacts and terms, each by its own rule of what
stands twice. Nothing is lost: what cannot be in use beside its twin is retired, and moves all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from hetong.audit.services import Change, changes, record_many
from hetong.kernel.actors import Actor
from hetong.kernel.events import Fact
from hetong.kernel.fields import Register
from hetong.kernel.joined import index
from hetong.kernel.kept import COLUMN
from hetong.kernel.rows import write
from hetong.parties.events import Act
from hetong.parties.fields import ADDRESS, BANK, CONTACT, NUMBER, TERMS
from hetong.parties.fields.beside import SCHEMES_OF
from hetong.parties.models import Address, Contact, Party, PartyBank, PartyId, PartyTerms
from hetong.parties.policy import Can
from hetong.parties.queries.merging import TERMS_CHOICE
from hetong.parties.services.naming import keep_numbers

M = TypeVar("M", bound=Model)
ADDRESS_FIELD = "address_lines"
"""The registered address is chosen as a whole, under the name of its first field."""
LEFT_OPEN = ("number", "owner_id", "team_id", "payment_days", "price_note")


class Uniting:
    """Moves what hangs on ``other`` to ``this``; ``take`` names what is to be as it was there."""

    def __init__(self, actor: Actor, this: Party, other: Party, take: Collection[str], reason: str) -> None:
        self.actor, self.this, self.other, self.take, self.reason = actor, this, other, take, reason
        self.facts: list[Fact] = []

    def unite(self) -> list[Fact]:
        """All of it; the records that changed."""
        self._kinds()
        self._numbers()
        self._addresses()
        self._accounts()
        self._contacts()
        self._terms()
        return self.facts

    def _both(self, model: type[M]) -> tuple[list[M], list[M]]:
        rows = model._default_manager
        return (
            list(rows.filter(party=self.this.pk).order_by("pk")), list(rows.filter(party=self.other.pk).order_by("pk"))
        )  # fmt: skip

    def _kinds(self) -> None:
        self.this.kinds.add(*self.other.kinds.all())
        self.other.kinds.clear()

    def _retire(self, mine: Sequence[Any], theirs: Sequence[Any], name: str) -> None:
        """Of what only one may be in use, leave the chosen ones in use."""
        if mine and theirs:
            for row in mine if name in self.take else theirs:
                row.is_active = False

    def _numbers(self) -> None:
        mine, theirs = self._both(PartyId)
        before = NUMBER.snapshot([*mine, *theirs])
        for name, schemes in SCHEMES_OF.items():
            self._retire(_main(mine, schemes), _main(theirs, schemes), name)
        self._save(NUMBER, mine, theirs, before, Act.MOVED_ALONG)
        keep_numbers([self.this])

    def _addresses(self) -> None:
        mine, theirs = self._both(Address)
        before = ADDRESS.snapshot([*mine, *theirs])
        self._retire(_registered(mine), _registered(theirs), ADDRESS_FIELD)
        self._save(ADDRESS, mine, theirs, before, Act.MOVED_ALONG)

    def _accounts(self) -> None:
        """Who may not say where money goes does not do so by merging: the accounts come along out of use."""
        mine, theirs = self._both(PartyBank)
        before = BANK.snapshot([*mine, *theirs])
        held = {(one.kind, one.normalised) for one in mine if one.is_active}
        may = self.actor.may(Can.EDIT_BANKS)
        for one in theirs:
            one.is_active = one.is_active and may and (one.kind, one.normalised) not in held
        self._save(BANK, mine, theirs, before, Act.BANK_EDITED)

    def _contacts(self) -> None:
        mine, theirs = self._both(Contact)
        before = CONTACT.snapshot([*mine, *theirs])
        if any(one.is_primary for one in mine):
            for one in theirs:
                one.is_primary = False
        self._save(CONTACT, mine, theirs, before, Act.MOVED_ALONG)

    def _save(self, register: Register, mine: Sequence[Any], theirs: Sequence[Any], before: Any, code: Act) -> None:
        """Write ours first, so that what is retired makes room."""
        columns = {"is_active", *({"is_primary"} if register is CONTACT else ())}
        write([one for one in mine if not one.is_active], columns, version=False)
        for one in theirs:
            one.party_id = self.this.pk
        write(theirs, {"party", *columns})
        rows = [*mine, *theirs]
        what = [one for one in changes(register, before, register.snapshot(rows), {}) if one.fields()]
        changed = {one.id for one in what}
        write([one for one in mine if one.pk in changed], (), version=True)
        record_many(self.actor, code, what, reason=self.reason)
        self.facts += [Fact(register.noun, one.id) for one in what if one.id]

    def _terms(self) -> None:
        mine, theirs = self._both(PartyTerms)
        ours = {one.company_id: one for one in mine}
        before = TERMS.snapshot([*mine, *theirs])
        kept, gone = [], []
        for row in theirs:
            twin = ours.get(row.company_id)
            stays, goes = (row, twin) if twin is None or TERMS_CHOICE in self.take else (twin, row)
            if goes is not None:
                _fill(stays, goes)
                gone.append(goes)
            stays.party = self.this
            kept.append(stays)
        PartyTerms.objects.filter(pk__in=[one.pk for one in gone]).delete()
        write(
            kept,
            {
                "party",
                "number",
                "owner",
                "team",
                "payment_days",
                "price_note",
                "credit_limit_minor",
                "currency",
                COLUMN,
            },
        )
        index(TERMS, kept, [one.name for one in TERMS if one.kept])
        companies = {one.pk: one.company_id for one in kept}
        record_many(
            self.actor, Act.MOVED_ALONG, changes(TERMS, before, TERMS.snapshot(kept), companies), reason=self.reason
        )
        ended = [Change(TERMS.noun, one.pk, "", one.company_id, before[one.pk]) for one in gone]
        record_many(self.actor, Act.TERMS_MERGED, ended, reason=self.reason)
        self.facts += [Fact(TERMS.noun, one.pk, one.company_id) for one in (*kept, *gone)]


def _main(rows: Iterable[PartyId], schemes: Collection[str]) -> list[PartyId]:
    return [one for one in rows if one.is_active and not one.issuer and one.scheme in schemes]


def _registered(rows: Iterable[Address]) -> list[Address]:
    return [one for one in rows if one.is_active and one.role == "registered"]


def _fill(stays: PartyTerms, goes: PartyTerms) -> None:
    """Take over what the terms that stay leave open."""
    for name in LEFT_OPEN:
        if getattr(stays, name) in (None, ""):
            setattr(stays, name, getattr(goes, name))
    stays.custom = {**goes.custom, **stays.custom}
    if stays.credit_limit_minor is None:
        stays.credit_limit_minor = goes.credit_limit_minor
        stays.currency = goes.currency if goes.credit_limit_minor is not None else stays.currency

"""The terms that stand on the party's own form: those with the company of whoever fills it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from hetong.audit.services import added, record_added
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.batch import Batch
from hetong.kernel.bulk import made
from hetong.kernel.errors import N_, Invalid, Problem, UnknownField
from hetong.kernel.events import Fact
from hetong.kernel.input import assign, check_names
from hetong.kernel.joined import index
from hetong.kernel.rows import insert
from hetong.kernel.text import fold
from hetong.parties.events import Act, TermsChanged
from hetong.parties.fields import TERMS
from hetong.parties.fields.beside import WITH_TERMS, first_terms
from hetong.parties.fields.party import OF_TERMS
from hetong.parties.models import Party, PartyTerms
from hetong.parties.policy import Can
from hetong.parties.queries.parties import default_company
from hetong.parties.services.beside import EMPTY, left_out
from hetong.parties.services.terms import Usual, add_terms, check_terms, edit_terms

NO_COMPANY = N_("Name the company of ours that the terms are with.")


class NewTerms:
    """Makes the terms of new parties out of the fields that the party's own form asks for."""

    def __init__(self, actor: Actor, givens: Sequence[Mapping[str, Any]] = ()) -> None:
        self.actor = actor
        self.rows: list[PartyTerms] = []
        self._batch = Batch(TERMS, actor)
        self._usual = Usual(actor, (given.get("number") for given in givens))
        self._numbers: set[tuple[UUID, str]] = set()
        self._default: UUID | None = None

    def read(self, party: Party, values: Mapping[str, Any]) -> Iterator[Problem]:
        """The terms of one party, checked; nothing is stored yet."""
        own = {name: value for name, value in own_terms(values).items() if value not in EMPTY}
        company = own.get("company") or self._company()
        if company is None:
            yield Problem("company_needed", NO_COMPANY, field="company")
            return
        self.actor.require(Can.ADD, [company])
        if not own.keys() <= self._batch.rights(company, "")[0].keys():
            check_names(TERMS, self.actor, own, company=company)
        row = made(PartyTerms, party_id=party.pk, company_id=company)
        assign(TERMS, row, own)
        self._usual.settle(row)
        yield from check_terms(row, own, self._usual)
        yield from left_out(self._batch, WITH_TERMS, own, row.company_id)
        number = (row.company_id, fold(row.number))
        if row.number and number in self._numbers:
            yield Problem("number_twice", N_("This number stands twice in what you sent."), field="number")
        self._numbers.add(number)
        self.rows.append(row)

    def _company(self) -> UUID | None:
        if self._default is None:
            found = default_company(self.actor)
            self._default = found.pk if found else None
        return self._default

    def store(self) -> None:
        """Insert the terms, with their own lines in the journal."""
        insert(self.rows)
        index(TERMS, self.rows, {name for row in self.rows for name in row.custom})
        record_added(self.actor, Act.TERMS_ADDED, added(TERMS, self.rows))
        publish(TermsChanged(self.actor, tuple(Fact(TERMS.noun, row.pk, row.company_id) for row in self.rows)))


def edit_reader_terms(
    actor: Actor, parties: Sequence[Party], given: Mapping[str, Any], *, locale: str, reason: str
) -> list[Problem]:
    """Change the terms that the actor sees these parties through, or add them where there are none; returns what is wrong.

    ``given``: by the names of the terms' own fields. A company among them says whose terms are meant.
    """
    company = str(given.get("company") or "")
    rest = {name: value for name, value in given.items() if name != "company"}
    held: dict[UUID, UUID] = {}
    for terms in first_terms(actor, [p.pk for p in parties]):
        if not company or str(terms.company_id) == company:
            held.setdefault(terms.party_id, terms.pk)
    missing = [p.pk for p in parties if p.pk not in held]
    try:
        if held and rest:
            edit_terms(actor, list(held.values()), rest, locale=locale, reason=reason)
        if missing:
            add_terms(actor, list(_new(actor, missing, rest, company)), locale=locale)
    except UnknownField:
        raise
    except Invalid as invalid:
        return [replace(one, field=_as_asked(one.field)) for one in invalid.problems]
    return []


def own_terms(values: Mapping[str, Any]) -> dict[str, Any]:
    """What stands among the values of a party and is kept with its terms, by the names of the terms' own fields."""
    return {name: value for name, value in values.items() if name in OF_TERMS} | WITH_TERMS.own(values)


def _as_asked(name: str) -> str:
    """What the party's form calls a field of the terms."""
    one = TERMS.all().get(name)
    return WITH_TERMS.name_of(name) if one and one.kept else name


def _new(actor: Actor, parties: Iterable[UUID], rest: Mapping[str, Any], company: str) -> Iterator[dict[str, Any]]:
    own = default_company(actor) if not company else None
    for party in parties:
        yield {**rest, "party": str(party), "company": company or (str(own.pk) if own else "")}

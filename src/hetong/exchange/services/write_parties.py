"""Parties and their contact persons out of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from hetong.exchange.services.resolving import only, parties_called, parties_numbered
from hetong.exchange.services.taking import Taken
from hetong.exchange.services.writers import Made, Written
from hetong.kernel.errors import Problem
from hetong.kernel.text import fold
from hetong.parties.fields import CONTACT, PARTY
from hetong.parties.models import Contact
from hetong.parties.services import add_contacts, add_parties, edit_contacts, edit_parties
from hetong.parties.services.reader_terms import own_terms

PARTY_NOUN, CONTACT_NOUN = "parties.party", "parties.contact"


class Parties(Written):
    """Customers and suppliers, with their number, owner and team in the import's company."""

    def prepare(self, batch: Sequence[Taken]) -> None:
        """What the service is given: the file's values, our company, kinds where the file has none."""
        for row in batch:
            row.given = {name: value for name, value in row.values.items() if name not in ("owner", "team", "parent")}
            row.given["company"] = str(self.company)
            if not row.given.get("kinds") and self.options.get("kinds"):
                row.given["kinds"] = list(self.options["kinds"])
            if not row.given.get("country") and self.options.get("country"):
                row.given["country"] = self.options["country"]
        self.resolve_references(batch, PARTY, skip=("company", "parent", "primary_contact"))

    def find(self, batch: Sequence[Taken]) -> Mapping[int, UUID]:
        """Parties by number, or by name where the name is the key and only one is called so."""
        name = self.of.keys[0] if self.of.keys else ""
        texts = {str(row.values.get(name)) for row in batch if row.values.get(name)}
        if not texts:
            return {}
        finder = parties_called if name == "name" else parties_numbered
        found = finder(self.actor, self.company, texts)
        known: dict[int, UUID] = {}
        for place, row in enumerate(batch):
            meant = found.get(str(row.values.get(name)), ())
            if len(meant) == 1:
                known[place] = meant[0]
            elif meant:
                row.problems.append(only_problem(meant, str(row.values.get(name)), name))
        return known

    def add(self, batch: Sequence[Taken]) -> list[Made]:
        """Add them."""
        rows = add_parties(self.actor, [row.given for row in batch])
        return [Made(PARTY_NOUN, one.pk, one.version, place) for place, one in enumerate(rows)]

    def edit(self, one: Taken, id: UUID) -> tuple[Mapping[str, Any], int] | None:
        """Change what differs; terms that the file does not speak of stay."""
        given = {
            name: value for name, value in one.given.items() if name not in ("company", "kinds") or name in one.values
        }
        new, was = self.differing(PARTY, PARTY_NOUN, id, given)
        if not new:
            return None
        with_company = {"company": str(self.company)} if own_terms(new) else {}
        [row] = edit_parties(self.actor, [id], new | with_company)
        return was | with_company, row.version


def only_problem(meant: Sequence[UUID], given: str, field: str) -> Problem:
    """Why several records are none."""
    found = only(meant, given, field)
    assert isinstance(found, Problem)  # noqa: S101 - the caller has several
    return found


class Contacts(Written):
    """Contact persons of parties that are there."""

    def prepare(self, batch: Sequence[Taken]) -> None:
        """Find the party of each person, by number before name."""
        by_number = parties_numbered(self.actor, self.company, _texts(batch, "party_number"))
        by_name = parties_called(self.actor, self.company, _texts(batch, "party"))
        for row in batch:
            row.given = {name: value for name, value in row.values.items() if name not in ("party", "party_number")}
            number, name = str(row.values.get("party_number") or ""), str(row.values.get("party") or "")
            if not number and not name:
                row.problems.append(_needed("party"))
                continue
            meant = (
                only(by_number.get(number, ()), number, "party_number")
                if number
                else only(by_name.get(name, ()), name, "party")
            )
            if isinstance(meant, Problem):
                row.problems.append(meant)
            else:
                row.given["party"] = str(meant)

    def find(self, batch: Sequence[Taken]) -> Mapping[int, UUID]:
        """The person of that party with that address or name."""
        name = next((key for key in self.of.keys if key not in ("party", "party_number")), "")
        wanted = {row.given["party"] for row in batch if row.given.get("party")}
        if name not in ("email", "name") or not wanted:
            return {}
        held: dict[tuple[str, str], list[UUID]] = {}
        rows = Contact.objects.visible_to(self.actor).filter(party__in=wanted, is_active=True)
        for pk, party, value in rows.values_list("pk", "party", name):
            held.setdefault((str(party), fold(value)), []).append(pk)
        known = {}
        for place, row in enumerate(batch):
            meant = held.get((row.given.get("party", ""), fold(str(row.values.get(name) or ""))), [])
            if len(meant) == 1 and row.values.get(name):
                known[place] = meant[0]
        return known

    def add(self, batch: Sequence[Taken]) -> list[Made]:
        """Add them."""
        rows = add_contacts(self.actor, [row.given for row in batch])
        return [Made(CONTACT_NOUN, one.pk, one.version, place) for place, one in enumerate(rows)]

    def edit(self, one: Taken, id: UUID) -> tuple[Mapping[str, Any], int] | None:
        """Change what differs; a person stays with their party."""
        given = {name: value for name, value in one.given.items() if name != "party"}
        new, was = self.differing(CONTACT, CONTACT_NOUN, id, given)
        if not new:
            return None
        [row] = edit_contacts(self.actor, [id], new)
        return was, row.version


def _texts(batch: Sequence[Taken], name: str) -> Collection[str]:
    return {str(row.values[name]) for row in batch if row.values.get(name)}


def _needed(field: str) -> Problem:
    from hetong.kernel.errors import N_

    return Problem("required", N_("This is needed."), field=field)

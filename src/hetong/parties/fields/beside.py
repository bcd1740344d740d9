"""What the house requires of a party's first terms, numbers and address: the form that makes them asks for it.

Each such field stands in the register of parties under the name of what it is kept with (`terms_x_…`, `address_x_…`), so
that the page, the API and an import ask for it alike. Its rules are those of the record that keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Register, Text
from hetong.parties.fields.choices import NUMBERS, WHERE
from hetong.parties.fields.choices import TERMS as WITH_US
from hetong.parties.fields.details import ADDRESS, NUMBER
from hetong.parties.fields.terms import TERMS
from hetong.parties.identifiers import SCHEMES
from hetong.parties.models import Address, PartyId, PartyTerms

REGISTRATION = (*(key for key, scheme in SCHEMES.items() if scheme.country), "other")
SCHEMES_OF = {"registration_number": REGISTRATION, "vat_number": ("eu_vat",)}
"""The fields of a party that are numbers, with the schemes each may be of."""


def first_terms(actor: Actor, ids: Collection[UUID] | None = None) -> QuerySet[PartyTerms]:
    """The terms the actor may see, those of the longest standing company first."""
    terms = PartyTerms.objects.visible_to(actor)
    return (terms if ids is None else terms.filter(party__in=ids)).order_by("company_id")


def main_number(scheme: Sequence[str]) -> QuerySet[Any]:
    """The party's first number of these schemes that is in use."""
    return PartyId.objects.filter(is_active=True, issuer="", scheme__in=scheme).order_by("pk")


def main_address() -> QuerySet[Any]:
    """The party's registered address."""
    return Address.objects.filter(is_active=True, role="registered").order_by("pk")


@dataclass(frozen=True, eq=False)
class Place:
    """A record that comes into being with a party, or beside it when its form is filled in.

    ``rows(actor)``: those that the party's own form shows, the first of each party. ``when``: what a reader is told of a
    record that is made only where something of it is filled in; empty for one that is always made.
    """

    name: str
    label: Text
    register: Register
    group: Text
    rows: Callable[[Actor], QuerySet[Any]]
    when: Text = ""

    def name_of(self, own: str) -> str:
        """What a field of the record is called among those of the party."""
        return f"{self.name}_{own}"

    def own(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Of values of the party those that are kept here, under the names they have here."""
        start = self.name_of("x_")
        return {name.removeprefix(self.name_of("")): v for name, v in values.items() if name.startswith(start)}

    def load(self, ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Mapping[str, Any]]:
        """The values of the first such record of each party, as the reader may see them there."""
        names = [one.name for one in self.register if _is_asked(one)]
        found: dict[UUID, Mapping[str, Any]] = {}
        for row in self.register.show(actor, self.rows(actor).filter(party__in=ids), {*names, "party"}):
            if "party" in row:
                held = {self.name_of(name): row[name] for name in names if name in row}
                found.setdefault(row["party"].id, held)
        return found

    def asked(self, one: Field) -> Field:
        """The field as one of the party's."""
        label = format_lazy("{}: {}", self.label, one.label) if self.when else one.label
        told = format_lazy("{} {}", one.help, self.when) if one.help and self.when else one.help or self.when
        return replace(
            one, name=self.name_of(one.name), label=label, help=told, path=None, key="", currency="", title="", kept=False,
            is_fast=False, searchable=False, sortable=False, aggregate=None, filter=None, load=self.load, group=self.group,
            required=not self.when, of=(self.register.noun, one.name),
        )  # fmt: skip


_WITH_NUMBER, _WITH_ADDRESS = (
    _("Needed where that number is filled in."), _("Needed where the address is filled in."),
)  # fmt: skip
WITH_TERMS = Place("terms", WITH_US, TERMS, WITH_US, first_terms)
WITH_NUMBER = {
    "registration_number": Place(
        "registration_number", _("Registration number"), NUMBER, NUMBERS, lambda actor: main_number(REGISTRATION), _WITH_NUMBER
    ),
    "vat_number": Place(
        "vat_number", _("EU VAT number"), NUMBER, NUMBERS, lambda actor: main_number(SCHEMES_OF["vat_number"]), _WITH_NUMBER
    ),
}  # fmt: skip
WITH_ADDRESS = Place("address", WHERE, ADDRESS, WHERE, lambda actor: main_address(), _WITH_ADDRESS)
PLACES = (WITH_TERMS, *WITH_NUMBER.values(), WITH_ADDRESS)


def _is_asked(one: Field) -> bool:
    return one.kept and one.required


def asked_beside(added: Mapping[str, Sequence[Field]]) -> Iterator[Field]:
    """What the form of a party asks for such records: the fields that the house requires of them from the beginning."""
    for place in PLACES:
        for one in added.get(place.register.noun, ()):
            if _is_asked(one):
                yield place.asked(one)

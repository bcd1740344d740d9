"""A party as of now, as a contract keeps it; and what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Text
from hetong.parties.models import Address, Contact, Party, PartyBank, PartyId, PartyTerms

Snapshot = dict[str, Any]

LABELS: Mapping[str, Text] = {
    "name": _("Name"),
    "local_name": _("Name in another script"),
    "country": _("Country"),
    "numbers": _("Numbers"),
    "addresses": _("Addresses"),
    "banks": _("Accounts"),
    "contacts": _("Contacts"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "payment_days": _("Payment days"),
}
"""The parts of a snapshot that a reader is told of when the party differs from it later."""


def snapshot(party: UUID, company: UUID) -> Snapshot:
    """One party with its terms with that company; see `snapshots`. Raises `NotFound`."""
    found = snapshots([party], company)
    if party not in found:
        raise NotFound(noun="parties.party", id=str(party))
    return found[party]


def snapshots(parties: Collection[UUID], company: UUID) -> dict[UUID, Snapshot]:
    """What a contract keeps of its parties, as JSON by party: legal name, numbers, addresses, accounts, contacts.

    Decides about no reader: the contract's own rules say who reads its snapshot (accounts are in ``banks``).
    Six statements, whatever the number of parties.
    """
    of_terms = PartyTerms.objects.filter(party__pk__among=parties, company=company)
    terms = {party: dict(zip(TERMS, values, strict=True)) for party, *values in of_terms.values_list("party", *TERMS)}
    parts = {
        "numbers": _grouped(PartyId, parties, ("scheme", "issuer", "value")),
        "addresses": _grouped(Address, parties, ("role", "lines", "postal_code", "city", "region", "country")),
        "banks": _grouped(PartyBank, parties, ("label", "kind", "account", "bic", "bank_name", "currency")),
        "contacts": _grouped(
            Contact, parties, ("name", "local_name", "role", "email", "phone", "mobile", "language", "is_primary")
        ),
    }
    found = {}
    for party, *values in Party.objects.filter(pk__among=parties).values_list("pk", *IDENTITY):
        own = {name: rows.get(party, []) for name, rows in parts.items()}
        identity = {"party": str(party), **dict(zip(IDENTITY, values, strict=True))}
        found[party] = identity | own | terms.get(party, NO_TERMS)
    return found


IDENTITY = ("version", "name", "local_name", "is_person", "country", "language", "email", "phone")
TERMS = ("number", "payment_days", "currency")
NO_TERMS: Snapshot = {"number": "", "payment_days": None, "currency": ""}


def _grouped(model: Any, parties: Collection[UUID], names: tuple[str, ...]) -> dict[UUID, list[Snapshot]]:
    found: dict[UUID, list[Snapshot]] = {}
    for party, *values in (
        model.objects.filter(party__pk__among=parties, is_active=True).order_by("pk").values_list("party", *names)
    ):
        found.setdefault(party, []).append(dict(zip(names, values, strict=True)))
    return found


def differences(kept: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, Text, Any, Any]]:
    """What differs between a kept snapshot and the party now: (part, label, kept, now)."""
    return [
        (name, label, kept.get(name), now.get(name))
        for name, label in LABELS.items()
        if kept.get(name) != now.get(name)
    ]

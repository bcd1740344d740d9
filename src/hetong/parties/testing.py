"""Builders of parties for tests, here and in the apps above."""

from __future__ import annotations

from typing import Any

from hetong.kernel.actors import Actor
from hetong.parties.models import Address, Contact, Party, PartyBank
from hetong.parties.services import add_addresses, add_banks, add_contacts, add_parties


def make_party(actor: Actor, **over: Any) -> Party:
    """A Swedish customer of the actor's company, owned by the actor."""
    facts: dict[str, Any] = {"name": "Nordic Acme AB", "kinds": ["customer"], "country": "SE"} | over
    return add_parties(actor, [facts])[0]


def make_contact(actor: Actor, party: Party, **over: Any) -> Contact:
    facts: dict[str, Any] = {
        "party": str(party.pk),
        "name": "Kim Berg",
        "email": "kim@example.test",
        "role": "Buyer",
    } | over
    return add_contacts(actor, [facts])[0]


def make_address(actor: Actor, party: Party, **over: Any) -> Address:
    facts: dict[str, Any] = {
        "party": str(party.pk),
        "role": "billing",
        "lines": "Storgatan 1",
        "postal_code": "111 22",
        "city": "Stockholm",
    } | over
    return add_addresses(actor, [facts])[0]


def make_bank(actor: Actor, party: Party, **over: Any) -> PartyBank:
    """The actor needs the right to edit accounts (finance, admin)."""
    facts: dict[str, Any] = {"party": str(party.pk), "kind": "iban", "account": "SE45 5000 0000 0583 9825 7466"} | over
    return add_banks(actor, [facts])[0]

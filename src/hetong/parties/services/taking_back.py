"""Taking back parties and contact persons that came in by a mistake and that nobody has touched."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor, require
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked
from hetong.parties.events import Act, PartiesTakenBack
from hetong.parties.fields import CONTACT, PARTY
from hetong.parties.models import Address, Contact, Party, PartyId, PartyTerms
from hetong.parties.policy import Can
from hetong.parties.queries.parties import must_edit


@transaction.atomic
def take_back_parties(actor: Actor, ids: Collection[UUID], *, reason: str) -> None:
    """Delete parties with their numbers, addresses and terms; the journal keeps what they said.

    For undoing what brought them in: the caller knows that nobody has touched them since. What others refer to is
    refused by the database (`ProtectedError`). Raises `NotFound`, `Forbidden`.
    """
    rows = locked(Party.objects.visible_to(actor), ids)
    require(actor, Can.ADD, rows)
    must_edit(actor, ids)
    before = PARTY.snapshot(rows)
    gone = [Change(PARTY.noun, row.pk, row.name, None, before[row.pk]) for row in rows]
    for hanging in (PartyTerms, PartyId, Address):
        hanging.objects.filter(party__in=list(ids)).delete()
    Party.objects.filter(pk__in=list(ids)).delete()
    record_many(actor, Act.PARTY_TAKEN_BACK, gone, reason=reason)
    publish(PartiesTakenBack(actor, tuple(Fact(PARTY.noun, row.pk) for row in rows)))


@transaction.atomic
def take_back_contacts(actor: Actor, ids: Collection[UUID], *, reason: str) -> None:
    """Delete contact persons; the journal keeps what they said. As `take_back_parties`."""
    rows = locked(Contact.objects.visible_to(actor), ids)
    require(actor, Can.EDIT, rows)
    must_edit(actor, {row.party_id for row in rows})
    before = CONTACT.snapshot(rows)
    gone = [Change(CONTACT.noun, row.pk, row.name, None, before[row.pk]) for row in rows]
    Contact.objects.filter(pk__in=list(ids)).delete()
    record_many(actor, Act.PARTY_TAKEN_BACK, gone, reason=reason)
    publish(PartiesTakenBack(actor, tuple(Fact(CONTACT.noun, row.pk) for row in rows)))

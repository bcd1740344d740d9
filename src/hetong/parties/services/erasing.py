"""Erasing what is held on a contact person, here and in the journal."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from hetong.accounts.services.erasing import ERASED_NAME, must_erase, reason_for
from hetong.accounts.services.holds import keep_free
from hetong.audit.services import Change, erase, keeps_refusals, record_many
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.events import Fact
from hetong.kernel.joined import index
from hetong.kernel.kept import put
from hetong.kernel.rows import locked, write
from hetong.parties.events import Act, DetailsChanged
from hetong.parties.fields import CONTACT
from hetong.parties.models import Contact

TEXTS = ("local_name", "role", "email", "phone", "mobile", "language", "note")


@keeps_refusals
@transaction.atomic
def erase_contacts(actor: Actor, ids: Collection[UUID], *, reason: str) -> list[Contact]:
    """Blank contact persons, all or none; the rows stay as retired ones, so that what names them still holds.

    Raises `NotFound`, `Forbidden`, `AdministersToo`, `HeldForCase`, `Invalid`.
    """
    rows = locked(Contact.objects.visible_to(actor), ids)
    kept = reason_for(reason)
    personal = [one for one in CONTACT if one.personal]
    for row in rows:
        must_erase(actor, CONTACT.noun, row.pk)
        keep_free((CONTACT.noun, row.pk), ("parties.party", row.party_id))
        row.name, row.is_active, row.is_primary = ERASED_NAME, False, False
        for name in TEXTS:
            setattr(row, name, "")
        for one in personal:
            if one.kept:
                put(row, one, None)
    write(rows, ("name", "is_active", "is_primary", "custom", *TEXTS))
    index(CONTACT, rows, [one.name for one in personal])
    record_many(actor, Act.CONTACT_ERASED, [Change(CONTACT.noun, row.pk) for row in rows], reason=kept)
    for row in rows:
        erase(actor, CONTACT.noun, row.pk, [one.name for one in personal], reason=kept)
    publish(DetailsChanged(actor, tuple(Fact(CONTACT.noun, row.pk) for row in rows)))
    return rows

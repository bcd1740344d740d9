"""Saying of two records that look alike that they are two parties, and taking that back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.events import Fact
from hetong.kernel.rows import insert, locked
from hetong.kernel.text import clean_text
from hetong.parties.events import Act, PartiesSaidAlike, PartiesSaidApart
from hetong.parties.fields import PARTY
from hetong.parties.models import Apart, Party, PartyTerms
from hetong.parties.policy import Can
from hetong.parties.services.merging import SameParty


@transaction.atomic
def say_apart(actor: Actor, one: UUID, other: UUID, *, reason: str = "") -> None:
    """Say that the two are two parties: nobody is asked about them any more. Said again it changes nothing.

    Raises `NotFound`, `Forbidden`, `SameParty`.
    """
    rows = _both(actor, one, other)
    first, second = (row.pk for row in rows)
    if Apart._default_manager.filter(one=first, other=second).exists():
        return
    why = clean_text(reason, max_length=500)
    mark = Apart(one_id=first, other_id=second, at=clock.now(), by=actor.id, by_label=actor.label[:200], reason=why)
    insert([mark])
    _tell(actor, Act.SAID_APART, rows, why)
    publish(PartiesSaidApart(actor, tuple(Fact(PARTY.noun, row.pk) for row in rows)))


@transaction.atomic
def take_back_apart(actor: Actor, one: UUID, other: UUID) -> None:
    """Take back that the two are two parties: they may be laid before somebody again. Raises as `say_apart`."""
    rows = _both(actor, one, other)
    gone, _by_model = Apart._default_manager.filter(one=rows[0].pk, other=rows[1].pk).delete()
    if gone:
        _tell(actor, Act.SAID_ALIKE, rows, "")
        publish(PartiesSaidAlike(actor, tuple(Fact(PARTY.noun, row.pk) for row in rows)))


def _both(actor: Actor, one: UUID, other: UUID) -> list[Party]:
    """The two, locked, in the order in which a mark names them."""
    if one == other:
        raise SameParty
    rows = locked(Party.objects.visible_to(actor), sorted([one, other]))
    companies = set(PartyTerms.objects.filter(party__in=[one, other]).values_list("company", flat=True))
    actor.require(Can.MERGE, companies or (None,))
    return rows


def _tell(actor: Actor, code: Act, rows: list[Party], reason: str) -> None:
    """An entry on either record, which names the other by its id."""
    for row, beside in ((rows[0], rows[1]), (rows[1], rows[0])):
        record_many(
            actor, code, [Change(PARTY.noun, row.pk, row.name)], reason=reason, params={"other": str(beside.pk)}
        )

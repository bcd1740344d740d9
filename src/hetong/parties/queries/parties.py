from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet

from hetong.accounts.models import Company
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Forbidden
from hetong.kernel.where import EVERYTHING, Where, narrow
from hetong.parties.fields import PARTY
from hetong.parties.identifiers import Checked
from hetong.parties.models import Party, PartyId, PartyKind
from hetong.parties.policy import Can

CHANGING = frozenset(str(can) for can in (Can.ADD, Can.EDIT, Can.EDIT_BANKS))


class ViewOnly(Forbidden):
    """The party is open to the actor by a share that does not allow changes."""

    code = "view_only"
    text = N_("This party was shared with you for viewing only.")
    then = N_("Ask its owner to share it with you for editing.")


def find_parties(actor: Actor, where: Where = EVERYTHING) -> QuerySet[Party]:
    """The parties that the actor may know of and that answer the question."""
    return narrow(PARTY, actor, Party.objects.visible_to(actor), where)


def find_kinds(actor: Actor) -> QuerySet[PartyKind]:
    """The kinds of party; they are words that everyone may know."""
    return PartyKind.objects.visible_to(actor)


def must_edit(actor: Actor, ids: Collection[UUID]) -> None:
    """Raise `ViewOnly` where the actor sees one of the parties but may not change it.

    Only roles that may change parties count: reading in one company and writing in another is no right to write in both.
    """
    wanted = set(ids)
    writing = replace(actor, grants=tuple(g for g in actor.grants if CHANGING & g.role.permissions))
    if Party.objects.editable_by(writing).filter(pk__in=wanted).count() != len(wanted):
        raise ViewOnly()


def default_company(actor: Actor) -> Company | None:
    """The company that new terms are with when none is named: the longest standing one of the actor's."""
    return Company.objects.visible_to(actor).filter(is_active=True).order_by("pk").first()


def number_holders(numbers: Iterable[tuple[str, Checked]]) -> dict[tuple[str, str], UUID]:
    """Which party holds each of these (scheme, number) pairs now; numbers of scheme "other" are not compared."""
    wanted = {(scheme, checked.normalised) for scheme, checked in numbers if scheme != "other"}
    if not wanted:
        return {}
    rows = PartyId.objects.filter(is_active=True, normalised__in={n for _, n in wanted}).values_list(
        "scheme", "normalised", "party"
    )
    return {(scheme, number): party for scheme, number, party in rows if (scheme, number) in wanted}

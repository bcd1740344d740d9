"""What a person who leaves has in hand, and handing it over: every noun with an owner, in one table.

The rows are changed by their own services with the rights of whoever hands over; all or nothing, together with
ending the person's access.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hetong.accounts.events import Act
from hetong.accounts.models import User
from hetong.accounts.queries import find_colleagues, find_people
from hetong.accounts.services import edit_users
from hetong.audit.services import people, record
from hetong.contracts.states import Stage
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, NotFound, Problem
from hetong.kernel.fields import Text
from hetong.kernel.nouns import noun
from hetong.todos.queries import in_hands_of
from hetong.todos.services import take_over

OVER = (Stage.ARCHIVED, Stage.VOID, Stage.DISCARDED, Stage.SUPERSEDED)


@dataclass(frozen=True)
class InHand:
    """One kind of open work: the noun, the field that names the person, and what of it is over."""

    key: str
    person: str
    """The field that names the person."""
    label: Text
    over: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, actor: Actor, user_id: UUID) -> QuerySet[Any]:
        """The person's open rows among those that the actor sees."""
        return noun(self.key).visible_to(actor).filter(**{self.person: user_id}).exclude(**self.over).order_by("pk")


IN_HAND: tuple[InHand, ...] = (
    InHand("parties.terms", "owner", _("Customers and suppliers")),
    InHand("contracts.contract", "owner", _("Contracts"), {"stage__in": OVER}),
    InHand("contracts.project", "owner", _("Projects")),
    InHand("contracts.project", "manager", _("Projects to manage")),
    InHand("accounts.team", "lead", _("Teams to lead")),
)


def in_hand(actor: Actor, user_id: UUID) -> list[dict[str, Any]]:
    """How much of each kind the person has in hand, as far as the actor sees; kinds with nothing are left out."""
    found = [{"label": kind.label, "count": kind.rows(actor, user_id).count()} for kind in IN_HAND]
    found.append({"label": _("To-dos"), "count": in_hands_of(user_id).count()})
    return [one for one in found if one["count"]]


@transaction.atomic
def hand_over(actor: Actor, user_id: UUID, to_id: UUID | None, *, deactivate: bool = True) -> int:
    """Give all open work of a person to a colleague and end the person's access at once; returns how many records.

    Raises `Invalid` without a colleague where there is work, or where the colleague is the person.
    """
    person = find_people(actor).filter(pk=user_id).first()
    if person is None:
        raise NotFound(noun="accounts.user", id=str(user_id))
    total = _hand_over(actor, person, to_id)
    if deactivate:
        edit_users(actor, [user_id], {"is_active": False})
    return total


def _hand_over(actor: Actor, person: User, to_id: UUID | None) -> int:
    total = sum(int(one["count"]) for one in in_hand(actor, person.pk))
    if not total:
        return 0
    to = find_colleagues(actor).filter(pk=to_id).exclude(pk=person.pk).first() if to_id else None
    if to is None:
        raise Invalid(problems=[Problem("nobody", N_("Choose the colleague who takes the work over."), field="to")])
    for kind in IN_HAND:
        ids = list(kind.rows(actor, person.pk).values_list("pk", flat=True))
        edit = noun(kind.key).edit
        if ids and edit is not None:
            edit(actor, ids, {kind.person: str(to.pk)})
    take_over(actor, person.pk, to.pk)
    record(actor, Act.HANDED_OVER, "accounts.user", person.pk, count=total, to=people([to.pk]))
    return total

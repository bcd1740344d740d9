"""Standing in for somebody from a day to a day: added ahead, ended early, never in the past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from hetong.accounts.events import AccessChanged, Act
from hetong.accounts.models import Delegation, User
from hetong.accounts.policy import Can
from hetong.accounts.queries import find_people
from hetong.audit.services import people, record
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, NotFound, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked

from .access import hold_policy
from .people import must_manage

LONGEST = timedelta(days=366)


@transaction.atomic
def add_delegation(
    actor: Actor, user_id: UUID, to_id: UUID, *, starts_on: date, ends_on: date, what: str = "", reason: str = ""
) -> Delegation:
    """Let ``to`` stand in for ``user``, both days inclusive, for one kind of act or (empty) for all.

    One's own, or as administrator. Refuses oneself, days past, and a circle: somebody who is away cannot stand in.
    """
    hold_policy()  # two links of one circle may name four different people: locking these is not enough
    users = {user.pk: user for user in locked(find_people(actor), {user_id, to_id})}
    user, to = users[user_id], users[to_id]
    if actor.id != user_id:
        must_manage(actor, [user])
    refuse(_problems(user, to, starts_on, ends_on, what))
    delegation = Delegation(user=user, to=to, starts_on=starts_on, ends_on=ends_on, what=what, reason=reason[:200])
    delegation.save(force_insert=True)
    record(
        actor, Act.DELEGATED, "accounts.user", user.pk, label=user.name, reason=reason[:200], to=to.name,
        starts=starts_on.isoformat(), ends=ends_on.isoformat(),
    )  # fmt: skip
    publish(AccessChanged(actor, (Fact("accounts.user", user.pk),)))
    return delegation


def _problems(user: User, to: User, starts_on: date, ends_on: date, what: str) -> Iterable[Problem]:
    today = clock.today(user.zone)
    if user.pk == to.pk:
        yield Problem("oneself", N_("Nobody stands in for themselves."), field="to")
    if not to.is_active or to.kind != "staff":
        yield Problem("inactive", N_("This person cannot sign in."), field="to")
    if starts_on < today:
        yield Problem("past", N_("This day is past. The first day can be today."), field="starts_on")
    if ends_on < starts_on:
        yield Problem("order", N_("The last day is before the first."), field="ends_on")
    elif ends_on - starts_on > LONGEST:
        yield Problem("too_long", N_("This is longer than a year."), field="ends_on")
    elif user.pk != to.pk:
        yield from _clashes(user, to, starts_on, ends_on, what)


def _clashes(user: User, to: User, starts_on: date, ends_on: date, what: str) -> Iterable[Problem]:
    """A second stand-in on the same days for the same, and a circle of people who are all away."""
    meets = Delegation.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    if what:
        meets = meets.filter(what__in=["", what])
    if meets.filter(user=user).exists():
        yield Problem(
            "twice", N_("Somebody stands in on some of these days already. End that first."), field="starts_on"
        )
    following: dict[UUID, set[UUID]] = {}
    for away, stand_in in meets.values_list("user", "to"):
        following.setdefault(away, set()).add(stand_in)
    pending, seen = [to.pk], {to.pk}
    while pending:
        for one in following.get(pending.pop(), set()) - seen:
            seen.add(one)
            pending.append(one)
    if user.pk in seen:
        yield Problem(
            "circle",
            N_("This would go round in a circle: that person has handed over to you on some of these days."),
            field="to",
        )


@transaction.atomic
def end_delegation(actor: Actor, delegation_id: UUID) -> Delegation:
    """End a standing in: with yesterday when it has begun, without a trace but the journal's when it has not."""
    found = Delegation.objects.select_related("user", "to").filter(pk=delegation_id).first()
    if found is None or (found.user_id != actor.id and not actor.may(Can.MANAGE_USERS)):
        raise NotFound(noun="accounts.delegation")
    if found.user_id != actor.id:
        must_manage(actor, [found.user])
    today = clock.today(found.user.zone)
    if found.ends_on < today:
        raise Invalid(problems=[Problem("over", N_("This is over already."))])
    if found.starts_on >= today:
        Delegation.objects.filter(pk=found.pk).delete()
    else:
        found.ends_on = today - timedelta(days=1)
        found.save(update_fields=["ends_on"])
    record(actor, Act.DELEGATION_ENDED, "accounts.user", found.user_id, to=people([found.to_id]))
    publish(AccessChanged(actor, (Fact("accounts.user", found.user_id),)))
    return found

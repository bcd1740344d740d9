"""When one is reminded, set by who sets up the house: for all records of a deadline or for one kind of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from hetong.accounts.policy import Can
from hetong.accounts.queries import must_everywhere
from hetong.audit.services import Change, record_many
from hetong.kernel.actors import Actor
from hetong.kernel.deadlines import deadline
from hetong.kernel.errors import N_, Problem, refuse
from hetong.notifications.events import Act
from hetong.notifications.models import ReminderRule
from hetong.notifications.queries.rules import kinds_of

MOST_MARKS, FURTHEST = 12, 1000


@transaction.atomic
def set_reminder_rule(
    actor: Actor, key: str, *, offsets: Sequence[int] | None, escalates: int | None = None, kind: UUID | None = None
) -> None:
    """Keep the marks of a deadline; None: as shipped (for a kind: as for all) again. No marks at all remind of nothing.

    Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    actor.must_act()
    must_everywhere(actor, Can.MANAGE_COMPANIES)
    what = deadline(key)
    refuse(_problems(offsets or (), escalates, is_known=kind is None or kind in dict(kinds_of(actor, what))))
    if offsets is None:
        ReminderRule.objects.filter(deadline=key, kind=kind).delete()
    else:
        facts = {"offsets": sorted(set(offsets), reverse=True), "escalates": escalates}
        ReminderRule.objects.update_or_create(deadline=key, kind=kind, defaults=facts)
    record_many(actor, Act.RULES_SET, [Change("accounts.company", None)], params={"label": key})


def _problems(offsets: Sequence[int], escalates: int | None, *, is_known: bool) -> list[Problem]:
    found = []
    if len(set(offsets)) > MOST_MARKS:
        found.append(Problem("too_many", N_("At most %(limit)s marks."), {"limit": MOST_MARKS}, "offsets"))
    if any(abs(one) > FURTHEST for one in offsets):
        found.append(Problem("too_far", N_("At most %(limit)s days."), {"limit": FURTHEST}, "offsets"))
    if escalates is not None and abs(escalates) > FURTHEST:
        found.append(Problem("too_far", N_("At most %(limit)s days."), {"limit": FURTHEST}, "escalates"))
    if not is_known:
        found.append(Problem("unknown_choice", N_("Choose one of what is offered."), field="kind"))
    return found

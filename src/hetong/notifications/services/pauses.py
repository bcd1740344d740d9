"""Pausing reminders of one day of one row, with a reason that everybody can read."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from hetong.accounts.people import managers
from hetong.accounts.policy import Can
from hetong.audit.services import Change, record_many
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.deadlines import Deadline, deadline
from hetong.kernel.errors import N_, Conflict, Forbidden, NotFound, Problem, refuse
from hetong.kernel.nouns import noun
from hetong.kernel.text import clean_text
from hetong.notifications.events import Act
from hetong.notifications.models import Pause

LONGEST = dt.timedelta(days=366)


class AlreadyPaused(Conflict):
    """One pause at a time."""

    code = "already_paused"
    text = N_("Reminders of this day are paused already.")
    then = N_("Resume them first, or let the pause end by itself.")


@transaction.atomic
def pause_reminders(actor: Actor, key: str, subject: UUID, *, until: dt.date | None, reason: str) -> Pause:
    """Remind nobody of a deadline of a row until a day (inclusive). The record's history keeps who did and why.

    Raises `NotFound`, `Forbidden` for who is not reminded of it, `AlreadyPaused`, `Invalid` (no reason, no day, a day that
    has passed or lies more than a year ahead).
    """
    what, page = _held(actor, key, subject)
    today, why = clock.today(actor.zone), clean_text(reason, max_length=500)
    refuse(_problems(until, today, why))
    _end_over(key, subject, today)
    if Pause.objects.filter(deadline=key, subject=subject, ended_at=None).exists():
        raise AlreadyPaused()
    pause = Pause(
        deadline=key, noun=what.noun, subject=subject, until=until or today, reason=why, by=actor.id, by_label=actor.label[:200],
        at=clock.now(),
    )  # fmt: skip
    pause.save(force_insert=True)
    record_many(actor, Act.PAUSED, [Change(what.page_noun, page)], reason=why, params={"until": str(until)})
    return pause


@transaction.atomic
def resume_reminders(actor: Actor, key: str, subject: UUID) -> None:
    """End a pause before its time; where none is, nothing is done. Raises `NotFound`, `Forbidden`."""
    what, page = _held(actor, key, subject)
    if not Pause.objects.filter(deadline=key, subject=subject, ended_at=None).update(ended_at=clock.now()):
        return
    record_many(actor, Act.RESUMED, [Change(what.page_noun, page)])


def _held(actor: Actor, key: str, subject: UUID) -> tuple[Deadline, UUID]:
    """The deadline and the record on whose page it stands, which the actor may change."""
    actor.must_act()
    what = deadline(key)
    page = page_of(actor, what, subject)
    if not may_pause(actor, what, subject):
        raise Forbidden()
    return what, page


def page_of(actor: Actor, what: Deadline, subject: UUID) -> UUID:
    """The id of the record on whose page a row stands that the actor may see. Raises `NotFound`."""
    entry = noun(what.noun)
    rows = entry.among(actor).filter(pk=subject).values_list(what.page_path, flat=True)
    page: UUID | None = rows.first() if entry.may_view(actor) else None
    if page is None:
        raise NotFound(noun=what.noun, id=str(subject))
    return page


def may_pause(actor: Actor, what: Deadline, subject: UUID) -> bool:
    """Whether the actor is one of those who are reminded, their manager, or sets up the house."""
    people = what.people([subject]).get(subject, ())
    return actor.id in people or actor.id in managers(people).values() or actor.may(Can.MANAGE_COMPANIES)


def _problems(until: dt.date | None, today: dt.date, why: str) -> list[Problem]:
    found = [] if why else [Problem("required", N_("Say why, so that others can follow."), field="reason")]
    if until is None:
        found.append(Problem("required", N_("Say until which day."), field="until"))
    elif until < today:
        found.append(Problem("in_the_past", N_("This day has passed."), field="until"))
    elif until > today + LONGEST:
        found.append(Problem("too_far", N_("Choose a day within a year."), field="until"))
    return found


def _end_over(key: str, subject: UUID, today: dt.date) -> None:
    """A pause whose day has passed is over, though nobody ended it."""
    Pause.objects.filter(deadline=key, subject=subject, ended_at=None, until__lt=today).update(ended_at=clock.now())

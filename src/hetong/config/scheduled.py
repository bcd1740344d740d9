"""What runs by itself, for those who look after the house: how it went, what keeps failing, and running it at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hetong.accounts.policy import Can, manages
from hetong.audit.services import record
from hetong.jobs.models import Outbox
from hetong.jobs.queries import Recurring, all_attention, recurring_jobs
from hetong.jobs.services import retry, run_soon
from hetong.jobs.wiring import Daily, Every
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, NotFound
from hetong.kernel.nouns import noun

from .events import JOB_RUN

MOST = 200
OVERDUE = dt.timedelta(minutes=10)
"""A job that is due for so long says that no worker runs."""


def jobs_shown() -> list[dict[str, Any]]:
    """Every recurring job in words, in the order of the table."""
    now = clock.now()
    return [_shown(one, now) for one in recurring_jobs()]


def _shown(one: Recurring, now: dt.datetime) -> dict[str, Any]:
    kept = one.kept
    is_running = bool(kept and kept.running_until and kept.running_until > now)
    is_due = kept is None or kept.next_at <= now
    return {
        "name": one.name, "what": str(one.timed.what), "when": when_words(one.timed.when),
        "last_at": kept.last_at if kept else None, "took_ms": kept.took_ms if kept else None,
        "took": took_words(kept.took_ms if kept else None),
        "result": kept.result if kept else "", "is_ok": kept.is_ok if kept else True, "has_run": bool(kept and kept.last_at),
        "next_at": kept.next_at if kept else None, "is_running": is_running, "is_waiting": is_due and not is_running,
        "is_overdue": bool(kept and not is_running and kept.next_at < now - OVERDUE),
    }  # fmt: skip


def when_words(when: Every | Daily) -> str:
    """How often a job runs."""
    if isinstance(when, Daily):
        return _("daily at %(time)s (%(zone)s)") % {"time": f"{when.at:%H:%M}", "zone": when.zone}
    seconds = when.seconds
    if seconds % 3600 == 0:
        return ngettext("every hour", "every %(n)s hours", seconds // 3600) % {"n": seconds // 3600}
    if seconds % 60 == 0:
        return ngettext("every minute", "every %(n)s minutes", seconds // 60) % {"n": seconds // 60}
    return ngettext("every second", "every %(n)s seconds", seconds) % {"n": seconds}


def took_words(took: int | None) -> str:
    """How long a run took, in seconds."""
    return "" if took is None else _("%(n)s s") % {"n": f"{took / 1000:.2f}" if took < 1000 else f"{took / 1000:.1f}"}


def attention_shown(actor: Actor) -> list[dict[str, Any]]:
    """What keeps failing: with its record where the actor sees it, and for who looks after the whole house the rest too."""
    rows = list(all_attention()[:MOST])
    titles = _titles(actor, rows)
    is_all = manages(actor, Can.MANAGE_COMPANIES, None)
    return [
        {
            "id": row.pk, "code": row.code, "listener": row.listener, "created_at": row.created_at, "attempts": row.attempts,
            "about": titles.get(row.subject), "error": row.error if row.subject in titles else row.error.partition(":")[0],
        }
        for row in rows
        if is_all or row.subject in titles
    ]  # fmt: skip


def _titles(actor: Actor, rows: Iterable[Outbox]) -> dict[str, tuple[str, str]]:
    """Name and address of the records that the actor sees, by ``noun:id``."""
    by_noun: dict[str, set[UUID]] = {}
    for row in rows:
        key, _colon, id = row.subject.partition(":")
        if id:
            by_noun.setdefault(key, set()).add(UUID(id))
    found = {}
    for key, ids in by_noun.items():
        entry = _noun(key)
        if entry is not None and entry.may_view(actor):
            for shown in entry.register.show(actor, entry.among(actor).filter(pk__in=ids), ()):
                found[f"{key}:{shown.id}"] = (shown.title or "–", entry.url(shown.id))
    return found


def _noun(key: str) -> Any:
    try:
        return noun(key)
    except NotFound:
        return None


@transaction.atomic
def run_now(actor: Actor, name: str) -> None:
    """Have a recurring job run at once; kept in the journal. Raises `Forbidden`, `NotFound`, `AlreadyRunning`."""
    actor.must_act()
    _must_manage(actor)
    run_soon(name)
    record(actor, JOB_RUN, job=name)


def retry_attention(actor: Actor, id: UUID) -> None:
    """Try a failed consequence again, whatever its record. Raises `Forbidden`, `NotFound`."""
    actor.must_act()
    _must_manage(actor)
    retry(actor, id)


def _must_manage(actor: Actor) -> None:
    """The jobs work for all companies, so a right in one of them is not enough."""
    if not manages(actor, Can.MANAGE_COMPANIES, None):
        raise Forbidden(can=Can.MANAGE_COMPANIES)

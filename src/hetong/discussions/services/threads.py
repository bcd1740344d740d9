"""Settling threads and taking them up again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.discussions.events import Act, ThreadsReopened, ThreadsResolved
from hetong.discussions.fields import THREAD
from hetong.discussions.models import Thread
from hetong.discussions.services.checks import check_threads, tell
from hetong.discussions.services.mentions import settle_mentions
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.events import Event
from hetong.kernel.rows import locked, write
from hetong.kernel.shown import Text

FIELDS = ("resolved_at", "resolved_by")


@transaction.atomic
def resolve_threads(actor: Actor, ids: Collection[UUID]) -> list[Thread]:
    """Settle threads: nobody needs to answer any more. Settled ones stay as they are."""
    threads = locked(Thread.objects.visible_to(actor), ids)
    check_threads(actor, threads)
    standing = [one for one in threads if one.resolved_at is None]
    _move(actor, standing, Act.RESOLVED, ThreadsResolved, is_settled=True)
    settle_mentions(standing)
    return threads


@transaction.atomic
def reopen_threads(actor: Actor, ids: Collection[UUID]) -> list[Thread]:
    """Take settled threads up again."""
    threads = locked(Thread.objects.visible_to(actor), ids)
    check_threads(actor, threads)
    take_up(actor, [one for one in threads if one.resolved_at is not None])
    return threads


def take_up(actor: Actor, threads: Sequence[Thread]) -> None:
    """Let threads that the caller holds locked be open again."""
    _move(actor, threads, Act.REOPENED, ThreadsReopened, is_settled=False)


def _move(actor: Actor, threads: Sequence[Thread], act: Act, event: type[Event], *, is_settled: bool) -> None:
    if not threads:
        return
    before = THREAD.snapshot(threads, FIELDS)
    for one in threads:
        one.resolved_at = clock.now() if is_settled else None
        one.resolved_by_label = actor.label[:200] if is_settled else ""
    write(threads, ("resolved_at", "resolved_by_label"))
    after = THREAD.snapshot(threads, FIELDS)
    label: Text = ""
    what = [Change(THREAD.noun, t.pk, str(label), t.company_id, before[t.pk], after[t.pk]) for t in threads]
    record_many(actor, act, [*what, *(Change(t.noun, t.subject, "", t.company_id) for t in threads)])
    tell(actor, event, THREAD.noun, {one.pk: (one, {}) for one in threads})

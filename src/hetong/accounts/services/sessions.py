"""Ending sessions: one's own, one by one or all others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from hetong.accounts.events import Act
from hetong.audit.services import record
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound

SEEN_EVERY = timedelta(minutes=10)
USED_KEY = "used"
"""Where a session keeps when its use was noted last, in seconds."""


@transaction.atomic
def end_sessions(actor: Actor, ids: Collection[int] | None = None, *, but: str = "") -> int:
    """Sign the actor out on these devices (None: on all), except on the session ``but``; returns on how many."""
    if actor.id is None:
        raise NotFound(noun="accounts.session")
    sessions = list(
        UserSession.objects.filter(user=actor.id, **({} if ids is None else {"pk__in": ids})).exclude(session_key=but)
    )
    if ids is not None and len(sessions) != len(set(ids)):
        raise NotFound(noun="accounts.session")
    for session in sessions:
        session.end()
    if sessions:
        record(actor, Act.SESSION_ENDED, "accounts.user", actor.id, count=len(sessions))
    return len(sessions)


def note_use(user_id: UUID, session_key: str) -> None:  # allow: journal — a mark of use, not a change
    """Keep when a session was last used, to ten minutes."""
    now = clock.now()
    UserSession.objects.filter(user=user_id, session_key=session_key, last_seen_at__lt=now - SEEN_EVERY).update(
        last_seen_at=now
    )

"""Asking people for an opinion by naming them after an @, and settling that."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hetong.discussions.models import Comment, Mention, Thread
from hetong.discussions.queries import people_named, reads, team_people
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.rows import insert


def mention(actor: Actor, comment: Comment) -> list[UUID]:
    """Ask whoever is newly named in the comment and reads along; returns their ids. Who does not is not told of the record."""
    users, teams = people_named(actor, comment.text)
    named = {user.pk: user for user in [*users, *team_people(teams)] if user.pk != actor.id}
    known = set(Mention.objects.filter(comment=comment).values_list("user", flat=True))
    thread = comment.thread
    asked = [id for id, user in named.items() if id not in known and reads(user, thread.noun, thread.subject)]
    insert([Mention(comment=comment, user_id=id, at=clock.now()) for id in asked])
    return asked


def settle_mentions(threads: Collection[Thread], *, user: UUID | None = None) -> int:
    """The opinions asked for in these threads are given (by ``user``), or nobody needs them any more; returns how many."""
    waiting = Mention.objects.filter(comment__thread__in=[one.pk for one in threads], settled_at=None)
    if user is not None:
        waiting = waiting.filter(user=user)
    return waiting.update(settled_at=clock.now())

"""Who may write where; asked by every service of this app."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from hetong.discussions.models import Thread
from hetong.discussions.policy import Can
from hetong.discussions.queries import has_other_side, may_comment, must_discuss
from hetong.discussions.states import Channel
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Forbidden
from hetong.kernel.events import Event, Fact
from hetong.kernel.nouns import noun


class OnlyReading(Forbidden):
    """The record was shared for reading alone."""

    code = "only_reading"
    text = N_("This was shared with you for reading only, so you cannot write in its discussion.")
    then = N_("Ask whoever shared it to invite you for comments.")


class NoOtherSide(Conflict):
    """Nobody outside belongs to such a record."""

    code = "no_other_side"
    text = N_("This record has no other side to write to.")
    then = N_("Write in the internal discussion.")


def check_writing(actor: Actor, key: str, subject: UUID, channel: str, company: UUID | None) -> None:
    """Raise unless the actor may write in that channel of the record now.

    Raises `NotFound`, `Forbidden`, `OnlyReading`, `NoOtherSide`, and what the record says where it rests (is archived).
    """
    must_discuss(actor, key, subject)
    actor.require(Can.COMMENT, (company,))
    if channel == Channel.SHARED:
        actor.require(Can.SHARE, (company,))
        if not has_other_side(key):
            raise NoOtherSide
    if not may_comment(actor, key, subject):
        raise OnlyReading
    check = noun(key).check_writable
    if check is not None and not actor.is_system:
        check([subject])


def check_threads(actor: Actor, threads: Iterable[Thread]) -> None:
    """The same for whole threads."""
    for one in threads:
        check_writing(actor, one.noun, one.subject, one.channel, one.company_id)


def company_of(actor: Actor, key: str, subject: UUID) -> UUID | None:
    """The company of the record that holds the talk."""
    entry = noun(key)
    if not entry.register.company:
        return None
    company: UUID | None = entry.among(actor).filter(pk=subject).values_list(entry.register.company, flat=True).first()
    return company


def tell(actor: Actor, event: type[Event], of: str, rows: Mapping[UUID, tuple[Thread, Mapping[str, object]]]) -> None:
    """Publish what happened to comments or threads, each with its record, its channel and more facts."""
    facts = tuple(
        Fact(of, id, thread.company_id, {
            "noun": thread.noun, "subject": str(thread.subject), "channel": str(thread.channel), "thread": str(thread.pk), **more,
        })
        for id, (thread, more) in rows.items()
    )  # fmt: skip
    publish(event(actor, facts))


def ids_as_text(ids: Collection[UUID]) -> list[str]:
    """Ids as events carry them."""
    return [str(id) for id in ids]

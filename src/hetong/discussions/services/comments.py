"""Writing comments, changing one's own words soon after, taking them back with a trace."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.discussions.events import Act, CommentsAdded, CommentsEdited, CommentsWithdrawn
from hetong.discussions.fields import COMMENT, LONGEST
from hetong.discussions.models import Attachment, Comment, Mention, Thread
from hetong.discussions.policy import may_edit, may_withdraw
from hetong.discussions.services.checks import check_threads, check_writing, company_of, ids_as_text, tell
from hetong.discussions.services.mentions import mention, settle_mentions
from hetong.discussions.services.threads import take_up
from hetong.discussions.states import Channel
from hetong.files.models import Blob
from hetong.files.names import safe_name
from hetong.files.services import store
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Forbidden, NotFound, Problem, refuse
from hetong.kernel.input import parse
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_text

Given = Mapping[str, Any]
MOST_FILES = 10
EDITED = ("text", "edited_at")


class FileGiven(Protocol):
    """A file as it came: what it calls itself, and its bytes."""

    @property
    def name(self) -> str: ...

    @property
    def stream(self) -> BinaryIO: ...


@dataclass(frozen=True)
class CommentOrder:
    """What somebody wants to say: on which record, in which channel, in answer to which thread (None: a new one)."""

    noun: str
    subject: UUID
    text: str
    channel: str = Channel.INTERNAL
    thread: UUID | None = None
    files: Sequence[FileGiven] = ()


class OtherChannel(Conflict):
    """The answer was written for other readers than those of the thread."""

    code = "other_channel"
    text = N_("This thread has other readers than those you wrote for, so nothing was sent.")
    then = N_("Open the thread again and answer there.")


class NotYours(Forbidden):
    """Only the author changes the words."""

    code = "not_yours"
    text = N_("Somebody else wrote this.")
    then = N_("Answer it instead.")


class TooLate(Conflict):
    """The time in which words may be put right has passed, or they were withdrawn."""

    code = "too_late"
    text = N_("This comment can no longer be changed: others have read it as it stands.")
    then = N_("Add an answer that puts it right, or withdraw it.")


class NotToCome(Conflict):
    """There is nothing to withdraw."""

    code = "withdrawn_already"
    text = N_("This comment was withdrawn already.")


def add_comments(actor: Actor, orders: Sequence[CommentOrder]) -> list[Comment]:
    """Say things on records, all or none; who is named after an @ and reads along is asked for an opinion.

    Files are kept before anything is locked. Raises `NotFound`, `Forbidden`, `OnlyReading`, `NoOtherSide`,
    `OtherChannel`, `Invalid`, a `RefusedFile`.
    """
    companies = [company_of(actor, one.noun, one.subject) for one in orders]
    for one, company in zip(orders, companies, strict=True):
        check_writing(actor, one.noun, one.subject, one.channel, company)
    texts = _texts(orders)
    blobs = [[(file.name, store(file.stream, file.name)) for file in one.files] for one in orders]
    with transaction.atomic():
        return _add(actor, orders, companies, texts, blobs)


def _texts(orders: Sequence[CommentOrder]) -> list[str]:
    """The words as they are kept. Raises `Invalid` for nothing at all, too much, or a channel that there is not."""
    problems, texts = [], []
    for position, one in enumerate(orders):
        row = str(position + 1) if len(orders) > 1 else ""
        text = clean_text(one.text)
        if not text and not one.files:
            problems.append(Problem("required", N_("Write something first."), field="text", row=row))
        if len(text) > LONGEST:
            params = {"length": len(text), "limit": LONGEST}
            words = N_("This is too long: %(length)s characters, at most %(limit)s fit.")
            problems.append(Problem("too_long", words, params, "text", row))
        if len(one.files) > MOST_FILES:
            problems.append(
                Problem(
                    "too_many", N_("At most %(most)s files go with one comment."), {"most": MOST_FILES}, "files", row
                )
            )
        if one.channel not in set(Channel):
            problems.append(Problem("channel", N_("There is no such channel."), field="channel", row=row))
        texts.append(text)
    refuse(problems)
    return texts


def _add(
    actor: Actor, orders: Sequence[CommentOrder], companies: Sequence[UUID | None], texts: Sequence[str],
    blobs: Sequence[Sequence[tuple[str, Blob]]],
) -> list[Comment]:  # fmt: skip
    threads = _threads(actor, orders, companies)
    now = clock.now()
    answered = _writers(threads)
    comments = [
        Comment(thread=thread, author=actor.id, author_label=actor.label[:200], text=text, at=now)
        for thread, text in zip(threads, texts, strict=True)
    ]
    insert(comments)
    insert([
        Attachment(comment=comment, blob=blob, name=safe_name(name)[:200], position=position)
        for comment, files in zip(comments, blobs, strict=True) for position, (name, blob) in enumerate(files)
    ])  # fmt: skip
    take_up(actor, [one for one in threads if one.resolved_at is not None])
    settle_mentions(threads, user=actor.id)
    _record_added(actor, comments)
    tell(actor, CommentsAdded, COMMENT.noun, {
        one.pk: (one.thread, {
            "mentioned": ids_as_text(mention(actor, one)), "answered": ids_as_text(answered[one.thread_id] - {actor.id}),
        })
        for one in comments
    })  # fmt: skip
    return comments


def _threads(actor: Actor, orders: Sequence[CommentOrder], companies: Sequence[UUID | None]) -> list[Thread]:
    """The thread of each order, new where it answers none. Raises `NotFound`, `OtherChannel`."""
    wanted = {one.thread for one in orders if one.thread is not None}
    held = {one.pk: one for one in locked(Thread.objects.visible_to(actor), wanted)}
    threads, new = [], []
    for one, company in zip(orders, companies, strict=True):
        if one.thread is None:
            thread = Thread(
                noun=one.noun, subject=one.subject, company_id=company, channel=one.channel, opened_at=clock.now()
            )
            new.append(thread)
        else:
            thread = held[one.thread]
            if (thread.noun, thread.subject) != (one.noun, one.subject):
                raise NotFound(noun="discussions.thread", id=str(one.thread))
            if thread.channel != one.channel:
                raise OtherChannel
        threads.append(thread)
    insert(new)
    return threads


def _writers(threads: Collection[Thread]) -> dict[UUID, set[UUID]]:
    """Who of ours has written in each thread so far."""
    found: dict[UUID, set[UUID]] = {one.pk: set() for one in threads}
    rows = Comment.objects.filter(thread__in=list(found), author__isnull=False).order_by()
    for thread, author in rows.values_list("thread", "author").distinct():
        if author is not None:  # as the filter has said; this tells the types
            found[thread].add(author)
    return found


def _record_added(actor: Actor, comments: Sequence[Comment]) -> None:
    after = COMMENT.snapshot(comments, ("text", "channel"))
    record_many(actor, Act.COMMENTED, _changes(comments, {}, after))
    for act, channel in ((Act.COMMENTED_HERE, Channel.INTERNAL), (Act.SHARED_HERE, Channel.SHARED)):
        here = [one.thread for one in comments if one.thread.channel == channel]
        if here:
            record_many(actor, act, [Change(t.noun, t.subject, "", t.company_id) for t in here])


@transaction.atomic
def edit_comments(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Comment]:  # fmt: skip
    """Change one's own words while that is still possible; the journal keeps both. Raises `NotYours`, `TooLate`, `Invalid`."""
    comments = _held(actor, ids)
    check_threads(actor, [one.thread for one in comments])
    for one in comments:
        if actor.id is None or one.author != actor.id:
            raise NotYours
        if not may_edit(actor, _raw(one), clock.now()):
            raise TooLate
    check_versions(comments, versions)
    text = _text_given(actor, comments, given, locale)
    before = COMMENT.snapshot(comments, EDITED)
    for one in comments:
        one.text, one.edited_at = text, clock.now()
    write(comments, ("text", "edited_at"))
    after = COMMENT.snapshot(comments, EDITED)
    record_many(actor, Act.EDITED, _changes(comments, before, after), reason=clean_text(reason, max_length=500))
    asked = {one.pk: ids_as_text(mention(actor, one)) for one in comments}
    tell(actor, CommentsEdited, COMMENT.noun, {one.pk: (one.thread, {"mentioned": asked[one.pk]}) for one in comments})
    return comments


def _text_given(actor: Actor, comments: Sequence[Comment], given: Given, locale: str) -> str:
    """The new words, read by the register. Raises `UnknownField`, `Invalid`."""
    values: Given = {}
    for company in {one.thread.company_id for one in comments}:
        values = parse(COMMENT, actor, given, company=company, locale=locale, partial=False)
    text = str(values["text"])
    if len(text) > LONGEST:
        params = {"length": len(text), "limit": LONGEST}
        refuse(
            [Problem("too_long", N_("This is too long: %(length)s characters, at most %(limit)s fit."), params, "text")]
        )
    return text


def _changes(comments: Sequence[Comment], before: Mapping[UUID, Given], after: Mapping[UUID, Given]) -> list[Change]:
    return [
        Change(COMMENT.noun, c.pk, c.author_label, c.thread.company_id, before.get(c.pk, {}), after[c.pk])
        for c in comments
    ]


def _held(actor: Actor, ids: Collection[UUID]) -> list[Comment]:
    """The comments, locked, with their threads."""
    comments = locked(Comment.objects.visible_to(actor), ids)
    # allow: visibility — the threads of comments that were narrowed just now
    threads = Thread.objects.in_bulk({one.thread_id for one in comments})
    for one in comments:
        one.thread = threads[one.thread_id]
    return comments


def _raw(comment: Comment) -> dict[str, Any]:
    """What the policy asks of a comment, from the row in hand."""
    return {
        "author": comment.author, "withdrawn_at": comment.withdrawn_at, "at": comment.at,
        "thread__channel": comment.thread.channel, "thread__company_id": comment.thread.company_id,
    }  # fmt: skip


@transaction.atomic
def withdraw_comments(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> list[Comment]:
    """Take comments back: one's own, or as moderator. That there was one stays; the words are in the journal alone."""
    comments = _held(actor, ids)
    for one in comments:
        if one.withdrawn_at is not None:
            raise NotToCome
        if not may_withdraw(actor, _raw(one)):
            raise NotYours
    before = COMMENT.snapshot(comments, ("text", "withdrawn_at"))
    for one in comments:
        one.text, one.withdrawn_at, one.withdrawn_by_label = "", clock.now(), actor.label[:200]
    write(comments, ("text", "withdrawn_at", "withdrawn_by_label"))
    Mention.objects.filter(comment__in=comments, settled_at=None).update(settled_at=clock.now())
    after = COMMENT.snapshot(comments, ("text", "withdrawn_at"))
    record_many(actor, Act.WITHDRAWN, _changes(comments, before, after), reason=clean_text(reason, max_length=500))
    tell(actor, CommentsWithdrawn, COMMENT.noun, {one.pk: (one.thread, {}) for one in comments})
    return comments

"""The registers of threads and comments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.discussions.models import Attachment, Comment, Mention, Thread
from hetong.discussions.policy import COMMENT as COMMENT_NOUN
from hetong.discussions.policy import THREAD as THREAD_NOUN
from hetong.discussions.policy import Can, may_edit, may_withdraw, may_write
from hetong.discussions.states import Channel
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Choice, Field, Kind, Raw, Ref, Register, Verb
from hetong.kernel.where import by_id

LONGEST = 10_000
"""Characters of one comment."""


def channel_choices() -> Sequence[Choice]:
    """The channels: inside, and with the other side."""
    return (
        Choice(Channel.INTERNAL, pgettext_lazy("channel", "Internal")),
        Choice(Channel.SHARED, pgettext_lazy("channel", "With the other side")),
    )


def _thread_verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    if not may_write(actor, raw["channel"], raw["company_id"]):
        return
    if raw["resolved_at"] is None:
        yield Verb("resolve", _("Settle"), reverse("discussions:resolve", args=[raw["pk"]]), "circle-check")
    else:
        yield Verb("reopen", _("Take up again"), reverse("discussions:reopen", args=[raw["pk"]]), "rotate-clockwise")


THREAD = Register(
    THREAD_NOUN,
    Thread,
    [
        Field("channel", _("Who reads it"), Kind.CHOICE, path="channel", choices=channel_choices),
        Field("noun", _("Kind of record"), needs=("noun",), compute=lambda raw, actor: raw["noun"], sortable=False),
        Field("subject", _("Record"), needs=("subject",), compute=lambda raw, actor: raw["subject"], filter=by_id("subject")),
        Field("opened_at", _("Begun"), Kind.INSTANT, path="opened_at"),
        Field("resolved_at", _("Settled"), Kind.INSTANT, path="resolved_at"),
        Field("resolved_by", _("Settled by"), path="resolved_by_label", personal=True),
    ],
    heading="channel",
    facts=("channel", "company_id", "resolved_at"),
    verbs=_thread_verbs,
    edit=Can.COMMENT,
)  # fmt: skip


def _files(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Mapping[str, Any]]:
    """The files of comments, in their order."""
    found: dict[UUID, dict[str, list[Ref]]] = {}
    # allow: visibility — asked for comments that the actor sees
    rows = Attachment.objects.filter(comment__in=list(ids)).order_by("position", "pk")
    for pk, comment, name in rows.values_list("pk", "comment", "name"):
        url = reverse("discussions:file", args=[comment, pk])
        found.setdefault(comment, {"files": []})["files"].append(Ref(pk, name, url))
    return found


def _comment_verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    if may_edit(actor, raw, clock.now()):
        yield Verb("edit", _("Change"), reverse("discussions:edit", args=[raw["pk"]]), "pencil", asks="edit")
    if may_withdraw(actor, raw):
        yield Verb("withdraw", _("Withdraw"), reverse("discussions:withdraw", args=[raw["pk"]]), "trash")


COMMENT = Register(
    COMMENT_NOUN,
    Comment,
    [
        Field("author", _("Written by"), path="author_label", personal=True, sortable=False),
        Field("text", _("Comment"), Kind.LONG_TEXT, path="text", write=True, required=True, sortable=False),
        Field("at", _("Written"), Kind.INSTANT, path="at"),
        Field("edited_at", _("Changed"), Kind.INSTANT, path="edited_at"),
        Field("withdrawn_at", _("Withdrawn"), Kind.INSTANT, path="withdrawn_at"),
        Field("withdrawn_by", _("Withdrawn by"), path="withdrawn_by_label", personal=True, sortable=False),
        Field("channel", _("Who reads it"), Kind.CHOICE, path="thread__channel", choices=channel_choices),
        Field("thread", _("Thread"), needs=("thread_id",), compute=lambda raw, actor: raw["thread_id"], filter=by_id("thread")),
        Field("noun", _("Kind of record"), needs=("thread__noun",), compute=lambda raw, actor: raw["thread__noun"], sortable=False),
        Field(
            "subject", _("Record"), needs=("thread__subject",), compute=lambda raw, actor: raw["thread__subject"],
            filter=by_id("thread__subject"),
        ),
        Field(
            "mentioned", _("Asked by name"), Kind.LIST, "mentions__user_id", key="mentions__user__name_key", to="accounts.user",
            title="mentions__user__name",
        ),
        Field("files", _("Files"), Kind.LIST, load=_files, sortable=False, derived_from=("text",)),
    ],
    heading="author",
    company="thread__company_id",
    facts=("author", "at", "withdrawn_at", "thread__channel"),
    verbs=_comment_verbs,
    parent=("thread_id", THREAD_NOUN),
    edit=Can.COMMENT,
)  # fmt: skip

MENTION = Register(
    "discussions.mention",
    Mention,
    [
        Field("author", _("Asked by"), path="comment__author_label", personal=True, sortable=False),
        Field("user", _("Who is asked"), Kind.REFERENCE, "user_id", to="accounts.user", title="user__name", key="user__name_key"),
        Field("at", _("Asked"), Kind.INSTANT, path="at"),
        Field("settled_at", _("Answered"), Kind.INSTANT, path="settled_at"),
    ],
    heading="author",
    company="comment__thread__company_id",
    parent=("comment_id", COMMENT_NOUN),
    versioned=False,
)  # fmt: skip

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from hetong.discussions.policy import COMMENT, THREAD, Can
from hetong.discussions.states import Channel
from hetong.kernel.actors import ActorKind
from hetong.kernel.known import known
from hetong.kernel.nouns import Noun, noun, nouns
from hetong.kernel.rows import IdField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

NOTHING = Q(pk__in=[])
SETTINGS = "settings/"
OUTSIDE = (ActorKind.PORTAL, ActorKind.OUTSIDER)


def holds_talk(entry: Noun) -> bool:
    """Whether the noun's records are discussed: those with a page of their own, which what is merely set has not."""
    return bool(entry.section) and not entry.section.startswith(SETTINGS) and entry.key not in (THREAD, COMMENT)


def subject_nouns() -> list[Noun]:
    """The nouns whose records are discussed."""
    return [entry for entry in nouns() if holds_talk(entry)]


def _seen(actor: Actor, key: str, prefix: str) -> Q:
    """The condition that a row hangs on a record which the actor sees; who stands outside never gets what is internal."""
    if actor.is_system:
        return Q(**{f"{prefix}noun": key}) if key else Q()
    if actor.kind not in OUTSIDE and not actor.may(Can.VIEW):
        return NOTHING
    seen = NOTHING
    for entry in [noun(key)] if key else subject_nouns():
        seen |= Q(**{f"{prefix}noun": entry.key}) & known(
            actor, entry, f"{prefix}subject"
        )  # the noun first: see documents
    return seen & Q(**{f"{prefix}channel": Channel.SHARED}) if actor.kind in OUTSIDE else seen


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, actor: Actor, key: str = "") -> Self:
        """The threads on records that the actor sees; on one noun's records or all. Outsiders see shared ones alone."""
        return self.filter(_seen(actor, key, ""))


class Thread(models.Model):
    """One subject of talk on one record, in one channel from its first word to its last.

    ``noun`` and ``subject`` name the record, ``company`` is that of the record then (null where it has none).
    """

    id = IdField()
    noun = models.CharField(max_length=60)
    subject = models.UUIDField()
    company = models.ForeignKey("accounts.Company", models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by_label = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=[c.value for c in Channel]), name="thread_channel"),
        ]
        indexes = [models.Index(fields=["noun", "subject", "channel", "id"], name="thread_of_subject")]


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, actor: Actor, key: str = "") -> Self:
        """The comments of the threads that the actor sees; on one noun's records or all."""
        return self.filter(_seen(actor, key, "thread__"))


class Comment(models.Model):
    """What one person said. Withdrawn: the words are gone from here and stay in the journal."""

    id = IdField()
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments", db_index=False)
    author = models.UUIDField(null=True, blank=True)
    """A user's id; null for who has no account, and for the system."""
    author_label = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_label = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["thread", "id"], name="comment_of_thread")]

    @property
    def company_id(self) -> object:
        """That of the record, as services ask for it."""
        return self.thread.company_id


class MentionQuerySet(models.QuerySet["Mention"]):
    def visible_to(self, actor: Actor) -> Self:
        """The mentions in comments that the actor sees."""
        return self.filter(comment__in=Comment.objects.visible_to(actor).values("pk"))


class Mention(models.Model):
    """Somebody of ours was asked for an opinion by name, or with their team; settled once they answered or nobody needs to."""

    id = IdField()
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions", db_index=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user"], name="mention_open", condition=Q(settled_at=None))]


class Attachment(models.Model):
    """A file that goes with a comment; it is read by who reads the comment."""

    id = IdField()
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="files")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

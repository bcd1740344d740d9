"""Answers by mail: a reply to a notice of a comment is a comment in the same thread, and so in the same channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from hetong.discussions.fields import COMMENT
from hetong.discussions.models import Comment
from hetong.discussions.queries import get_comment, other_side
from hetong.discussions.services.checks import check_threads
from hetong.discussions.services.comments import CommentOrder, add_comments
from hetong.discussions.states import Channel
from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError
from hetong.notifications.table import Answerable, Said


def said(actor: Actor, id: UUID) -> Said | None:
    """The words of a comment and who reads an answer to it; None where the actor may not answer, or they were withdrawn."""
    try:
        comment = get_comment(actor, id)
        check_threads(actor, [comment.thread])
    except DomainError:
        return None
    [row] = COMMENT.show(actor, Comment.objects.filter(pk=id), ("author", "text"))  # allow: visibility — seen just now
    if not row.get("text"):
        return None
    return Said("\n".join(part for part in (row.get("author"), row.get("text")) if part), _readers(actor, comment))


def _readers(actor: Actor, comment: Comment) -> str:
    thread = comment.thread
    if thread.channel != Channel.SHARED:
        return gettext("Only colleagues read your answer.")
    who = other_side(actor, thread.noun, thread.subject) or gettext("the other side")
    return gettext("Your answer is read by %(who)s too.") % {"who": who}


def take(actor: Actor, id: UUID, text: str, files: Sequence[Any]) -> None:
    """Answer in the thread of a comment. Raises what `add_comments` raises."""
    thread = get_comment(actor, id).thread
    add_comments(actor, [CommentOrder(thread.noun, thread.subject, text, thread.channel, thread.pk, files)])


COMMENT_BY_MAIL = Answerable(said, take)

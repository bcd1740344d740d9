"""Builders for tests of this and higher floors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hetong.discussions.models import Comment
from hetong.discussions.services import CommentOrder, add_comments
from hetong.kernel.actors import Actor


def say(actor: Actor, noun: str, subject: UUID, text: str = "Is the price right?", **over: Any) -> Comment:
    """One comment on a record, inside the house unless ``channel`` says otherwise."""
    return add_comments(actor, [CommentOrder(noun, subject, text, **over)])[0]

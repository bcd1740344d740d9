"""What people are asked by name in a discussion, from the day they were."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hetong.discussions.models import Mention
from hetong.kernel.deadlines import Deadline, People


def asked_people(ids: Collection[UUID]) -> People:
    """Who was asked."""
    # allow: visibility — whom to ask, not what is read
    return {id: (user,) for id, user in Mention.objects.filter(pk__in=ids).values_list("pk", "user")}


def asked_on(key: str) -> Deadline:
    """Opinions that are waited for on records of one noun."""
    return Deadline(
        f"discussions.asked:{key}", "discussions.mention", _("Asked on"), _("Answer"), "at__date",
        Q(settled_at=None, comment__thread__noun=key), asked_people, anchor="/discussions/asked/{id}/", offsets=(-3, -7),
        settled_by=_("an answer, or the discussion being settled"), page=(key, "comment__thread__subject"), fields=("author",),
        is_ask=True, icon="message",
    )  # fmt: skip

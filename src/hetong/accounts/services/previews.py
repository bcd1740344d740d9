"""Beginning and ending a preview; both stand in the journal under the viewer's name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.events import Act
from hetong.accounts.preview import Mark, seen_as
from hetong.audit.services import record
from hetong.kernel.actors import Actor

SESSION = "preview"
"""The key under which the session keeps the `Mark`."""


@transaction.atomic
def begin_preview(viewer: Actor, mark: Mark, *, reason: str = "") -> Mark:
    """Let the viewer see the product as somebody else for half an hour; returns what the session keeps.

    Raises `Forbidden`, `NotYours`, `NotFound`; `OnlyLooking` inside another preview.
    """
    viewer.must_act()
    shown = seen_as(viewer, mark)
    _record(viewer, Act.PREVIEW_BEGUN, mark, shown.label, reason)
    return mark.started(shown.label)


@transaction.atomic
def end_preview(viewer: Actor, mark: Mark, *, reason: str = "") -> None:
    """Note that the preview is over; the caller forgets its mark."""
    _record(viewer, Act.PREVIEW_ENDED, mark, mark.label, reason)


def _record(viewer: Actor, code: Act, mark: Mark, label: str, reason: str) -> None:
    noun, subject = ("accounts.user", mark.user) if mark.user else ("accounts.role", mark.role)
    more: dict[str, Any] = {"label": label, "reason": reason}
    record(viewer, code, noun, UUID(subject), **more)

"""What happens in discussions: journal codes with their sentences, and events."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    COMMENTED = "discussions.commented"
    COMMENTED_HERE = "discussions.commented_here"
    SHARED_HERE = "discussions.shared_here"
    EDITED = "discussions.edited"
    WITHDRAWN = "discussions.withdrawn"
    RESOLVED = "discussions.resolved"
    REOPENED = "discussions.reopened"


SENTENCES = {
    Act.COMMENTED: _("wrote a comment"),
    Act.COMMENTED_HERE: _("wrote in the internal discussion"),
    Act.SHARED_HERE: _("wrote to the other side"),
    Act.EDITED: _("changed a comment"),
    Act.WITHDRAWN: _("withdrew a comment"),
    Act.RESOLVED: _("settled a discussion"),
    Act.REOPENED: _("took up a settled discussion again"),
}


class CommentsAdded(Event):
    """People wrote. Facts: ``noun`` and ``subject`` (the record), ``channel``, ``thread``, ``mentioned`` and ``answered``.

    ``mentioned`` are the ids of the users named, ``answered`` those of the others who wrote in that thread before.
    """

    code = Act.COMMENTED


class CommentsEdited(Event):
    """Authors changed their words. Facts: ``noun``, ``subject``, ``channel``, ``thread``, ``mentioned`` (the new ones)."""

    code = Act.EDITED


class CommentsWithdrawn(Event):
    """Comments were taken back. Facts: ``noun``, ``subject``, ``channel``, ``thread``."""

    code = Act.WITHDRAWN


class ThreadsResolved(Event):
    """Threads were settled. Facts: ``noun``, ``subject``, ``channel``."""

    code = Act.RESOLVED


class ThreadsReopened(Event):
    """Settled threads were taken up again. Facts: ``noun``, ``subject``, ``channel``."""

    code = Act.REOPENED

"""What happens to rounds of approval: journal codes with their sentences, and events about the records."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    OPENED = "approvals.opened"
    APPROVED = "approvals.approved"
    REJECTED = "approvals.rejected"
    APPROVED_FOR = "approvals.approved_for"
    REJECTED_FOR = "approvals.rejected_for"
    OWN_REFUSED = "approvals.own_refused"
    CHOSEN_REFUSED = "approvals.chosen_refused"
    DECIDED = "approvals.decided"
    WITHDRAWN = "approvals.withdrawn"
    VOIDED = "approvals.voided"


SENTENCES = {
    Act.OPENED: _("asked for approval"),
    Act.APPROVED: _("approved it"),
    Act.REJECTED: _("rejected it"),
    Act.APPROVED_FOR: _("approved it in place of %(whom)s"),
    Act.REJECTED_FOR: _("rejected it in place of %(whom)s"),
    Act.OWN_REFUSED: _("tried to decide on an own request and was refused"),
    Act.CHOSEN_REFUSED: _("tried to decide as one whose lead they had named, and was refused"),
    Act.DECIDED: _("decided the round of approval"),
    Act.WITHDRAWN: _("withdrew the request for approval"),
    Act.VOIDED: _("voided the approval"),
}


class RoundsOpened(Event):
    """Approvers were asked. Facts of each record: ``round``, ``assignees`` (ids)."""

    code = Act.OPENED


class RoundsDecided(Event):
    """Rounds ended by a decision. Facts of each record: ``round``, ``state`` (approved | rejected), ``content_hash``."""

    code = Act.DECIDED


class RoundsWithdrawn(Event):
    """Those who asked for approval took it back. Facts of each record: ``round``."""

    code = Act.WITHDRAWN


class RoundsVoided(Event):
    """Approvals no longer count, since the content changed or the record is no more. Facts: ``round``."""

    code = Act.VOIDED

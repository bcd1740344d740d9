"""What happens to contracts: journal codes with their sentences, and events."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    ADDED = "contracts.added"
    EDITED = "contracts.edited"
    REVIEWED = "contracts.sent_to_review"
    RETURNED = "contracts.returned"
    DISCARDED = "contracts.discarded"
    RESTORED = "contracts.restored"
    VOIDED = "contracts.voided"
    STATUS_SET = "contracts.status_set"
    FLAGGED = "contracts.flagged"
    UNFLAGGED = "contracts.unflagged"
    VALUE_CHANGED = "contracts.value_changed"
    PARTY_TAKEN = "contracts.party_taken"
    TEAM_JOINED = "contracts.team_joined"
    TEAM_LEFT = "contracts.team_left"
    LINES_ADDED = "contracts.lines_added"
    LINES_EDITED = "contracts.lines_edited"
    LINES_REMOVED = "contracts.lines_removed"
    PROJECTS_ADDED = "contracts.projects_added"
    PROJECTS_EDITED = "contracts.projects_edited"
    TYPES_ADDED = "contracts.types_added"
    TYPES_EDITED = "contracts.types_edited"
    TYPES_RETIRED = "contracts.types_retired"
    STATUSES_ADDED = "contracts.statuses_added"
    STATUSES_EDITED = "contracts.statuses_edited"
    STATUSES_RETIRED = "contracts.statuses_retired"
    STATUSES_REMOVED = "contracts.statuses_removed"


SENTENCES = {
    Act.ADDED: _("added the contract"),
    Act.EDITED: _("changed the contract"),
    Act.REVIEWED: _("sent the contract to review"),
    Act.RETURNED: _("returned the contract to draft"),
    Act.DISCARDED: _("discarded the draft"),
    Act.RESTORED: _("restored the draft"),
    Act.VOIDED: _("voided the contract"),
    Act.STATUS_SET: _("changed the status"),
    Act.FLAGGED: _("marked the contract abnormal"),
    Act.UNFLAGGED: _("resolved the abnormal flag"),
    Act.VALUE_CHANGED: _("changed the lines, and with them the value"),
    Act.PARTY_TAKEN: _("took over the counterparty's present details"),
    Act.TEAM_JOINED: _("added somebody to the team"),
    Act.TEAM_LEFT: _("took somebody off the team"),
    Act.LINES_ADDED: _("added the line"),
    Act.LINES_EDITED: _("changed the line"),
    Act.LINES_REMOVED: _("removed the line"),
    Act.PROJECTS_ADDED: _("added the project"),
    Act.PROJECTS_EDITED: _("changed the project"),
    Act.TYPES_ADDED: _("added the contract type"),
    Act.TYPES_EDITED: _("changed the contract type"),
    Act.TYPES_RETIRED: _("changed whether the contract type is offered"),
    Act.STATUSES_ADDED: _("added the status"),
    Act.STATUSES_EDITED: _("changed the status"),
    Act.STATUSES_RETIRED: _("changed whether the status is offered"),
    Act.STATUSES_REMOVED: _("removed the status"),
}


class ContractsAdded(Event):
    """Contracts were added as drafts."""

    code = Act.ADDED


class ContractsEdited(Event):
    """What contracts say was changed."""

    code = Act.EDITED


class ContractsSentToReview(Event):
    """Drafts wait for their reviewers."""

    code = Act.REVIEWED


class ContractsReturned(Event):
    """Reviewers gave drafts back."""

    code = Act.RETURNED


class ContractsDiscarded(Event):
    """Drafts were thrown away; they can be restored."""

    code = Act.DISCARDED


class ContractsRestored(Event):
    """Discarded drafts are drafts again."""

    code = Act.RESTORED


class ContractsVoided(Event):
    """Contracts will never be; they stay readable."""

    code = Act.VOIDED


class StatusesSet(Event):
    """Contracts took another status of the same stage."""

    code = Act.STATUS_SET


class ContractsFlagged(Event):
    """Contracts were marked abnormal."""

    code = Act.FLAGGED


class ContractsUnflagged(Event):
    """Abnormal flags were resolved."""

    code = Act.UNFLAGGED


class ValueChanged(Event):
    """The lines of contracts, and so their value, changed."""

    code = Act.VALUE_CHANGED


class TeamJoined(Event):
    """Colleagues joined a contract's team."""

    code = Act.TEAM_JOINED


class TeamLeft(Event):
    """Colleagues left a contract's team."""

    code = Act.TEAM_LEFT


class LinesAdded(Event):
    """Lines were added to contracts."""

    code = Act.LINES_ADDED


class LinesEdited(Event):
    """Lines of contracts were changed."""

    code = Act.LINES_EDITED


class LinesRemoved(Event):
    """Lines of contracts were removed."""

    code = Act.LINES_REMOVED


class ProjectsAdded(Event):
    """Projects were added."""

    code = Act.PROJECTS_ADDED


class ProjectsEdited(Event):
    """Projects were changed."""

    code = Act.PROJECTS_EDITED


class TypesAdded(Event):
    """Contract types were added."""

    code = Act.TYPES_ADDED


class TypesEdited(Event):
    """Contract types were changed."""

    code = Act.TYPES_EDITED


class TypesRetired(Event):
    """Contract types are no longer offered, or are again."""

    code = Act.TYPES_RETIRED


class StatusesAdded(Event):
    """Statuses were added."""

    code = Act.STATUSES_ADDED


class StatusesEdited(Event):
    """Statuses were changed."""

    code = Act.STATUSES_EDITED


class StatusesRetired(Event):
    """Statuses are no longer offered, or are again."""

    code = Act.STATUSES_RETIRED


class StatusesRemoved(Event):
    """Statuses that nothing ever used were removed."""

    code = Act.STATUSES_REMOVED

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
    SUBMITTED = "contracts.submitted"
    WITHDRAWN = "contracts.withdrawn"
    APPROVED = "contracts.approved"
    REJECTED = "contracts.rejected"
    REVISED = "contracts.revised"
    SENT_TO_SIGN = "contracts.sent_to_sign"
    RECALLED = "contracts.recalled"
    SIGNED = "contracts.signed"
    ACTIVATED = "contracts.activated"
    ADOPTED = "contracts.adopted"
    ADOPTED_CLOSED = "contracts.adopted_closed"
    SUSPENDED = "contracts.suspended"
    RESUMED = "contracts.resumed"
    TERMINATED = "contracts.terminated"
    EXPIRED = "contracts.expired"
    SUPERSEDED = "contracts.superseded"
    CLOSING = "contracts.closing"
    CLOSE_WAIVED = "contracts.close_waived"
    CLOSED = "contracts.closed"
    ARCHIVED = "contracts.archived"
    UNARCHIVED = "contracts.unarchived"
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
    STAGES_ADDED = "contracts.instalments_added"
    STAGES_EDITED = "contracts.instalments_edited"
    STAGES_REMOVED = "contracts.instalments_removed"
    PLAN_CHANGED = "contracts.plan_changed"
    MILESTONES_ADDED = "contracts.milestones_added"
    MILESTONES_EDITED = "contracts.milestones_edited"
    MILESTONES_REMOVED = "contracts.milestones_removed"
    MILESTONES_REACHED = "contracts.milestones_reached"
    MILESTONES_UNREACHED = "contracts.milestones_unreached"
    ORIGINALS_ADDED = "contracts.originals_added"
    ORIGINALS_EDITED = "contracts.originals_edited"
    ORIGINALS_REMOVED = "contracts.originals_removed"
    ORIGINALS_STAMPED = "contracts.originals_stamped"
    ORIGINALS_LENT = "contracts.originals_lent"
    ORIGINALS_RETURNED = "contracts.originals_returned"
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
    Act.SUBMITTED: _("submitted the contract for approval"),
    Act.WITHDRAWN: _("withdrew the contract from approval"),
    Act.APPROVED: _("set the contract to approved"),
    Act.REJECTED: _("set the contract to rejected"),
    Act.REVISED: _("took the contract back to draft to revise it"),
    Act.SENT_TO_SIGN: _("sent the contract to be signed"),
    Act.RECALLED: _("recalled the contract from signing"),
    Act.SIGNED: _("noted who has signed the contract"),
    Act.ACTIVATED: _("activated the contract"),
    Act.ADOPTED: _("adopted the contract as active"),
    Act.ADOPTED_CLOSED: _("adopted the contract as closed"),
    Act.SUSPENDED: _("suspended the contract"),
    Act.RESUMED: _("resumed the contract"),
    Act.TERMINATED: _("terminated the contract"),
    Act.EXPIRED: _("let the contract expire"),
    Act.SUPERSEDED: _("marked the contract as superseded"),
    Act.CLOSING: _("began closing the contract"),
    Act.CLOSE_WAIVED: _("waived an open point of the close checklist"),
    Act.CLOSED: _("closed the contract"),
    Act.ARCHIVED: _("archived the contract"),
    Act.UNARCHIVED: _("took the contract out of the archive"),
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
    Act.STAGES_ADDED: _("added the stage to the plan"),
    Act.STAGES_EDITED: _("changed the stage of the plan"),
    Act.STAGES_REMOVED: _("removed the stage from the plan"),
    Act.PLAN_CHANGED: _("changed the plan of the contract in force"),
    Act.MILESTONES_ADDED: _("added the milestone"),
    Act.MILESTONES_EDITED: _("changed the milestone"),
    Act.MILESTONES_REMOVED: _("removed the milestone"),
    Act.MILESTONES_REACHED: _("marked the milestone as reached"),
    Act.MILESTONES_UNREACHED: _("took back that the milestone was reached"),
    Act.ORIGINALS_ADDED: _("added the original"),
    Act.ORIGINALS_EDITED: _("changed what is noted about the original"),
    Act.ORIGINALS_REMOVED: _("removed the original"),
    Act.ORIGINALS_STAMPED: _("noted the stamp on the original"),
    Act.ORIGINALS_LENT: _("lent the original out"),
    Act.ORIGINALS_RETURNED: _("took the original back"),
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


class ContractsSubmitted(Event):
    """Contracts wait for their approvers."""

    code = Act.SUBMITTED


class ContractsWithdrawn(Event):
    """Contracts were taken back from approval."""

    code = Act.WITHDRAWN


class ContractsApproved(Event):
    """Approvers agreed; contracts may go to signing."""

    code = Act.APPROVED


class ContractsRejected(Event):
    """Approvers turned contracts down."""

    code = Act.REJECTED


class ContractsRevised(Event):
    """Contracts are drafts again; earlier approvals no longer count."""

    code = Act.REVISED


class ContractsSentToSign(Event):
    """Contracts are out for signing."""

    code = Act.SENT_TO_SIGN


class ContractsRecalled(Event):
    """Contracts were taken back from signing."""

    code = Act.RECALLED


class ContractsSigned(Event):
    """One side or both have signed. Facts: ``signature``, and ``signed_on`` once both have."""

    code = Act.SIGNED


class ContractsActivated(Event):
    """Contracts are in force. Facts: ``stage``, ``signed_on`` (ISO, or empty)."""

    code = Act.ACTIVATED


class ContractsAdopted(ContractsActivated):
    """Contracts that were in force before they were entered; what follows is what follows from activation."""

    code = Act.ADOPTED


class ContractsAdoptedClosed(Event):
    """Contracts that were over before they were entered."""

    code = Act.ADOPTED_CLOSED


class ContractsSuspended(Event):
    """Contracts rest until they are resumed."""

    code = Act.SUSPENDED


class ContractsResumed(Event):
    """Suspended contracts are in force again."""

    code = Act.RESUMED


class ContractsTerminated(Event):
    """Contracts end before their time. Facts: ``on``, the last day of the contract (ISO, inclusive)."""

    code = Act.TERMINATED


class ContractsExpired(Event):
    """Contracts of fixed term have ended."""

    code = Act.EXPIRED


class ContractsSuperseded(Event):
    """Contracts were replaced by others."""

    code = Act.SUPERSEDED


class ContractsClosing(Event):
    """Contracts are being closed."""

    code = Act.CLOSING


class CloseItemsWaived(Event):
    """Open points of a close checklist were waived with a reason. Facts: ``check``."""

    code = Act.CLOSE_WAIVED


class ContractsClosed(Event):
    """Nothing is open any more."""

    code = Act.CLOSED


class ContractsArchived(Event):
    """Contracts were archived; they are read-only. Facts: ``archive_no``."""

    code = Act.ARCHIVED


class ContractsUnarchived(Event):
    """Contracts were taken out of the archive."""

    code = Act.UNARCHIVED


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


class InstalmentsAdded(Event):
    """Stages were added to plans."""

    code = Act.STAGES_ADDED


class InstalmentsEdited(Event):
    """Stages of plans were changed while their contracts were drafted."""

    code = Act.STAGES_EDITED


class InstalmentsRemoved(Event):
    """Stages were removed from plans while their contracts were drafted."""

    code = Act.STAGES_REMOVED


class PlanChanged(Event):
    """The plan of a contract in force was changed; the facts name its ``instalments`` that are new, others or gone."""

    code = Act.PLAN_CHANGED


class MilestonesAdded(Event):
    """Milestones were added to contracts."""

    code = Act.MILESTONES_ADDED


class MilestonesEdited(Event):
    """Milestones of contracts were changed."""

    code = Act.MILESTONES_EDITED


class MilestonesRemoved(Event):
    """Milestones of contracts were removed."""

    code = Act.MILESTONES_REMOVED


class MilestonesReached(Event):
    """Milestones were reached; the rows are their contracts, the facts name ``milestone`` and ``reached_on``."""

    code = Act.MILESTONES_REACHED


class MilestonesUnreached(Event):
    """It was taken back that milestones were reached; rows and facts as when they are."""

    code = Act.MILESTONES_UNREACHED


class OriginalsAdded(Event):
    """Originals on paper were noted."""

    code = Act.ORIGINALS_ADDED


class OriginalsEdited(Event):
    """What is noted about originals was changed."""

    code = Act.ORIGINALS_EDITED


class OriginalsRemoved(Event):
    """Originals that were noted by mistake were removed."""

    code = Act.ORIGINALS_REMOVED


class OriginalsStamped(Event):
    """Originals were stamped."""

    code = Act.ORIGINALS_STAMPED


class OriginalsLent(Event):
    """Originals were lent out."""

    code = Act.ORIGINALS_LENT


class OriginalsReturned(Event):
    """Originals came back."""

    code = Act.ORIGINALS_RETURNED


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

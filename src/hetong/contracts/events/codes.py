"""Journal codes of what happens to contracts, with their sentences."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Act(StrEnum):
    ADDED = "contracts.added"
    EDITED = "contracts.edited"
    PURGED = "contracts.purged"
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
    TAKEN_BACK = "contracts.taken_back"
    SUSPENDED = "contracts.suspended"
    RESUMED = "contracts.resumed"
    TERMINATED = "contracts.terminated"
    EXPIRED = "contracts.expired"
    SUPERSEDED = "contracts.superseded"
    CLOSING = "contracts.closing"
    CLOSE_WAIVED = "contracts.close_waived"
    QUALIFICATION_WAIVED = "contracts.qualification_waived"
    CLOSED = "contracts.closed"
    ARCHIVED = "contracts.archived"
    UNARCHIVED = "contracts.unarchived"
    STATUS_SET = "contracts.status_set"
    RENEWAL_DECIDED = "contracts.renewal_decided"
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
    Act.PURGED: _("removed the draft that was discarded long ago"),
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
    Act.TAKEN_BACK: _("undid the import of the contract"),
    Act.SUSPENDED: _("suspended the contract"),
    Act.RESUMED: _("resumed the contract"),
    Act.TERMINATED: _("terminated the contract"),
    Act.EXPIRED: _("let the contract expire"),
    Act.SUPERSEDED: _("marked the contract as superseded"),
    Act.CLOSING: _("began closing the contract"),
    Act.CLOSE_WAIVED: _("waived an open point of the close checklist"),
    Act.QUALIFICATION_WAIVED: _("let a missing or lapsed paper of the other side pass"),
    Act.CLOSED: _("closed the contract"),
    Act.ARCHIVED: _("archived the contract"),
    Act.UNARCHIVED: _("took the contract out of the archive"),
    Act.STATUS_SET: _("changed the status"),
    Act.RENEWAL_DECIDED: _("decided on the renewal"),
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

"""The steps of a contract’s life."""

from __future__ import annotations

from hetong.contracts.events.codes import Act
from hetong.kernel.events import Event


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


class ContractsTakenBack(Event):
    """Contracts that came in by an import are gone with it, as if they had never been."""

    code = Act.TAKEN_BACK


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


class QualificationsWaived(Event):
    """Missing or lapsed papers of the other side were let pass with a reason. Facts: ``kind``, the key of its kind."""

    code = Act.QUALIFICATION_WAIVED


class ContractsClosed(Event):
    """Nothing is open any more."""

    code = Act.CLOSED


class ContractsArchived(Event):
    """Contracts were archived; they are read-only. Facts: ``archive_no``."""

    code = Act.ARCHIVED


class ContractsUnarchived(Event):
    """Contracts were taken out of the archive."""

    code = Act.UNARCHIVED

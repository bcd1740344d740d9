"""What people are told of: which events make news, for whom, in which words, with which fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.accounts.events import RecordsShared
from hetong.approvals.events import RoundsDecided, RoundsOpened
from hetong.billing.events import PaymentsConfirmed, PaymentsRejected, PaymentsReported, PaymentsReversed
from hetong.contracts.events import (
    ContractsActivated,
    ContractsExpired,
    ContractsFlagged,
    ContractsReturned,
    ContractsSentToReview,
    ContractsSentToSign,
    ContractsSigned,
    ContractsSuspended,
    ContractsTerminated,
    ContractsUnflagged,
    TeamJoined,
)
from hetong.discussions.events import CommentsAdded, CommentsEdited
from hetong.kernel.errors import N_
from hetong.notifications.table import REMIND, NoticeKind

from . import listening, told

CONTRACT = ("contracts.contract", "contract_id")
BALANCE = ("gross", "received", "open")
MONEY = ("amount", "party", "on")

# A table is read across: its entries are wrapped by hand.
NOTICES: tuple[NoticeKind, ...] = (
    # reminders, by part of the product
    NoticeKind(f"{REMIND}.contracts", _("Days of contracts"), "", mail="digest", icon="calendar", must_come=True),
    NoticeKind(f"{REMIND}.billing", _("Days of money"), "", mail="digest", icon="calendar-dollar", must_come=True),
    NoticeKind(f"{REMIND}.approvals", _("Approvals that wait"), "", mail="digest", icon="rubber-stamp", must_come=True),
    NoticeKind(f"{REMIND}.documents", _("Validity of documents"), "", mail="digest", icon="file-certificate", must_come=True),
    NoticeKind(f"{REMIND}.discussions", _("Questions that wait"), "", mail="digest", icon="message", must_come=True),
    NoticeKind(f"{REMIND}.todos", _("Tasks"), "", mail="digest", icon="check", must_come=True),
    # approvals
    NoticeKind(
        "approval_asked", _("Approval asked of you"), N_("%(by)s asks for your approval"), told.asked_to_decide, (RoundsOpened,),
        anchor="approvals/", fields=("gross",), paths=told.where_to_decide, mail="now", icon="rubber-stamp", must_come=True,
        aloud=_("Approval asked"),
    ),
    NoticeKind(
        "approval_decided", _("Approval decided"), N_("%(by)s decided on the approval"), told.askers, (RoundsDecided,),
        anchor="approvals/", fields=("status",), mail="now", icon="rubber-stamp",
    ),
    # contracts
    NoticeKind(
        "sent_to_review", _("Draft to review"), N_("%(by)s sent the draft to review"), told.owners_and_teams, (ContractsSentToReview,),
        icon="eye", mail="now",
    ),
    NoticeKind(
        "returned", _("Draft returned"), N_("%(by)s returned the draft"), told.owners_and_teams, (ContractsReturned,),
        icon="arrow-back-up",
    ),
    NoticeKind(
        "sent_to_sign", _("Sent to be signed"), N_("%(by)s sent the contract to be signed"), told.owners_and_teams, (ContractsSentToSign,),
        anchor="signing/", icon="signature", mail="off",
    ),
    NoticeKind(
        "signed", _("Signed"), N_("%(by)s noted a signature"), told.of_contracts, (ContractsSigned,), anchor="signing/",
        fields=("signature",), icon="signature", mail="off",
    ),
    NoticeKind(
        "activated", _("In force"), N_("The contract is in force"), told.of_contracts, (ContractsActivated,),
        fields=("starts_on", "ends_on"), icon="circle-check",
    ),
    NoticeKind(
        "suspended", _("Suspended"), N_("%(by)s suspended the contract"), told.of_contracts, (ContractsSuspended,), icon="player-pause",
    ),
    NoticeKind(
        "terminated", _("Terminated"), N_("%(by)s terminated the contract"), told.of_contracts, (ContractsTerminated,),
        fields=("terminated_on",), icon="ban", mail="now",
    ),
    NoticeKind(
        "expired", _("Expired"), N_("The contract has expired"), told.of_contracts, (ContractsExpired,), fields=("ends_on",),
        icon="ban",
    ),
    NoticeKind(
        "flagged", _("Marked abnormal"), N_("%(by)s marked the contract abnormal"), told.of_flags, (ContractsFlagged,),
        fields=("abnormal_reason",), mail="now", icon="alert-triangle", must_come=True,
    ),
    NoticeKind(
        "unflagged", _("Abnormal flag resolved"), N_("%(by)s resolved the abnormal flag"), told.of_contracts, (ContractsUnflagged,),
        icon="circle-check",
    ),
    NoticeKind(
        "joined", _("Added to a team"), N_("%(by)s added you to the team"), told.joined, (TeamJoined,), mail="now",
        icon="users-group", aloud=None,
    ),
    NoticeKind(
        "shared", _("Shared with you"), N_("%(by)s shared this with you"), told.sharers, (RecordsShared,), mail="now", icon="users-group",
        aloud=None,
    ),
    # money
    NoticeKind(
        "payment_reported", _("Payment reported"), N_("%(by)s reported a payment"), told.of_payments, (PaymentsReported,), CONTRACT,
        "money/", MONEY, BALANCE, icon="cash",
    ),
    NoticeKind(
        "payment_confirmed", _("Payment confirmed"), N_("%(by)s confirmed a payment"), told.of_payments, (PaymentsConfirmed,), CONTRACT,
        "money/", MONEY, BALANCE, icon="cash", mail="now",
    ),
    NoticeKind(
        "payment_rejected", _("Payment rejected"), N_("%(by)s rejected a reported payment"), told.of_payments, (PaymentsRejected,),
        CONTRACT, "money/", (*MONEY, "reason"), BALANCE, icon="cash", mail="now",
    ),
    NoticeKind(
        "payment_reversed", _("Payment reversed"), N_("%(by)s reversed a payment: it no longer counts"), told.of_payments,
        (PaymentsReversed,), CONTRACT, "money/", (*MONEY, "reason"), BALANCE, icon="cash", mail="now",
    ),
    # talk
    NoticeKind(
        "mentioned", _("Mentioned in a discussion"), N_("%(by)s mentioned you"), listening.mentioned, (CommentsAdded, CommentsEdited),
        paths=listening.where_it_stands, mail="now", icon="message", must_come=True, aloud=None,
    ),
    NoticeKind(
        "answered", _("Answers where you take part"), N_("%(by)s answered in a discussion"), listening.taking_part, (CommentsAdded,),
        paths=listening.where_it_stands, mail="now", icon="message", aloud=None,
    ),
    NoticeKind(
        "commented", _("Discussions of your records"), N_("%(by)s wrote in the discussion"), listening.belonging, (CommentsAdded,),
        paths=listening.where_it_stands, icon="message", aloud=None,
    ),
)  # fmt: skip

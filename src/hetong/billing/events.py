"""What happens to dues, invoices and payments: journal codes with their sentences, and events."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    DUES_PLANNED = "billing.dues_planned"
    DUES_REPLANNED = "billing.dues_replanned"
    DUES_OPENED = "billing.dues_opened"
    DUES_HELD = "billing.dues_held"
    DUES_RELEASED = "billing.dues_released"
    DUES_SKIPPED = "billing.dues_skipped"
    DUES_UNSKIPPED = "billing.dues_unskipped"
    DUES_TAKEN_BACK = "billing.dues_taken_back"
    DUES_EDITED = "billing.dues_edited"
    INVOICES_EDITED = "billing.invoices_edited"
    PAYMENTS_EDITED = "billing.payments_edited"
    INVOICED = "billing.invoice_issued"
    REGISTERED = "billing.invoice_registered"
    TAKEN_OVER = "billing.invoice_taken_over"
    CREDITED = "billing.invoice_credited"
    REPORTED = "billing.payment_reported"
    CONFIRMED = "billing.payment_confirmed"
    RECORDED = "billing.payment_recorded"
    REJECTED = "billing.payment_rejected"
    REVERSED = "billing.payment_reversed"
    ALLOCATED = "billing.payment_allocated"
    UNALLOCATED = "billing.payment_unallocated"
    OWN_REPORT_REFUSED = "billing.own_report_refused"
    OWN_ACCOUNT_REFUSED = "billing.own_account_refused"
    PAPERS_WANTED = "billing.papers_wanted"
    PAPER_MADE = "billing.paper_made"
    TYPES_ADDED = "billing.types_added"
    TYPES_EDITED = "billing.types_edited"


SENTENCES = {
    Act.DUES_PLANNED: _("planned the due"),
    Act.DUES_REPLANNED: _("changed the due after the plan"),
    Act.DUES_OPENED: _("opened the due: it may be invoiced"),
    Act.DUES_HELD: _("put the due on hold"),
    Act.DUES_RELEASED: _("released the due"),
    Act.DUES_SKIPPED: _("waived the due"),
    Act.DUES_UNSKIPPED: _("took up the waived due again"),
    Act.DUES_TAKEN_BACK: _("undid the import of the due's contract"),
    Act.DUES_EDITED: _("filled in fields of ours on the due"),
    Act.INVOICES_EDITED: _("filled in fields of ours on the invoice"),
    Act.PAYMENTS_EDITED: _("filled in fields of ours on the payment"),
    Act.INVOICED: _("issued the invoice"),
    Act.REGISTERED: _("registered the received invoice"),
    Act.TAKEN_OVER: _("took over the invoice that was issued elsewhere"),
    Act.CREDITED: _("issued the credit note"),
    Act.REPORTED: _("reported the payment"),
    Act.CONFIRMED: _("confirmed the payment"),
    Act.RECORDED: _("recorded the payment"),
    Act.REJECTED: _("rejected the payment"),
    Act.REVERSED: _("reversed the payment"),
    Act.ALLOCATED: _("allocated the payment"),
    Act.UNALLOCATED: _("put the payment back on account"),
    Act.OWN_REPORT_REFUSED: _("tried to confirm a payment of their own reporting and was refused"),
    Act.OWN_ACCOUNT_REFUSED: _("tried to pay to an account of their own changing and was refused"),
    Act.PAPERS_WANTED: _("asked for the PDF of the invoice"),
    Act.PAPER_MADE: _("made the PDF of the invoice"),
    Act.TYPES_ADDED: _("added the bill type"),
    Act.TYPES_EDITED: _("changed the bill type"),
}


class BillingChanged(Event):
    """Any posting; each row's facts name its contract, amount and currency (as text and code)."""


class DuesPlanned(BillingChanged):
    """Dues came into being, from a contract's plan."""

    code = Act.DUES_PLANNED


class DuesReplanned(BillingChanged):
    """Dues follow a plan that was changed."""

    code = Act.DUES_REPLANNED


class DuesOpened(BillingChanged):
    """The day of dues has come: they may be invoiced and settled."""

    code = Act.DUES_OPENED


class DuesHeld(BillingChanged):
    """Dues were put on hold."""

    code = Act.DUES_HELD


class DuesReleased(BillingChanged):
    """Dues are no longer on hold."""

    code = Act.DUES_RELEASED


class DuesSkipped(BillingChanged):
    """Dues were waived."""

    code = Act.DUES_SKIPPED


class DuesUnskipped(BillingChanged):
    """Waived dues count again."""

    code = Act.DUES_UNSKIPPED


class InvoicesIssued(BillingChanged):
    """Invoices were issued, with their numbers."""

    code = Act.INVOICED


class InvoicesRegistered(BillingChanged):
    """Invoices of suppliers were registered."""

    code = Act.REGISTERED


class InvoicesTakenOver(BillingChanged):
    """Invoices that were issued elsewhere before were entered with the numbers they have."""

    code = Act.TAKEN_OVER


class InvoicesCredited(BillingChanged):
    """Credit notes were issued or received."""

    code = Act.CREDITED


class PaymentsReported(BillingChanged):
    """Somebody heard of payments; finance has to confirm them."""

    code = Act.REPORTED


class PaymentsConfirmed(BillingChanged):
    """Payments were confirmed and count from now on."""

    code = Act.CONFIRMED


class PaymentsRecorded(PaymentsConfirmed):
    """Payments were recorded by those who may confirm them, in one step."""

    code = Act.RECORDED


class PaymentsRejected(BillingChanged):
    """Reported payments did not come."""

    code = Act.REJECTED


class PaymentsReversed(BillingChanged):
    """Payments that counted were taken back."""

    code = Act.REVERSED


class AllocationsMade(BillingChanged):
    """Money on account was allocated."""

    code = Act.ALLOCATED


class AllocationsUndone(BillingChanged):
    """Allocated money went back on account."""

    code = Act.UNALLOCATED


class DuesEdited(Event):
    """Fields that the house added were filled in on dues; what is due is as it was."""

    code = Act.DUES_EDITED


class InvoicesEdited(Event):
    """Fields that the house added were filled in on invoices; what was issued is as it was."""

    code = Act.INVOICES_EDITED


class PaymentsEdited(Event):
    """Fields that the house added were filled in on payments; what was paid is as it was."""

    code = Act.PAYMENTS_EDITED


class PapersWanted(Event):
    """One invoice of many issued at once still needs its PDF: papers are made one by one."""

    code = Act.PAPERS_WANTED


class TypesAdded(Event):
    """Bill types were added."""

    code = Act.TYPES_ADDED


class TypesEdited(Event):
    """Bill types were changed."""

    code = Act.TYPES_EDITED

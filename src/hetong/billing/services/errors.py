"""Why something cannot be invoiced, settled or planned: what is wrong, why, what now."""

from __future__ import annotations

from hetong.billing.events import Act
from hetong.billing.policy import ACCOUNT_PAY, REPORT_CONFIRM
from hetong.kernel.duties import DutyConflict
from hetong.kernel.errors import N_, Conflict


class NotBillable(Conflict):
    """The contract is not in a stage in which it is invoiced or settled."""

    code = "not_billable"
    text = N_("“%(title)s” is “%(stage_label)s”: nothing is invoiced or settled on it now.")
    then = N_("An archived contract is taken out of the archive first; one that is not in force yet has to be signed.")


class InvoicingStopped(Conflict):
    """An abnormal flag on the contract stops its invoicing."""

    code = "invoicing_stopped"
    text = N_("“%(title)s” is marked abnormal in a way that stops its invoicing: %(reason)s")
    then = N_("Resolve the flag first.")


class DueNotOpen(Conflict):
    """The due cannot be invoiced or settled in its state."""

    code = "due_not_open"
    text = N_("“%(title)s” is “%(state_label)s” and cannot be invoiced now.")
    then = N_("Wait for its day, mark its milestone as reached, or release it; a planned one can be invoiced ahead.")


class NeverInvoiced(Conflict):
    """The contract invoices by a plan of its own, and this due belongs to the other plan."""

    code = "never_invoiced"
    text = N_("“%(title)s” is only collected or paid: this contract has an invoice plan of its own.")
    then = N_("Choose a stage of the invoice plan.")


class NeverSettled(Conflict):
    """The due is only invoiced; money is allocated to the other plan of its contract."""

    code = "never_settled"
    text = N_("“%(title)s” is only invoiced: this contract collects by a plan of its own.")
    then = N_("Allocate the money to a stage of the payment plan.")


class OverInvoiced(Conflict):
    """More would be invoiced than is due."""

    code = "over_invoiced"
    text = N_("“%(title)s” comes to %(due)s, of which %(invoiced)s is invoiced: %(left)s is left, not %(asked)s.")
    then = N_("Invoice at most what is left, or credit an invoice first.")


class OverAllocated(Conflict):
    """More would be settled than is open."""

    code = "over_allocated"
    text = N_("%(asked)s is more than the %(open)s that is open on “%(title)s”.")
    then = N_("Allocate at most what is open; the rest of a payment stays on account.")


class NotThatMuch(Conflict):
    """More would be allocated than a payment has left."""

    code = "not_that_much"
    text = N_("%(asked)s is more than the %(left)s that is left of the payment.")
    then = N_("Allocate less, or take back an allocation first.")


class OverCredited(Conflict):
    """More would be credited than an invoice still says."""

    code = "over_credited"
    text = N_("%(asked)s is more than the %(left)s that is left of invoice %(number)s.")
    then = N_("Credit at most what is left.")


class IssuedBeforeLast(Conflict):
    """The day lies before the last one of the series: numbers and days have to rise together."""

    code = "issued_before_last"
    text = N_("%(asked)s lies before %(last)s, the day of the last number of this series.")
    then = N_("Choose %(last)s or a later day. If the clock of the server is wrong, have it set.")


class AlreadyConfirmed(Conflict):
    """Somebody has confirmed the payment already."""

    code = "already_confirmed"
    text = N_("This payment is already confirmed, by %(by)s on %(at)s.")
    then = N_("Nothing more is to be done: it counts once.")


class NotReported(Conflict):
    """The payment was decided on already."""

    code = "not_reported"
    text = N_("This payment is “%(state_label)s”; only a reported one is confirmed or rejected.")
    then = N_("Report it anew if it came after all.")


class NotConfirmed(Conflict):
    """Only money that counts can be allocated or reversed."""

    code = "not_confirmed"
    text = N_("This payment is “%(state_label)s”; only a confirmed one can be allocated or reversed.")
    then = N_("Have it confirmed first.")


class OwnReport(DutyConflict):
    """Who reported a payment does not confirm it: two people look at money (segregation of duties)."""

    code = "own_report"
    pair, refused = REPORT_CONFIRM, Act.OWN_REPORT_REFUSED
    text = N_("You reported this payment, so somebody else confirms it.")
    then = N_("Ask a colleague in finance. Money that you see on the bank statement yourself is recorded in one step.")


class OwnAccount(DutyConflict):
    """Who says where a party's money goes does not send it there."""

    code = "own_account"
    pair, refused = ACCOUNT_PAY, Act.OWN_ACCOUNT_REFUSED
    text = N_("You were the last to change a bank account of this party, so somebody else confirms what is paid to it.")
    then = N_("Report the payment, and ask a colleague in finance to confirm it.")


class StillOpen(Conflict):
    """A due on which something is invoiced and not settled cannot be waived."""

    code = "still_open"
    text = N_("%(open)s is invoiced and not settled on “%(title)s”.")
    then = N_("Credit the invoice or settle it first.")


class WaitsStill(Conflict):
    """A due without a day cannot be released."""

    code = "waits_still"
    text = N_("“%(title)s” has no day yet: it waits for its milestone or for the signing day.")
    then = N_("Mark the milestone as reached, or give the stage another trigger.")


class CannotReplan(Conflict):
    """The new plan says less than was invoiced or settled already."""

    code = "cannot_replan"
    text = N_("“%(title)s” has %(posted)s invoiced or settled; the plan can no longer give it %(planned)s.")
    then = N_("Leave the stage at least what is posted on it, or credit the invoice first.")


class OtherCurrency(Conflict):
    """Money of one currency cannot settle a debt in another."""

    code = "other_currency"
    text = N_("A payment in %(paid)s cannot settle “%(title)s”, which is in %(owed)s.")
    then = N_("Enter the amount in %(owed)s that the bank booked.")


class OtherParty(Conflict):
    """The invoice or due belongs to somebody else's account."""

    code = "other_party"
    text = N_("“%(title)s” is with another party, company or direction than the payment.")
    then = N_("Choose an invoice or stage of the party that paid.")


class WrongDirection(Conflict):
    """Income contracts are collected, expense contracts paid."""

    code = "wrong_direction"
    text = N_("“%(title)s” takes payments in the other direction.")
    then = N_("An income contract receives money; an expense contract pays it out.")


class WrongInvoice(Conflict):
    """Income contracts are invoiced by us; on expense contracts the supplier's invoices are registered."""

    code = "wrong_invoice"
    text = N_("“%(title)s” does not take this kind of invoice.")
    then = N_("Issue invoices on income contracts; on expense contracts register those that you received.")


class NotAnInvoice(Conflict):
    """Only invoices are credited."""

    code = "not_an_invoice"
    text = N_("%(number)s is a credit note; only an invoice can be credited.")
    then = N_("To take a credit note back, invoice again what it gave back.")


class PaymentAlike(Conflict):
    """A payment of that amount and day is here already, and nobody said that this is another one."""

    code = "payment_alike"
    text = N_("A payment of this amount on this day is recorded here already.")
    then = N_("If this is another one, tick the box below and send again.")

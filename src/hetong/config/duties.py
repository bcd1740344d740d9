"""Duties kept apart: each pair of acts that one person does not do both on the same thing. Services enforce them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.accounts.duties import Pair
from hetong.accounts.erasing import ADMINISTER_ERASE, erasures_by_administrators
from hetong.accounts.events import Act as AccountsAct
from hetong.accounts.policy import Can as Accounts
from hetong.approvals.events import Act as ApprovalsAct
from hetong.approvals.policy import CHOSEN_LEAD, OWN_REQUEST
from hetong.approvals.policy import Can as Approvals
from hetong.approvals.queries.duties import chosen_decisions, own_decisions
from hetong.billing.events import Act as BillingAct
from hetong.billing.policy import ACCOUNT_PAY, REPORT_CONFIRM
from hetong.billing.policy import Can as Billing
from hetong.billing.queries.duties import own_accounts_paid, own_confirmations
from hetong.contracts.policy import Can as Contracts
from hetong.parties.policy import Can as Parties

PAIRS: tuple[Pair, ...] = (
    Pair(
        OWN_REQUEST, _("Ask for approval"), _("Approve"),
        _("Nobody decides on what they asked for themselves, nor in the place of a colleague who is away."),
        (Contracts.MOVE,), (Approvals.DECIDE,), ApprovalsAct.OWN_REFUSED, own_decisions,
    ),
    Pair(
        CHOSEN_LEAD, _("Say who approves"), _("Approve"),
        _("Whoever named the lead of a team does not decide as that lead, nor in that lead’s place."),
        (Accounts.MANAGE_COMPANIES,), (Approvals.DECIDE,), ApprovalsAct.CHOSEN_REFUSED, chosen_decisions, may_waive=True,
    ),
    Pair(
        ACCOUNT_PAY, _("Change a bank account of a party"), _("Confirm what is paid to that party"),
        _("Whoever was the last to change one of a party’s accounts does not confirm payments to it: "
          "a false account is the most frequent fraud."),
        (Parties.EDIT_BANKS,), (Billing.CONFIRM,), BillingAct.OWN_ACCOUNT_REFUSED, own_accounts_paid, may_waive=True,
    ),
    Pair(
        REPORT_CONFIRM, _("Report a payment"), _("Confirm that payment"),
        _("Whoever reported a payment does not confirm it. "
          "Finance may enter what stands on the bank statement in one step; it is listed below."),
        (Billing.REPORT,), (Billing.CONFIRM,), BillingAct.OWN_REPORT_REFUSED, own_confirmations, may_waive=True,
    ),
    Pair(
        ADMINISTER_ERASE, _("Manage people and roles"), _("Erase values from the history"),
        _("Nobody can change the history. Personal values can be blanked where the law asks for it, "
          "but not by those who manage people and roles."),
        (Accounts.MANAGE_ROLES, Accounts.MANAGE_USERS), (Accounts.ERASE,), AccountsAct.ERASE_REFUSED,
        erasures_by_administrators, may_waive=True,
    ),
)  # fmt: skip

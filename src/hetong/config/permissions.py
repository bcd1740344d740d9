"""What each permission is called; roles and tokens show these words. A test keeps the table complete."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from hetong.accounts.policy import Can as Accounts
from hetong.approvals.policy import Can as Approvals
from hetong.audit.policy import Can as Audit
from hetong.billing.policy import Can as Billing
from hetong.contracts.policy import Can as Contracts
from hetong.discussions.policy import Can as Discussions
from hetong.documents.policy import Can as Documents
from hetong.exchange.policy import Can as Exchange
from hetong.kernel.fields import Text
from hetong.parties.policy import Can as Parties
from hetong.reference.policy import Can as Reference
from hetong.signing.policy import Can as Signing
from hetong.todos.policy import Can as Todos
from hetong.ui.policy import Can as Ui

GROUPS: Mapping[str, Text] = {
    "parties": _("Parties"),
    "contracts": _("Contracts"),
    "approvals": _("Approvals"),
    "signing": _("Signing"),
    "billing": _("Billing"),
    "documents": _("Documents"),
    "todos": _("To-dos"),
    "exchange": _("Import"),
    "discussions": _("Discussions"),
    "audit": _("History"),
    "ui": _("Lists"),
    "accounts": _("People and access"),
    "reference": _("Rates and calendars"),
}
"""The first part of a permission, in the order in which they are shown."""

PERMISSIONS: Mapping[str, Text] = {
    Parties.VIEW: _("see parties"),
    Parties.ADD: _("add parties"),
    Parties.EDIT: _("change parties and their contacts"),
    Parties.EDIT_BANKS: _("change bank accounts of parties"),
    Parties.MERGE: _("merge duplicates"),
    Parties.MANAGE_KINDS: _("manage kinds of party"),
    Contracts.VIEW: _("see contracts and projects"),
    Contracts.ADD: _("add contracts and projects"),
    Contracts.EDIT: _("change contracts and projects"),
    Contracts.MOVE: _("take contracts through review"),
    Contracts.FLAG: _("mark contracts abnormal"),
    Contracts.VOID: _("declare contracts void"),
    Contracts.RUN: _("suspend, terminate and close contracts"),
    Contracts.ARCHIVE: _("archive contracts"),
    Contracts.UNARCHIVE: _("take contracts out of the archive"),
    Contracts.ADOPT: _("adopt contracts that are in force already"),
    Contracts.PERFORM: _("mark milestones as reached"),
    Contracts.PAPER: _("look after originals on paper"),
    Contracts.MANAGE_TYPES: _("manage contract types and statuses"),
    Approvals.DECIDE: _("decide on what they are asked to approve"),
    Signing.SIGN: _("send contracts to be signed and record signed copies"),
    Billing.VIEW: _("see dues, invoices and payments"),
    Billing.PLAN: _("hold, release and waive dues"),
    Billing.INVOICE: _("issue and register invoices"),
    Billing.REPORT: _("report payments"),
    Billing.CONFIRM: _("confirm, allocate and reverse payments"),
    Billing.MANAGE: _("manage bill types and number series"),
    Documents.VIEW: _("see documents"),
    Documents.ADD: _("add documents and versions"),
    Documents.ACCEPT: _("accept versions"),
    Exchange.IMPORT: _("import records from files"),
    Todos.ASSIGN: _("give tasks to colleagues"),
    Discussions.VIEW: _("read discussions"),
    Discussions.COMMENT: _("write in discussions"),
    Discussions.SHARE: _("write to the other side"),
    Discussions.MODERATE: _("withdraw comments of others"),
    Audit.VIEW_HISTORY: _("see the history of records"),
    Audit.VIEW_JOURNAL: _("see the whole journal"),
    Ui.PUBLISH_VIEWS: _("publish views of lists"),
    Accounts.SHARE: _("share records with others"),
    Accounts.USE_API: _("use the API"),
    Accounts.ERASE: _("see what is held on a person, hand it out and erase it"),
    Accounts.HOLD: _("set how long records are kept, and hold them for a legal case"),
    Accounts.MANAGE_USERS: _("manage people and their roles"),
    Accounts.MANAGE_COMPANIES: _("manage companies and teams"),
    Accounts.MANAGE_ROLES: _("manage roles and kinds of document"),
    Accounts.MANAGE_FIELDS: _("add fields to records"),
    Reference.MANAGE: _("manage rates, taxes and calendars"),
}

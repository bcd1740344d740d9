"""What there is: every kind of record, in one table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.accounts.fields import BANK as OUR_BANK
from hetong.accounts.fields import COMPANY, CUSTOM_FIELD, ROLE, TEAM, USER
from hetong.accounts.models import Bank, Company, CustomField, Role, Team, User
from hetong.accounts.policy import Can as Accounts
from hetong.accounts.queries import find_all_roles, find_custom_fields, find_people, find_teams
from hetong.accounts.services import (
    add_banks,
    add_companies,
    add_teams,
    add_users,
    edit_banks,
    edit_companies,
    edit_teams,
    edit_users,
)
from hetong.approvals.fields import ROUND, TASK
from hetong.approvals.models import Round, Task
from hetong.billing import services as billing
from hetong.billing.fields import ALLOCATION, BILL_TYPE, DUE, INVOICE, INVOICE_LINE, PAYMENT
from hetong.billing.models import Allocation, BillType, Due, Invoice, InvoiceLine, Payment
from hetong.billing.policy import Can as Billing
from hetong.contracts import services as contracts
from hetong.contracts.fields import (
    CONTRACT,
    FLAG,
    INSTALMENT,
    LINE,
    LOAN,
    MEMBER,
    MILESTONE,
    ORIGINAL,
    PROJECT,
    STATUS,
    TYPE,
)
from hetong.contracts.models import (
    AbnormalFlag,
    Contract,
    ContractType,
    Instalment,
    Line,
    Loan,
    Member,
    Milestone,
    Original,
    Project,
    Status,
)
from hetong.contracts.policy import Can as Contracts
from hetong.discussions import services as discussions
from hetong.discussions.fields import COMMENT, MENTION, THREAD
from hetong.discussions.models import Comment, Mention, Thread
from hetong.discussions.policy import Can as Discussions
from hetong.documents import services as documents
from hetong.documents.fields import DOCUMENT, VERSION
from hetong.documents.fields import KIND as DOCUMENT_KIND
from hetong.documents.models import Document, DocumentKind, Version, kind_facts
from hetong.documents.policy import Can as Documents
from hetong.documents.queries import find_kinds as find_document_kinds
from hetong.kernel.nouns import Noun
from hetong.parties import services as parties
from hetong.parties.fields import ADDRESS, BANK, CONTACT, KIND, NUMBER, PARTY, TERMS
from hetong.parties.models import Address, Contact, Party, PartyBank, PartyId, PartyKind, PartyTerms
from hetong.parties.policy import Can as Parties
from hetong.parties.queries import find_kinds
from hetong.reference.fields import CALENDAR_DAY, TAX_RATE
from hetong.reference.models import CalendarDay, TaxRate
from hetong.reference.policy import Can as Reference
from hetong.reference.services import add_calendar_days, add_tax_rates, edit_calendar_days, edit_tax_rates
from hetong.signing.fields import ENVELOPE, SIGNATORY
from hetong.signing.models import Envelope, Signatory
from hetong.todos import services as todos
from hetong.todos.fields import TODO
from hetong.todos.models import Todo

# A table is read across: its entries are wrapped by hand.
NOUNS: tuple[Noun, ...] = (
    # reference
    Noun(
        "reference.tax_rate", TaxRate, TAX_RATE, TaxRate.objects.visible_to, (_("Tax rate"), _("Tax rates")), "settings/taxes",
        "percentage", Reference.MANAGE, add_tax_rates, edit_tax_rates, is_searched=False,
    ),
    Noun(
        "reference.calendar_day", CalendarDay, CALENDAR_DAY, CalendarDay.objects.visible_to, (_("Calendar day"), _("Calendar days")),
        "settings/calendars", "calendar", Reference.MANAGE, add_calendar_days, edit_calendar_days, is_searched=False,
    ),
    # accounts
    Noun(
        "accounts.company", Company, COMPANY, Company.objects.visible_to, (_("Company"), _("Companies")), "settings/companies", "building",
        Accounts.MANAGE_COMPANIES, add_companies, edit_companies, is_searched=False,
    ),
    Noun(
        "accounts.bank", Bank, OUR_BANK, Bank.objects.visible_to, (_("Account of our company"), _("Accounts of our companies")), "",
        "building-bank", Accounts.MANAGE_COMPANIES, add_banks, edit_banks, is_searched=False,
    ),
    Noun(
        "accounts.team", Team, TEAM, find_teams, (_("Team"), _("Teams")), "settings/teams", "users-group",
        Accounts.MANAGE_COMPANIES, add_teams, edit_teams, is_searched=False,
    ),
    Noun(
        "accounts.user", User, USER, find_people, (_("Person"), _("People")), "settings/users", "user",
        Accounts.MANAGE_USERS, add_users, edit_users, is_searched=False,
    ),
    Noun(
        "accounts.role", Role, ROLE, find_all_roles, (_("Role"), _("Roles")), "settings/roles", "shield-lock", is_searched=False,
    ),
    Noun(
        "accounts.custom_field", CustomField, CUSTOM_FIELD, find_custom_fields, (_("Field of yours"), _("Fields of yours")),
        "settings/fields", "forms", is_searched=False,
    ),
    # documents
    Noun(
        "documents.document", Document, DOCUMENT, Document.objects.visible_to, (_("Document"), _("Documents")), "documents", "file-text",
        edit=documents.edit_documents, is_asked=True, can_view=Documents.VIEW, blob="current__blob_id", facets=("kind", "at"),
        known_by=kind_facts,
    ),
    Noun(
        "documents.version", Version, VERSION, Version.objects.visible_to, (_("Version"), _("Versions")), "", "history",
        is_searched=False,
    ),
    Noun(
        "documents.kind", DocumentKind, DOCUMENT_KIND, find_document_kinds, (_("Kind of document"), _("Kinds of document")),
        "settings/document-kinds", "tag", Accounts.MANAGE_ROLES, documents.add_kinds, documents.edit_kinds, is_searched=False,
    ),
    # approvals
    Noun(
        "approvals.round", Round, ROUND, Round.objects.visible_to, (_("Round of approval"), _("Rounds of approval")), "",
        "rubber-stamp", is_searched=False,
    ),
    Noun(
        "approvals.task", Task, TASK, Task.objects.visible_to, (_("Approval"), _("Approvals")), "", "rubber-stamp",
        is_searched=False,
    ),
    # signing
    Noun(
        "signing.envelope", Envelope, ENVELOPE, Envelope.objects.visible_to, (_("Envelope"), _("Envelopes")), "", "signature",
        is_searched=False,
    ),
    Noun(
        "signing.signatory", Signatory, SIGNATORY, Signatory.objects.visible_to, (_("Signatory"), _("Signatories")), "", "signature",
        is_searched=False,
    ),
    # todos
    Noun(
        "todos.todo", Todo, TODO, Todo.objects.visible_to, (_("To-do"), _("To-dos")), "", "checklist",
        add=todos.add_tasks, edit=todos.edit_tasks, is_searched=False,
    ),
    # discussions
    Noun(
        "discussions.thread", Thread, THREAD, Thread.objects.visible_to, (_("Thread"), _("Threads")), "", "messages",
        is_searched=False, can_view=Discussions.VIEW,
    ),
    Noun(
        "discussions.comment", Comment, COMMENT, Comment.objects.visible_to, (_("Comment"), _("Comments")), "", "message",
        edit=discussions.edit_comments, is_searched=False, can_view=Discussions.VIEW,
    ),
    Noun(
        "discussions.mention", Mention, MENTION, Mention.objects.visible_to, (_("Asked opinion"), _("Asked opinions")), "", "message",
        is_searched=False, can_view=Discussions.VIEW,
    ),
    # parties
    Noun(
        "parties.party", Party, PARTY, Party.objects.visible_to, (_("Party"), _("Customers & suppliers")), "parties", "address-book",
        Parties.ADD, parties.add_parties, parties.edit_parties, can_view=Parties.VIEW, editable_by=Party.objects.editable_by,
        visible_among=Party.objects.visible_among, leads_to=parties.leads_to, formerly=parties.formerly,
    ),
    Noun(
        "parties.terms", PartyTerms, TERMS, PartyTerms.objects.visible_to, (_("Terms"), _("Terms")), "", "file-text",
        Parties.EDIT, parties.add_terms, parties.edit_terms, is_searched=False,
    ),
    Noun(
        "parties.contact", Contact, CONTACT, Contact.objects.visible_to, (_("Contact person"), _("Contact persons")), "", "user",
        Parties.EDIT, parties.add_contacts, parties.edit_contacts, can_view=Parties.VIEW,
    ),
    Noun(
        "parties.identifier", PartyId, NUMBER, PartyId.objects.visible_to, (_("Number"), _("Numbers")), "", "id",
        Parties.EDIT, parties.add_numbers, parties.edit_numbers, is_searched=False,
    ),
    Noun(
        "parties.address", Address, ADDRESS, Address.objects.visible_to, (_("Address"), _("Addresses")), "", "map-pin",
        Parties.EDIT, parties.add_addresses, parties.edit_addresses, is_searched=False,
    ),
    Noun(
        "parties.bank", PartyBank, BANK, PartyBank.objects.visible_to, (_("Bank account"), _("Bank accounts")), "", "building-bank",
        Parties.EDIT_BANKS, parties.add_banks, parties.edit_banks, is_searched=False,
    ),
    Noun(
        "parties.kind", PartyKind, KIND, find_kinds, (_("Kind of party"), _("Kinds of party")), "settings/party-kinds", "tag",
        Parties.MANAGE_KINDS, parties.add_kinds, parties.edit_kinds, is_searched=False,
    ),
    # contracts
    Noun(
        "contracts.contract", Contract, CONTRACT, Contract.objects.visible_to, (_("Contract"), _("Contracts")), "contracts",
        "file-text", Contracts.ADD, contracts.add_contracts, contracts.edit_contracts, can_view=Contracts.VIEW,
        editable_by=Contract.objects.editable_by, check_writable=contracts.check_writable,
        card="contracts/card.html", frame="hetong.contracts.views.card.frame", facets=("stage", "company", "starts_on"),
    ),
    Noun(
        "contracts.line", Line, LINE, Line.objects.visible_to, (_("Line"), _("Lines")), "", "list",
        Contracts.EDIT, contracts.add_lines, contracts.edit_lines, is_searched=False,
    ),
    Noun(
        "contracts.instalment", Instalment, INSTALMENT, Instalment.objects.visible_to, (_("Stage of a plan"), _("Stages of plans")), "",
        "list-numbers", Contracts.EDIT, contracts.add_instalments, contracts.edit_instalments, is_searched=False,
    ),
    Noun(
        "contracts.milestone", Milestone, MILESTONE, Milestone.objects.visible_to, (_("Milestone"), _("Milestones")), "", "flag",
        Contracts.EDIT, contracts.add_milestones, contracts.edit_milestones, is_searched=False,
    ),
    Noun(
        "contracts.original", Original, ORIGINAL, Original.objects.visible_to, (_("Original"), _("Originals")), "", "copy",
        Contracts.PAPER, contracts.add_originals, contracts.edit_originals, is_searched=False,
    ),
    Noun(
        "contracts.loan", Loan, LOAN, Loan.objects.visible_to, (_("Loan of an original"), _("Loans of originals")), "", "arrow-up-right",
        Contracts.PAPER, is_searched=False,
    ),
    Noun(
        "contracts.project", Project, PROJECT, Project.objects.visible_to, (_("Project"), _("Projects")), "projects", "briefcase",
        Contracts.ADD, contracts.add_projects, contracts.edit_projects, can_view=Contracts.VIEW,
        editable_by=Project.objects.editable_by,
    ),
    Noun(
        "contracts.type", ContractType, TYPE, ContractType.objects.visible_to, (_("Contract type"), _("Contract types")),
        "settings/contract-types", "template", Contracts.MANAGE_TYPES, contracts.add_types, contracts.edit_types, is_searched=False,
    ),
    Noun(
        "contracts.status", Status, STATUS, Status.objects.visible_to, (_("Status"), _("Statuses")), "settings/statuses",
        "square-half", Contracts.MANAGE_TYPES, contracts.add_statuses, contracts.edit_statuses, is_searched=False,
    ),
    Noun(
        "contracts.member", Member, MEMBER, Member.objects.visible_to, (_("Team member"), _("Team members")), "", "user",
        Contracts.EDIT, is_searched=False,
    ),
    Noun(
        "contracts.flag", AbnormalFlag, FLAG, AbnormalFlag.objects.visible_to, (_("Abnormal flag"), _("Abnormal flags")), "",
        "alert-triangle", Contracts.FLAG, is_searched=False,
    ),
    # billing
    Noun(
        "billing.due", Due, DUE, Due.objects.visible_to, (_("Due"), _("Dues")), "", "calendar-dollar",
        edit=billing.edit_dues, is_searched=False, can_view=Billing.VIEW,
    ),
    Noun(
        "billing.invoice", Invoice, INVOICE, Invoice.objects.visible_to, (_("Invoice"), _("Invoices")), "billing/invoices",
        "file-invoice", Billing.INVOICE, edit=billing.edit_invoices, is_asked=True, can_view=Billing.VIEW,
    ),
    Noun(
        "billing.invoice_line", InvoiceLine, INVOICE_LINE, InvoiceLine.objects.visible_to, (_("Invoice line"), _("Invoice lines")), "",
        "list", is_searched=False, can_view=Billing.VIEW,
    ),
    Noun(
        "billing.payment", Payment, PAYMENT, Payment.objects.visible_to, (_("Payment"), _("Payments")), "billing/payments",
        "cash", Billing.REPORT, edit=billing.edit_payments, is_asked=True, can_view=Billing.VIEW,
    ),
    Noun(
        "billing.allocation", Allocation, ALLOCATION, Allocation.objects.visible_to, (_("Allocation"), _("Allocations")), "",
        "link", is_searched=False, can_view=Billing.VIEW,
    ),
    Noun(
        "billing.bill_type", BillType, BILL_TYPE, BillType.objects.visible_to, (_("Bill type"), _("Bill types")),
        "settings/bill-types", "receipt", Billing.MANAGE, billing.add_types, billing.edit_types, is_searched=False,
    ),
)  # fmt: skip

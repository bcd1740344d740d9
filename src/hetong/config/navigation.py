"""What appears where: the rail in the order of the work, the + New menu, the panels of records."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.utils.translation import gettext_lazy as _

from hetong.accounts.policy import Can as Accounts
from hetong.approvals.policy import Can as Approvals
from hetong.approvals.queries import Face, open_tasks
from hetong.audit.policy import Can as Audit
from hetong.billing.policy import Can as Billing
from hetong.billing.queries import count_dues
from hetong.contracts.policy import Can as Contracts
from hetong.contracts.queries import cautions, count_contracts, count_lines, count_originals, count_stages
from hetong.discussions.policy import Can as Discussions
from hetong.discussions.queries import count_comments
from hetong.documents.policy import Can as Documents
from hetong.documents.queries import count_documents
from hetong.exchange.policy import Can as Exchange
from hetong.parties.policy import Can as Parties
from hetong.reference.policy import Can as Reference
from hetong.todos.queries import count_mine, count_of_records
from hetong.ui.navigation import Group, Item, Panel

from .openings import OPENINGS

GROUPS: tuple[Group, ...] = (
    Group(
        "",
        (
            Item("home", _("Home"), "home", "home", on_phone=True),
            Item("todos", _("To-dos"), "todos:mine", "checklist", count=count_mine),
            Item(
                "approvals",
                _("Approvals"),
                "approvals:inbox",
                "rubber-stamp",
                (Approvals.DECIDE, Contracts.MOVE),
                count=open_tasks,
                on_phone=True,
            ),
            Item("parties", _("Customers & suppliers"), "parties:list", "address-book", (Parties.VIEW,), on_phone=True),
            Item("contracts", _("Contracts"), "contracts:list", "file-text", (Contracts.VIEW,), on_phone=True),
            Item("projects", _("Projects"), "projects:list", "briefcase", (Contracts.VIEW,)),
            Item("billing", _("Billing"), "billing:work", "receipt", (Billing.VIEW,)),
            Item("documents", _("Documents"), "documents:list", "folders", (Documents.VIEW,)),
        ),
    ),
    Group("", (Item("settings", _("Settings"), "accounts:settings", "settings"),)),  # at the foot of the rail
)

CREATE: tuple[Item, ...] = (
    Item("contract", _("Contract"), "contracts:add", "file-text", (Contracts.ADD,)),
    Item("customer", _("Customer"), "parties:add", "address-book", (Parties.ADD,), query="?kinds=customer"),
    Item("supplier", _("Supplier"), "parties:add", "address-book", (Parties.ADD,), query="?kinds=supplier"),
    Item("project", _("Project"), "projects:add", "briefcase", (Contracts.ADD,)),
    Item("task", _("Task"), "todos:add", "checklist"),
)

TALKED = (
    "parties.party",
    "contracts.contract",
    "contracts.project",
    "billing.invoice",
    "billing.payment",
    "documents.document",
)
"""The records that are discussed: those with a card."""

OTHER_SIDES: Mapping[str, str] = {"contracts.contract": "counterparty", "parties.party": "name"}
"""Records that are also discussed with somebody outside, and the field that names them."""

PANELS: tuple[Panel, ...] = (
    Panel(("parties.party",), "overview", _("Overview"), "parties:card", (Parties.VIEW,), is_own=True, order=0),
    Panel(
        ("parties.party",), "contracts", _("Contracts"), "party_contracts:list", (Contracts.VIEW,), count_contracts,
        is_own=True, is_counted_apart=True, order=10,
    ),
    Panel(("contracts.contract",), "overview", _("Overview"), "contracts:card", (Contracts.VIEW,), is_own=True, order=0),
    Panel(("contracts.contract",), "lines", _("Lines"), "contracts:lines", (Contracts.VIEW,), count_lines, is_own=True, order=10),
    Panel(("contracts.contract",), "plan", _("Plan"), "contracts:plan", (Contracts.VIEW,), count_stages, is_own=True, order=20),
    Panel(
        ("contracts.contract",), "originals", _("Originals"), "contracts:originals", (Contracts.VIEW,), count_originals, is_own=True,
        order=45,
    ),
    Panel(("contracts.contract",), "money", _("Money"), "contract_money:tab", (Billing.VIEW,), count_dues, is_own=True, order=30),
    Panel(("parties.party",), "money", _("Money"), "party_money:tab", (Billing.VIEW,), is_own=True, order=30),
    Panel(("billing.invoice",), "overview", _("Invoice"), "billing:invoice", (Billing.VIEW,), is_own=True, order=0),
    Panel(("billing.payment",), "overview", _("Payment"), "billing:payment", (Billing.VIEW,), is_own=True, order=0),
    Panel(("contracts.contract",), "approvals", _("Approvals"), "approvals:panel", (Contracts.VIEW,), order=50),
    Panel(("contracts.contract",), "signing", _("Signing"), "signing:panel", (Contracts.VIEW,), order=60),
    Panel(("contracts.contract",), "record", _("Record as PDF"), "exchange:record", (Contracts.VIEW,), is_file=True),
    Panel(("contracts.project",), "overview", _("Overview"), "projects:card", (Contracts.VIEW,), is_own=True, order=0),
    *(
        Panel(
            (key,), "documents", _("Documents"), "documents:panel", (Documents.VIEW,), partial(count_documents, key=key),
            is_counted_apart=True, order=40,
        )
        for key in ("parties.party", "contracts.contract", "contracts.project")
    ),
    Panel(("documents.document",), "versions", _("Versions"), "documents:card", (Documents.VIEW,), is_own=True, order=0),
    Panel(TALKED, "todos", _("To-dos"), "todos:panel", (), count_of_records, order=78),
    Panel(TALKED, "discussion", _("Discussion"), "discussions:panel", (Discussions.VIEW,), count_comments, order=80),
    Panel(
        tuple(OPENINGS), "access", _("Who sees this"), "accounts:access",
        (Accounts.SHARE, Accounts.MANAGE_USERS, Audit.VIEW_JOURNAL), order=80,
    ),
    Panel(
        ("contracts.contract", "billing.invoice", "contracts.project", "parties.party"), "reminders", _("Reminders"),
        "notifications:reminders", order=85,
    ),
    Panel(("*",), "history", _("History"), "audit:history", (Audit.VIEW_HISTORY,), order=90),
)  # fmt: skip

LISTS: Mapping[str, tuple[Item, ...]] = {
    key: (Item("import", _("Import"), "exchange:import_new", "table-import", (Exchange.IMPORT,), query=f"?kind={kind}"), *more)
    for key, kind, more in (
        ("parties.party", "parties", (Item("likely", _("Likely duplicates"), "parties:likely", "arrows-diff", (Parties.MERGE,)),)),
        ("contracts.contract", "contracts", ()), ("billing.invoice", "invoices", ()), ("billing.payment", "payments", ()),
    )
}  # fmt: skip
"""Buttons that higher apps put on the lists of lower records."""

APPROVALS: Mapping[str, Face] = {
    "contracts.contract": Face(
        party="counterparty", amount="gross", about=("type", "period"), facts=("gross", "term", "notice", "payment_days"),
        parts={
            "lines": ("contracts.line", ("quantity", "gross")), "instalments": ("contracts.instalment", ("percent", "gross")),
        },
        cautions=cautions,
    ),
}  # fmt: skip
"""How records look to who decides on them."""

SETTINGS: tuple[Group, ...] = (
    Group(_("You"), (
        Item("me", _("My settings"), "accounts:me", "user", about=_("Name, language, time zone, theme, first page.")),
        Item("sign_in", _("Sign-in"), "accounts:security", "key", about=_("Password, address, second step, devices.")),
        Item("notices", _("Notices"), "notifications:wishes", "bell", about=_("What you are told of, in the app and by mail, and when.")),
        Item("calendars", _("Calendars"), "todos:feeds", "calendar",
             about=_("Your days in Outlook, on your phone or in any other calendar.")),
        Item("stand_ins", _("Stand-ins"), "accounts:delegations", "user-check", about=_("Who decides for you while you are away.")),
        Item("tokens", _("API tokens"), "accounts:tokens", "plug", (Accounts.USE_API,),
             about=_("Keys for programs that act as you.")),
    )),
    Group(_("Our house"), (
        Item("companies", _("Companies"), "accounts:companies", "building", (Accounts.MANAGE_COMPANIES,),
             about=_("The legal persons that sign and invoice.")),
        Item("teams", _("Teams"), "accounts:teams", "users-group", (Accounts.MANAGE_COMPANIES,),
             about=_("Who works with whom, under whose lead.")),
        Item("users", _("People"), "accounts:users", "users", (Accounts.MANAGE_USERS,),
             about=_("Who signs in, with which roles.")),
        Item("mails", _("Mails"), "notifications:mails", "mail", (Accounts.MANAGE_USERS,),
             about=_("What was sent, what waits, what failed.")),
        Item("chat", _("Chat rooms"), "notifications:rooms", "messages", (Accounts.MANAGE_COMPANIES,),
             about=_("Where robots say what happens: DingTalk, WeCom, Feishu, Slack, Teams.")),
        Item("roles", _("Roles"), "accounts:roles", "shield-lock", (Accounts.MANAGE_USERS, Accounts.MANAGE_ROLES),
             about=_("What each role may do and see.")),
        Item("field_rules", _("Field rules"), "accounts:rules", "eye-off", (Accounts.MANAGE_ROLES,),
             about=_("Who may see and change which field.")),
        Item("fields", _("Fields of yours"), "accounts:fields", "forms", (Accounts.MANAGE_FIELDS,),
             about=_("What your records hold beyond what is shipped.")),
        Item("preview", _("View as"), "accounts:preview", "eye", (Accounts.MANAGE_ROLES,),
             about=_("See Hetong as a role or a person sees it.")),
    )),
    Group(_("Trust"), (
        Item("journal", _("Journal"), "audit:journal", "history", (Audit.VIEW_JOURNAL,),
             about=_("Everything that happened, by whom, from what to what.")),
        Item("duties", _("Duties kept apart"), "accounts:duties", "users", (Accounts.MANAGE_ROLES, Audit.VIEW_JOURNAL),
             about=_("What one person never does both halves of, and the exceptions.")),
        Item("personal", _("Personal data"), "personal", "user", (Accounts.ERASE,),
             about=_("What is held on a person: see it, hand it out, erase it.")),
        Item("scheduled", _("Scheduled jobs"), "scheduled", "clock", (Accounts.MANAGE_COMPANIES, Audit.VIEW_JOURNAL),
             about=_("What runs by itself, how it went, and what needs attention.")),
        Item("holds", _("Legal holds"), "holds", "lock", (Accounts.HOLD, Audit.VIEW_JOURNAL),
             about=_("What is kept for a case, and how long the rest is kept.")),
    )),
    Group(_("Words"), (
        Item("party_kinds", _("Kinds of party"), "parties:kinds", "tag", (Parties.MANAGE_KINDS,),
             about=_("Customer, supplier, partner and your own.")),
        Item("document_kinds", _("Kinds of document"), "documents:kinds", "file-text", (Accounts.MANAGE_ROLES,),
             about=_("Contract text, annex, invoice; who reads them.")),
    )),
    Group(_("Contracts"), (
        Item("types", _("Contract types"), "contract_settings:types", "template", (Contracts.MANAGE_TYPES,),
             about=_("Kinds of contract, what they start with and what they need.")),
        Item("reminders", _("Reminders"), "notifications:rules", "bell-ringing", (Accounts.MANAGE_COMPANIES,),
             about=_("How long before a day one is reminded, and when the manager is told.")),
        Item("statuses", _("Statuses"), "contract_settings:statuses", "square-half", (Contracts.MANAGE_TYPES,),
             about=_("Your own words and colours for the stages.")),
    )),
    Group(_("Facts"), (
        Item("rates", _("Exchange rates"), "reference:rates", "exchange", (Reference.MANAGE,),
             about=_("Of the European Central Bank, by day.")),
        Item("taxes", _("Tax rates"), "reference:taxes", "percentage", (Reference.MANAGE,),
             about=_("By country, each from a day on.")),
        Item("calendars", _("Working calendars"), "reference:calendars", "calendar", (Reference.MANAGE,),
             about=_("Holidays, and days of your own.")),
    )),
    Group(_("Billing"), (
        Item("bill_types", _("Bill types"), "billing_settings:types", "receipt", (Billing.MANAGE,),
             about=_("What invoices are called, their tax and their numbers.")),
        Item("series", _("Number series"), "billing_settings:series", "list-numbers", (Billing.MANAGE,),
             about=_("How invoices and credit notes are numbered.")),
    )),
    Group(_("Product"), (
        Item("imports", _("Imports"), "exchange:imports", "table-import", (Exchange.IMPORT,),
             about=_("Bring records in from files: checked first, and undone if need be.")),
        Item("api", _("API"), "api_docs", "code", (Accounts.USE_API,), about=_("How programs talk with Hetong.")),
        Item("components", _("Components"), "accounts:components", "palette", (Accounts.MANAGE_ROLES,),
             about=_("Every part of the interface in both themes.")),
    )),
)  # fmt: skip
"""The cards of ``/settings/``; apps that have something to set add their own group or entry."""

USER_MENU: tuple[Item, ...] = (
    Item("me", _("My settings"), "accounts:me", "user"),
    Item("settings", _("Settings"), "accounts:settings", "settings"),
)

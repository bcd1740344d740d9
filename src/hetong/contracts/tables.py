"""The lists of contracts, projects and types."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.contracts.policy import Can
from hetong.ui.lists import Shipped, Table

LIVE = "stage=active&stage=suspended&stage=closing"
GONE = "stage.not=discarded&stage.not=archived"

CONTRACTS = Table(
    noun="contracts.contract",
    columns=("number", "title", "counterparty", "status", "gross", "period", "next_event", "owner"),
    views=(
        Shipped("mine", _("Mine"), f"owner=me&{GONE}"),
        Shipped("team", _("I take part"), f"members=me&{GONE}"),
        Shipped("active", pgettext_lazy("contracts in force", "Active"), LIVE),
        Shipped("expiring", _("Expiring"), f"{LIVE}&next_event.lte=today%2B90d"),
        Shipped("drafts", _("Drafts"), "stage=draft&stage=in_review"),
        Shipped("signing", _("Awaiting signature"), "stage=signing"),
        Shipped("abnormal", _("Abnormal"), "is_abnormal=true"),
    ),
    sort="next_event",
    bulk=("owner", "team", "project"),
    new="contracts:add",
    new_label=_("New contract"),
    phone=("title", "counterparty", "number", "status", "gross", "next_event", "owner"),
    total="gross",
)

PROJECTS = Table(
    noun="contracts.project",
    columns=("number", "name", "site", "manager", "budget", "starts_on", "ends_on", "owner"),
    views=(Shipped("active", _("Active"), "is_active=true"), Shipped("mine", _("Mine"), "owner=me")),
    sort="name",
    bulk=("owner", "manager", "team"),
    new="projects:add",
    new_label=_("New project"),
    phone=("name", "site", "number", "", "budget"),
    total="budget",
)

TYPES = Table(
    noun="contracts.type",
    columns=("labels", "class", "term", "is_active"),
    views=(Shipped("offered", _("Offered"), "is_active=true"),),
    sort="position",
    new="contract_settings:type_add",
    new_label=_("Add contract type"),
    phone=("labels", "class"),
    can_export=Can.MANAGE_TYPES,
)

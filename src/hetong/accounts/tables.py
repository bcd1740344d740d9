"""The lists of the settings: companies, teams, people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.ui.lists import Shipped, Table

COMPANIES = Table(
    noun="accounts.company",
    columns=("name", "local_name", "country", "org_no", "currency", "is_active"),
    views=(Shipped("active", _("Active"), "is_active=true"),),
    sort="name",
    new="accounts:company_add",
    new_label=_("Add company"),
    phone=("name", "country"),
)

TEAMS = Table(
    noun="accounts.team",
    columns=("name", "company", "parent", "lead", "is_active"),
    sort="company,name",
    new="accounts:team_add",
    new_label=_("Add team"),
    phone=("name", "company"),
)

USERS = Table(
    noun="accounts.user",
    columns=("name", "email", "roles", "teams", "is_active"),
    views=(Shipped("active", _("Active"), "is_active=true"), Shipped("inactive", _("Inactive"), "is_active=false")),
    sort="name",
    new="accounts:user_add",
    new_label=_("Add person"),
    phone=("name", "email"),
)

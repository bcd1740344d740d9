from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Level
from hetong.kernel.fields import Field, Kind, Register

from .models import Company, Team, User

ADMIN_EDITS = {"agent": Level.READ, "portal": Level.HIDDEN}

COMPANY = Register(
    "accounts.company",
    Company,
    [
        Field("name", _("Name"), path="name", key="name_key", write=True, required=True, searchable=True, column=True, max_length=200),
        Field("local_name", _("Name in another script"), path="local_name", write=True, column=True, max_length=200),
        Field("country", _("Country"), path="country", write=True, required=True, column=True, max_length=2),
        Field("org_no", _("Registration number"), path="org_no", write=True, column=True, max_length=40),
        Field("tax_no", _("VAT / tax number"), path="tax_no", write=True, max_length=40),
        Field("address", _("Address"), Kind.LONG_TEXT, path="address", write=True),
        Field("currency", _("Currency"), path="currency", write=True, required=True, column=True, max_length=3),
        Field("zone", _("Time zone"), path="zone", write=True, max_length=60),
        Field("language", _("Language"), path="language", write=True, max_length=10),
        Field("prices_include_tax", _("Prices include tax"), Kind.FLAG, path="prices_include_tax", write=True),
        Field("contract_prefix", _("Prefix of contract numbers"), path="contract_prefix", write=True, max_length=12),
        Field("is_active", _("Active"), Kind.FLAG, path="is_active", write=True),
    ],
    heading="name",
    company="pk",
)

TEAM = Register(
    "accounts.team",
    Team,
    [
        Field("name", _("Name"), path="name", key="name_key", write=True, required=True, searchable=True, column=True, max_length=120),
        Field(
            "company", _("Company"), Kind.REFERENCE, path="company_id", to="accounts.company", title="company__name",
            key="company__name_key", write=True, required=True, column=True,
        ),
        Field("parent", _("Part of"), Kind.REFERENCE, path="parent_id", to="accounts.team", title="parent__name", key="parent__name_key", write=True, column=True),
        Field("lead", _("Lead"), Kind.REFERENCE, path="lead_id", to="accounts.user", title="lead__name", key="lead__name_key", write=True, column=True),
        Field("is_active", _("Active"), Kind.FLAG, path="is_active", write=True),
    ],
    heading="name",
)  # fmt: skip

USER = Register(
    "accounts.user",
    User,
    [
        Field("name", _("Name"), path="name", key="name_key", write=True, required=True, searchable=True, personal=True, column=True, max_length=120),
        Field("email", _("E-mail"), path="email", write=True, required=True, personal=True, column=True, max_length=254),
        Field("language", _("Language"), path="language", write=True, max_length=10),
        Field("zone", _("Time zone"), path="zone", write=True, max_length=60),
        Field("is_active", _("Active"), Kind.FLAG, path="is_active", write=True, column=True),
    ],
    heading="name",
    company="",
)  # fmt: skip

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.contracts.fields import words
from hetong.contracts.models import AbnormalFlag, Member
from hetong.contracts.policy import Can
from hetong.kernel.fields import Field, Kind, Register

FLAG = Register(
    "contracts.flag",
    AbnormalFlag,
    [
        Field("reason", _("Reason"), Kind.LONG_TEXT, "reason", write=True, required=True, sortable=False),
        Field(
            "owner", _("Who follows it up"), Kind.REFERENCE, "owner_id", to="accounts.user", title="owner__name",
            key="owner__name_key", write=True,
        ),
        Field("due_on", _("Settled by"), Kind.DATE, "due_on", write=True),
        Field("stops_invoicing", _("Stops invoicing"), Kind.FLAG, "stops_invoicing", write=True),
        Field("stops_signing", _("Stops signing"), Kind.FLAG, "stops_signing", write=True),
        Field("state", _("State"), path="state"),
        Field("outcome", _("Outcome"), Kind.LONG_TEXT, "outcome", write=True, sortable=False),
        Field("opened_at", _("Since"), Kind.INSTANT, "opened_at"),
        Field("opened_by", _("Set by"), path="opened_by_label"),
        Field("resolved_at", _("Resolved"), Kind.INSTANT, "resolved_at"),
        Field("resolved_by", _("Resolved by"), path="resolved_by_label"),
        Field("reopened_count", _("Flagged before"), Kind.NUMBER, "reopened_count"),
    ],
    heading="reason",
    company="contract__company_id",
    parent=("contract_id", "contracts.contract"),
    edit=Can.FLAG,
    versioned=False,
)  # fmt: skip

MEMBER = Register(
    "contracts.member",
    Member,
    [
        Field(
            "user", _("Colleague"), Kind.REFERENCE, "user_id", to="accounts.user", title="user__name", key="user__name_key",
            write=True, required=True,
        ),
        Field("role", _("Takes part as"), Kind.CHOICE, "role", choices=lambda: words.offered(words.ROLES), write=True, required=True),
    ],
    heading="user",
    company="contract__company_id",
    parent=("contract_id", "contracts.contract"),
    edit=Can.EDIT,
    versioned=False,
)  # fmt: skip

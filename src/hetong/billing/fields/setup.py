from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from hetong.billing.models import BillType
from hetong.billing.policy import Can
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Raw, Register, Verb


def _verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    if actor.may(Can.MANAGE):
        yield Verb("edit", _("Edit"), f"/settings/bill-types/{raw['pk']}/", "pencil", asks="edit")


BILL_TYPE = Register(
    "billing.bill_type",
    BillType,
    [
        Field("labels", _("Name"), Kind.LABELS, "labels", write=True, required=True, column=True, sortable=False),
        Field(
            "heading", _("Heading"), Kind.LABELS, "heading", write=True, column=True, sortable=False,
            help=_("What stands on top of the paper; empty: the name."),
        ),
        Field(
            "note", _("Note"), Kind.LABELS, "note", write=True, sortable=False,
            help=_("A sentence below the sums, printed in the languages that have one."),
        ),
        Field(
            "country", _("Country"), path="country", write=True, column=True, max_length=2,
            help=_("Offered to our companies in this country only; empty: to all."),
        ),
        Field(
            "tax_rate", _("Tax rate %"), Kind.PERCENT, "tax_percent", write=True, column=True,
            help=_("Replaces the rate of what is billed, the amount with tax staying as agreed; empty: each line keeps its own."),
        ),
        Field(
            "prefix", _("Number prefix"), path="prefix", write=True, column=True, max_length=12,
            help=_("Gives the type a number series of its own; empty: the company's common one."),
        ),
        Field("is_default", _("Default"), Kind.FLAG, "is_default", write=True, column=True),
        Field("is_active", _("Offered"), Kind.FLAG, "is_active", write=True, column=True),
        Field("position", _("Position"), Kind.NUMBER, "position", write=True),
        Field("key", _("Key"), path="key"),
    ],
    heading="labels",
    company="",
    verbs=_verbs,
    edit=Can.MANAGE,
)  # fmt: skip

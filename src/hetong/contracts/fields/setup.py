from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.contracts.fields import words
from hetong.contracts.fields.contract import CONTRACT
from hetong.contracts.models import ContractType, Status
from hetong.contracts.policy import Can
from hetong.documents.models import DocumentKind
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Choice, Field, Kind, Raw, Register
from hetong.kernel.labels import Labels

MAY_BE_REQUIRED = (
    "starts_on", "ends_on", "effective_on", "term", "notice_count", "payment_days", "reference", "summary", "project",
    "parent", "gross",
)  # fmt: skip
"""The fields that a type may ask for before its contracts leave draft."""


def _required_choices() -> list[Choice]:
    return [Choice(name, CONTRACT.fields[name].label) for name in MAY_BE_REQUIRED]


def _required(raw: Raw, actor: Actor) -> tuple[Choice, ...]:
    return tuple(choice for choice in _required_choices() if choice.code in raw["required"])


def _proof_choices() -> list[Choice]:
    """The kinds of document that prove a qualification; one that is out of use stays asked for where it was."""
    found = DocumentKind.objects.filter(is_qualification=True).order_by("position", "key")
    return [Choice(key, str(Labels(labels))) for key, labels in found.values_list("key", "labels")]


def _proofs(raw: Raw, actor: Actor) -> tuple[Choice, ...]:
    if not raw["qualifications"]:
        return ()
    return tuple(choice for choice in _proof_choices() if choice.code in raw["qualifications"])


TYPE = Register(
    "contracts.type",
    ContractType,
    [
        Field("labels", _("Name"), Kind.LABELS, "labels", write=True, required=True, column=True),
        Field(
            "class", _("Class"), Kind.CHOICE, "class_of", choices=lambda: words.offered(words.CLASSES), write=True, required=True,
            column=True,
        ),
        Field("position", _("Position"), Kind.NUMBER, "position", write=True),
        Field(
            "term", _("Term"), Kind.CHOICE, "term", choices=lambda: words.offered(words.TERMS), write=True, column=True,
            initial="fixed",
        ),
        Field("notice_count", _("Notice period"), Kind.NUMBER, "notice_count", write=True),
        Field(
            "notice_unit", _("Notice counted in"), Kind.CHOICE, "notice_unit", choices=lambda: words.offered(words.UNITS),
            write=True, initial="month",
        ),
        Field("lead_days", _("Days to decide before the last day of notice"), Kind.NUMBER, "lead_days", write=True, initial=14),
        Field("payment_days", _("Days to pay"), Kind.NUMBER, "payment_days", write=True),
        Field("tax_rate", _("Tax rate %"), Kind.PERCENT, "tax_percent", write=True),
        Field(
            "required", _("Needed before it leaves draft"), Kind.LIST, "required", needs=("required",), write=True,
            choices=_required_choices, compute=_required,
        ),
        Field(
            "qualifications", _("Papers asked of the other side"), Kind.LIST, "qualifications", needs=("qualifications",), write=True,
            choices=_proof_choices, compute=_proofs,
            help=_("A valid one of each is kept with the customer or supplier when a contract of this type is submitted or signed."),
        ),
        Field(
            "lapse_rule", _("Where one is missing or has lapsed"), Kind.CHOICE, "lapse_rule",
            choices=lambda: words.offered(words.LAPSE_RULES), write=True, initial="stop",
        ),
        Field("is_active", _("Offered"), Kind.FLAG, "is_active", column=True),
    ],
    heading="labels",
    company="",
    edit=Can.MANAGE_TYPES,
)  # fmt: skip

STATUS = Register(
    "contracts.status",
    Status,
    [
        Field("labels", _("Name"), Kind.LABELS, "labels", write=True, required=True, column=True),
        Field(
            "stage", _("Stage"), Kind.CHOICE, "stage", choices=lambda: words.offered(words.STAGES, glyphs=True), write=True,
            required=True, column=True,
        ),
        Field(
            "color", _("Colour"), Kind.CHOICE, "color", choices=lambda: words.offered(words.COLORS, colors=True), write=True,
            column=True,
        ),
        Field("position", _("Position"), Kind.NUMBER, "position", write=True),
        Field("is_default", _("Default of its stage"), Kind.FLAG, "is_default", column=True),
        Field("is_active", _("Offered"), Kind.FLAG, "is_active", column=True),
    ],
    heading="labels",
    company="",
    edit=Can.MANAGE_TYPES,
)  # fmt: skip

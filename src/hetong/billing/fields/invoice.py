from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from hetong.billing.fields import words
from hetong.billing.fields.amounts import MoneyRegister, amount, filling_in, link
from hetong.billing.models import Invoice, InvoiceLine
from hetong.billing.policy import INVOICE as NOUN
from hetong.billing.policy import Can
from hetong.billing.states import Direction, InvoiceKind
from hetong.contracts.states import Stage
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Choice, Field, Kind, Raw, Register, Verb
from hetong.kernel.scaled import PRICE, QUANTITY

LEFT = F("gross_minor") - F("credited_minor") - F("settled_minor")
OPEN = Q(kind=InvoiceKind.INVOICE, gross_minor__gt=F("credited_minor") + F("settled_minor"))
"""Something of it is still to be settled."""


def _condition(actor: Actor) -> Combinable:
    """The condition in SQL, for filters and order; `condition_of` says the same of a row."""
    return Case(
        When(kind=InvoiceKind.CREDIT_NOTE, then=Value("credit")),
        When(credited_minor=F("gross_minor"), then=Value("credited")),
        When(contract__has_invoice_plan=True, then=Value("open")),
        When(gross_minor=F("credited_minor") + F("settled_minor"), then=Value("settled")),
        When(due_on__lt=clock.today(actor.zone), then=Value("late")),
        When(settled_minor__gt=0, then=Value("partial")),
        default=Value("open"),
    )


def condition_of(raw: Raw, actor: Actor) -> Choice:
    """What became of an invoice: open, partly settled, overdue, settled or credited."""
    gross, credited, settled = raw["gross_minor"], raw["credited_minor"], raw["settled_minor"]
    if raw["kind"] == InvoiceKind.CREDIT_NOTE:
        code = "credit"
    elif credited == gross:
        code = "credited"
    elif raw["contract__has_invoice_plan"]:
        code = "open"
    elif credited + settled == gross:
        code = "settled"
    elif raw["due_on"] < clock.today(actor.zone):
        code = "late"
    else:
        code = "partial" if settled else "open"
    return next(one for one in words.invoice_conditions() if one.code == code)


def _verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    base, company = f"/billing/invoices/{raw['pk']}/", raw["company_id"]
    if raw["direction"] == Direction.OUT:
        yield Verb("pdf", _("PDF"), f"{base}pdf/", "download", asks="file")
    if raw["contract__stage"] == Stage.ARCHIVED:
        return
    if raw["kind"] == InvoiceKind.INVOICE:
        yield from _posting(actor, raw, base)
    if actor.may(Can.INVOICE, company):
        yield from filling_in(INVOICE, base)


def _posting(actor: Actor, raw: Raw, base: str) -> Iterable[Verb]:
    company = raw["company_id"]
    is_open = raw["gross_minor"] > raw["credited_minor"] + raw["settled_minor"]
    if is_open and not raw["contract__has_invoice_plan"] and actor.may(Can.REPORT, company):
        yield Verb("pay", _("Report payment"), f"{base}pay/", "cash", primary=True, asks="pay")
    if raw["gross_minor"] > raw["credited_minor"] and actor.may(Can.INVOICE, company):
        yield Verb("credit", _("Credit"), f"{base}credit/", "corner-down-right", danger=True, asks="credit")


INVOICE: Register = MoneyRegister(
    NOUN,
    Invoice,
    [
        Field("number", _("Invoice no."), path="number", key="number_key", column=True, searchable=True, max_length=60),
        Field(
            "condition", _("State"), Kind.CHOICE, _condition, choices=words.invoice_conditions, column=True, compute=condition_of,
            needs=("kind", "due_on", "contract__has_invoice_plan", "gross_minor", "credited_minor", "settled_minor"),
        ),
        Field("kind", _("Kind"), Kind.CHOICE, "kind", choices=lambda: words.offered(words.INVOICE_KINDS), column=True),
        Field("direction", _("Issued or received"), Kind.CHOICE, "direction", choices=lambda: words.offered(words.DIRECTIONS)),
        Field(
            "bill_type", _("Bill type"), Kind.REFERENCE, "bill_type_id", to="billing.bill_type", title="bill_type__labels",
            key="bill_type__key", column=True,
        ),
        link("contract", _("Contract"), "contracts.contract", "title"),
        Field("contract_number", _("Contract no."), path="contract__number", key="contract__number_key", column=True),
        link("party", _("Party"), "parties.party", searchable=True),
        link("company", _("Our company"), "accounts.company"),
        Field("issued_on", _("Issued on"), Kind.DATE, "issued_on", column=True),
        Field("due_on", _("Due"), Kind.DATE, "due_on", column=True),
        amount("net", _("Net")),
        amount("tax", _("Tax")),
        amount("gross", _("Amount")),
        amount("credited", _("Credited")),
        amount("settled", _("Settled")),
        amount("left", _("Left to pay"), LEFT),
        Field("currency", _("Currency"), path="currency"),
        link("corrects", _("Corrects"), "billing.invoice", "number"),
        Field("reason", _("Reason"), path="reason", sortable=False),
        Field("payment_reference", _("Payment reference"), path="payment_reference", sortable=False),
        Field("their_reference", _("Your reference"), path="their_reference", sortable=False),
        Field("our_reference", _("Our reference"), path="our_reference", sortable=False),
        Field("order_no", _("Order no."), path="order_no", sortable=False),
        Field("note", _("Note"), Kind.LONG_TEXT, "note", sortable=False),
        Field("language", _("Language"), path="language"),
        Field("created_by", _("Issued by"), path="created_by_label", sortable=False),
        Field("created_at", _("Created"), Kind.INSTANT, "created_at"),
    ],
    heading="number",
    facts=(
        "contract_id", "contract__stage", "contract__has_invoice_plan", "direction", "kind", "gross_minor", "credited_minor",
        "settled_minor",
    ),
    verbs=_verbs,
    edit=Can.INVOICE,
    parent=("contract_id", "contracts.contract"),
)  # fmt: skip

INVOICE_LINE: Register = MoneyRegister(
    "billing.invoice_line",
    InvoiceLine,
    [
        Field("title", _("Description"), path="title", column=True, sortable=False),
        Field("detail", _("Detail"), path="detail", column=True, sortable=False),
        Field("position", _("Position"), Kind.NUMBER, "position"),
        Field("invoice", _("Invoice"), Kind.REFERENCE, "invoice_id", to=NOUN, title="invoice__number", key="invoice__number_key"),
        Field("due", _("Stage"), Kind.REFERENCE, "due_id", to="billing.due", title="due__title", sortable=False),
        Field("line", _("Line"), Kind.REFERENCE, "line_id", to="contracts.line", title="line__title", key="line__title_key"),
        Field("service_from", _("For the time from"), Kind.DATE, "service_from"),
        Field("service_to", _("For the time to"), Kind.DATE, "service_to"),
        Field("quantity", _("Quantity"), Kind.NUMBER, "quantity", scale=QUANTITY.exponent, column=True),
        Field("unit", _("Unit"), path="unit", column=True, sortable=False),
        Field("unit_price", _("Unit price"), Kind.NUMBER, "price", scale=PRICE.exponent, column=True),
        Field("share", _("Share"), path="share", column=True, sortable=False),
        Field("tax_rate", _("Tax rate %"), Kind.PERCENT, "tax_percent", column=True),
        Field("tax_code", _("Tax code"), path="tax_code", sortable=False),
        amount("net", _("Net")),
        amount("tax", _("Tax")),
        amount("gross", _("Amount")),
    ],
    heading="title",
    also=("unit_price",),
    parent=("invoice_id", NOUN),
    versioned=False,
)  # fmt: skip

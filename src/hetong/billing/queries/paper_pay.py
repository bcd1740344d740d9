"""The other half of an invoice: what one types to pay it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hetong.billing.models import Invoice
from hetong.billing.states import InvoiceKind
from hetong.files.typeset.writing import Pen, entry

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z ]{8,}")


def other_half(pen: Pen, invoice: Invoice, banks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Account, reference, due day and amount, large enough to type from; of a credit note, what it credits."""
    amount = pen.amount(invoice.gross_minor, invoice.currency)
    if invoice.kind == InvoiceKind.CREDIT_NOTE:
        return _credited(pen, invoice, amount)
    account = next(iter(fitting(banks, invoice.currency)), None)
    fields = [
        *([entry(account_label(account), account["account"])] if account else []),
        entry(*_reference(invoice, account)),
        entry(_("Due date"), pen.day(invoice.due_on)),
        entry(_("To pay, %(currency)s") % {"currency": invoice.currency}, amount),
    ]
    more = [entry("BIC", account["bic"])] if account and account["bic"] else []
    return {"word": _("The other half: how to pay"), "fields": fields, "more": more}


def _credited(pen: Pen, invoice: Invoice, amount: str) -> dict[str, Any]:
    corrected = invoice.corrects
    fields = (
        [entry(_("Credits invoice"), corrected.number), entry(_("Invoice date"), pen.day(corrected.issued_on))]
        if corrected
        else []
    )
    fields.append(entry(_("Credited, %(currency)s") % {"currency": invoice.currency}, amount))
    return {"word": _("The other half: nothing to pay"), "fields": fields, "more": []}


def fitting(banks: Sequence[Mapping[str, Any]], currency: str) -> list[Mapping[str, Any]]:
    """The accounts that take the currency: those kept for it, then those for any."""
    return [one for wanted in (currency, "") for one in banks if one["currency"] == wanted]


def account_label(account: Mapping[str, Any]) -> str:
    """What the account is called: IBAN where it is one and nobody said otherwise."""
    if _IBAN.fullmatch(account["account"]) and not account["label"]:
        return "IBAN"
    return account["label"] or _("Account")


def _reference(invoice: Invoice, account: Mapping[str, Any] | None) -> tuple[str, str]:
    """What the payer states, and what it is called: an OCR number where Swedish giros will check its last digit."""
    reference = invoice.payment_reference or invoice.number
    is_giro = account is not None and account["label"].casefold() in ("bankgiro", "plusgiro")
    if is_giro and reference.isdecimal() and has_luhn_digit(reference):
        return _("OCR number"), reference
    return _("Payment reference"), reference


def has_luhn_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of the others by Luhn's modulus 10 (ISO/IEC 7812-1 annex B)."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return len(digits) > 1 and sum(value // 10 + value % 10 for value in doubled) % 10 == 0

"""Numbers of what we issue: gapless per company, series and year, rising with the days; and payment references."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max

from hetong.accounts.models import Company
from hetong.accounts.services import take_numbers
from hetong.billing.models import BillType, Invoice
from hetong.billing.services.errors import IssuedBeforeLast
from hetong.billing.states import Direction, InvoiceKind

INVOICES, CREDITS = "invoice", "credit_note"
CREDIT_PREFIX, INVOICE_PREFIX = "CR", "INV"
OCR_COUNTRIES = frozenset({"SE"})
Series = tuple[UUID, str, int]


def series_of(invoice: Invoice, bill_type: BillType) -> Series:
    """Company, kind and year of the series that the invoice's number comes from."""
    own = f"{INVOICES}:{bill_type.key}"[:40] if bill_type.prefix else INVOICES
    kind = CREDITS if invoice.kind == InvoiceKind.CREDIT_NOTE else own
    return invoice.company_id, kind, invoice.issued_on.year


def number_invoices(invoices: Sequence[Invoice], types: dict[UUID, BillType], companies: dict[UUID, Company]) -> None:
    """Give every invoice its number and payment reference, in memory; the last locks of a posting (law 11).

    Raises `IssuedBeforeLast`. The caller's transaction keeps the numbers or gives them all back.
    """
    groups: dict[Series, list[Invoice]] = {}
    for one in invoices:
        groups.setdefault(series_of(one, types[one.bill_type_id]), []).append(one)
    for (company_id, kind, year), own in sorted(groups.items(), key=lambda pair: (str(pair[0][0]), *pair[0][1:])):
        own.sort(key=lambda one: (one.issued_on, one.pk))
        prefix = _prefix(kind, types[own[0].bill_type_id], companies[company_id])
        numbers = take_numbers(company_id, kind, year, len(own), prefix=prefix, is_gapless=True)
        _check_last(own[0], kind, types)
        for one, number in zip(own, numbers, strict=True):
            one.number = number
    for company_id, company in companies.items():
        _set_references(company, [one for one in invoices if one.company_id == company_id])


def _prefix(kind: str, bill_type: BillType, company: Company) -> str:
    if kind == CREDITS:
        return CREDIT_PREFIX
    if kind != INVOICES:
        return bill_type.prefix
    return "" if company.country in OCR_COUNTRIES else INVOICE_PREFIX


def _check_last(first: Invoice, kind: str, types: dict[UUID, BillType]) -> None:
    """Asked after the series is held, so that nobody can come in between."""
    year = first.issued_on.year
    before = Invoice.objects.filter(
        company=first.company_id, direction=Direction.OUT, kind=first.kind, issued_on__year=year
    )
    if kind != CREDITS:
        own = types[first.bill_type_id]
        before = before.filter(bill_type=own.pk) if own.prefix else before.filter(bill_type__prefix="")
    last: dt.date | None = before.aggregate(last=Max("issued_on"))["last"]
    if last is not None and first.issued_on < last:
        raise IssuedBeforeLast(asked=first.issued_on.isoformat(), last=last.isoformat())


# -- payment references ------------------------------------------------------------------------------


def luhn(digits: str) -> str:
    """The check digit (modulus 10, Luhn) of a row of digits, as Swedish payment references (OCR) end in."""
    doubled = (int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits)))
    return str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def _set_references(company: Company, invoices: Sequence[Invoice]) -> None:
    """What the customer names when paying: in Sweden an OCR number made of the invoice's digits, else the number."""
    paid = [one for one in invoices if one.kind == InvoiceKind.INVOICE]
    if company.country not in OCR_COUNTRIES:
        for one in paid:
            one.payment_reference = one.number
        return
    wanted = {one.pk: _ocr(one.number) for one in paid}
    rows = Invoice.objects.filter(company=company.pk, payment_reference__in=wanted.values())
    taken = set(rows.values_list("payment_reference", flat=True))
    for one in paid:
        reference, turn = wanted[one.pk], 0
        while reference in taken:  # another series wrote the same digits
            turn += 1
            reference = _ocr(f"{one.number}{turn}")
        taken.add(reference)
        one.payment_reference = reference


def _ocr(number: str) -> str:
    digits = "".join(d for d in number if d in "0123456789")
    return digits + luhn(digits)

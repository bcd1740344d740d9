"""Whether sums still equal their rows and no number is missing: what the doctor asks of billing (trust A6, A7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from hetong.accounts.models import Series
from hetong.accounts.services import written
from hetong.billing.models import Allocation, Due, Invoice, InvoiceLine, Payment
from hetong.billing.states import Direction, DueKind, DueState, InvoiceKind
from hetong.contracts.models import Contract

CHUNK = 500
WHOLE: Final[BigIntegerField[int, int]] = BigIntegerField()


@dataclass(frozen=True)
class Unequal:
    """A sum that does not equal its rows, or a number that is missing."""

    where: str
    what: str


def _minus(column: str) -> Combinable:
    return ExpressionWrapper(F(column) * Value(-1, output_field=WHOLE), output_field=WHOLE)


def _sum(rows: QuerySet[Any], of: str, column: Any) -> Any:
    """The sum over the rows that point at the outer one, 0 where there are none."""
    own = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(total=Sum(column, output_field=WHOLE))
    return Coalesce(Subquery(own.values("total")), Value(0), output_field=WHOLE)


def _differing(rows: QuerySet[Any], kept: str, counted: Any, name: str) -> Iterator[Unequal]:
    """One finding per row whose kept sum differs from what its rows come to."""
    wrong = rows.annotate(counted=counted).exclude(**{kept: F("counted")}).order_by("pk")
    for pk, has, comes_to in wrong.values_list("pk", kept, "counted").iterator(chunk_size=2000):
        yield Unequal(f"{rows.model._meta.label_lower} {pk}", f"{name} says {has}, its rows come to {comes_to}")


def money_checks() -> Iterator[Unequal]:
    """Every cached sum of dues, invoices, payments and contracts against its rows; set-wise, in a few statements."""
    lines, allocations = InvoiceLine.objects.all(), Allocation.objects.all()
    signed = Case(
        When(invoice__kind=InvoiceKind.CREDIT_NOTE, then=_minus("gross_minor")),
        default=F("gross_minor"),
        output_field=WHOLE,
    )
    dues, invoices = Due.objects.all(), Invoice.objects.all()
    yield from _differing(dues, "invoiced_minor", _sum(lines, "due", signed), "invoiced")
    yield from _differing(dues, "settled_minor", _sum(allocations, "due", "amount_minor"), "settled")
    yield from _differing(invoices, "settled_minor", _sum(allocations, "invoice", "amount_minor"), "settled")
    notes = Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE)
    yield from _differing(
        invoices.filter(kind=InvoiceKind.INVOICE), "credited_minor", _sum(notes, "corrects", "gross_minor"), "credited"
    )
    for column in ("net_minor", "tax_minor", "gross_minor"):
        yield from _differing(invoices, column, _sum(lines, "invoice", column), column.removesuffix("_minor"))
    payments = Payment.objects.all()
    yield from _differing(payments, "allocated_minor", _sum(allocations, "payment", "amount_minor"), "allocated")
    for pk in payments.filter(allocated_minor__gt=F("amount_minor")).values_list("pk", flat=True):
        yield Unequal(f"billing.payment {pk}", "more is allocated than was paid")
    yield from _reversals()
    yield from _taxes()
    yield from _contracts()


def _reversals() -> Iterator[Unequal]:
    """A row that takes another back is its exact opposite."""
    odd = Allocation.objects.filter(reverses__isnull=False).exclude(
        amount_minor=_minus("reverses__amount_minor"), due=F("reverses__due"), payment=F("reverses__payment")
    )
    for pk in odd.values_list("pk", flat=True):
        yield Unequal(f"billing.allocation {pk}", "is not the opposite of what it takes back")


def _taxes() -> Iterator[Unequal]:
    """The tax table of every invoice against its lines, per rate."""
    last = None
    while True:
        chunk = Invoice.objects.order_by("pk") if last is None else Invoice.objects.filter(pk__gt=last).order_by("pk")
        kept = list(chunk.values_list("pk", "taxes")[:CHUNK])
        if not kept:
            return
        last = kept[-1][0]
        rows = InvoiceLine.objects.filter(invoice__in=[pk for pk, _taxes in kept]).order_by()
        counted: dict[Any, dict[tuple[int, str], tuple[int, int]]] = {}
        for invoice, rate, code, net, tax in rows.values_list("invoice", "tax_percent", "tax_code").annotate(
            Sum("net_minor"), Sum("tax_minor")
        ):
            counted.setdefault(invoice, {})[rate, code] = (net, tax)
        for pk, taxes in kept:
            told = {(one["rate"], one["code"]): (one["net"], one["tax"]) for one in taxes}
            if told != counted.get(pk, {}):
                yield Unequal(f"billing.invoice {pk}", "the taxes per rate are not those of its lines")


def _contracts() -> Iterator[Unequal]:
    """The money totals of every contract with dues against those dues."""
    live = Due.objects.exclude(state=DueState.REVERSED)
    linked = Q(contract__has_invoice_plan=False)
    billing = live.filter(linked | Q(kind=DueKind.INVOICE))
    still = Case(
        When(invoiced_minor__gt=F("settled_minor"), then=F("invoiced_minor") - F("settled_minor")), default=Value(0)
    )
    rows = Contract.objects.all()
    yield from _differing(rows, "invoiced_minor", _sum(billing, "contract", "invoiced_minor"), "invoiced")
    yield from _differing(rows, "received_minor", _sum(live, "contract", "settled_minor"), "received")
    own = rows.filter(has_invoice_plan=False)
    yield from _differing(own, "open_minor", _sum(live, "contract", still), "open")
    due_on = Invoice.objects.filter(
        contract=OuterRef("pk"), kind=InvoiceKind.INVOICE, gross_minor__gt=F("credited_minor") + F("settled_minor")
    )
    oldest = due_on.order_by().values("contract").annotate(oldest=Min("due_on")).values("oldest")
    # allow: visibility — a check of the installation reads all
    wrong = own.annotate(oldest=Subquery(oldest)).exclude(
        Q(oldest_open_due_on=F("oldest")) | Q(oldest_open_due_on=None, oldest=None)
    )
    for pk in wrong.values_list("pk", flat=True):
        yield Unequal(
            f"contracts.contract {pk}", "the day since when it is open is not that of its oldest open invoice"
        )


def number_checks() -> Iterator[Unequal]:
    """Gaps: numbers of gapless series that were given out and stand on no invoice, each series in its order."""
    for series in Series.objects.filter(is_gapless=True).order_by("company", "kind", "year"):
        for start in range(series.first_number, series.next_number, CHUNK):
            given = [written(series, n) for n in range(start, min(start + CHUNK, series.next_number))]
            rows = Invoice.objects.filter(company=series.company_id, direction=Direction.OUT, number__in=given)
            found = set(rows.values_list("number", flat=True))
            for number in (one for one in given if one not in found):
                yield Unequal(f"accounts.series {series.pk}", f"the number {number} was given out and is on no invoice")

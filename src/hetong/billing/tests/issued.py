"""Invoices for the tests of their papers, put into the tables as issuing would leave them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hetong.accounts.models import Bank, Company
from hetong.accounts.testing import Cast
from hetong.billing.models import BillType, Due, Invoice, InvoiceLine
from hetong.contracts.models import Line
from hetong.contracts.testing import make_contract, make_line, make_type
from hetong.kernel import clock
from hetong.kernel.dates import Period, Span, Unit
from hetong.kernel.daycount import Convention
from hetong.kernel.money import Money
from hetong.kernel.proration import prorate
from hetong.parties.models import Address, Party, PartyId, PartyTerms

Row = dict[str, Any]

SERVICE = Period(dt.date(2026, 10, 12), dt.date(2026, 12, 31))

SWEDISH: tuple[Row, ...] = (
    {
        "title": "Underhåll flödesmätningssystem FM-600, sex enheter", "service": SERVICE, "quantity": 1_000_000, "unit": "kvartal",
        "price": 135_000_000_000, "share": "81/92", "net": 11_885_870, "rate": 250_000,
    },
    {
        "title": "Fjärrövervakning av driftdata", "service": SERVICE, "quantity": 1_000_000, "unit": "kvartal",
        "price": 15_000_000_000, "share": "81/92", "net": 1_320_652, "rate": 250_000,
    },
)  # fmt: skip
CHINESE: tuple[Row, ...] = (
    {
        "title": "流量测量撬 FM-600", "detail": "序列号 FM6-2231、FM6-2232", "quantity": 2_000_000, "unit": "台", "price": 286_000_000_000,
        "net": 57_200_000, "rate": 130_000,
    },
    {"title": "现场安装调试", "quantity": 1_000_000, "unit": "项", "price": 48_000_000_000, "net": 4_800_000, "rate": 60_000},
    {
        "title": "维保服务，首期", "service": SERVICE, "quantity": 1_000_000, "unit": "季", "price": 36_000_000_000, "share": "81/92",
        "net": 3_169_565, "rate": 60_000,
    },
)  # fmt: skip


def dress(company: Company, **over: Any) -> None:
    """Give our company what papers say of it."""
    facts = {
        "name": "Lindvall Mätteknik AB", "address": "Mätargatan 7\n411 04 Göteborg", "org_no": "556000-0000",
        "tax_no": "SE556000000001", "email": "faktura@lindvall.example", "phone": "+46 31 000 00 00",
        "paper_note": "Säte: Göteborg\nGodkänd för F-skatt",
    } | over  # fmt: skip
    Company.objects.filter(pk=company.pk).update(**facts)
    company.refresh_from_db()


def make_buyer(company: Company, **over: Any) -> Party:
    """A customer with a billing address and a VAT number."""
    facts = {"name": "Västerhamnens Energi AB", "country": "SE", "language": "sv"} | over
    scheme, number = facts.pop("number", ("eu_vat", "SE556000000001"))
    at = facts.pop(
        "at", {"lines": "Leverantörsreskontra\nBox 4120", "postal_code": "400 40", "city": "Göteborg", "country": "SE"}
    )
    party = Party.objects.create(**facts)
    PartyTerms.objects.create(party=party, company=company)
    Address.objects.create(
        party=party, role="registered", lines="Kajen 1", postal_code="400 41", city="Göteborg", country="SE"
    )
    Address.objects.create(party=party, role="billing", **at)
    PartyId.objects.create(party=party, scheme=scheme, value=number, normalised=party.pk.hex)
    return party


def make_bill_type(**over: Any) -> BillType:
    words = {"en": "Invoice", "sv": "Faktura", "zh-hans": "账单", "zh-hant": "帳單"}
    notes = {
        "zh-hans": "本账单为付款通知，增值税发票将另行开具。",
        "zh-hant": "本帳單為付款通知，增值稅發票將另行開立。",
    }
    facts = {"key": "paper_test", "labels": words, "heading": words, "note": notes} | over
    return BillType.objects.get_or_create(key=facts["key"], defaults=facts)[0]


def issue(cast: Cast, rows: tuple[Row, ...] = SWEDISH, **over: Any) -> Invoice:
    """An invoice over these rows; ``over`` are its own values, ``party`` and ``bank`` among them."""
    currency, language = over.pop("currency", "SEK"), over.pop("language", "sv")
    bank = over.pop("bank", {"label": "Bankgiro", "account": "5050-1055"})
    if bank and not cast.north.banks.exists():
        Bank.objects.create(company=cast.north, currency=currency, **bank)
    party = over.pop("party", None) or make_buyer(cast.north)
    contract = make_contract(
        cast.admin,
        type=make_type().pk,
        counterparty=party.pk,
        company=cast.north.pk,
        currency=currency,
        owner=cast.ada.id,
    )
    contract.number = over.pop("contract_no", f"HT-2026-{contract.pk.hex[-4:]}")
    contract.prices_include_tax = over.pop("prices_include_tax", False)
    contract.save()
    taxes = _taxes(rows)
    net, tax = sum(one["net"] for one in taxes), sum(one["tax"] for one in taxes)
    facts = {
        "number": "2026-1231", "issued_on": dt.date(2026, 10, 12), "due_on": dt.date(2026, 11, 11), "direction": "out",
        "kind": "invoice", "their_reference": "Annelie Norström", "our_reference": "Elin Söderqvist", "order_no": "4500 118 207",
        "payment_reference": "202612313", "created_by_label": "Ada", "created_at": clock.now(),
    } | over  # fmt: skip
    invoice = Invoice.objects.create(
        contract=contract, company=cast.north, party=party, bill_type=make_bill_type(), currency=currency, net_minor=net,
        tax_minor=tax, gross_minor=net + tax, taxes=taxes, language=language, **facts,
    )  # fmt: skip
    for position, row in enumerate(rows, 1):
        _line(cast, invoice, position, row)
    return invoice


def _taxes(rows: tuple[Row, ...]) -> list[Row]:
    net_of: dict[int, int] = {}
    for row in rows:
        net_of[row["rate"]] = net_of.get(row["rate"], 0) + row["net"]
    return [
        {"rate": rate, "code": "S", "net": net, "tax": (net * rate + 500_000) // 1_000_000}
        for rate, net in sorted(net_of.items())
    ]


def _line(cast: Cast, invoice: Invoice, position: int, row: Row) -> None:
    tax = (row["net"] * row["rate"] + 500_000) // 1_000_000
    money = {"net_minor": row["net"], "tax_minor": tax, "gross_minor": row["net"] + tax, "currency": invoice.currency}
    contract_line: Line = make_line(cast.admin, invoice.contract, title=row["title"][:100], position=str(position))
    service = row.get("service")
    starts, ends = (service.starts, service.ends) if service else (None, None)
    due = Due.objects.create(
        contract=invoice.contract, company=cast.north, party=invoice.party, kind="collect", line=contract_line, title=row["title"],
        position=position, service_from=starts or dt.date(2026, 10, position % 28 + 1), created_at=clock.now(),
        explanation=_why(row, invoice.currency) if "share" in row and service else {}, **money,
    )  # fmt: skip
    InvoiceLine.objects.create(
        invoice=invoice, company=cast.north, due=due, line=contract_line, position=position, title=row["title"],
        detail=row.get("detail", ""), service_from=starts, service_to=ends, quantity=row.get("quantity"), unit=row.get("unit", ""),
        price=row.get("price"), share=row.get("share", ""), tax_percent=row["rate"], tax_code="S", **money,
    )  # fmt: skip


def _why(row: Row, currency: str) -> Row:
    price = Money(row["price"] // 10_000, currency)
    quarter = Span(3, Unit.MONTH)
    return prorate(price, row["service"], quarter, Convention.ACTUAL_ACTUAL, anchor=dt.date(2026, 10, 1)).to_json()

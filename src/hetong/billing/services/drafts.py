"""Invoices in memory, before they have a number: what they say of both parties, their lines, their currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from hetong.accounts.models import Bank, Company
from hetong.billing.models import Due, Invoice, InvoiceLine
from hetong.billing.services.amounts import Billed, per_rate
from hetong.billing.services.books import Books
from hetong.contracts.models import Contract, Line
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.labels import language_tag
from hetong.kernel.numerals import format_number
from hetong.kernel.rounding import round_half_up
from hetong.kernel.scaled import PERCENT, Scaled
from hetong.parties.queries import snapshots
from hetong.reference.queries import rate

LANGUAGES = ("en", "sv", "zh-hans", "zh-hant")
OF_PARTY = (
    "party",
    "name",
    "local_name",
    "is_person",
    "country",
    "language",
    "email",
    "numbers",
    "addresses",
    "number",
)
"""What an invoice keeps of the party; its contacts and accounts are nobody's business there."""


@dataclass
class Draft:
    """An invoice that is not saved yet, its lines, and how much of which due it bills."""

    invoice: Invoice
    parts: list[tuple[Due, Billed]] = field(default_factory=list)
    lines: list[InvoiceLine] = field(default_factory=list)


@dataclass(frozen=True)
class Parties:
    """Both sides of the invoices of a posting, as they are called today."""

    companies: Mapping[UUID, Company]
    own: Mapping[UUID, Mapping[str, Any]]
    others: Mapping[tuple[UUID, UUID], Mapping[str, Any]]
    conversions: Conversions = field(default_factory=lambda: Conversions())

    @classmethod
    def of(cls, contracts: Collection[Contract]) -> Parties:
        """Read them for these contracts; a handful of statements per company."""
        companies = {one.pk: one for one in Company.objects.filter(pk__in={c.company_id for c in contracts})}
        banks: dict[UUID, list[dict[str, str]]] = {id: [] for id in companies}
        for bank in Bank.objects.filter(company__in=companies).order_by("pk"):
            banks[bank.company_id].append(
                {"label": bank.label, "account": bank.account, "bic": bank.bic, "currency": bank.currency}
            )
        others: dict[tuple[UUID, UUID], Mapping[str, Any]] = {}
        for id in companies:
            found = snapshots({c.counterparty_id for c in contracts if c.company_id == id}, id)
            others |= {(id, party): {name: facts.get(name) for name in OF_PARTY} for party, facts in found.items()}
        return cls(companies, {id: _facts(one, banks[id]) for id, one in companies.items()}, others)


def _facts(company: Company, banks: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    names = ("name", "local_name", "country", "org_no", "tax_no", "address", "currency", "language")
    return {name: getattr(company, name) for name in names} | {"company": str(company.pk), "banks": list(banks)}


def conversion(currency: str, company: Company, on: dt.date) -> dict[str, str]:
    """How the currency was converted on the day; empty in the company's own. Raises `NoRate`."""
    if currency == company.currency:
        return {}
    used = rate(currency, company.currency, on)
    return {
        "rate": used.rate.amount, "base": company.currency, "source": used.published_by, "day": used.day.isoformat()
    }  # fmt: skip


class Conversions:
    """What `conversion` says in one posting: each currency, company and day is asked once."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, UUID, dt.date], dict[str, str]] = {}

    def of(self, currency: str, company: Company, on: dt.date) -> dict[str, str]:
        """How the currency was converted on the day. Raises `NoRate`."""
        key = (currency, company.pk, on)
        if key not in self._held:
            self._held[key] = conversion(currency, company, on)
        return dict(self._held[key])


def draft(
    actor: Actor, contract: Contract, parties: Parties, issued_on: dt.date, due_on: dt.date, **more: Any
) -> Draft:
    """An invoice on a contract without lines and amounts yet."""
    company = parties.companies[contract.company_id]
    other = parties.others.get((company.pk, contract.counterparty_id), {})
    invoice = Invoice(
        contract_id=contract.pk, company_id=company.pk, party_id=contract.counterparty_id, issued_on=issued_on, due_on=due_on,
        currency=contract.currency, rate=parties.conversions.of(contract.currency, company, issued_on), party_facts=dict(other),
        company_facts=dict(parties.own[company.pk]), language=_language(other, company), created_by=actor.id,
        created_by_label=actor.label[:200], created_at=clock.now(), **more,
    )  # fmt: skip
    return Draft(invoice)


def _language(party: Mapping[str, Any], company: Company) -> str:
    """The customer's language where we write it, else the company's, else English."""
    for wanted in (party.get("language"), company.language):
        tag = language_tag(str(wanted or ""))
        if tag in LANGUAGES:
            return tag
    return "en"


def set_amounts(made: Draft) -> None:
    """Let the invoice say what its parts add up to."""
    lines = [one for _due, one in made.parts]
    made.invoice.net_minor = sum(one.net for one in lines)
    made.invoice.tax_minor = sum(one.tax for one in lines)
    made.invoice.gross_minor = made.invoice.net_minor + made.invoice.tax_minor
    made.invoice.taxes = per_rate(lines)


def write_lines(made: Draft, books: Books) -> None:
    """Word the parts as lines, in the invoice's language."""
    with translation.override(made.invoice.language):
        for position, (due, one) in enumerate(made.parts, start=1):
            line = books.lines.get(one.line) if one.line else None
            made.lines.append(_line(made.invoice, position, due, one, line, books))


def _line(invoice: Invoice, position: int, due: Due, one: Billed, agreed: Line | None, books: Books) -> InvoiceLine:
    row = InvoiceLine(
        invoice=invoice, company_id=invoice.company_id, due=due, line=agreed, position=position, title=due.title,
        tax_percent=one.rate[0], tax_code=one.rate[1], currency=invoice.currency, net_minor=one.net, tax_minor=one.tax,
        gross_minor=one.gross, service_from=due.service_from, service_to=due.service_to,
    )  # fmt: skip
    if agreed is None:
        return row
    row.title = agreed.title
    told = [agreed.part_no, agreed.model_name, agreed.serial_no]
    if books.is_whole(agreed.pk, one.gross):
        row.quantity, row.unit, row.price = agreed.quantity, agreed.unit, agreed.price
        if agreed.discount:
            percent = format_number(Scaled(agreed.discount, PERCENT.exponent), invoice.language)
            told.append(_("discount %(percent)s %%") % {"percent": percent})
    else:
        row.share = share_words(one.gross, agreed.gross_minor, invoice.language)
        told.append(due.title)
    row.detail = " · ".join(text for text in told if text)[:500]
    return row


def share_words(part: int, whole: int, language: str) -> str:
    """What part of a line is billed, such as 33.33 %."""
    if not whole:
        return ""
    hundredths = Scaled(round_half_up(part * 10_000, whole), 2)
    return f"{format_number(hundredths, language)} %"

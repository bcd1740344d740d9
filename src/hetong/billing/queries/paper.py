"""What is printed on an invoice or credit note: every word and figure, in the invoice's language (look.md, print)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hetong.accounts.queries import company_facts
from hetong.billing.models import Invoice, InvoiceLine
from hetong.billing.queries.paper_pay import account_label, fitting, other_half
from hetong.billing.queries.paper_why import how_computed
from hetong.billing.states import InvoiceKind
from hetong.files.typeset.writing import Pen, entry, frame, paper_language
from hetong.kernel.capitals import CURRENCY, capitals
from hetong.kernel.labels import Labels
from hetong.kernel.money import Money, places
from hetong.kernel.scaled import PERCENT, PRICE, QUANTITY, RATE, Scaled, convert
from hetong.parties.queries.snapshots import snapshot
from hetong.reference.places import country_name

Facts = Mapping[str, Any]

_NUMBERS = ("eu_vat", "se_orgnr", "cn_uscc", "jp_corporate", "other")
"""Which of the buyer's numbers is printed: the first of these that it has."""

_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s?%")

REVERSE_CHARGE = "AE"


def paper_facts(invoice: Invoice) -> dict[str, Any]:
    """All that is printed of an invoice we issued, as the template takes it. Decides about no reader.

    Names, addresses and numbers are those of the day of issue; what the invoice did not keep is taken from now.
    """
    pen = Pen(paper_language(invoice.language))
    lines = list(invoice.lines.select_related("line", "due").order_by("position"))
    party, company = _kept(invoice)
    with translation.override(pen.language):
        heading = heading_of(invoice)
        firm, other = pen.name(company["name"], company["local_name"])
        title, foot = f"{heading} {invoice.number}", _foot(pen, company, (firm, other), invoice.currency)
        return {
            **frame(pen, title=title, author=firm, day=invoice.issued_on, foot=foot),
            "firm": {"name": firm, "other": other},
            "heading": heading,
            "number": invoice.number,
            "to": _addressee(pen, invoice, party),
            "facts": _facts(pen, invoice),
            **_lines(pen, invoice, lines),
            **_sums(pen, invoice),
            "words": _in_capitals(pen, invoice),
            "why": how_computed(pen, lines) if invoice.kind == InvoiceKind.INVOICE else None,
            "notes": _notes(pen, invoice),
            "stub": other_half(pen, invoice, company["banks"]),
        }  # fmt: skip


def heading_of(invoice: Invoice) -> str:
    """What stands on top, in the language that is current: the bill type's own heading, or that it is a credit note."""
    if invoice.kind == InvoiceKind.CREDIT_NOTE:
        return pgettext("paper", "Credit note")
    language = translation.get_language()
    own = Labels(invoice.bill_type.heading or {}).text(language) or Labels(invoice.bill_type.labels or {}).text(
        language
    )
    return own or pgettext("paper", "Invoice")


def _kept(invoice: Invoice) -> tuple[Facts, Facts]:
    """The party and our company as they were on the day of issue, completed by what they are now."""
    party, company = invoice.party_facts or {}, invoice.company_facts or {}
    if not {"name", "addresses", "numbers"} <= party.keys():
        party = snapshot(invoice.party_id, invoice.company_id) | party
    if not {"name", "local_name", "banks", "paper_note"} <= company.keys():
        company = company_facts(invoice.company) | company
    return party, company


# -- head ----------------------------------------------------------------------------------------


def _addressee(pen: Pen, invoice: Invoice, party: Facts) -> dict[str, Any]:
    name, _other = pen.name(party["name"], party.get("local_name", ""))
    number = next((one for scheme in _NUMBERS for one in party["numbers"] if one["scheme"] == scheme), None)
    label = _("Your VAT number") if number and number["scheme"] == "eu_vat" else _("Your registration number")
    return {
        "label": _("Invoice to") if invoice.kind == InvoiceKind.INVOICE else _("Credit to"),
        "name": name,
        "lines": _address(pen, party, invoice.company.country),
        "numbers": [entry(label, number["value"])] if number else [],
    }


def _address(pen: Pen, party: Facts, own_country: str) -> list[str]:
    """The billing address, or the registered one, in the order of its country; the country where it is not ours."""
    ranked = {"billing": 0, "registered": 1}
    found = sorted(party["addresses"], key=lambda one: ranked.get(one["role"], 2))
    if not found:
        return []
    at = found[0]
    lines = at["lines"].splitlines()
    if at["country"] in ("CN", "TW", "JP") and pen.is_chinese:
        first = f"{at['region']}{at['city']}{lines[0] if lines else ''}"
        town = [_("Postal code %(code)s") % {"code": at["postal_code"]}] if at["postal_code"] else []
        whole = [first, *lines[1:], *town]
    else:
        whole = [*lines, " ".join(part for part in (at["postal_code"], at["city"]) if part), at["region"]]
    if at["country"] and at["country"] != own_country:
        whole.append(country_name(at["country"], pen.language))
    return [line for line in whole if line]


def _facts(pen: Pen, invoice: Invoice) -> list[dict[str, Any]]:
    is_invoice = invoice.kind == InvoiceKind.INVOICE
    rows = [entry(_("Invoice date") if is_invoice else _("Date"), pen.day(invoice.issued_on))]
    if is_invoice:
        rows += [entry(_("Due date"), pen.day(invoice.due_on), strong=True), entry(_("Payment terms"), _terms(invoice))]
    elif invoice.corrects is not None:
        rows += [
            entry(_("Credits invoice"), invoice.corrects.number, strong=True),
            entry(_("Invoice date"), pen.day(invoice.corrects.issued_on)),
        ]
    rows += [
        entry(_("Contract no."), invoice.contract.number or ""),
        entry(_("Your reference"), invoice.their_reference),
        entry(_("Your order number"), invoice.order_no),
        entry(_("Our reference"), invoice.our_reference),
        entry(_("Reason"), invoice.reason if not is_invoice else ""),
    ]
    return [row for row in rows if row["value"]]


def _terms(invoice: Invoice) -> str:
    days = (invoice.due_on - invoice.issued_on).days
    if not days:
        return _("due at once")
    return translation.ngettext("%(days)s day net", "%(days)s days net", days) % {"days": days}


# -- lines and sums ------------------------------------------------------------------------------


def _lines(pen: Pen, invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    heads = {
        "item": pgettext("paper", "Item"),
        "quantity": _("Quantity"),
        "unit": _("Unit"),
        "price": _("Unit price"),
        "tax": _("VAT rate"),
        "amount": _("Amount, %(currency)s") % {"currency": invoice.currency},
    }
    with_tax = invoice.contract.prices_include_tax
    if with_tax:
        heads["amount"] = _("Amount with VAT, %(currency)s") % {"currency": invoice.currency}
    shown = [_line(pen, one, with_tax=with_tax) for one in lines]
    used = [name for name in heads if name in ("item", "tax", "amount") or any(one[name] for one in shown)]
    return {"heads": used, "columns": heads, "lines": shown}


def _line(pen: Pen, line: InvoiceLine, *, with_tax: bool) -> dict[str, Any]:
    quantity = "" if line.quantity is None else pen.number(Scaled(line.quantity, QUANTITY.exponent))
    is_share = bool(line.share) and quantity in ("", "1")
    price = "" if line.price is None else pen.number(Scaled(line.price, PRICE.exponent), decimals=places(line.currency))
    return {
        "title": line.title,
        "detail": _details(pen, line, share="" if is_share else _share(pen, line.share)),
        "quantity": _share(pen, line.share) if is_share else quantity,
        "unit": line.unit,
        "price": price,
        "tax": pen.percent(line.tax_percent),
        "amount": pen.amount(line.gross_minor if with_tax else line.net_minor, line.currency),
    }


def _share(pen: Pen, share: str) -> str:
    """What part of a line is billed: days as they stand (81/92), a percentage as the language writes it."""
    percent = _PERCENT.fullmatch(share)
    return pen.percent(Scaled.of(percent[1].replace(",", "."), PERCENT).units) if percent else share


def _details(pen: Pen, line: InvoiceLine, *, share: str) -> list[str]:
    """Below the title: what it is (part number, model, serial number, stage), then when, which line, which share."""
    when = ""
    if line.service_from and line.service_to:
        days = {"starts": pen.day(line.service_from), "ends": pen.day(line.service_to)}
        when = _("Service period %(starts)s to %(ends)s") % days
    of_line = _("contract line %(number)s") % {"number": line.line.position} if line.line and line.line.position else ""
    part = _("share %(share)s") % {"share": share} if share else ""
    below = pen.listed((when, of_line, part))
    return [row for row in (*line.detail.splitlines(), below[:1].upper() + below[1:]) if row]


def _sums(pen: Pen, invoice: Invoice) -> dict[str, Any]:
    def shown(minor: int) -> str:
        return pen.amount(minor, invoice.currency)

    rates = [one["rate"] for one in invoice.taxes]
    tax = _("VAT %(rate)s") % {"rate": pen.percent(rates[0])} if len(rates) == 1 else _("VAT")
    total = (
        pgettext("sum", "To pay, %(currency)s") if invoice.kind == InvoiceKind.INVOICE else _("Credited, %(currency)s")
    )
    return {
        "taxes": {
            "heads": [_("VAT rate"), _("Taxable amount"), _("VAT amount")],
            "rows": [[pen.percent(one["rate"]), shown(one["net"]), shown(one["tax"])] for one in invoice.taxes],
        },
        "sums": [entry(_("Total without VAT"), shown(invoice.net_minor)), entry(tax, shown(invoice.tax_minor))],
        "grand": entry(total % {"currency": invoice.currency}, shown(invoice.gross_minor)),
    }


def _in_capitals(pen: Pen, invoice: Invoice) -> dict[str, str] | None:
    if invoice.currency != CURRENCY or not pen.is_chinese:
        return None
    amount = Money(invoice.gross_minor, invoice.currency)
    return {"label": _("In words"), "text": capitals(amount, pen.language)}


# -- below ---------------------------------------------------------------------------------------


def _notes(pen: Pen, invoice: Invoice) -> list[str]:
    own = "" if invoice.kind == InvoiceKind.CREDIT_NOTE else Labels(invoice.bill_type.note or {}).get(pen.language, "")
    reverse = ""
    if any(one.get("code") == REVERSE_CHARGE for one in invoice.taxes):
        reverse = _("Reverse charge: the buyer accounts for the VAT.")
    return [note for note in (invoice.note, own, reverse, _converted(pen, invoice)) if note]


def _converted(pen: Pen, invoice: Invoice) -> str:
    """The tax in our own currency, which the law asks for on invoices in another one."""
    kept = invoice.rate or {}
    if not kept or not invoice.tax_minor:
        return ""
    rate = Scaled.of(str(kept["rate"]), RATE)
    tax = convert(Money(invoice.tax_minor, invoice.currency), rate, kept["base"])
    given = {
        "amount": pen.money(tax),
        "rate": pen.number(rate),
        "source": kept.get("source", ""),
        "day": kept.get("day", ""),
    }
    return _("VAT in our currency: %(amount)s (rate %(rate)s, %(source)s, %(day)s).") % given


def _foot(pen: Pen, company: Facts, names: tuple[str, str], currency: str) -> list[list[str]]:
    """Who we are, our numbers, and how to reach and pay us."""
    address = pen.listed(company["address"].splitlines())
    numbers = []
    if company["org_no"]:
        words = _("Social credit code %(number)s") if company["country"] == "CN" else _("Reg. no. %(number)s")
        numbers.append(words % {"number": company["org_no"]})
    if company["tax_no"] and company["tax_no"] != company["org_no"]:
        numbers.append(_("VAT no. %(number)s") % {"number": company["tax_no"]})
    others = fitting(company["banks"], currency)[1:4]
    accounts = [f"{account_label(bank)} {bank['account']}" for bank in others]
    return [
        [*names, address],
        [*numbers, *company["paper_note"].splitlines()],
        [*accounts, company["email"], company["phone"]],
    ]

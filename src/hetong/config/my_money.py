"""The money of the first page: what waits for the reader in billing, and the figures per currency.

A figure is what the list that it leads to adds up: the same question, asked with the same rights.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hetong.billing.policy import Can
from hetong.config.my_work import Item, month_name, span
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Row
from hetong.kernel.money import Money, plain
from hetong.kernel.rounding import round_half_up
from hetong.ui.lists.asking import rows_for, sums_for
from hetong.ui.lists.sums import Sums
from hetong.ui.values import day_words, money_html

DUE, INVOICE, PAYMENT = "billing.due", "billing.invoice", "billing.payment"
TO_INVOICE = "bills=true&kind=collect&kind=invoice&condition=billable&condition=part_invoiced"
LATE = "direction=out&condition=late"
MOST = 6


@dataclass(frozen=True)
class Cell:
    """One figure of a currency and the list that holds its rows; no amount: there are none."""

    amount: Any
    url: str
    is_late: bool = False


@dataclass(frozen=True)
class Age:
    """What is overdue in one currency, by how long: shares of a bar in hundredths of a percent."""

    currency: str
    pieces: tuple[tuple[str, int], ...]
    oldest: Any
    """What is overdue for more than 30 days; None: nothing."""

    @property
    def drawn(self) -> list[tuple[str, str, str]]:
        """Kind, place and width of each piece, in percent."""
        found, at = [], 0
        for kind, width in self.pieces:
            found.append((kind, plain(at, 2), plain(width, 2)))
            at += width
        return found


@dataclass(frozen=True)
class MoneyCard:
    """The card of money: a line per currency, the overdue by age."""

    lines: list[tuple[str, list[Cell]]]
    ages: list[Age]
    month: str


def money_items(actor: Actor) -> list[Item]:
    """What waits for the reader in billing: to confirm and to invoice for finance, to chase for who sells."""
    items: list[Item] = []
    if actor.may(Can.CONFIRM):
        items += [_payment(row) for row in rows_for(actor, PAYMENT, "state=reported&sort=on", limit=MOST)]
    if actor.may(Can.INVOICE):
        items += [_due(actor, row) for row in rows_for(actor, DUE, f"{TO_INVOICE}&sort=on", limit=MOST)]
    if actor.may(Can.REPORT) or actor.may(Can.CONFIRM):
        items += [_late(actor, row) for row in rows_for(actor, INVOICE, f"{LATE}&sort=due_on", limit=MOST)]
    return items


def _payment(row: Row) -> Item:
    who = row.get("reported_by") or ""
    title = row["party"].title if row.get("party") else row.title
    amount = _figures(row.get("amount"))
    told = _("reported by %(who)s") % {"who": who} if who else ""
    when = day_words(row.get("on")) if row.get("on") else ""
    return Item(_("Confirm"), title, " · ".join(part for part in (amount, told) if part), row.url, when)


def _due(actor: Actor, row: Row) -> Item:
    late = (clock.today(actor.zone) - row["on"]).days if row.get("on") else 0
    when = _("%(days)s late") % {"days": span(late)} if late > 0 else _("Today")
    verb = row.verb("invoice")
    return Item(
        pgettext("to do", "Invoice"), row.title, _context(row, row.get("uninvoiced")),
        verb.url if verb else row.url, when, "late" if late > 7 else "soon"
    )  # fmt: skip


def _late(actor: Actor, row: Row) -> Item:
    days = (clock.today(actor.zone) - row["due_on"]).days if row.get("due_on") else 0
    when = _("%(days)s late") % {"days": span(days)} if days > 0 else ""
    title = row["party"].title if row.get("party") else row.title
    return Item(_("Chase"), f"{title} · {row.title}", _context(row, row.get("left")), row.url, when, "late")


def _context(row: Row, amount: Money | None) -> str:
    contract = row["contract"].title if row.get("contract") else ""
    return " · ".join(part for part in (contract, _figures(amount)) if part)


def _figures(amount: Money | None) -> str:
    """An amount in words of one line."""
    return strip_tags(money_html(amount)) if amount is not None else ""


# -- the card ----------------------------------------------------------------------------------------


def money_card(actor: Actor) -> MoneyCard | None:
    """To invoice within 30 days, overdue, received this month, per currency; nothing for who reads no amounts."""
    if not actor.may(Can.VIEW):
        return None
    today = clock.today(actor.zone)
    asked = _questions(today)
    to_invoice = sums_for(actor, DUE, asked["to_invoice"], ("uninvoiced",)).get((), Sums())
    received = sums_for(actor, PAYMENT, asked["received"], ("amount",)).get((), Sums())
    late = sums_for(actor, INVOICE, LATE, ("left",), {"age": _age_of(today)})
    overdue = _overall(late)
    columns = (
        ("to_invoice", "dues", _by(to_invoice)),
        ("late", "invoices", overdue),
        ("received", "payments", _by(received)),
    )
    found = sorted({currency for _key, _page, amounts in columns for currency in amounts}, key=_order(columns))
    if not found:
        return None
    lines = [(one, [_cell(one, asked[key], page, amounts, key) for key, page, amounts in columns]) for one in found]
    return MoneyCard(lines, [_age(one, late) for one in found if one in overdue], _month(today))


def _questions(today: dt.date) -> Mapping[str, str]:
    ahead = (today + dt.timedelta(days=30)).isoformat()
    return {
        "to_invoice": f"{TO_INVOICE}&condition=planned&on.lte={ahead}",
        "late": LATE,
        "received": f"state=confirmed&direction=in&on.gte={today.replace(day=1).isoformat()}&on.lte={today.isoformat()}",
    }


def _age_of(today: dt.date) -> Case:
    month, two = today - dt.timedelta(days=30), today - dt.timedelta(days=60)
    return Case(When(due_on__gte=month, then=Value("e")), When(due_on__gte=two, then=Value("f")), default=Value("d"))


def _by(sums: Sums) -> dict[str, Money]:
    return {line.currency: line.amounts[0] for line in sums.lines if line.amounts[0].minor}


def _overall(late: Mapping[Any, Sums]) -> dict[str, Money]:
    found: dict[str, Money] = {}
    for sums in late.values():
        for currency, amount in _by(sums).items():
            found[currency] = found[currency] + amount if currency in found else amount
    return found


def _order(columns: Sequence[tuple[str, str, Mapping[str, Money]]]) -> Any:
    """The currency with the most rows of figures first, then by its code."""
    return lambda currency: (-sum(currency in amounts for _key, _page, amounts in columns), currency)


def _cell(currency: str, query: str, page: str, amounts: Mapping[str, Money], key: str) -> Cell:
    url = f"{reverse(f'billing:{page}')}?{query}&currency={currency}"
    return Cell(amounts.get(currency), url, key == "late" and currency in amounts)


def _age(currency: str, late: Mapping[Any, Sums]) -> Age:
    amounts = {age: _by(sums).get(currency, Money.zero(currency)) for (age,), sums in late.items()}
    whole = sum(one.minor for one in amounts.values()) or 1
    pieces = tuple(
        (kind, round_half_up(amounts[kind].minor * 10_000, whole)) for kind in ("e", "f", "d") if kind in amounts
    )
    old = [amounts[kind] for kind in ("f", "d") if kind in amounts and amounts[kind].minor]
    return Age(currency, pieces, sum(old[1:], old[0]) if old else None)


def _month(today: dt.date) -> str:
    return month_name(today.replace(day=1), today)

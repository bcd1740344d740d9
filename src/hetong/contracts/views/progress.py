"""How far a contract has come: approval, invoices and money to one scale, each with the way to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hetong.contracts.states import Class, Stage
from hetong.kernel.fields import Row, Text
from hetong.kernel.money import Money
from hetong.kernel.numerals import format_number
from hetong.kernel.rounding import round_half_up
from hetong.kernel.scaled import Scaled

UNDECIDED = (Stage.DRAFT, Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.REJECTED)


@dataclass(frozen=True)
class Progress:
    """One bar: its pieces in percent from the left, the share in words, the amount, and what to mind."""

    label: Text
    url: str
    pieces: tuple[tuple[str, str], ...]
    share: str
    amount: Money | None = None
    note: str = ""
    is_late: bool = False


def progress_of(row: Row, tabs: frozenset[str]) -> list[Progress]:
    """Approval, invoiced and received (an expense's: paid), as far as the reader may read them.

    What was received beyond the value shows as 100 % with the surplus beside it. ``tabs``: those that the reader has.
    """
    gross = row.get("gross")
    if gross is None or not gross.minor:
        return []
    is_expense = getattr(row.get("class"), "code", "") == Class.EXPENSE
    money = f"{row.url}money/" if "money" in tabs else ""
    found = [_approval(row, f"{row.url}approvals/" if "approvals" in tabs else "")]
    if row.get("invoiced") is not None:
        label = _("Invoiced to us") if is_expense else _("Invoiced")
        found.append(_bar(label, money, "a", row["invoiced"], gross))
    if row.get("received") is not None:
        found.append(_received(row, _("Paid") if is_expense else _("Received"), money, gross))
    return found


def _approval(row: Row, url: str) -> Progress:
    share = 0 if row.stage in UNDECIDED else 100
    return Progress(_("Approved"), url, (("a", str(share)),), _percent(share * 100))


def _bar(label: Text, url: str, kind: str, amount: Money, whole: Money) -> Progress:
    hundredths = round_half_up(amount.minor * 10_000, whole.minor)
    surplus = amount - whole
    note = _("%(amount)s more than agreed") % {"amount": _figures(surplus)} if surplus.minor > 0 else ""
    return Progress(label, url, ((kind, _drawn(hundredths)),), _percent(min(hundredths, 10_000)), amount, note)


def _received(row: Row, label: Text, url: str, gross: Money) -> Progress:
    """What has come in, and behind it what is overdue."""
    bar = _bar(label, url, "c", row["received"], gross)
    opened, days = row.get("open"), row.get("overdue_days")
    if not days or opened is None or not opened.minor:
        return bar
    late = round_half_up(opened.minor * 10_000, gross.minor)
    span = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    note = _("%(amount)s open, overdue for %(days)s") % {"amount": _figures(opened), "days": span}
    return Progress(label, url, (*bar.pieces, ("d", _drawn(late))), bar.share, bar.amount, note, is_late=True)


def _drawn(hundredths: int) -> str:
    return Scaled(hundredths, 2).amount


def _percent(hundredths: int) -> str:
    tenths = Scaled(round_half_up(hundredths, 10), 1).amount
    return f"{format_number(tenths, get_language() or 'en', decimals=1)}\N{NO-BREAK SPACE}%"


def _figures(amount: Money) -> str:
    return format_number(amount.amount, get_language() or "en", decimals=len(amount.amount.partition(".")[2]))


def done_context(frame: dict[str, Any]) -> dict[str, Any]:
    """What ``contracts/_done.html`` draws."""
    row: Row = frame["row"]
    shown = [] if frame.get("is_draft") else progress_of(row, frozenset(tab.key for tab in frame["tabs"]))
    return {"row": row, "progress": shown}

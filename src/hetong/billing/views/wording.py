"""Where a stage stands, in words; and the four tiles over all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from hetong.billing.states import DueKind
from hetong.billing.views.stages import Amounts, Line, Posted
from hetong.kernel.fields import Row
from hetong.kernel.money import Money
from hetong.kernel.numerals import format_number
from hetong.kernel.rounding import round_half_up
from hetong.kernel.scaled import Scaled
from hetong.ui.values import day_words


def days(count: int) -> str:
    """A number of days in words."""
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


def say(one: Line, today: dt.date) -> None:
    """Say of a stage where it stands: beside its invoice, its open amount, or its day."""
    SAID.get(one.code, _say_nothing)(one, today)


def _say_nothing(one: Line, today: dt.date) -> None:
    """A state that needs no words."""


def _say_planned(one: Line, today: dt.date) -> None:
    one.state_word = pgettext("due", "planned")
    if one.on and one.on > today:
        one.when = _("in %(days)s") % {"days": days((one.on - today).days)}


def _say_held(one: Line, today: dt.date) -> None:
    """What somebody stopped stands out; what waits for its day only says what for."""
    one.why_state = str(one.row.get("reason") or "")
    if one.on is None:
        one.state_word = pgettext("due", "waits")
    else:
        one.tone, one.state_word = "held", pgettext("due", "Held")


def _say_skipped(one: Line, today: dt.date) -> None:
    one.tone, one.state_word, one.why_state = "off", pgettext("due", "waived"), str(one.row.get("reason") or "")


def _say_billable(one: Line, today: dt.date) -> None:
    late = (today - one.on).days if one.on else 0
    one.is_late_to_bill = late > 0
    one.tone = "soon"
    is_theirs = getattr(one.row.get("kind"), "code", "") == DueKind.PAY
    if late > 0:
        said = _("invoice expected, %(days)s late") if is_theirs else _("to invoice, %(days)s late")
        one.state_word = said % {"days": days(late)}
    else:
        one.state_word = _("invoice expected today") if is_theirs else _("to invoice today")


def _say_rest(one: Line, today: dt.date) -> None:
    one.tone, one.state_word = "soon", _("rest to invoice")


def _say_late(one: Line, today: dt.date) -> None:
    due_on = one.row.get("due_on")
    one.note_tone = "late"
    one.open_note = _("%(days)s overdue") % {"days": days((today - due_on).days)} if due_on else _("overdue")


def _say_partial(one: Line, today: dt.date) -> None:
    one.open_note = _("part paid")


def _say_settled(one: Line, today: dt.date) -> None:
    one.open_note = pgettext("due", "settled")


def _say_due(one: Line, today: dt.date) -> None:
    due_on = one.row.get("due_on")
    one.open_note = _("due %(day)s") % {"day": day_words(due_on)} if due_on else ""


SAID: Mapping[str, Callable[[Line, dt.date], None]] = {
    "planned": _say_planned, "held": _say_held, "skipped": _say_skipped, "billable": _say_billable, "part_invoiced": _say_rest,
    "late": _say_late, "partial": _say_partial, "settled": _say_settled, "unpaid": _say_due, "invoiced": _say_due,
}  # fmt: skip


# -- the four tiles --------------------------------------------------------------------------------


def tiles_of(
    rows: Sequence[Line], sums: Amounts, contract: Row, facts: Posted, today: dt.date, *, is_net: bool
) -> list[dict[str, Any]]:
    """Agreed, invoiced, received, open, to one scale."""
    late = [one for one in rows if one.code == "late" and one.sums is not None]
    overdue = sum((one.sums.open.minor for one in late if one.sums), 0)
    is_expense = getattr(contract.get("class"), "code", "") == "expense"
    whole = contract.get("net" if is_net else "gross")
    return [
        {"key": "agreed", "label": _("Agreed"), "amount": sums.planned, "is_checked": whole == sums.planned,
         "note": _agreed_note(rows, is_whole=whole == sums.planned)},
        {"key": "invoiced", "label": _("Invoiced to us") if is_expense else _("Invoiced"), "amount": sums.invoiced,
         "share": percent(sums.invoiced, sums.planned), "note": _invoiced_note(rows, sums)},
        {"key": "received", "label": _("Paid") if is_expense else _("Received"), "amount": sums.received,
         "share": percent(sums.received, sums.planned), "note": _received_note(sums, facts)},
        {"key": "open", "label": _("Open"), "amount": sums.open, "before": percent(sums.received, sums.planned),
         "late": percent(Money(overdue, sums.open.currency), sums.planned),
         "rest": percent(sums.open - Money(overdue, sums.open.currency), sums.planned),
         "is_late": overdue > 0, "note": _open_note(late, overdue, sums, today)},
    ]  # fmt: skip


def percent(part: Money, whole: Money) -> Any:
    """A share in percent with one decimal, as text for a drawing; over-collection is told beside it, not drawn."""
    return Scaled(round_half_up(part.minor * 1000, whole.minor), 1).amount if whole.minor > 0 else "0"


def _share_words(part: Money, whole: Money) -> str:
    return f"{format_number(percent(part, whole), _language(), decimals=1)}\N{NO-BREAK SPACE}%"


def _agreed_note(rows: Sequence[Line], *, is_whole: bool) -> str:
    stages = ngettext("%(n)s stage", "%(n)s stages", len(rows)) % {"n": len(rows)}
    return _("%(stages)s, sum matches the contract") % {"stages": stages} if is_whole else stages


def _invoiced_note(rows: Sequence[Line], sums: Amounts) -> str:
    ahead = [
        one
        for one in rows
        if (one.sums and one.code in ("billable", "planned", "held") and one.main is None) or one.main
    ]
    following = next((one for one in ahead if one.sums and one.sums.planned), None)
    share = _share_words(sums.invoiced, sums.planned)
    if following is None or following.sums is None:
        return share
    amount = figures(following.sums.planned)
    day = following.on
    if day is None:
        return _("%(share)s, next %(amount)s when its day is known") % {"share": share, "amount": amount}
    return _("%(share)s, next %(amount)s on %(day)s") % {"share": share, "amount": amount, "day": day_words(day)}


def _received_note(sums: Amounts, facts: Posted) -> str:
    share = _share_words(sums.received, sums.planned)
    if sums.received > sums.planned:
        return _("100 %% and %(amount)s more") % {"amount": figures(sums.received - sums.planned)}
    last = max(facts.last.values(), default=None)
    return _("%(share)s, last on %(day)s") % {"share": share, "day": day_words(last)} if last else share


def _open_note(late: Sequence[Line], overdue: int, sums: Amounts, today: dt.date) -> str:
    if not overdue:
        return _("nothing overdue") if sums.open else _("nothing open")
    oldest = min((one.row["due_on"] for one in late if one.row.get("due_on")), default=today)
    span = days((today - oldest).days)
    if overdue == sums.open.minor:
        return _("all of it overdue, %(days)s") % {"days": span}
    amount = figures(Money(overdue, sums.open.currency))
    return _("%(amount)s overdue, %(days)s") % {"amount": amount, "days": span}


def figures(amount: Money) -> str:
    """The figures of an amount in the reader's notation, without its currency."""
    return format_number(amount.amount, _language(), decimals=len(amount.amount.partition(".")[2]))


def _language() -> str:
    return get_language() or "en"

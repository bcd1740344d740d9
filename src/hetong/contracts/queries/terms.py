"""The dates that follow from what was agreed: last day of notice, our own deadline, what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from hetong.contracts.states import OVER
from hetong.kernel.dates import Span, Unit, notice_by
from hetong.kernel.explain import Explained, Operand, Step, register_labels
from hetong.reference.queries import back_to_working_day

NOTICE_BY, ACT_BY, ACT_BEFORE = "contracts.notice_by", "contracts.act_by", "contracts.act_before"

register_labels(
    {
        NOTICE_BY: _("End − notice period"),
        ACT_BEFORE: _("Last day of notice − our lead"),
        ACT_BY: _("Back to a working day"),
        "contracts.ends_on": _("Ends"),
        "contracts.committed_until": _("Committed until"),
        "contracts.notice": _("Notice period"),
        "contracts.lead": _("Our lead"),
        "contracts.country": _("Working days of"),
        "contracts.day": _("Day"),
    }
)


class Dated(Protocol):
    """What the key dates are computed from: a contract's own columns."""

    ends_on: dt.date | None
    committed_until: dt.date | None
    notice_count: int | None
    notice_unit: str


@dataclass(frozen=True)
class KeyDates:
    """The last day to give notice and the day by which we want to have decided, each with its reason."""

    notice_by: Explained[dt.date] | None = None
    act_by: Explained[dt.date] | None = None


def key_dates(contract: Dated, *, lead_days: int, country: str, act_by: dt.date | None = None) -> KeyDates:
    """The dates that follow from end, notice and lead; none where there is no end or no notice period.

    A contract without an end counts from the day it is committed until. ``act_by`` is the working day
    as it was computed and kept, where only the reasons are wanted.
    """
    base, field = contract.ends_on, "ends_on"
    if base is None:
        base, field = contract.committed_until, "committed_until"
    if base is None or contract.notice_count is None:
        return KeyDates()
    notice = Span(contract.notice_count, Unit(contract.notice_unit))
    last = notice_by(base, notice)
    operands = (Operand(field, f"contracts.{field}", base), Operand("notice_count", "contracts.notice", notice))
    lead = Span(lead_days, Unit.DAY)
    before = lead.before(last)
    decided = act_by or back_to_working_day(country, before)
    steps = (
        Step(
            ACT_BEFORE, (Operand("notice_by", NOTICE_BY, last), Operand("", "contracts.lead", lead)), result=before
        ),
        Step(
            ACT_BY, (Operand("", "contracts.day", before), Operand("", "contracts.country", country)), result=decided
        ),
    )  # fmt: skip
    return KeyDates(Explained(last, (Step(NOTICE_BY, operands, result=last),)), Explained(decided, steps))


def next_event(contract: object, today: dt.date) -> tuple[dt.date | None, str]:
    """The nearest of a contract's dates from today on, and which it is; nothing once all is over."""
    if getattr(contract, "stage", "") in OVER:
        return None, ""
    day_of: Callable[[str], dt.date | None] = partial(getattr, contract)
    dates = (
        (day_of("starts_on"), "starts"),
        (day_of("act_by"), "act_by"),
        (day_of("notice_by"), "notice_by"),
        (day_of("committed_until"), "committed_until"),
        (day_of("ends_on"), "ends"),
    )
    ahead = [(day, what) for day, what in dates if day is not None and day >= today]
    return min(ahead, key=lambda one: one[0]) if ahead else (None, "")

"""A whole plan from one line: "30/50/20", or a number of equal parts, with retention and a rhythm of days."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from hetong.contracts.models import Contract, Instalment
from hetong.contracts.services.plan import add_instalments
from hetong.kernel import numerals
from hetong.kernel.actors import Actor
from hetong.kernel.dates import Span, Unit, add_period
from hetong.kernel.errors import N_, Conflict, DomainError, Problem, refuse
from hetong.kernel.scaled import PERCENT, Scaled

MOST_PARTS = 60
MOST_MONTHS = 120
HUNDRED = 100 * 10**PERCENT.exponent
SEPARATORS = re.compile(r"[/;+|、／]|\s+")


class HasPlan(Conflict):
    """There are stages already."""

    code = "has_plan"
    text = N_("There is a plan already.")
    then = N_("Change its stages, or remove them first.")


@transaction.atomic
def make_plan(
    actor: Actor, contract: UUID, *, shares: str, retention: str = "", first_on: dt.date | None = None, months: int | None = None,
    locale: str = "",
) -> list[Instalment]:  # fmt: skip
    """Lay out the stages of a contract that has none.

    ``shares`` is a list of percentages or a number of equal parts; ``retention`` a percentage that is kept back as
    the last stage. The first stage falls due at signing, or on ``first_on`` and the others ``months`` apart.
    Raises `HasPlan`, `Invalid` and what `add_instalments` raises.
    """
    if Instalment.objects.filter(
        contract__in=Contract.objects.visible_to(actor).filter(pk=contract), is_retired=False
    ).exists():
        raise HasPlan
    kept = _percent(retention, "retention", locale) if retention.strip() else 0
    stated = stated_shares(shares, kept, locale)
    if months is not None and not 0 < months <= MOST_MONTHS:
        refuse([Problem("months_range", N_("Choose between 1 and %(most)s months."), {"most": MOST_MONTHS}, "months")])
    days = _days(len(stated), first_on, months)
    givens: list[dict[str, Any]] = [
        {"contract": str(contract), "title": _title(at, len(stated), is_retention=bool(kept) and at == len(stated))}
        | one | days[at - 1] | ({"is_retention": True} if kept and at == len(stated) else {})
        for at, one in enumerate(stated, 1)
    ]  # fmt: skip
    return add_instalments(actor, givens)


def stated_shares(text: str, retention: int, locale: str) -> list[dict[str, str]]:
    """What each stage states: percentages as typed, or equal parts of which the last takes the rest."""
    parts = [one for one in SEPARATORS.split(text.strip()) if one]
    if len(parts) == 1 and parts[0].isdecimal() and len(parts[0]) < 4:
        return _equal(int(parts[0]), retention)
    units = [_percent(one, "shares", locale) for one in parts[: MOST_PARTS + 1]]
    if not units or len(units) > MOST_PARTS:
        refuse([_amount_of_parts()])
    units += [retention] if retention else []
    if sum(units) != HUNDRED:
        said = numerals.format_number(Scaled(sum(units), PERCENT.exponent), locale or "en")
        text = N_("The percentages of the stages add up to %(percent)s %%, not to 100 %%.")
        refuse([Problem("percent_sum", text, {"percent": said}, "shares")])
    return [{"percent": Scaled(one, PERCENT.exponent).amount} for one in units]


def _equal(count: int, retention: int) -> list[dict[str, str]]:
    if not 0 < count <= MOST_PARTS:
        refuse([_amount_of_parts()])
    each = (HUNDRED - retention) // count
    found: list[dict[str, str]] = [{"percent": Scaled(each, PERCENT.exponent).amount} for _turn in range(count - 1)]
    found.append({"stated": "rest"})
    return [*found, {"percent": Scaled(retention, PERCENT.exponent).amount}] if retention else found


def _amount_of_parts() -> Problem:
    return Problem("parts_range", N_("Make between 1 and %(most)s stages."), {"most": MOST_PARTS}, "shares")


def _percent(text: str, field: str, locale: str) -> int:
    plain = text.replace("%", "").replace("％", "").strip()
    try:
        number = str(numerals.parse_number(plain, locale)) if locale else plain
        units = Scaled.of(number, PERCENT).units
    except DomainError:
        units = 0
    if not 0 < units <= HUNDRED:
        refuse([Problem("percent_range", N_("A share lies above 0 and at most at 100 %%."), field=field)])
    return units


def _days(count: int, first_on: dt.date | None, months: int | None) -> list[dict[str, str]]:
    """What each stage waits for: the first for signing or its day, the others for days that follow in a rhythm."""
    if first_on is None:
        return [{"trigger": "signing"}, *({"trigger": "date"} for _turn in range(count - 1))]
    if months is None:
        return [{"on": first_on.isoformat()}, *({"trigger": "date"} for _turn in range(count - 1))]
    every = Span(months, Unit.MONTH)
    return [{"on": add_period(first_on, at, every).isoformat()} for at in range(count)]


def _title(at: int, count: int, *, is_retention: bool) -> str:
    if is_retention:
        return gettext("Retention")
    return gettext("Stage %(number)s of %(count)s") % {"number": at, "count": count}

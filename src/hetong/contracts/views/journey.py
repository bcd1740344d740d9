"""The stage bar: squares for what lies behind and ahead, a ruler to scale while the contract is in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hetong.contracts.fields.words import STAGES
from hetong.contracts.models import StageMove
from hetong.contracts.states import Stage
from hetong.kernel.fields import Row
from hetong.ui.values import day_words

BEFORE = (
    (Stage.DRAFT, (Stage.DRAFT, Stage.DISCARDED)),
    (Stage.IN_REVIEW, (Stage.IN_REVIEW,)),
    (Stage.IN_APPROVAL, (Stage.IN_APPROVAL, Stage.APPROVED, Stage.REJECTED)),
    (Stage.SIGNING, (Stage.SIGNING,)),
)
"""The squares before the ruler, each with the stages that stand at it."""
IN_FORCE = (Stage.ACTIVE, Stage.SUSPENDED, Stage.TERMINATED, Stage.EXPIRED, Stage.SUPERSEDED)
AFTER = (Stage.CLOSING, Stage.CLOSED, Stage.ARCHIVED)
ENDED = (Stage.VOID, Stage.DISCARDED, Stage.REJECTED)


def journey_of(row: Row, moves: Sequence[StageMove], today: dt.date) -> dict[str, Any]:
    """What ``ui/_stage_bar.html`` draws for a shown contract."""
    stage = Stage(row.stage)
    reached = {move.to_stage: move.on for move in moves}
    created = row.get("created_at")
    if created:
        reached.setdefault(Stage.DRAFT, timezone.localtime(created).date())
    at = _place(stage)
    before = [
        {
            "label": STAGES[stage if index == at and stage in stages else square],
            "date": _reached(reached, stage if index == at and stage in stages else square) if index <= at else "",
            "state": _state(index, at, stage, reached, square),
        }
        for index, (square, stages) in enumerate(BEFORE)
    ]
    return {
        "before": before,
        "live": _live(row, today) if stage in IN_FORCE else None,
        "after": _after(row, stage, reached),
    }


def _place(stage: Stage) -> int:
    """Which square the stage stands at; past the squares for what is or was in force."""
    for index, (_square, stages) in enumerate(BEFORE):
        if stage in stages:
            return index
    return -1 if stage is Stage.VOID else len(BEFORE)


def _state(index: int, at: int, stage: Stage, reached: dict[str, dt.date], square: Stage) -> str:
    if stage is Stage.VOID:
        return "done" if square in reached else "todo"
    if stage in ENDED:
        return "done" if index <= at else "todo"
    return "now" if index == at else "done" if index < at else "todo"


def _reached(reached: dict[str, dt.date], square: Stage) -> str:
    """The day of a square that lies behind; a step that was left out is said to be."""
    return (
        _day(reached[square]) if square in reached else _("left out") if square is Stage.IN_REVIEW and reached else ""
    )


def _day(day: dt.date | None) -> str:
    return day_words(day) if day else ""


def _after(row: Row, stage: Stage, reached: dict[str, dt.date]) -> list[dict[str, Any]]:
    if stage in ENDED:
        return [{"label": STAGES[stage], "date": _day(reached.get(stage)), "state": "now"}]
    at = AFTER.index(stage) if stage in AFTER else -1
    ahead = (
        []
        if stage in (*IN_FORCE, *AFTER)
        else [{"label": STAGES[Stage.ACTIVE], "date": _day(row.get("starts_on")), "state": "todo"}]
    )
    dates = {
        Stage.CLOSING: _day(row.get("terminated_on") or row.get("ends_on")),
        Stage.CLOSED: _("when settled") if at < 1 else "",
    }
    shown = AFTER if stage is Stage.ARCHIVED else AFTER[:2]
    return ahead + [
        {
            "label": STAGES[one],
            "date": _day(reached.get(one)) if index <= at else dates.get(one, ""),
            "state": "now" if index == at else "done" if index < at else "todo",
        }
        for index, one in enumerate(shown)
    ]


def _live(row: Row, today: dt.date) -> dict[str, Any] | None:
    """The ruler from start to end, with today and the last day of notice in percent."""
    starts, ends = row.get("starts_on"), row.get("terminated_on") or row.get("ends_on") or row.get("committed_until")
    if not starts or not ends or ends <= starts:
        return {
            "label": STAGES[Stage(row.stage)],
            "today": 100,
            "marks": [],
            "late": "",
            "text": str(STAGES[Stage(row.stage)]),
        }
    notice = row.get("notice_by")
    marks = (
        [{"at": _percent(notice, starts, ends), "label": _("Notice by"), "sub": day_words(notice)}] if notice else []
    )
    text = _("In force from %(starts)s to %(ends)s, today %(today)s.") % {
        "starts": starts,
        "ends": ends,
        "today": today,
    }
    return {
        "label": STAGES[Stage(row.stage)],
        "today": _percent(today, starts, ends),
        "marks": marks,
        "late": "",
        "text": text,
    }


def _percent(day: dt.date, starts: dt.date, ends: dt.date) -> Decimal:
    """Where a day stands on the ruler, in percent."""
    share = Decimal(100 * (day - starts).days) / Decimal((ends - starts).days)
    return max(Decimal(0), min(Decimal(100), share))

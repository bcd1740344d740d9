"""What the first page shows a reader: what waits for them, whom they wait for, the dates ahead, what they touched.

Every figure and name is asked through registers with the reader's own rights; a part whose fields they
may not read is left out. Nothing is shown that is not so.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils import dates, formats
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from hetong.approvals.policy import Can as Approvals
from hetong.approvals.queries import open_tasks
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError
from hetong.kernel.fields import Row, Text
from hetong.kernel.nouns import noun
from hetong.kernel.paging import page
from hetong.kernel.where import Where, narrow, ordering
from hetong.todos.fields import TODO
from hetong.todos.queries import ORDER, count_mine
from hetong.todos.states import TASK

CONTRACT = "contracts.contract"
SHOWN = frozenset(
    {"number", "title", "counterparty", "owner", "gross", "stage", "status", "ends_on", "notice_by", "act_by", "term"}
)
AHEAD = dt.timedelta(days=90)
MOST = 8
OWN_VERBS: dict[str, tuple[Text, str, str]] = {
    "rejected": (pgettext_lazy("work", "Revise"), "", "soon"),
    "approved": (pgettext_lazy("work", "Send to sign"), "", ""),
    "signing": (pgettext_lazy("work", "Sign"), "signing/", ""),
    "draft": (pgettext_lazy("work", "Finish"), "", ""),
}
"""What the owner does next with a contract in that stage, and where."""


@dataclass(frozen=True)
class Item:
    """One line of work: the verb first, then the thing, then when."""

    verb: Text
    title: str
    context: str
    url: str
    when: str = ""
    tone: str = ""
    """``late``, ``soon`` or nothing."""
    who: str = ""
    is_external: bool = False


@dataclass(frozen=True)
class KeyDate:
    """A date of a contract within the next 90 days. ``kind``: notice | renew | end."""

    day: dt.date
    kind: str
    what: Text
    row: Row


@dataclass
class Day:
    """One day of the small calendar."""

    number: int
    is_today: bool = False
    kinds: list[str] = field(default_factory=list)


def asked(actor: Actor, query: dict[str, list[str]], limit: int = MOST) -> list[Row]:
    """The contracts that answer, in the order asked; none where the reader may not ask that."""
    entry = noun(CONTRACT)
    if not entry.may_view(actor):
        return []
    try:
        where = Where.parse(query)
        rows = narrow(entry.register, actor, entry.visible_to(actor), where)
        found = page(rows, ordering(entry.register, actor, where.sort), limit=limit)
    except DomainError:
        return []
    return entry.register.show(actor, found.ids, SHOWN)


THEIRS = ("in_review", "in_approval", "signing")
"""Stages in which an owner may wait for somebody else."""


def my_contracts(actor: Actor) -> list[Row]:
    """The reader's own contracts that wait for somebody, newest first: what both halves of the page are about."""
    stages = [*dict.fromkeys((*OWN_VERBS, *THEIRS))]
    return asked(actor, {"owner": ["me"], "stage": stages, "sort": ["-created_at"]}, 6 * MOST)


def waiting_for_me(actor: Actor, mine: Collection[Row]) -> list[Item]:
    """What the reader's own hands are needed for, the most urgent first: decisions of others wait longest."""
    today = clock.today(actor.zone)
    own = [row for row in mine if row.stage in OWN_VERBS]
    items = [_task(actor, row) for row in approvals(actor)]
    items += [_own(row) for row in own if row.stage != "draft"]
    items += [
        _item(_("Decide"), row, _days(row.get("act_by") or row.get("notice_by"), today))
        for row in asked(actor, _mine("notice_by", today, stage=["active", "closing"]))
    ]
    items += [
        _item(_("Review"), row, ("", ""))
        for row in asked(actor, {"members": ["me"], "stage": ["in_review"], "owner.not": ["me"], "sort": ["ends_on"]})
    ]
    items += [
        _item(_("Look into"), row, (_("Abnormal"), "late"))
        for row in asked(actor, {"owner": ["me"], "is_abnormal": ["true"]})
    ]
    return items + from_list(actor, today)


def my_drafts(mine: Collection[Row]) -> list[Item]:
    """The reader's own drafts: nobody waits for them yet, so they come after everything else."""
    return [_own(row) for row in mine if row.stage == "draft"][:MOST]


SHOWN_ABOVE = (
    "approvals.task", "contracts.review", "contracts.send", "contracts.sign", "contracts.revise", "contracts.notice_by",
    "contracts.ends", "contracts.flag",
)  # fmt: skip
"""What the list of to-dos holds too and stands here already, in words of its own."""


def from_list(actor: Actor, today: dt.date) -> list[Item]:
    """The rest of the reader's to-dos that wait now: tasks, opinions asked for, milestones, papers to get back."""
    waiting = count_mine(actor).exclude(rule__in=SHOWN_ABOVE).exclude(rule__startswith="billing.").order_by(*ORDER)
    return [_todo(row, today) for row in TODO.show(actor, waiting[:MOST])]


def _todo(row: Row, today: dt.date) -> Item:
    """A task by its words, what a record asks by the record's name."""
    about, what = row.get("about"), str(row.get("what") or "")
    is_task = getattr(row.get("origin"), "code", "") == TASK
    when = _days(None if row.get("is_ask") else row.get("due_on"), today)
    if is_task or about is None:
        return Item(_("Task") if is_task else "", what, about.title if about else "", f"/todos/{row.id}/", *when)
    asked = ": ".join(filter(None, (what, str(row.get("thing") or ""))))
    beside = " · ".join(filter(None, (asked, str(row.get("context") or ""))))
    return Item(pgettext_lazy("work", "To do"), about.title, beside, about.url, *when)


def approvals(actor: Actor) -> list[Row]:
    """The decisions that the reader is asked for, longest waiting first."""
    entry = noun("approvals.task")
    return entry.register.show(actor, open_tasks(actor)[:MOST]) if actor.may(Approvals.DECIDE) else []


def _task(actor: Actor, row: Row) -> Item:
    asked_at = row.get("asked_at")
    waits = (clock.today(actor.zone) - clock.day_of(asked_at, actor.zone)).days if asked_at else 0
    who = str(row.get("opened_by") or "")
    when = span(waits) if waits > 0 else _("Today")
    return Item(_("Approve"), row.title, who, row.url or f"/approvals/{row.id}/", when, "late" if waits > 3 else "soon")


def _own(row: Row) -> Item:
    """A contract of the reader's own that waits for the reader: sent back, to be signed, to be sent on, to be finished."""
    verb, tab, tone = OWN_VERBS[row.stage]
    item = _item(str(verb), row, ("", tone))
    return replace(item, url=f"{row.url}{tab}")


def i_wait_for(actor: Actor, mine: Collection[Row]) -> list[Item]:
    """What is mine and in someone else's hands."""
    today = clock.today(actor.zone)
    items = []
    for row in [row for row in mine if row.stage in THEIRS][:MOST]:
        waiting = row.waiting_on
        if waiting is None or waiting.who == actor.label:
            continue
        since = clock.day_of(waiting.since, actor.zone) if isinstance(waiting.since, dt.datetime) else waiting.since
        when = span((today - since).days) if since else ""
        context = " · ".join(str(v) for v in (row.get("number") or "", row.title) if v)
        items.append(
            Item(
                "",
                f"{waiting.who} {waiting.what}",
                context,
                row.url,
                when,
                who=waiting.who,
                is_external=waiting.external,
            )
        )
    return items


def key_dates(actor: Actor) -> tuple[list[KeyDate], bool]:
    """Notices, renewals and ends of the next 90 days, and whether they are the reader's own.

    Who owns no contract (legal, finance, management) sees those of everything open to them.
    """
    today = clock.today(actor.zone)
    for whose in ({"owner": ["me"]}, {}):
        found = [date for row in _dated(actor, today, whose) for date in _dates_of(row, today)]
        if found:
            return sorted(found, key=lambda one: (one.day, one.row.title)), bool(whose)
    return [], True


def _dated(actor: Actor, today: dt.date, whose: dict[str, list[str]]) -> list[Row]:
    """The contracts with a notice or an end within the next 90 days, in one statement; a date not to be read finds nothing."""
    entry, found = noun(CONTRACT), Q(pk__in=[])
    if not entry.may_view(actor):
        return []
    for name in ("notice_by", "ends_on"):
        with suppress(DomainError):
            where = Where.parse(_within(name, today) | whose)
            found |= Q(pk__in=narrow(entry.register, actor, entry.visible_to(actor), where).values("pk"))
    rows = entry.register.model._default_manager.filter(found).order_by("next_on", "pk")
    return entry.register.show(actor, rows[:120], SHOWN)


def _dates_of(row: Row, today: dt.date) -> Iterator[KeyDate]:
    notice, end = row.get("notice_by"), row.get("ends_on")
    if notice and today <= notice <= today + AHEAD:
        yield KeyDate(notice, "notice", _("notice by"), row)
    if end and today <= end <= today + AHEAD:
        yield _end(row)


def _end(row: Row) -> KeyDate:
    term = getattr(row.get("term"), "code", "")
    renews = term == "auto_renew"
    return KeyDate(row["ends_on"], "renew" if renews else "end", _("renews") if renews else _("ends"), row)


def _within(name: str, today: dt.date) -> dict[str, list[str]]:
    last = (today + AHEAD).isoformat()
    return {
        f"{name}.gte": [today.isoformat()],
        f"{name}.lte": [last],
        "stage": ["active", "signing", "approved", "suspended", "closing"],
    }


def _mine(name: str, today: dt.date, *, stage: list[str]) -> dict[str, list[str]]:
    return {
        "owner": ["me"],
        "stage": stage,
        f"{name}.gte": [today.isoformat()],
        f"{name}.lte": [(today + dt.timedelta(days=60)).isoformat()],
        "sort": [name],
    }


def _item(verb: Text, row: Row, when: tuple[str, str]) -> Item:
    context = " · ".join(str(row[name]) for name in ("number", "counterparty") if row.get(name))
    return Item(verb, row.title, context, row.url, when[0], when[1])


def _days(day: dt.date | None, today: dt.date) -> tuple[str, str]:
    if day is None:
        return "", ""
    left = (day - today).days
    if left < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}, "late"
    return (_("Today") if left == 0 else span(left)), "soon" if left <= 7 else ""


def span(days: int) -> str:
    """A number of days in words."""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


# -- the small calendar --------------------------------------------------------------------------


def months(today: dt.date, marked: Collection[KeyDate], count: int = 3) -> list[dict[str, Any]]:
    """This month and those after it as weeks of days from Monday on, with what falls on each."""
    kinds: dict[dt.date, list[str]] = {}
    for one in marked:
        kinds.setdefault(one.day, []).append(one.kind)
    shown, year, month = [], today.year, today.month
    for _number in range(count):
        weeks = [
            [
                Day(n, dt.date(year, month, n) == today, sorted(set(kinds.get(dt.date(year, month, n), []))))
                if n
                else None
                for n in week
            ]
            for week in calendar.Calendar().monthdayscalendar(year, month)
        ]
        shown.append({"name": month_name(dt.date(year, month, 1), today), "weeks": weeks})
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return shown


def month_name(first: dt.date, today: dt.date) -> str:
    """The month, with its year where that is not plain."""
    is_chinese = (get_language() or "").startswith("zh")
    if first.year != today.year or first.month == today.month:
        return formats.date_format(first, "Y年n月" if is_chinese else "F Y")
    return formats.date_format(first, "n月" if is_chinese else "F")


def weekday_letters() -> list[str]:
    """M T W T F S S, in the reader's language."""
    is_chinese = (get_language() or "").startswith("zh")
    return [str(dates.WEEKDAYS_ABBR[n])[-1 if is_chinese else 0].upper() for n in range(7)]


def day_title(today: dt.date) -> str:
    """The day in words, with the number of its week (ISO 8601)."""
    words = formats.date_format(today, "Y年n月j日 l" if (get_language() or "").startswith("zh") else "l j F Y")
    return _("%(day)s, week %(week)s") % {"day": words, "week": today.isocalendar().week}

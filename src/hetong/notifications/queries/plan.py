"""What one is reminded of on one record: each day, its marks, whom they told, and whether somebody paused it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, DateField, F, When

from hetong.kernel.actors import Actor, Level
from hetong.kernel.deadlines import Deadline, deadlines
from hetong.kernel.fields import Register, Text
from hetong.kernel.nouns import noun
from hetong.notifications.models import Pause, Reminder, ReminderRule
from hetong.notifications.queries.places import Here, company_of, places
from hetong.notifications.queries.rules import Rule, rules_of

MOST = 60


@dataclass(frozen=True)
class MarkShown:
    """One mark: on which working day it comes, and whom it told."""

    offset: int
    on: dt.date
    told: tuple[str, ...]
    at: dt.datetime | None
    is_next: bool = False

    @property
    def after(self) -> int:
        """Days after the day, for a mark that comes after it."""
        return -self.offset


@dataclass(frozen=True)
class Planned:
    """One open deadline of a row on the page of a record."""

    key: str
    id: UUID
    label: Text
    what: Text
    settled_by: Text
    title: str
    day: dt.date
    url: str
    marks: tuple[MarkShown, ...]
    pause: Pause | None
    is_late: bool


def reminder_plan(actor: Actor, key: str, id: UUID) -> list[Planned]:
    """The open deadlines on the page of a record that the actor sees, the nearest day first; one statement per noun."""
    found: list[tuple[Deadline, UUID, dt.date, UUID | None, UUID | None]] = []
    by_noun: dict[tuple[str, str], list[Deadline]] = {}
    for one in deadlines():
        if one.page_noun == key and noun(one.noun).may_view(actor):
            by_noun.setdefault((one.noun, one.page_path), []).append(one)
    for (of, path), many in by_noun.items():
        found += _open(actor, of, path, many, id)
    where = places() if found else {}
    if not where:  # nobody is reminded before there is a company
        return []
    ids = [row for _one, row, *_rest in found]
    told = _told(ids)
    # allow: visibility — of rows that were asked for with visible_to
    pauses = {(p.deadline, p.subject): p for p in Pause.objects.filter(subject__in=ids, ended_at=None)}
    titles = _titles(actor, key, found)
    # allow: visibility — when the house is reminded is no secret of anybody's
    stored = list(ReminderRule.objects.all())
    plan = []
    for one, row, day, company, kind in found:
        here = where[company]
        pause = pauses.get((one.key, row))
        rule = _rule(rules_of(one, stored), kind)
        plan.append(
            Planned(
                one.key, row, one.label, one.what, one.settled_by, titles.get(row, ""), day, one.link(noun(key).url(id), row),
                tuple(_marks(rule, day, here, told.get((one.key, row, day), {}))),
                pause if pause and pause.until >= here.today else None, day < here.today,
            )
        )  # fmt: skip
    return sorted(plan, key=lambda one: (one.day, one.key))


def _open(
    actor: Actor, of: str, path: str, many: Iterable[Deadline], page: UUID
) -> Iterable[tuple[Deadline, UUID, dt.date, UUID | None, UUID | None]]:
    """The days of the open rows of one noun on a page, by deadline, in one statement."""
    entry = noun(of)
    asked = list(many)
    days = {
        f"day_{n}": Case(When(one.is_open, then=F(one.day)), output_field=DateField()) for n, one in enumerate(asked)
    }
    kinds = {f"kind_{n}": F(one.kind) for n, one in enumerate(asked) if one.kind}
    rows = entry.visible_to(actor).filter(**{path: page}).annotate(**days, **kinds).order_by("pk")
    company = entry.register.company
    paths = {company, *(company_of(one) for one in asked)} - {""}
    for row in rows.values("pk", *days, *kinds, *paths)[:MOST]:
        for n, one in enumerate(asked):
            if row[f"day_{n}"] is not None and _may_read(actor, entry.register, one, row.get(company)):
                yield one, row["pk"], row[f"day_{n}"], row.get(company_of(one)), row.get(f"kind_{n}")


def _may_read(actor: Actor, register: Register, one: Deadline, company: UUID | None) -> bool:
    """Whether the reader may read the day itself."""
    names = [field.name for field in register if field.path == one.day]
    return all(register.level(actor, name, company) > Level.HIDDEN for name in names)


def _rule(rules: Sequence[Rule], kind: UUID | None) -> Rule:
    return next((rule for rule in rules if rule.kind and rule.kind == kind), rules[-1])


def _told(ids: Iterable[UUID]) -> dict[tuple[str, UUID, dt.date], dict[int, list[Reminder]]]:
    found: dict[tuple[str, UUID, dt.date], dict[int, list[Reminder]]] = {}
    for one in Reminder.objects.filter(subject__in=list(ids)).select_related("user").order_by("user__name_key"):
        found.setdefault((one.deadline, one.subject, one.occurrence), {}).setdefault(one.mark, []).append(one)
    return found


def _marks(
    rule: Rule, day: dt.date, here: Here, told: dict[int, list[Reminder]]
) -> Iterable[MarkShown]:  # fmt: skip
    is_first = True
    for offset in rule.offsets:
        on = here.told_on(day, offset)
        sent = told.get(offset, [])
        is_next = is_first and not sent and on >= here.today
        is_first = is_first and not is_next
        yield MarkShown(offset, on, tuple(one.user.name for one in sent), sent[0].at if sent else None, is_next)


def _titles(
    actor: Actor, key: str, found: Iterable[tuple[Deadline, UUID, dt.date, UUID | None, UUID | None]]
) -> dict[UUID, str]:
    """What the parts on the page are called; the record itself needs no name there."""
    by_noun: dict[str, set[UUID]] = {}
    for one, row, *_rest in found:
        if one.noun != key:
            by_noun.setdefault(one.noun, set()).add(row)
    titles: dict[UUID, str] = {}
    for of, ids in by_noun.items():
        titles |= {row.id: row.title for row in noun(of).register.show(actor, ids, ())}
    return titles

"""What people are to be reminded of, said a second time: in plain Python over plain rows, with nothing of the engine's.

The working days are written out by hand for 2026. A test that compares the two finds what either has wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model

from hetong.accounts.models import Company
from hetong.approvals.models import Task
from hetong.billing.models import Due, Invoice, Payment
from hetong.contracts.models import AbnormalFlag, Contract, Loan, Milestone, Project, RenewalDecision
from hetong.discussions.models import Mention
from hetong.documents.models import Document
from hetong.parties.models import Party
from hetong.todos.models import Todo

Raw = Mapping[str, Any]
Fact = tuple[str, UUID, dt.date]
"""Deadline, row, day."""
ONE = dt.timedelta(days=1)


def days(*spans: str) -> frozenset[dt.date]:
    """Days of 2026, each ``MM-DD`` or ``MM-DD/MM-DD``."""
    found = set()
    for span in spans:
        first, _slash, last = span.partition("/")
        day, end = dt.date.fromisoformat(f"2026-{first}"), dt.date.fromisoformat(f"2026-{last or first}")
        while day <= end:
            found.add(day)
            day += ONE
    return frozenset(found)


OFF = {
    "SE": days("01-01", "01-06", "04-03", "04-06", "05-01", "05-14", "06-06", "06-19", "10-31", "12-24/12-25", "12-31"),
    "CN": days("01-01/01-03", "02-15/02-23", "04-04/04-06", "05-01/05-05", "06-19/06-21", "09-25/09-27", "10-01/10-07"),
}
WORKED = {"SE": days(), "CN": days("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")}
"""Weekends that are worked (调休), as the State Council announced them for 2026."""


def is_worked(country: str, day: dt.date) -> bool:
    return day in WORKED[country] or (day.weekday() < 5 and day not in OFF[country])


def worked(country: str, day: dt.date) -> dt.date:
    """The day, or the last one before it that is worked."""
    while not is_worked(country, day):
        day -= ONE
    return day


# -- what is open, by kind of row ------------------------------------------------------------------

USUAL = (90, 60, 30, 7, 0)
CHASED = (7, 0, -7, -14, -30)
RUNNING = ("active", "suspended")
OVER = ("closed", "archived", "superseded", "void", "discarded")


@dataclass(frozen=True)
class Kind:
    """Rows of a model: the columns that are read, where their company stands, and what each row asks for by which day."""

    model: type[Model]
    columns: tuple[str, ...]
    company: str
    asks: Callable[[Raw], Iterator[tuple[str, dt.date | None]]]


def of_contracts(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    stage, notice_by, ends_on = row["stage"], row["notice_by"], row["ends_on"]
    if stage in RUNNING and row["terminated_on"] is None:
        if notice_by is not None and notice_by not in row["decided"]:
            yield "contracts.notice_by", notice_by
            yield "contracts.act_by", row["act_by"]
        if notice_by is None and ends_on not in row["decided"]:
            yield "contracts.ends", ends_on
        if notice_by is not None:
            yield {"fixed": "contracts.last_day", "auto_renew": "contracts.renews"}.get(row["term"], ""), ends_on
    since = {
        "in_review": "contracts.review", "approved": "contracts.send", "signing": "contracts.sign", "rejected": "contracts.revise",
        "expired": "contracts.close", "terminated": "contracts.close", "closing": "contracts.close",
    }  # fmt: skip
    if stage in since:
        yield since[stage], utc_day(row["stage_since"])


def of_milestones(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    if row["reached_on"] is None and row["contract__stage"] in (*RUNNING, "closing"):
        yield "contracts.milestone", row["due_on"]


def of_invoices(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    if row["kind"] == "invoice" and row["gross_minor"] > row["credited_minor"] + row["settled_minor"]:
        yield "billing.collect" if row["direction"] == "out" else "billing.pay", row["due_on"]


def of_dues(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    if row["state"] != "open":
        return
    is_planned = row["contract__has_invoice_plan"]
    if is_planned and row["settled_minor"] < row["gross_minor"]:
        yield {"collect": "billing.collect_due", "pay": "billing.pay_due"}.get(row["kind"], ""), row["due_on"]
    is_billed = row["kind"] == "invoice" or (row["kind"] == "collect" and not is_planned)
    if is_billed and row["invoiced_minor"] < row["gross_minor"] and not row["contract__stops_invoicing"]:
        yield "billing.invoice", row["on"]


def of_payments(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    if row["state"] == "reported":
        yield "billing.confirm", utc_day(row["reported_at"])


def of_tasks(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    if row["state"] == "waiting" and row["round__state"] == "open":
        yield "approvals.task", utc_day(row["asked_at"])


def of_mentions(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    if row["settled_at"] is None:
        yield f"discussions.asked:{row['comment__thread__noun']}", utc_day(row["at"])


def of_todos(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    if row["rule"] == "task" and row["state"] == "open":
        yield "todos.task", row["due_on"]


def of_documents(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
    if row["current"] is not None and not row["is_retired"] and not row["rests"]:
        yield f"documents.valid_until:{row['noun']}", row["valid_until"]


def simple(key: str, day: str, column: str, still: Any) -> Callable[[Raw], Iterator[tuple[str, dt.date | None]]]:
    """Open while one column says so."""

    def asks(row: Raw) -> Iterator[tuple[str, dt.date | None]]:
        if row[column] == still:
            yield key, row[day]

    return asks


def utc_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(dt.UTC).date()


KINDS = (
    Kind(Contract, ("stage", "term", "terminated_on", "notice_by", "act_by", "ends_on", "stage_since"), "company", of_contracts),
    Kind(Milestone, ("reached_on", "due_on", "contract__stage"), "contract__company", of_milestones),
    Kind(Loan, ("returned_on", "until"), "original__contract__company", simple("contracts.loan", "until", "returned_on", None)),
    Kind(AbnormalFlag, ("state", "due_on"), "contract__company", simple("contracts.flag", "due_on", "state", "open")),
    Kind(Project, ("is_active", "ends_on"), "company", simple("contracts.project", "ends_on", "is_active", True)),
    Kind(Invoice, ("kind", "direction", "gross_minor", "credited_minor", "settled_minor", "due_on"), "company", of_invoices),
    Kind(
        Due, ("state", "kind", "on", "due_on", "gross_minor", "settled_minor", "invoiced_minor", "contract__has_invoice_plan",
              "contract__stops_invoicing"), "company", of_dues,
    ),
    Kind(Payment, ("state", "reported_at"), "company", of_payments),
    Kind(Task, ("state", "round__state", "asked_at"), "round__company", of_tasks),
    Kind(Mention, ("settled_at", "at", "comment__thread__noun"), "comment__thread__company", of_mentions),
    Kind(Document, ("noun", "subject", "current", "is_retired", "valid_until"), "company", of_documents),
    Kind(Todo, ("rule", "state", "due_on"), "company", of_todos),
)  # fmt: skip

MARKS: Mapping[str, tuple[int, ...]] = {
    "contracts.notice_by": USUAL, "contracts.act_by": (0,), "contracts.ends": USUAL, "contracts.last_day": (30, 7),
    "contracts.renews": (30, 7), "contracts.milestone": (14, 3, 0, -7), "contracts.loan": (3, 0, -7, -30), "contracts.flag": (3, 0, -7),
    "contracts.project": (30, 7, 0), "contracts.review": (-3, -7, -14), "contracts.send": (-3, -7, -14), "contracts.sign": (-7, -14, -30),
    "contracts.revise": (-7, -30), "contracts.close": (-7, -30), "billing.collect": CHASED, "billing.collect_due": CHASED,
    "billing.pay": (7, 0, -7), "billing.pay_due": (7, 0, -7), "billing.invoice": (0, -7), "billing.confirm": (-1, -3, -7),
    "approvals.task": (-1, -3, -7), "todos.task": (3, 0, -3, -7),
    **dict.fromkeys(
        (f"documents.valid_until:{noun}" for noun in (
            "accounts.company", "parties.party", "contracts.contract", "contracts.project", "billing.invoice", "billing.payment",
        )), (60, 30, 7),
    ),
    **dict.fromkeys(
        (f"discussions.asked:{noun}" for noun in (
            "parties.party", "contracts.contract", "contracts.project", "billing.invoice", "billing.payment", "documents.document",
        )), (-3, -7),
    ),
}  # fmt: skip
"""Days before (negative: after) the day at which people are told, by deadline, as docs and requirements have them."""


class Oracle:
    """Remembers what was due to be told, and says what a run of the job has to tell at a moment."""

    def __init__(self) -> None:
        rows = Company.objects.order_by("pk").values_list("pk", "country", "zone")
        self.places: dict[UUID | None, tuple[str, str]] = {pk: (country, zone) for pk, country, zone in rows}
        self.places[None] = next(iter(self.places.values()))
        self.told: dict[Fact, int] = {}

    def open_facts(self) -> Iterator[tuple[Fact, UUID | None]]:
        """Everything that asks for something by a day now, with its company."""
        decided: dict[UUID, set[dt.date]] = {}
        for contract, day in RenewalDecision.objects.values_list("contract", "day"):
            decided.setdefault(contract, set()).add(day)
        at_rest = set(Contract.objects.filter(stage__in=OVER).values_list("pk", flat=True))
        at_rest |= {
            pk
            for model in (Party, Project)
            for pk in model.objects.filter(is_active=False).values_list("pk", flat=True)
        }
        for kind in KINDS:
            for row in kind.model._default_manager.values("pk", kind.company, *kind.columns).iterator(5_000):
                for key, day in kind.asks(
                    row | {"decided": decided.get(row["pk"], ()), "rests": row.get("subject") in at_rest}
                ):
                    if key and day is not None:
                        yield (key, row["pk"], day), row[kind.company]

    def expects(self, moment: dt.datetime) -> set[tuple[str, UUID, dt.date, int]]:
        """What has to be told in a run at that moment, each thing at its newest mark that has come and was not told."""
        today = {pk: moment.astimezone(ZoneInfo(zone)).date() for pk, (_country, zone) in self.places.items()}
        found = set()
        for fact, company in self.open_facts():
            key, _row, day = fact
            country = self.places[company][0]
            come = [m for m in MARKS[key] if self._worked(country, day - dt.timedelta(days=m)) <= today[company]]
            if come and come[-1] < self.told.get(fact, 10_000):
                self.told[fact] = come[-1]
                found.add((*fact, come[-1]))
        return found

    def _worked(self, country: str, day: dt.date) -> dt.date:
        """Outside of 2026 the lists say nothing, and nothing of it is asked: long past, or not yet come."""
        return worked(country, day) if day.year == 2026 else day

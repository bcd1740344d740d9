"""The parts of the Money tab: stages, their amounts, and the page that holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hetong.kernel.fields import Row, Verb
from hetong.kernel.money import Money

MAIN = ("invoice", "receive")


@dataclass(frozen=True)
class Amounts:
    """What was planned, invoiced and received of a stage or of all, and what of it is open."""

    planned: Money
    invoiced: Money
    received: Money
    open: Money

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            self.planned + other.planned, self.invoiced + other.invoiced, self.received + other.received, self.open + other.open
        )  # fmt: skip


@dataclass
class Line:
    """One stage as the table draws it; ``sums`` is None where amounts are not open to the reader."""

    row: Row
    position: int
    sums: Amounts | None
    on: dt.date | None = None
    when: str = ""
    about: str = ""
    is_late_to_bill: bool = False
    tone: str = ""
    """``held``, ``soon``, ``off`` or nothing."""
    state_word: str = ""
    why_state: str = ""
    invoices: list[dict[str, Any]] = field(default_factory=list)
    received_note: str = ""
    open_note: str = ""
    note_tone: str = ""
    why: Mapping[str, Any] | None = None
    is_opened: bool = False
    """Whether the page's address asks for the steps behind the amount."""

    @property
    def key(self) -> str:
        return f"why-{self.row.id}"

    @property
    def code(self) -> str:
        return str(getattr(self.row.get("condition"), "code", ""))

    @property
    def is_retention(self) -> bool:
        return bool(self.row.get("is_retention"))

    @property
    def has_invoiced(self) -> bool:
        return self.sums is not None and bool(self.sums.invoiced)

    @property
    def has_received(self) -> bool:
        return self.sums is not None and bool(self.sums.received)

    @property
    def has_open(self) -> bool:
        return self.has_invoiced

    @property
    def open_tone(self) -> str:
        if self.sums is None or not self.sums.open:
            return "good"
        return "late" if self.code == "late" else ""

    @property
    def main(self) -> Verb | None:
        return next((verb for name in MAIN if (verb := self.row.verb(name))), None)

    @property
    def others(self) -> list[Verb]:
        return [verb for verb in self.row.verbs if verb.name not in MAIN]


@dataclass
class Page:
    """The tab as it is drawn."""

    currency: str
    is_net: bool
    reads_amounts: bool
    rows: list[Line]
    sums: Amounts | None
    tiles: list[dict[str, Any]]
    is_expense: bool = False
    is_running: bool = False
    is_billed: bool = True
    """Whether contracts of this class are ever invoiced or paid."""
    invoices: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    on_account: list[Any] = field(default_factory=list)
    plan_url: str = ""

    @property
    def may_invoice(self) -> bool:
        return any(one.main for one in self.rows)

    @property
    def may_pay(self) -> bool:
        return any(one.row.verb("pay") for one in self.rows)


@dataclass(frozen=True)
class Posted:
    """What was posted per due: net and gross invoiced, on which invoices, and the day money last came."""

    net: Mapping[UUID, int]
    gross: Mapping[UUID, int]
    on: Mapping[UUID, list[UUID]]
    last: Mapping[UUID, dt.date]
    explained: Mapping[UUID, Mapping[str, Any]]

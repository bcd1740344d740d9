"""The lines that contracts are added with: read and priced in memory, so that the contract has its value from the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import UUID

from hetong.accounts.models import Company
from hetong.audit.services import added, record_added
from hetong.contracts.events import Act, LinesAdded
from hetong.contracts.fields import LINE
from hetong.contracts.models import Contract, ContractType, Line
from hetong.contracts.services.line_rules import line_problems
from hetong.contracts.services.upkeep import set_totals
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.batch import Batch
from hetong.kernel.bulk import made
from hetong.kernel.errors import DomainError, Invalid, Problem
from hetong.kernel.events import Fact
from hetong.kernel.input import assign
from hetong.kernel.rows import insert
from hetong.kernel.together import parse_all
from hetong.reference.queries import find_tax_rates

Given = Mapping[str, Any]
Parsed = Mapping[str, Any] | DomainError
UNSAVED = frozenset({"contract"})
"""What a line of a contract that is only being added cannot name."""


class OwnLines:
    """Reads the lines of a batch of new contracts, then stores them all."""

    def __init__(
        self, actor: Actor, types: Mapping[UUID, ContractType], companies: Mapping[UUID, Company], lines: Sequence[Sequence[Given]],
        *, locale: str = "",
    ) -> None:  # fmt: skip
        self.actor, self.types, self.companies, self.given, self.locale = actor, types, companies, lines, locale
        self.rows: list[Line] = []
        self._batch = Batch(LINE, actor)
        self._read: dict[tuple[UUID, str], Sequence[Sequence[Parsed]]] = {}
        self._standard: dict[str, int] = {}
        self._now = clock.now()

    def read(self, contract: Contract, place: int) -> Iterator[Problem]:
        """The lines given at that place of the batch, priced into the contract's totals; what is wrong with them."""
        own: list[Line] = []
        parsed = self._parsed(contract)[place] if place < len(self.given) else ()
        for position, values in enumerate(parsed, start=1):
            try:
                if isinstance(values, DomainError):
                    raise values
                row = self._line(contract, values, position)
                found = line_problems(row)
            except Invalid as invalid:
                found = list(invalid.problems)
            if found:
                yield from (replace(one, field=f"line.{one.field}") for one in found)
            else:
                own.append(row)
        if own:
            set_totals(contract, own)
            self.rows += own

    def _parsed(self, contract: Contract) -> Sequence[Sequence[Parsed]]:
        """The lines of every place as they are read for a contract of that company at that stage."""
        setting = (contract.company_id, contract.stage)
        if setting not in self._read:
            given = [one for own in self.given for one in own]
            read = iter(
                parse_all(
                    LINE, self.actor, given, batch=self._batch, company=contract.company_id, stage=contract.stage, locale=self.locale,
                    currency="", besides=UNSAVED,
                )
            )  # fmt: skip
            self._read[setting] = [list(islice(read, len(own))) for own in self.given]
        return self._read[setting]

    def _line(self, contract: Contract, values: Mapping[str, Any], position: int) -> Line:
        row = made(
            Line, contract_id=contract.pk, company_id=contract.company_id, currency=contract.currency, position=position,
            created_at=self._now,
        )  # fmt: skip
        row.contract = contract  # at hand for the journal, which names it
        assign(LINE, row, values)
        if values.get("tax_rate") is None:
            row.tax_percent = self._usual_tax(contract)
        return row

    def _usual_tax(self, contract: Contract) -> int:
        """The tax percent where none is given: the type's, else the company's country's standard rate."""
        own: int | None = self.types[contract.type_id].tax_percent
        if own is not None:
            return own
        company = self.companies[contract.company_id]
        if company.country not in self._standard:
            highest = find_tax_rates(self.actor, company.country, clock.today(company.zone)).first()
            self._standard[company.country] = highest.percent if highest else 0
        return self._standard[company.country]

    def store(self, contracts: Sequence[Contract], parsed: Sequence[Given]) -> None:
        """Insert the lines, with their own entries in the journal; the contracts are in the database."""
        if not self.rows:
            return
        insert(self.rows)
        record_added(self.actor, Act.LINES_ADDED, added(LINE, self.rows))
        publish(LinesAdded(self.actor, tuple(Fact(LINE.noun, row.pk, row.company_id) for row in self.rows)))

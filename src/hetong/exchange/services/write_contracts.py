"""Contracts out of a file, with their lines and the stages of their plan; those that are in force are adopted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from hetong.accounts.models import Company
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, ContractType
from hetong.contracts.services import (
    add_instalments,
    adopt_closed_contracts,
    adopt_contracts,
    edit_contracts,
    next_numbers,
)
from hetong.contracts.services.contracts import as_id
from hetong.contracts.states import Class
from hetong.exchange.importing import Kind
from hetong.exchange.importing.kinds import LINE_PART, PLAN_PART
from hetong.exchange.models import Import
from hetong.exchange.services.ahead import Job
from hetong.exchange.services.resolving import NO_PARTY, Found, contracts_named, only, parties_called, parties_numbered
from hetong.exchange.services.taking import Taken
from hetong.exchange.services.write_parties import PARTY_NOUN
from hetong.exchange.services.writers import Made, Written
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, DomainError, Invalid, Problem
from hetong.parties.fields import PARTY
from hetong.parties.identifiers import check, scheme_of_country
from hetong.parties.services import add_parties

NOUN = "contracts.contract"
OF_ROW = frozenset({"number", "counterparty", "counterparty_number", "value", "stage"})
"""What a file says of a contract beside the fields that its service takes."""
ADOPTED_BY = {"active": "adopt", "closed": "adopt_closed"}
"""The stages at which a file may have its contracts, and the verb that leads there."""
ADOPTIONS = {"adopt": adopt_contracts, "adopt_closed": adopt_closed_contracts}
"""The services of these verbs, for contracts that have to have their plan first."""


class Contracts(Written):
    """Contracts of the import's company."""

    is_helped = True

    def __init__(self, actor: Actor, of: Import, kind: Kind, *, is_dry: bool) -> None:
        super().__init__(actor, of, kind, is_dry=is_dry)
        self.types = {one.pk: one for one in ContractType.objects.visible_to(actor).filter(is_active=True)}
        self._usual_type = self._chosen_type()
        self._numbered: dict[str, UUID] = {}
        """Numbers of counterparties that were found before, with their parties."""

    def _chosen_type(self) -> ContractType | None:
        """The type of contracts whose row names none: the one that was chosen, else the first of the class."""
        wanted = as_id(self.options.get("type"))
        of_class = [one for one in self.types.values() if one.class_of == self.options.get("class", Class.INCOME)]
        first = min(of_class, key=lambda one: one.position, default=None)
        return self.types.get(wanted, first) if wanted else first

    # -- preparing ---------------------------------------------------------------------------------

    def prepare(self, batch: Sequence[Taken]) -> None:
        """Counterparty, type, currency, the line that carries the value."""
        numbers, names = self._counterparties(batch)
        for row in batch:
            row.given = {name: value for name, value in row.values.items() if name not in OF_ROW}
            row.given["company"] = self.company
        self.resolve_references(batch, CONTRACT, skip=("company", "counterparty"))
        for row in batch:
            self._set_type(row)
            self._set_money(row)
            self._set_counterparty(row, numbers, names)

    def _counterparties(self, batch: Sequence[Taken]) -> tuple[Found, Found]:
        numbers = {str(row.values["counterparty_number"]) for row in batch if row.values.get("counterparty_number")}
        unknown = numbers - self._numbered.keys()
        found = parties_numbered(self.actor, self.company, unknown) if unknown else {}
        if not self.is_dry:  # what a dry run finds may be what it has just added, and takes back
            self._numbered |= {text: ids[0] for text, ids in found.items() if len(ids) == 1}
        found |= {text: [self._numbered[text]] for text in numbers & self._numbered.keys()}
        names = {
            str(row.values["counterparty"]) for row in batch if row.values.get("counterparty") and not row.values.get("counterparty_number")
        }  # fmt: skip
        return found, parties_called(self.actor, self.company, names) if names else {}

    def _set_type(self, row: Taken) -> None:
        if row.given.get("type") or any(one.field == "type" for one in row.problems):
            return
        if self._usual_type is not None:
            row.given["type"] = self._usual_type.pk

    def _set_money(self, row: Taken) -> None:
        """The currency, and where the file tells one value instead of lines, a line of that value."""
        value = str(row.values.get("value") or "")
        named, _space, amount = value.rpartition(" ")
        currency = str(row.given.get("currency") or named or self.options.get("currency") or "").upper()
        if named and currency != named:
            why = N_("The amount is in %(named)s, the contract in %(currency)s.")
            row.problems.append(Problem("currency", why, {"named": named, "currency": currency}, "value"))
        if currency:
            row.given["currency"] = currency
        if "prices_include_tax" in self.options:
            row.given.setdefault("prices_include_tax", bool(self.options["prices_include_tax"]))
        lines = row.parts.get(LINE_PART, [])
        if value and not any(line.get("unit_price") for line in lines):
            more = lines[0] if lines else {}
            lines = [{"title": row.values.get("title"), **more, "quantity": "1", "unit_price": amount}]
        for line in lines:
            line.setdefault("quantity", "1")
            line.setdefault("title", row.values.get("title"))
            if self.options.get("tax_rate") is not None:
                line.setdefault("tax_rate", self.options["tax_rate"])
        row.parts[LINE_PART] = [line for line in lines if "unit_price" in line]

    def _set_counterparty(self, row: Taken, numbers: Found, names: Found) -> None:
        """The party that is meant; one that is not there is added with the batch, where that was asked for."""
        number, name = str(row.values.get("counterparty_number") or ""), str(row.values.get("counterparty") or "")
        if not number and not name:
            row.problems.append(Problem("required", N_("This is needed."), field="counterparty"))
            return
        found = numbers.get(number, ()) if number else names.get(name, ())
        if found or not self.options.get("add_parties"):
            field = "counterparty_number" if number else "counterparty"
            meant = only(found, number or name, field)
            if isinstance(meant, Problem):
                row.problems.append(meant if found else replace(meant, text=NO_PARTY))
            else:
                row.given["counterparty"] = meant
        elif number:
            self._check_number(row, number)

    def _check_number(self, row: Taken, number: str) -> None:
        country = str(self.options.get("country") or "")
        try:
            check(scheme_of_country(country), number, country=country)
        except DomainError as broken:
            text = getattr(broken, "wording", broken.text)
            row.problems.append(Problem(broken.code, text, broken.params, "counterparty_number"))

    # -- writing -----------------------------------------------------------------------------------

    def find(self, batch: Sequence[Taken]) -> Mapping[int, UUID]:
        """Contracts by number or reference, whichever is the key."""
        name = self.of.keys[0] if self.of.keys else ""
        texts = (
            {str(row.values[name]) for row in batch if row.values.get(name)}
            if name in ("number", "reference")
            else set()
        )
        if not texts:
            return {}
        found = contracts_named(self.actor, self.company, texts)
        known = {}
        for place, row in enumerate(batch):
            meant = found.get(str(row.values.get(name) or ""), ())
            if len(meant) == 1:
                known[place] = meant[0]
        return known

    def add(self, batch: Sequence[Taken]) -> list[Made]:
        """Add what counterparties are missing, then the contracts with lines and plans; adopt those that run already."""
        made, parties = self._add_counterparties(batch)
        verbs = self._verbs(batch)
        planned = {place for place in verbs if batch[place].parts.get(PLAN_PART)}
        job = self._job(batch, parties, {place: verb for place, verb in verbs.items() if place not in planned})
        rows = job.done()
        self._add_plans(batch, rows)
        versions = {one.pk: one.version for one in rows}
        for verb, adopt in ADOPTIONS.items():
            chosen = [rows[place].pk for place in sorted(planned) if verbs[place] == verb]
            if chosen:
                places = {one.pk: place for place, one in enumerate(rows)}
                versions |= {one.pk: one.version for one in self._adopt(adopt, chosen, places)}
        return made + [Made(NOUN, one.pk, versions[one.pk], place) for place, one in enumerate(rows)]

    def handed_over(self, batch: Sequence[Taken]) -> tuple[list[Made], Job | None]:
        """Add what counterparties are missing and take numbers, so that a helper can work the contracts out."""
        if any(row.parts.get(PLAN_PART) for row in batch):  # whose stages need the contract to be there
            return [], None
        made, parties = self._add_counterparties(batch)
        job = self._job(batch, parties, self._verbs(batch))
        open = [place for place in job.adopted if not job.numbers[place]]
        day = clock.today(Company.objects.get(pk=self.company).zone)
        numbers = dict(zip(open, next_numbers(self.company, day, len(open), {*job.numbers}), strict=True))
        return made, replace(job, numbers=[numbers.get(place, number) for place, number in enumerate(job.numbers)])

    def _job(self, batch: Sequence[Taken], parties: Mapping[tuple[str, str], UUID], adopted: Mapping[int, str]) -> Job:
        return Job(
            self.actor, [{"counterparty": parties.get(_named(row)), **row.given} for row in batch],
            lines=[row.parts[LINE_PART] for row in batch],
            numbers=[str(row.values.get("number") or "") for row in batch],
            adopted=adopted, adopted_because=self._why(),
        )  # fmt: skip

    def _verbs(self, batch: Sequence[Taken]) -> dict[int, str]:
        """By place the verb that takes a contract to the stage at which the file has it."""
        return {
            place: ADOPTED_BY[stage] for place, row in enumerate(batch) if (stage := self._stage(row)) in ADOPTED_BY
        }

    def _stage(self, row: Taken) -> str:
        return str(row.values.get("stage") or self.options.get("stage") or "draft")

    def _why(self) -> str:
        return gettext(str(self.options.get("reason") or N_("In force already when it was imported.")))

    def _adopt(self, adopt: Any, chosen: Sequence[UUID], places: Mapping[UUID, int]) -> list[Contract]:
        try:
            return list(adopt(self.actor, chosen, reason=self._why()))
        except Invalid as refused:
            raise Invalid(refused.code, problems=[_placed(one, places) for one in refused.problems]) from refused

    def _add_counterparties(self, batch: Sequence[Taken]) -> tuple[list[Made], dict[tuple[str, str], UUID]]:
        """Add parties that are named and not there yet, each once; and their ids, by what the rows call them.

        The rows stay as they are: a batch that is refused is tried again in parts.
        """
        wanted: dict[tuple[str, str], dict[str, Any]] = {}
        first: dict[tuple[str, str], int] = {}
        for place, row in enumerate(batch):
            if "counterparty" not in row.given:
                wanted.setdefault(_named(row), self._new_party(row))
                first.setdefault(_named(row), place)
        if not wanted:
            return [], {}
        try:
            rows = add_parties(self.actor, list(wanted.values()))
        except Invalid as refused:
            problems = list(_of_rows(refused, list(wanted), batch))
            raise Invalid(refused.code, problems=problems) from refused
        made = [Made(PARTY_NOUN, one.pk, one.version, first[key]) for key, one in zip(wanted, rows, strict=True)]
        return made, dict(zip(wanted, (one.pk for one in rows), strict=True))

    def _new_party(self, row: Taken) -> dict[str, Any]:
        number, name = _named(row)
        kind = self.types[row.given["type"]] if row.given.get("type") in self.types else None
        kinds = self.options.get("kinds") or (["supplier"] if kind and kind.class_of == Class.EXPENSE else ["customer"])
        given = {"name": name or number, "kinds": list(kinds), "company": str(self.company)}
        if number:
            given |= {"registration_number": number, "country": str(self.options.get("country") or "")}
        return given

    def _add_plans(self, batch: Sequence[Taken], rows: Sequence[Contract]) -> None:
        plans = [
            {**given, "contract": str(one.pk)} for one, row in zip(rows, batch, strict=True) for given in row.parts.get(PLAN_PART, ())
        ]  # fmt: skip
        if not plans:
            return
        places = [place for place, row in enumerate(batch) for _given in row.parts.get(PLAN_PART, ())]
        try:
            add_instalments(self.actor, plans)
        except Invalid as refused:
            raise Invalid(refused.code, problems=[
                replace(one, row=str(places[int(one.row or 1) - 1] + 1), field=f"{PLAN_PART}.{one.field}") for one in refused.problems
            ]) from refused  # fmt: skip

    def edit(self, one: Taken, id: UUID) -> tuple[Mapping[str, Any], int] | None:
        """Change what differs of the contract itself; lines and plans of one that is there stay as they are."""
        given = {name: value for name, value in one.given.items() if name != "company"}
        given = {name: value for name, value in given.items() if name in one.values or name == "counterparty"}
        new, was = self.differing(CONTRACT, NOUN, id, given)
        if not new:
            return None
        [row] = edit_contracts(self.actor, [id], new)
        return was, row.version


def _named(row: Taken) -> tuple[str, str]:
    return str(row.values.get("counterparty_number") or ""), str(row.values.get("counterparty") or "")


def _of_rows(refused: Invalid, wanted: Sequence[tuple[str, str]], batch: Sequence[Taken]) -> Iterator[Problem]:
    """Why parties cannot be added, at every row that names them."""
    fields = PARTY.all()
    for problem in refused.problems:
        meant = wanted[int(problem.row or 1) - 1]
        if problem.code == "required" and problem.field in fields:
            text = N_(
                "There is no such party yet, and a new one needs “%(field)s”. Import it first, or add it by hand."
            )
            problem = Problem("party_needs", text, {"field": str(fields[problem.field].label)}, "counterparty")
        for place, row in enumerate(batch):
            if "counterparty" not in row.given and _named(row) == meant:
                yield replace(problem, row=str(place + 1))


def _placed(problem: Problem, places: Mapping[UUID, int]) -> Problem:
    """A problem that names a contract by id names its row by position."""
    by_text = {str(pk): place for pk, place in places.items()}
    return replace(problem, row=str(by_text[problem.row] + 1)) if problem.row in by_text else problem

"""A8: what each stage of a contract is worth, when it falls due, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.contracts.models import Contract, Instalment, Line, Milestone
from hetong.contracts.queries import one_off_totals, plan_of, plan_problems
from hetong.contracts.services import MoneyTotals, set_money_totals
from hetong.contracts.services.upkeep import refresh_totals
from hetong.contracts.testing import make_contract, make_line
from hetong.kernel import clock
from hetong.kernel.actors import Actor

pytestmark = pytest.mark.django_db


def staged(contract: Contract, *stages: dict[str, Any]) -> Contract:
    """The contract with these stages, put in without a service."""
    for at, one in enumerate(stages, 1):
        facts = {
            "title": f"Stage {at}",
            "position": at,
            "on": dt.date(2026, 1, at),
            "currency": contract.currency,
        } | one
        Instalment.objects.create(contract=contract, company_id=contract.company_id, created_at=clock.now(), **facts)
    return Contract.objects.get(pk=contract.pk)


def percent(*shares: str) -> list[dict[str, Any]]:
    return [{"percent": int(float(one) * 10_000)} for one in shares]


def test_a_contract_without_stages_is_one_share_of_all_of_it(cast: Any) -> None:
    contract = make_contract(cast.ada, starts_on="2026-05-01")
    make_line(cast.ada, contract)
    share = plan_of([contract.pk])[contract.pk][0]
    assert (share.instalment, share.net, share.tax, share.gross) == (None, 10_000, 2_500, 12_500)
    assert (share.on, share.is_waiting) == (dt.date(2026, 5, 1), False)


def test_two_tax_rates_are_split_over_every_stage_and_add_up(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract, unit_price="100.01")
    make_line(cast.ada, contract, unit_price="33.33", tax_rate="6")
    contract = staged(contract, *percent("33.3333", "33.3333", "33.3334"))
    shares = plan_of([contract.pk])[contract.pk]
    assert sorted(one.net for one in shares) == [4_444, 4_445, 4_445]
    assert sum(one.gross for one in shares) == contract.gross_minor
    assert {tax["rate"] for one in shares for tax in one.taxes} == {60_000, 250_000}
    assert not plan_problems([contract])


def test_recurring_and_optional_lines_are_no_part_of_a_plan(cast: Any) -> None:
    contract = make_contract(cast.ada, starts_on="2026-01-01", ends_on="2026-12-31")
    make_line(cast.ada, contract, unit_price="0.03")
    make_line(cast.ada, contract, is_optional=True)
    fee = make_line(cast.ada, contract, unit_price="0.01")
    Line.objects.filter(pk=fee.pk).update(kind="recurring", price_months=1)
    refresh_totals(Actor.system(), [Contract.objects.get(pk=contract.pk)])
    contract = Contract.objects.get(pk=contract.pk)
    totals, lines = one_off_totals(contract), Line.objects.filter(contract=contract, kind="one_off", is_optional=False)
    assert totals is not None
    assert (totals.net.minor, totals.gross.minor) == (lines[0].net_minor, lines[0].gross_minor)
    assert contract.gross_minor == totals.gross.minor + Line.objects.get(pk=fee.pk).gross_minor


def test_a_plan_that_misses_the_value_by_a_cent_is_named_with_both_sums(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    contract = staged(
        contract, {"stated": "amount", "amount_minor": 6_000}, {"stated": "amount", "amount_minor": 3_999}
    )
    problem = plan_problems([contract])[0]
    assert problem.code == "plan_sum"
    said = {name: str(value).replace("\N{NO-BREAK SPACE}", " ") for name, value in problem.params.items()}
    assert said == {"planned": "SEK 99.99", "wanted": "SEK 100.00", "difference": "SEK 0.01"}


@pytest.mark.parametrize(
    ("stages", "code"),
    [
        (percent("30", "60"), "percent_sum"),
        ([{"stated": "rest"}, {"stated": "rest"}], "two_rests"),
        ([{"stated": "rest", "on": None}], "no_day"),
        ([{"stated": "rest", "trigger": "milestone", "on": None}], "no_milestone"),
        ([*percent("100"), {"stated": "rest"}], "empty_stage"),
        ([{"stated": "amount", "amount_minor": 10_001}, {"stated": "rest"}], "empty_stage"),
        ([{"stated": "rest"}, {"kind": "invoice", "stated": "rest"}], "unused_invoice_plan"),
    ],
)
def test_what_keeps_a_plan_from_being_agreed_is_named(cast: Any, stages: list[dict[str, Any]], code: str) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    assert code in [one.code for one in plan_problems([staged(contract, *stages)])]


def test_more_stages_than_the_value_has_smallest_units_are_refused(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract, unit_price="0.02")
    problems = plan_problems([staged(contract, *percent("33.3333", "33.3333", "33.3334"))])
    assert [one.code for one in problems] == ["empty_stage"]


def test_stages_without_one_off_lines_have_nothing_to_share(cast: Any) -> None:
    contract = staged(make_contract(cast.ada), *percent("100"))
    assert [one.code for one in plan_problems([contract])] == ["nothing_to_plan"]


@pytest.mark.parametrize(
    ("stage", "on", "expected"),
    [
        ({"trigger": "date", "days_after": 3}, dt.date(2026, 1, 4), dt.date(2026, 1, 4)),
        ({"trigger": "signing", "on": None}, None, dt.date(2026, 3, 1)),
        ({"trigger": "milestone", "on": None, "days_after": 30}, None, dt.date(2026, 6, 30)),
    ],
)
def test_a_stage_falls_due_with_its_trigger_and_waits_for_it(
    cast: Any, stage: dict[str, Any], on: Any, expected: Any
) -> None:
    contract = make_contract(cast.ada, starts_on="2026-03-01")
    make_line(cast.ada, contract)
    milestone = Milestone.objects.create(
        contract=contract,
        company_id=contract.company_id,
        title="Accepted",
        due_on=dt.date(2026, 5, 31),
        created_at=clock.now(),
    )
    more = {"milestone": milestone} if stage["trigger"] == "milestone" else {}
    share = plan_of([staged(contract, {"stated": "rest"} | stage | more).pk])[contract.pk][0]
    assert (share.on, share.is_waiting, share.expected_on) == (on, on is None, expected)


def test_each_share_explains_itself_and_its_steps_lead_to_its_amount(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    contract = staged(contract, *percent("30"), {"stated": "rest"})
    first, rest = plan_of([contract.pk])[contract.pk]
    assert [step.code for step in first.explanation.steps[0].steps] == ["plan.share", "plan.rate"]
    assert [step.code for step in rest.explanation.steps[0].steps] == ["plan.rest", "plan.rate"]
    assert first.explanation.value.minor == first.gross == 3_750
    assert type(first.explanation).from_json(first.explanation.to_json()) == first.explanation


def test_the_totals_of_money_are_kept_without_raising_the_version(cast: Any) -> None:
    contract = make_contract(cast.ada)
    set_money_totals(Actor.system(), {contract.pk: MoneyTotals(500, 300, 200, dt.date(2026, 4, 1))})
    now = Contract.objects.get(pk=contract.pk)
    assert (now.invoiced_minor, now.received_minor, now.open_minor) == (500, 300, 200)
    assert (now.oldest_open_due_on, now.version) == (dt.date(2026, 4, 1), contract.version)

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, PolicyState, Role, User
from hetong.contracts import services
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, Line
from hetong.contracts.queries import children_summary, overview_facts, value_of
from hetong.contracts.services.upkeep import refresh_totals
from hetong.contracts.testing import make_contract, make_line, make_type
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import UnknownField
from hetong.kernel.where import Where, narrow

pytestmark = pytest.mark.django_db


def made_recurring(contract: Contract, line: Line, months: int = 1) -> tuple[int | None, list[str]]:
    """The net value once the line costs its price every so many months, and the notes beside it."""
    Line.objects.filter(pk=line.pk).update(kind="recurring", price_months=months)
    refresh_totals(Actor.system(), [Contract.objects.get(pk=contract.pk)])
    found = Contract.objects.get(pk=contract.pk)
    notes = value_of(found, list(Line.objects.filter(contract=contract)))[1]
    return found.net_minor, [str(note) for note in notes]


@pytest.mark.parametrize(
    ("given", "months", "net", "note"),
    [
        ({"starts_on": "2026-01-01", "ends_on": "2028-12-31"}, 1, 36 * 10_000, ""),
        ({"starts_on": "2026-01-01", "ends_on": "2028-12-31"}, 12, 3 * 10_000, ""),
        ({"starts_on": "2026-01-01", "term": "evergreen"}, 1, 12 * 10_000, "12 months"),
        (
            {"starts_on": "2026-01-01", "term": "evergreen", "committed_until": "2027-12-31"},
            1,
            24 * 10_000,
            "committed term",
        ),
        ({"term": "evergreen"}, 1, 12 * 10_000, "no start"),
    ],
)
def test_recurring_lines_count_for_the_term_or_what_stands_in_for_it(
    cast: Any, given: dict[str, str], months: int, net: int, note: str
) -> None:
    contract = make_contract(cast.ada, **given)
    found, notes = made_recurring(contract, make_line(cast.ada, contract), months)
    assert found == net
    assert (note in notes[0]) if note else not notes


@pytest.fixture
def blind(cast: Any) -> Any:
    """Sales reps may not read values."""
    role = Role.objects.get(key="sales_rep")
    FieldRule.objects.create(role=role, noun="contracts.contract", field="gross", level=Level.HIDDEN)
    PolicyState.objects.update(version=999)
    return cast


def test_a_hidden_value_is_nowhere(blind: Any) -> None:
    ada = blind.ada
    master = make_contract(ada, type=make_type("framework").pk)
    contract = make_contract(ada, parent=str(master.pk), starts_on="2026-01-01")
    make_line(blind.ben, contract, unit_price="7777.77", quantity="3")
    row = CONTRACT.show(ada, [contract.pk])[0]
    hidden = {"gross", "invoiced", "received", "open", "invoiced_percent", "received_percent", "oldest_open_due_on"}
    assert not hidden & set(row.values)
    assert overview_facts(ada, Contract.objects.select_related("type", "company").get(pk=contract.pk)).value is None
    assert not children_summary(ada, master.pk).total
    assert children_summary(blind.ben, master.pk).total
    for question in ("gross.gt=1", "sort=gross", "columns=gross", "received_percent.gt=1"):
        name, _, value = question.partition("=")
        with pytest.raises(UnknownField):
            narrow(CONTRACT, ada, Contract.objects.visible_to(ada), Where.parse({name: [value]}))
    client = Client()
    client.force_login(User.objects.get(pk=blind.users["ada"].pk))
    for url in (
        f"/contracts/{contract.pk}/",
        f"/contracts/{contract.pk}/lines/",
        f"/contracts/{master.pk}/",
        "/contracts/?view=all",
    ):
        text = client.get(url).content.decode()
        assert "Meter" in text or not url.endswith("lines/")
        assert not [amount for amount in ("29,166.64", "23,333.31", "7,777.77", "5,833.33") if amount in text], url


def test_hiding_a_lines_price_hides_what_follows_from_it(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract, unit_price="7777.77", quantity="3")
    role = Role.objects.get(key="sales_rep")
    FieldRule.objects.create(role=role, noun="contracts.line", field="unit_price", level=Level.HIDDEN)
    PolicyState.objects.update(version=998)
    facts = overview_facts(cast.ada, Contract.objects.select_related("type", "company").get(pk=contract.pk))
    assert facts.value is None
    assert not facts.totals


def test_the_journal_hides_what_the_reader_may_not_read(blind: Any) -> None:
    from hetong.audit.queries import find_history

    contract = make_contract(blind.ada)
    make_line(blind.ben, contract, unit_price="7777.77")
    names = {
        change.name for one in find_history(blind.ada, "contracts.contract", contract.pk) for change in one.changes
    }
    assert "gross" not in names
    assert "gross" in {
        c.name for one in find_history(blind.ben, "contracts.contract", contract.pk) for c in one.changes
    }
    assert services.edit_contracts(blind.ada, [contract.pk], {"title": "Other"})

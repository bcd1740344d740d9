from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.audit.testing import entries_of, last_entry
from hetong.contracts import services
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, ContractParty
from hetong.contracts.testing import make_contract, make_party, make_type
from hetong.kernel import clock
from hetong.kernel.batch import Batch
from hetong.kernel.errors import Forbidden, Invalid, UnknownField
from hetong.kernel.input import parse
from hetong.kernel.together import parse_all

pytestmark = pytest.mark.django_db


def problems_of(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {problem.field: problem.code for problem in refused.value.problems}


def test_three_fields_make_a_draft_that_has_everything_else(cast: Any) -> None:
    party, kind = make_party(cast.ada), make_type(term="auto_renew", notice_count=3, payment_days=30)
    contract = services.add_contracts(
        cast.ada, [{"title": "Pumps", "type": str(kind.pk), "counterparty": str(party.pk)}], locale="en"
    )[0]
    found = Contract.objects.get(pk=contract.pk)
    assert (found.stage, found.number, found.class_of) == ("draft", None, "income")
    assert (found.company_id, found.team_id, found.owner_id) == (cast.north.pk, cast.sales.pk, cast.ada.id)
    assert (found.currency, found.term, found.notice_count, found.payment_days) == ("SEK", "auto_renew", 3, 30)
    assert (found.gross_minor, found.title_key, found.version) == (None, "pumps", 1)
    assert last_entry(contract.pk) == ("contracts.added", "Ada", "")


def test_the_counterparty_is_kept_as_it_was(cast: Any) -> None:
    contract = make_contract(cast.ada)
    kept = ContractParty.objects.get(contract=contract)
    assert kept.snapshot["name"] == "Västerhamnens Energi AB"


def test_the_contract_is_seen_by_its_owner_and_manager_and_not_by_another_company(cast: Any) -> None:
    contract = make_contract(cast.ada)
    seen = {
        name: Contract.objects.visible_to(getattr(cast, name)).filter(pk=contract.pk).exists() for name in cast.users
    }
    assert seen == {
        "ada": True, "ben": True, "fia": True, "lin": True, "max": True, "gus": False, "cleo": True, "dora": False,
        "eve": True, "olle": False, "admin": True, "pia": False,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["fia", "max", "cleo", "eve"])
def test_who_may_not_add_is_refused(cast: Any, name: str) -> None:
    party, kind = make_party(cast.ada), make_type()
    with pytest.raises(Forbidden):
        services.add_contracts(getattr(cast, name), [{"title": "X", "type": kind.pk, "counterparty": party.pk}])
    assert not Contract.objects.exists()


def test_inputs_that_are_read_together_are_as_each_alone(cast: Any) -> None:
    party, kind = make_party(cast.ada), make_type()
    right = {"title": "Pumps", "type": str(kind.pk), "counterparty": party.pk, "starts_on": "2026-03-31"}
    givens: list[dict[str, Any]] = [
        right, {**right, "title": "Valves", "is_confidential": True}, {**right, "starts_on": "soon"}, {"title": ""},
        {**right, "counterparty": str(kind.pk)}, {**right, "term": "for ever", "notice_count": "3"}, dict(right),
    ]  # fmt: skip
    givens = [{name: value for name, value in given.items() if name in CONTRACT.fields} for given in givens]

    def alone(given: dict[str, Any]) -> Any:
        try:
            return parse(CONTRACT, cast.ada, given, partial=False)
        except Invalid as refused:
            return refused.problems

    together = parse_all(CONTRACT, cast.ada, givens, batch=Batch(CONTRACT, cast.ada))
    assert [one.problems if isinstance(one, Invalid) else one for one in together] == [alone(one) for one in givens]
    assert [isinstance(one, Invalid) for one in together] == [False, False, True, True, True, True, False]
    [unknown] = parse_all(CONTRACT, cast.ada, [{**right, "colour": "red"}], batch=Batch(CONTRACT, cast.ada))
    assert isinstance(unknown, UnknownField)


def test_what_is_missing_is_named_all_at_once(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_contracts(cast.ada, [{"summary": "nothing else"}])
    assert problems_of(refused) == {"title": "required", "type": "required", "counterparty": "required"}


def test_unknown_and_computed_fields_are_refused(cast: Any) -> None:
    given = {"title": "X", "type": make_type().pk, "counterparty": make_party(cast.ada).pk}
    with pytest.raises(Invalid) as refused:
        services.add_contracts(cast.ada, [given | {"margin": "1"}])
    assert problems_of(refused) == {"margin": "unknown_field"}
    with pytest.raises(Forbidden):
        services.add_contracts(cast.ada, [given | {"gross": "SEK 100"}])


@pytest.mark.parametrize(
    ("over", "field", "code"),
    [
        ({"starts_on": "2027-01-01", "ends_on": "2026-12-31"}, "ends_on", "ends_before_start"),
        ({"starts_on": "2027-01-01", "ends_on": "2190-12-31"}, "ends_on", "too_long_term"),
        ({"starts_on": "2027-01-01", "ends_on": "2027-03-31", "notice_count": "6"}, "notice_count", "notice_longer_than_term"),
        ({"notice_count": "-1"}, "notice_count", "notice_range"),
        ({"notice_count": "9999999"}, "notice_count", "notice_range"),
        ({"currency": "XXQ"}, "currency", "unknown_currency"),
        ({"currency": "HRK"}, "currency", "unknown_currency"),
        ({"starts_on": "0026-01-01"}, "starts_on", "date_range"),
        ({"starts_on": "2026-02-30"}, "starts_on", "unreadable"),
        ({"payment_days": "5000"}, "payment_days", "payment_days"),
        ({"starts_on": "2027-01-01", "committed_until": "2026-01-01"}, "committed_until", "committed_before_start"),
        ({"starts_on": "2027-01-01", "ends_on": "2027-12-31", "committed_until": "2028-01-01"}, "committed_until", "committed_after_end"),
        ({"type": "00000000-0000-7000-8000-000000000000"}, "type", "no_such_record"),
        ({"title": "x" * 201}, "title", "too_long"),
    ],
)  # fmt: skip
def test_what_is_absurd_is_refused_beside_its_field(cast: Any, over: dict[str, str], field: str, code: str) -> None:
    given = {"title": "X", "type": make_type().pk, "counterparty": make_party(cast.ada).pk} | over
    with pytest.raises(Invalid) as refused:
        services.add_contracts(cast.ada, [given])
    assert problems_of(refused) == {field: code}
    assert not Contract.objects.exists()


def test_a_counterparty_out_of_sight_does_not_exist(cast: Any) -> None:
    hidden = make_party(cast.dora, "Hidden Ltd")
    with pytest.raises(Invalid) as refused:
        services.add_contracts(cast.ada, [{"title": "X", "type": make_type().pk, "counterparty": hidden.pk}])
    assert problems_of(refused) == {"counterparty": "no_such_record"}


def test_key_dates_follow_from_end_notice_and_lead(cast: Any) -> None:
    kind = make_type(lead_days=14)
    contract = make_contract(
        cast.ada, type=kind.pk, starts_on="2026-06-18", ends_on="2029-10-11", notice_count="3", notice_unit="month"
    )
    assert (contract.notice_by, contract.act_by) == (dt.date(2029, 7, 11), dt.date(2029, 6, 27))


def test_our_own_deadline_steps_back_to_a_working_day(cast: Any) -> None:
    contract = make_contract(
        cast.ada, type=make_type(lead_days=0).pk, starts_on="2026-01-01", ends_on="2026-12-25", notice_count="0"
    )
    assert contract.notice_by == dt.date(2026, 12, 25)
    assert contract.act_by == dt.date(2026, 12, 23), "24 to 26 December are closed in Sweden"


def test_an_open_ended_contract_counts_from_its_commitment(cast: Any) -> None:
    contract = make_contract(
        cast.ada, term="evergreen", starts_on="2026-01-31", committed_until="2027-08-31", notice_count="6"
    )
    assert contract.ends_on is None
    assert contract.notice_by == dt.date(2027, 2, 28)


def test_the_next_event_is_the_nearest_date_ahead(cast: Any) -> None:
    with clock.set_to(dt.date(2026, 11, 19)):
        contract = make_contract(
            cast.ada, type=make_type(lead_days=14).pk, starts_on="2026-06-18", ends_on="2029-10-11", notice_count="3"
        )
        assert (contract.next_on, contract.next_what) == (dt.date(2029, 6, 27), "act_by")
    with clock.set_to(dt.date(2029, 6, 28)):
        services.refresh_next_events()
    contract.refresh_from_db()
    assert (contract.next_on, contract.next_what) == (dt.date(2029, 7, 11), "notice_by")
    assert contract.version == 1
    assert entries_of(contract.pk) == ["contracts.added"]


def test_a_part_takes_over_counterparty_and_terms_of_the_whole(cast: Any) -> None:
    master = make_contract(
        cast.ada,
        type=make_type("framework").pk,
        currency="EUR",
        term="auto_renew",
        notice_count="6",
        ends_on="2028-12-31",
        payment_days="45",
    )
    part = services.add_contracts(
        cast.ada, [{"title": "SOW 1", "type": make_type().pk, "parent": str(master.pk)}], locale="en"
    )[0]
    assert part.counterparty_id == master.counterparty_id
    assert (part.currency, part.term, part.notice_count, part.payment_days) == ("EUR", "auto_renew", 6, 45)
    assert part.ends_on == dt.date(2028, 12, 31)
    assert part.class_of == "income"


def test_who_may_choose_among_companies_has_to(cast: Any) -> None:
    given = {"title": "X", "type": make_type().pk, "counterparty": make_party(cast.ada).pk}
    with pytest.raises(Invalid) as refused:
        services.add_contracts(cast.admin, [given])
    assert problems_of(refused) == {"company": "required"}
    assert services.add_contracts(cast.admin, [given | {"company": str(cast.south.pk)}])[0].currency == "GBP"


def test_nobody_adds_for_a_company_without_a_grant_there(cast: Any) -> None:
    given = {
        "title": "X",
        "type": make_type().pk,
        "counterparty": make_party(cast.ada).pk,
        "company": str(cast.south.pk),
    }
    with pytest.raises((Forbidden, Invalid)):
        services.add_contracts(cast.ada, [given])


def test_a_retired_type_is_not_offered(cast: Any) -> None:
    kind = make_type(is_active=False)
    with pytest.raises(Invalid) as refused:
        make_contract(cast.ada, type=kind.pk)
    assert problems_of(refused) == {"type": "retired"}

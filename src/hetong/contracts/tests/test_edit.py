from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.accounts.services import share_records
from hetong.audit.testing import entries_of, values_of
from hetong.contracts import services
from hetong.contracts.models import Contract, ContractParty
from hetong.contracts.queries import content_hashes
from hetong.contracts.services.checks import Archived, OnlyShared, Settled
from hetong.contracts.states import EDITABLE, Stage
from hetong.contracts.testing import make_contract, make_line, make_party, make_type
from hetong.kernel.errors import Forbidden, Invalid, NotFound, Stale, UnknownField

pytestmark = pytest.mark.django_db


def codes_of(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {problem.field: problem.code for problem in refused.value.problems}


def test_an_edit_raises_the_version_and_leaves_old_and_new(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.edit_contracts(cast.ada, [contract.pk], {"title": "Pumps"}, versions={contract.pk: 1}, reason="Typo")
    found = Contract.objects.get(pk=contract.pk)
    assert (found.title, found.title_key, found.version) == ("Pumps", "pumps", 2)
    assert values_of(contract.pk, "title")[-1] == ("Flow measuring systems", "Pumps")
    with pytest.raises(Stale):
        services.edit_contracts(cast.ada, [contract.pk], {"title": "Older"}, versions={contract.pk: 1})


def test_new_dates_move_the_dates_that_follow(cast: Any) -> None:
    contract = make_contract(cast.ada, starts_on="2027-01-01", ends_on="2027-12-31", notice_count="3")
    assert contract.notice_by == dt.date(2027, 9, 30)
    services.edit_contracts(cast.ada, [contract.pk], {"ends_on": "2028-12-31"})
    found = Contract.objects.get(pk=contract.pk)
    assert found.notice_by == dt.date(2028, 9, 30)
    services.edit_contracts(cast.ada, [contract.pk], {"notice_count": ""})
    found.refresh_from_db()
    assert (found.notice_by, found.act_by) == (None, None)


def test_switching_to_prices_with_tax_recomputes_the_value(cast: Any) -> None:
    contract = make_contract(cast.ada)
    line = make_line(cast.ada, contract)
    services.edit_contracts(cast.ada, [contract.pk], {"prices_include_tax": True})
    contract.refresh_from_db()
    line.refresh_from_db()
    assert (contract.net_minor, contract.tax_minor, contract.gross_minor) == (8000, 2000, 10000)
    assert (line.net_minor, line.gross_minor) == (8000, 10000)


def test_facts_that_never_change_are_kept(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    other = make_type("expense")
    for given, field in (({"currency": "EUR"}, "currency"), ({"type": str(other.pk)}, "type")):
        with pytest.raises(Invalid) as refused:
            services.edit_contracts(cast.ada, [contract.pk], given)
        assert codes_of(refused) == {field: "immutable"}
    with pytest.raises(Invalid) as refused:
        services.edit_contracts(cast.admin, [contract.pk], {"company": str(cast.south.pk)})
    assert codes_of(refused)["company"] == "immutable"


def test_the_currency_changes_while_there_are_no_lines(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.edit_contracts(cast.ada, [contract.pk], {"currency": "eur"})
    contract.refresh_from_db()
    assert contract.currency == "EUR"


def test_an_archived_contract_is_only_read(cast: Any) -> None:
    contract = make_contract(cast.ada, Stage.ARCHIVED)
    for given in ({"title": "Other"}, {"archive_place": "Shelf 4"}):
        with pytest.raises(Archived):
            services.edit_contracts(cast.ada, [contract.pk], given)


@pytest.mark.parametrize("stage", [s for s in Stage if s not in EDITABLE and s is not Stage.ARCHIVED])
def test_past_review_only_what_is_about_the_record_changes(cast: Any, stage: Stage) -> None:
    contract = make_contract(cast.ada, stage)
    with pytest.raises(Settled):
        services.edit_contracts(cast.ada, [contract.pk], {"title": "Other"})
    services.edit_contracts(cast.ada, [contract.pk], {"archive_place": "Shelf 4"})
    contract.refresh_from_db()
    assert contract.archive_place == "Shelf 4"


def test_hidden_unknown_and_computed_fields_are_refused(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(UnknownField):
        services.edit_contracts(cast.ada, [contract.pk], {"margin": "1"})
    for name in ("stage", "gross", "number", "is_abnormal", "status", "notice_by"):
        with pytest.raises(Forbidden):
            services.edit_contracts(cast.ada, [contract.pk], {name: "active"})
    assert entries_of(contract.pk) == ["contracts.added"]


def test_who_reads_only_and_who_sees_nothing(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Forbidden):
        services.edit_contracts(cast.cleo, [contract.pk], {"title": "X"})
    with pytest.raises(NotFound):
        services.edit_contracts(cast.dora, [contract.pk], {"title": "X"})


def test_a_share_for_reading_does_not_open_the_pen(cast: Any) -> None:
    contract = make_contract(cast.ada)
    olle = cast.users["olle"]
    share_records(cast.ada, "contracts.contract", [contract.pk], user=olle, level="view")
    with pytest.raises(OnlyShared):
        services.edit_contracts(cast.olle, [contract.pk], {"title": "X"})
    share_records(cast.ada, "contracts.contract", [contract.pk], user=olle, level="edit")
    services.edit_contracts(cast.olle, [contract.pk], {"title": "X"})


def test_a_contract_is_never_part_of_itself(cast: Any) -> None:
    top, middle = make_contract(cast.ada, title="Top"), make_contract(cast.ada, title="Middle")
    low = make_contract(cast.ada, title="Low", parent=str(middle.pk))
    services.edit_contracts(cast.ada, [middle.pk], {"parent": str(top.pk)})
    for parent in (top, middle, low):
        with pytest.raises(Invalid) as refused:
            services.edit_contracts(cast.ada, [top.pk], {"parent": str(parent.pk)})
        assert codes_of(refused) == {"parent": "circle"}


def test_another_counterparty_is_kept_as_it_is_now(cast: Any) -> None:
    contract = make_contract(cast.ada)
    other = make_party(cast.ada, "Kallvik Pharma AB")
    services.edit_contracts(cast.ada, [contract.pk], {"counterparty": str(other.pk)})
    assert ContractParty.objects.get(contract=contract).snapshot["name"] == "Kallvik Pharma AB"


def test_owner_team_and_project_change_in_bulk_or_not_at_all(cast: Any) -> None:
    first, second = make_contract(cast.ada), make_contract(cast.ada)
    services.edit_contracts(cast.ben, [first.pk, second.pk], {"owner": str(cast.ben.id)})
    assert set(Contract.objects.values_list("owner", flat=True)) == {cast.ben.id}
    foreign = make_contract(cast.dora)
    with pytest.raises(NotFound):
        services.edit_contracts(cast.ben, [first.pk, foreign.pk], {"owner": str(cast.ada.id)})
    assert set(Contract.objects.filter(company=cast.north).values_list("owner", flat=True)) == {cast.ben.id}


def test_the_content_hash_holds_what_was_agreed_and_nothing_else(cast: Any) -> None:
    contract = make_contract(cast.ada)
    line = make_line(cast.ada, contract)
    first = content_hashes([contract.pk])[contract.pk]
    services.edit_contracts(cast.ada, [contract.pk], {"owner": str(cast.ben.id), "archive_place": "Shelf"})
    services.review_contracts(cast.ben, [contract.pk])
    assert content_hashes([contract.pk])[contract.pk] == first
    services.edit_lines(cast.ben, [line.pk], {"quantity": "2"})
    second = content_hashes([contract.pk])[contract.pk]
    services.edit_contracts(cast.ben, [contract.pk], {"payment_days": "45"})
    assert len({first, second, content_hashes([contract.pk])[contract.pk]}) == 3

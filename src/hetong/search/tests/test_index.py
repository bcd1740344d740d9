"""The index follows the records: every change, every rename, files when they are read; and can be built again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command

from hetong.accounts.services.custom_fields import add_custom_fields, edit_custom_fields
from hetong.contracts.services import edit_contracts, remove_lines
from hetong.contracts.testing import make_contract, make_line
from hetong.jobs.testing import drain_outbox
from hetong.kernel import nouns as table
from hetong.parties.services import edit_parties
from hetong.parties.testing import make_party
from hetong.search.checking import index_checks
from hetong.search.models import Indexing, SearchRow, SearchText
from hetong.search.queries import search
from hetong.search.services import catch_up, rebuild
from hetong.search.services import rebuilding as building

pytestmark = pytest.mark.django_db


def titles(actor: Any, text: str) -> list[str]:
    return [hit.title for hit in search(actor, text, ["contracts.contract"])]


def test_a_change_is_found_and_what_was_is_not(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Before")
    drain_outbox()
    edit_contracts(cast.ada, [contract.pk], {"title": "Afterwards"})
    assert titles(cast.ada, "afterwards") == []
    drain_outbox()
    assert titles(cast.ada, "afterwards") == ["Afterwards"]
    assert titles(cast.ada, "before") == []


def test_a_renamed_party_is_found_by_its_new_name_in_its_contracts(cast: Any) -> None:
    party = make_party(cast.ada, name="Oldname")
    make_contract(cast.ada, title="Pumps", counterparty=party.pk)
    drain_outbox()
    assert titles(cast.ada, "oldname") == ["Pumps"]
    edit_parties(cast.ada, [party.pk], {"name": "Newname"})
    drain_outbox()
    assert titles(cast.ada, "newname") == ["Pumps"]
    assert titles(cast.ada, "oldname") == []


def test_what_is_removed_is_found_no_more(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Pumps")
    line = make_line(cast.ada, contract, title="Ultrasonic")
    drain_outbox()
    assert titles(cast.ada, "ultrasonic") == ["Pumps"]
    remove_lines(cast.ada, [line.pk])
    drain_outbox()
    assert titles(cast.ada, "ultrasonic") == []
    assert not SearchRow.objects.filter(record=line.pk).exists()


def test_what_changes_no_word_writes_nothing(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Pumps")
    drain_outbox()
    before = SearchText.objects.get(row__record=contract.pk).tokens
    SearchText.objects.filter(row__record=contract.pk).update(tokens=before)
    assert rebuild(["contracts.contract"]) == {"contracts.contract": 1}
    assert SearchText.objects.get(row__record=contract.pk).tokens == before


def test_the_index_is_built_again_from_nothing(cast: Any) -> None:
    make_contract(cast.ada, title="Pumps")
    SearchText.objects.all().delete()
    SearchRow.objects.all().delete()
    call_command("reindex", "--json")
    assert titles(cast.ada, "pumps") == ["Pumps"]
    assert list(index_checks()) == []


def test_a_stopped_building_goes_on_where_it_was(cast: Any, monkeypatch: Any, capsys: Any) -> None:
    for number in range(5):
        make_contract(cast.ada, title=f"Pumps {number}")
    monkeypatch.setattr(building, "at_once", lambda entry: 2)

    def stop(key: str, done: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(["contracts.contract"], told=stop)
    assert Indexing.objects.get(noun="contracts.contract").after is not None
    call_command("reindex", "contracts.contract", "--resume", "--json")
    assert json.loads(capsys.readouterr().out)["records"] == {"contracts.contract": 1}
    assert len(titles(cast.ada, "pumps")) == 5
    call_command("reindex", "contracts.contract", "--resume", "--json")
    assert json.loads(capsys.readouterr().out)["records"] == {}


def test_the_worker_builds_what_is_not_built_and_what_holds_other_fields(cast: Any) -> None:
    make_contract(cast.ada, title="Pumps")
    SearchText.objects.all().delete()
    assert catch_up()
    assert titles(cast.ada, "pumps") == ["Pumps"]
    assert catch_up() == ""
    Indexing.objects.filter(noun="contracts.contract").update(fields="others")
    assert catch_up() == "1 records"


def test_rows_of_records_that_are_gone_or_no_longer_searched_go(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Pumps")
    rebuild()
    SearchRow.objects.create(noun="contracts.contract", record=cast.north.pk)
    SearchRow.objects.create(noun="old.noun", record=contract.pk)
    rebuild()
    assert not SearchRow.objects.filter(noun="old.noun").exists()
    assert not SearchRow.objects.filter(record=cast.north.pk).exists()


def test_the_doctor_finds_what_is_missing_stale_and_left_over(cast: Any) -> None:
    contract, other = make_contract(cast.ada, title="Pumps"), make_contract(cast.ada, title="Valves")
    drain_outbox()
    rebuild()
    assert list(index_checks()) == []
    SearchText.objects.filter(row__record=contract.pk).update(tokens="x")
    SearchText.objects.filter(row__record=other.pk).delete()
    SearchRow.objects.create(noun="contracts.contract", record=cast.north.pk)
    found = {(where.split()[-1], what.split(":")[0]) for where, what in index_checks()}
    assert found == {(str(contract.pk), "stale"), (str(other.pk), "missing"), (str(cast.north.pk), "left over")}


def test_the_doctor_leaves_alone_what_is_about_to_be_written(cast: Any) -> None:
    rebuild()
    make_contract(cast.ada, title="Pumps")
    assert [what for where, what in index_checks() if where.startswith("contracts.contract")] == []


def test_every_searched_noun_is_in_the_index() -> None:
    from hetong.search.indexed import code_of, indexed_nouns

    held = {entry.key for entry in indexed_nouns()}
    assert {
        entry.key for entry in table.nouns() if entry.is_searched and any(f.searchable for f in entry.register)
    } <= held
    for entry in indexed_nouns():
        codes = [code_of(entry.key, one.name) for one in entry.fields]
        assert len(set(codes)) == len(codes), f"two fields of {entry.key} have one code"


def test_what_the_house_added_is_found_by_those_who_may_read_it(cast: Any) -> None:
    """S2-07: also in records that held it before it was searched; an agent, to whom it is closed, finds nothing."""
    [field] = add_custom_fields(
        cast.admin, [{"noun": "contracts.contract", "kind": "text", "key": "place", "labels": {"en": "Place"}}]
    )
    make_contract(cast.ada, title="Pumps", x_place="Svalbard")
    mine = make_contract(cast.gus, title="Valves")
    drain_outbox()
    edit_contracts(cast.admin, [mine.pk], {"x_place": "Svalbard"})
    drain_outbox()
    assert titles(cast.ada, "svalbard") == []
    edit_custom_fields(cast.admin, [field.pk], {"is_indexed": True})
    catch_up()
    assert titles(cast.ada, "svalbard") == ["Pumps"]
    assert titles(cast.gus, "svalbard") == []
    assert titles(cast.gus, "valves") == ["Valves"]

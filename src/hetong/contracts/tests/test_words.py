"""Words in a list find the same records, whether few or many hold them and however much their reader sees (S0-04, C2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from hetong.accounts.services import share_records
from hetong.contracts.models import Contract
from hetong.contracts.queries import find_contracts
from hetong.contracts.testing import make_contract
from hetong.kernel import known, words
from hetong.kernel.where import Where
from hetong.parties.testing import make_party

pytestmark = pytest.mark.django_db
ASKED = (
    "flow",
    "vatten",
    "flow vatten",
    "vatten flow heat",
    "low met",
    "2026-",
    "zzzz",
    "zzzz flow",
    "测量",
    "%",
    "_",
    "\\",
    "*",
    "fl*",
    "?",
    "fl?w",
    "[",
    "[f]low",
    "[^a]",
    "]",
)


@pytest.fixture
def contracts(cast: Any) -> list[Contract]:
    vatten, energi = make_party(cast.ada, name="Vattenfall Mätning"), make_party(cast.ben, name="Kallvik Energi")
    made = [
        make_contract(cast.ada, title="Flow metering", counterparty=vatten.pk),
        make_contract(cast.ada, title="Heat and flow", counterparty=vatten.pk, reference="50% _a\\b*[?]"),
        make_contract(cast.ben, title="流量测量 Flow", counterparty=energi.pk),
        make_contract(cast.ben, title="Leak detection", counterparty=energi.pk, reference="FLOW-7"),
    ]
    share_records(cast.ben, "contracts.contract", [made[3].pk], user=cast.users["ada"])
    return made


def found(actor: Any, text: str) -> set[str]:
    return set(find_contracts(actor, Where(text=text)).values_list("title", flat=True))


@pytest.mark.parametrize("few", [0, 1, 2, 2_000])
def test_the_same_records_are_found_whether_few_or_many_hold_a_word(
    cast: Any, contracts: list[Contract], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "FEW", few)
    monkeypatch.setattr(words, "LOOKED_THROUGH", few)
    monkeypatch.setattr(known, "MANY", few)
    for actor, seen in ((cast.ada, {0, 1, 3}), (cast.ben, {2, 3}), (cast.admin, {0, 1, 2, 3})):
        visible = {one.pk for one in Contract.objects.visible_to(actor)}
        rows = [one for number, one in enumerate(contracts) if one.pk in visible]
        assert {contracts.index(one) for one in rows} >= seen
        for text in ASKED:
            expected = {one.title for one in rows if all(word in said(one) for word in text.split())}
            assert found(actor, text) == expected, text


def said(contract: Contract) -> str:
    """What a word is looked for in, folded."""
    return " ".join((contract.number_key, contract.title_key, contract.reference_key, contract.counterparty.name_key))


def test_a_word_that_few_hold_is_looked_up_once_by_who_sees_a_whole_company(
    cast: Any, contracts: list[Contract], django_assert_num_queries: Any
) -> None:
    admin = cast.admin
    with django_assert_num_queries(2):
        assert found(admin, "leak") == {"Leak detection"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite reads a narrow index whole")
def test_postgresql_finds_the_middle_of_a_word_by_an_index(cast: Any, contracts: list[Contract]) -> None:
    from hetong.config.word_indexes import keep_word_indexes, word_columns

    def indexes() -> dict[str, tuple[int, str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname, c.oid, pg_get_indexdef(c.oid) FROM pg_class c WHERE c.relname LIKE %s",
                ["%\\_pieces"],
            )
            return {name: (oid, words) for name, oid, words in cursor.fetchall()}

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come takes no index
    keep_word_indexes(connection)
    first = indexes()
    assert first.keys() == {f"{table}_pieces" for table, _columns in word_columns()}
    assert "title_key gin_trgm_ops" in first["contracts_contract_pieces"][1]
    keep_word_indexes(connection)
    assert indexes() == first
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON INDEX contracts_contract_pieces IS 'title_key'")
    keep_word_indexes(connection)
    anew = indexes()
    assert anew["contracts_contract_pieces"] != first["contracts_contract_pieces"]
    assert found(cast.admin, "low met") == {"Flow metering"}

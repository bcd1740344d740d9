"""S2-07, C2, C3: an administrator adds fields of every kind; they are everywhere at once, and nothing of them is ever lost."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs

import pytest

from hetong.accounts.fields import ME, USER
from hetong.accounts.models import CustomField, CustomIndex
from hetong.accounts.queries import actor_for
from hetong.accounts.services import edit_own_preferences
from hetong.accounts.services.custom_fields import (
    KindIsFixed,
    add_custom_fields,
    edit_custom_fields,
    restore_custom_fields,
    retire_custom_fields,
)
from hetong.accounts.testing import Cast, make_fields
from hetong.audit.testing import values_of
from hetong.contracts import services as contracts
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract
from hetong.contracts.testing import make_contract, make_party
from hetong.kernel import joined
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import Forbidden, Invalid, UnknownField
from hetong.kernel.fields import Ref
from hetong.kernel.money import Money
from hetong.kernel.paging import page
from hetong.kernel.scaled import Scaled
from hetong.kernel.where import Where, narrow, ordering

pytestmark = pytest.mark.django_db
NOUN = "contracts.contract"
# ruff: noqa: E501 - the samples read better in rows


@pytest.fixture
def fields(cast: Cast) -> dict[str, CustomField]:
    """One field of every kind on contracts, by kind."""
    return make_fields(cast.admin, NOUN)


def given(cast: Cast, party: Any) -> dict[str, Any]:
    """A value for each of them, as a program gives it."""
    return {
        "x_text": "Zürich 4711", "x_number": "12.50", "x_money": {"amount": "1250.50", "currency": "EUR"}, "x_percent": "7.5",
        "x_date": "2026-05-31", "x_choice": "high", "x_flag": True, "x_person": str(cast.users["ben"].pk), "x_party": str(party.pk),
    }  # fmt: skip


def asked(actor: Actor, query: str) -> list[str]:
    """The titles of the contracts that answer."""
    where = Where.parse(parse_qs(query))
    rows = narrow(CONTRACT, actor, Contract.objects.visible_to(actor), where)
    found = page(rows, ordering(CONTRACT, actor, where.sort))
    return [row.title for row in CONTRACT.show(actor, found.ids, {"title"})]


def test_a_field_of_every_kind_is_written_read_and_kept_in_the_history(cast: Cast, fields: Any) -> None:
    party = make_party(cast.ada, name="Nordic Acme AB")
    contract = make_contract(cast.ada, **given(cast, party))
    [row] = CONTRACT.show(cast.ada, [contract.pk])
    assert {name: row[name] for name in row.values if name.startswith("x_")} == {
        "x_text": "Zürich 4711", "x_number": Scaled(1250, 2), "x_money": Money(125050, "EUR"), "x_percent": Scaled(75000, 4),
        "x_date": dt.date(2026, 5, 31), "x_choice": row["x_choice"], "x_flag": True,
        "x_person": Ref(cast.users["ben"].pk, "Ben", f"/settings/users/{cast.users['ben'].pk}/", "accounts.user"),
        "x_party": Ref(party.pk, "Nordic Acme AB", f"/parties/{party.pk}/", "parties.party"),
    }  # fmt: skip
    assert (row["x_choice"].code, str(row["x_choice"])) == ("high", "High")
    contracts.edit_contracts(cast.ada, [contract.pk], {"x_text": "", "x_money": None, "x_number": "3"})
    assert values_of(contract.pk, "x_text")[-1] == ("Zürich 4711", None)
    assert values_of(contract.pk, "x_money")[-1] == ({"amount": "1250.50", "currency": "EUR"}, None)
    assert "x_text" not in Contract.objects.get(pk=contract.pk).custom


@pytest.mark.parametrize("is_fast", [False, True])
def test_they_are_asked_for_sorted_and_found_alike_with_and_without_typed_rows(cast: Cast, is_fast: bool) -> None:
    make_fields(cast.admin, NOUN, is_indexed=is_fast)
    party = make_party(cast.ada, name="Nordic Acme AB")
    make_contract(cast.ada, title="B", **given(cast, party))
    low = given(cast, party) | {
        "x_text": "aarhus", "x_number": "-3", "x_money": {"amount": "90", "currency": "SEK"}, "x_percent": "100", "x_date": "2025-01-01",
        "x_choice": "low", "x_flag": False, "x_person": str(cast.users["ada"].pk),
    }  # fmt: skip
    make_contract(cast.ada, title="A", **low)
    make_contract(cast.ada, title="None")
    expected = {
        "x_text.has=ZURICH": [], "x_text.has=zürich": ["B"], "x_text=AARHUS": ["A"], "x_text.not=aarhus&sort=title": ["B", "None"],
        "x_text.empty=true": ["None"], "x_text.empty=false&sort=title": ["A", "B"],
        "x_number.gte=0": ["B"], "x_number.lt=0": ["A"], "x_number=12.5": ["B"], "x_money.gt=100": ["B"], "x_money=SEK 90": ["A"],
        "x_money.lte=EUR 2000": ["B"], "x_percent.gt=7.4&x_percent.lt=7.6": ["B"], "x_date.gte=2026-01-01": ["B"], "x_date=2025-01-01": ["A"],
        "x_choice=low": ["A"], "x_choice.not=low&sort=title": ["B", "None"], "x_choice=low&x_choice=high&sort=title": ["A", "B"],
        "x_flag=true": ["B"], "x_flag=false&sort=title": ["A", "None"], "x_person=me": ["A"], f"x_party={party.pk}&sort=title": ["A", "B"],
        "x_party.empty=true": ["None"],
        "sort=x_text": ["A", "B", "None"], "sort=-x_text": ["B", "A", "None"], "sort=x_number": ["A", "B", "None"],
        "sort=x_money": ["A", "B", "None"], "sort=-x_percent": ["A", "B", "None"], "sort=x_date": ["A", "B", "None"],
        "sort=x_person": ["A", "B", "None"], "sort=-x_person": ["B", "A", "None"], "sort=x_flag,title": ["A", "None", "B"],
    }  # fmt: skip
    found = {query: asked(cast.ada, query) for query in expected}
    assert {q: sorted(f) if "sort" not in q else f for q, f in found.items()} == {
        q: sorted(e) if "sort" not in q else e for q, e in expected.items()
    }
    assert asked(cast.ada, "q=zürich") == (["B"] if is_fast else [])
    for query in ("x_text.gt=1", "x_choice.has=l", "x_flag.lt=1", "x_date.has=x", "x_nothing=1"):
        with pytest.raises(UnknownField):
            asked(cast.ada, query)
    for query in ("x_number=x", "x_date=2026-02-30", "x_choice=gone", "x_person=x", "x_money=x"):
        with pytest.raises(Invalid):
            asked(cast.ada, query)


def test_what_does_not_fit_is_refused_with_everything_that_is_wrong(cast: Cast, fields: Any) -> None:
    wrong: dict[str, Any] = {
        "x_text": "a" * 501, "x_number": "1.234", "x_money": {"amount": "1.234", "currency": "SEK"}, "x_percent": "9" * 20,
        "x_date": "1800-01-01", "x_choice": "gone", "x_flag": "true", "x_person": str(cast.north.pk), "x_party": "x",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        make_contract(cast.ada, **wrong)
    assert {p.field for p in refused.value.problems} == set(wrong)
    with pytest.raises(Invalid):
        make_contract(cast.ada, x_text="a\x00b")
    with pytest.raises(Invalid):
        make_contract(cast.ada, x_nothing="1")


def test_it_is_there_for_every_process_from_the_next_request_on(cast: Cast, fields: Any) -> None:
    """Another process has seen nothing; what it reads with the rights of somebody tells it."""
    joined.forget()
    assert "x_text" not in CONTRACT.all()
    actor_for(cast.users["ada"])
    assert "x_text" in CONTRACT.all()
    retire_custom_fields(cast.admin, [fields["text"].pk])
    assert not CONTRACT.all()["x_text"].write
    joined.forget()
    joined.renew()
    assert not CONTRACT.all()["x_text"].write


def test_agents_and_customers_do_not_see_it_until_a_rule_says_so(cast: Cast, fields: Any) -> None:
    assert CONTRACT.level(cast.gus, "x_text") is Level.HIDDEN
    assert CONTRACT.level(cast.pia, "x_text") is Level.HIDDEN
    assert CONTRACT.level(cast.ada, "x_text") is Level.EDIT
    assert CONTRACT.level(cast.cleo, "x_text") is Level.READ
    edit_custom_fields(cast.admin, [fields["text"].pk], {"rules": {"agent": "read", "sales_rep": "hidden"}})
    assert CONTRACT.level(cast.gus, "x_text") is Level.READ
    assert CONTRACT.level(cast.ada, "x_text") is Level.HIDDEN


def test_a_retired_field_is_asked_for_nowhere_and_loses_nothing(cast: Cast, fields: Any) -> None:
    contract = make_contract(cast.ada, x_text="Cellar 3")
    retire_custom_fields(cast.admin, [fields["text"].pk])
    with pytest.raises(Forbidden):
        contracts.edit_contracts(cast.ada, [contract.pk], {"x_text": "Attic"})
    contracts.edit_contracts(cast.ada, [contract.pk], {"x_number": "1"})
    [row] = CONTRACT.show(cast.ada, [contract.pk])
    assert row["x_text"] == "Cellar 3"
    restore_custom_fields(cast.admin, [fields["text"].pk])
    contracts.edit_contracts(cast.ada, [contract.pk], {"x_text": "Attic"})
    assert CONTRACT.show(cast.ada, [contract.pk])[0]["x_text"] == "Attic"


def test_the_kind_never_changes_once_there_are_values(cast: Cast, fields: Any) -> None:
    edit_custom_fields(cast.admin, [fields["number"].pk], {"decimals": 3})
    make_contract(cast.ada, x_number="1.125", x_text="4711")
    for one, change in (("number", {"decimals": 2}), ("text", {"kind": "number"})):
        with pytest.raises(KindIsFixed):
            edit_custom_fields(cast.admin, [fields[one].pk], change)
    edit_custom_fields(cast.admin, [fields["text"].pk], {"labels": {"en": "Shelf", "sv": "Hylla"}})
    assert str(CONTRACT.all()["x_text"].label) == "Shelf"


def test_a_choice_that_is_no_longer_offered_stays_where_it_was_chosen(cast: Cast, fields: Any) -> None:
    contract = make_contract(cast.ada, x_choice="low")
    edit_custom_fields(
        cast.admin, [fields["choice"].pk], {"choices": [{"code": "high", "labels": {"en": "Very high"}}]}
    )
    [row] = CONTRACT.show(cast.ada, [contract.pk])
    assert str(row["x_choice"]) == "Low"
    assert asked(cast.ada, "x_choice=low") == [contract.title]
    with pytest.raises(Invalid) as refused:
        make_contract(cast.ada, x_choice="low")
    assert refused.value.problems[0].code == "no_longer_offered"


def test_typed_rows_follow_every_write_and_are_made_for_what_is_there_already(cast: Cast, fields: Any) -> None:
    contract = make_contract(cast.ada, x_text="Bergen", x_number="5")
    edit_custom_fields(cast.admin, [fields["text"].pk], {"is_indexed": True})
    edit_custom_fields(cast.admin, [fields["number"].pk], {"is_indexed": True})
    rows = {one.field: (one.text, one.integer) for one in CustomIndex.objects.filter(record=contract.pk)}
    assert rows == {"x_text": ("bergen", None), "x_number": ("", 500)}
    contracts.edit_contracts(cast.ada, [contract.pk], {"x_text": "Oslo", "x_number": None})
    assert asked(cast.ada, "x_text=oslo") == [contract.title]
    assert asked(cast.ada, "x_number=5") == []
    edit_custom_fields(cast.admin, [fields["text"].pk], {"is_indexed": False})
    assert not CustomIndex.objects.exists()
    assert asked(cast.ada, "x_text=oslo") == [contract.title]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"noun": "billing.invoice_line"}, "noun"), ({"noun": "nothing"}, "noun"), ({"noun": 1}, "noun"), ({"kind": "secret"}, "kind"), ({"kind": None}, "kind"),
        ({"labels": {}}, "labels"), ({"labels": {"en": " "}}, "labels"), ({"labels": {"klingon!": "x"}}, "labels"), ({"labels": []}, "labels"),
        ({"key": "Ä"}, "key"), ({"key": "a" * 41}, "key"), ({"key": 1}, "key"), ({"key": "text"}, "key"), ({"decimals": 7, "kind": "number"}, "decimals"),
        ({"decimals": True, "kind": "number"}, "decimals"), ({"required_from": "heaven"}, "required_from"), ({"required_from": []}, "required_from"),
        ({"kind": "flag", "required_from": "in_review"}, "required_from"), ({"kind": "flag", "is_indexed": True}, "is_indexed"),
        ({"is_material": "true"}, "is_material"), ({"noun": "parties.party", "is_material": True}, "is_material"),
        ({"kind": "choice"}, "choices"), ({"kind": "choice", "choices": [{"labels": {}}]}, "choices"), ({"kind": "choice", "choices": "a"}, "choices"),
        ({"kind": "choice", "choices": [{"code": "a", "labels": "A"}, {"code": "a", "labels": "B"}]}, "choices"), ({"rules": {"nobody": "read"}}, "rules"),
        ({"rules": {"agent": "write"}}, "rules"), ({"rules": []}, "rules"), ({"position": -1}, "position"), ({"help": {"en": "x" * 201}}, "help"),
    ],
)  # fmt: skip
def test_a_definition_that_does_not_fit_is_refused_in_words(
    cast: Cast, fields: Any, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_custom_fields(cast.admin, [{"noun": NOUN, "kind": "text", "labels": {"en": "New"}} | change])
    assert field in {p.field for p in refused.value.problems}


def test_only_who_manages_fields_everywhere_adds_one(cast: Cast) -> None:
    for actor in (cast.ada, cast.ben, cast.cleo, cast.gus, cast.pia):
        with pytest.raises(Forbidden):
            add_custom_fields(actor, [{"noun": NOUN, "kind": "text", "labels": {"en": "New"}}])


def test_ten_fields_of_a_kind_of_record_can_be_searched_fast(cast: Cast) -> None:
    one = {"noun": NOUN, "kind": "text", "labels": {"en": "Place"}, "is_indexed": True}
    rows = add_custom_fields(cast.admin, [one] * 10)
    assert [row.key for row in rows][:3] == ["place", "place_2", "place_3"]
    with pytest.raises(Invalid) as refused:
        add_custom_fields(cast.admin, [one])
    assert refused.value.problems[0].code == "too_many_indexed"


def test_a_name_without_latin_letters_gets_a_key_all_the_same(cast: Cast) -> None:
    [row] = add_custom_fields(cast.admin, [{"noun": NOUN, "kind": "text", "labels": {"zh-hans": "成本中心"}}])
    assert row.name == "x_field"
    assert str(CONTRACT.all()["x_field"].label) == "成本中心"


@pytest.mark.parametrize("first", ["ME", "USER"])
def test_a_field_on_people_is_no_part_of_what_everybody_may_change_about_themselves(cast: Cast, first: str) -> None:
    """C3: two registers of one noun do not take each other's fields."""
    registers = {"ME": ME, "USER": USER}
    shipped = {name: set(one.fields) for name, one in registers.items()}
    [field] = add_custom_fields(
        cast.admin, [{"noun": "accounts.user", "kind": "text", "labels": {"en": "Staff no."}, "rules": {}}]
    )
    for name in (first, *({"ME", "USER"} - {first})):
        added = {field.name} if name == "USER" else set()
        assert set(registers[name].all()) == shipped[name] | added, name
    with pytest.raises(UnknownField):
        edit_own_preferences(cast.ada, {field.name: "7"})
    edit_own_preferences(cast.ada, {"theme": "dark"})

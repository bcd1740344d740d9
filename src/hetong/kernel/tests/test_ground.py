"""The smallest mechanisms: ids, states, sealed secrets, actors."""

from __future__ import annotations

import pickle
import uuid
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind, Grant, RoleFacts, require
from hetong.kernel.errors import DomainError, Forbidden, IllegalMove, Invalid, Problem, refuse
from hetong.kernel.ids import new_id, new_ids
from hetong.kernel.sealed import Unreadable, seal, sign, unseal
from hetong.kernel.states import Machine


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


LIGHTS = Machine({"go": (frozenset({Light.RED}), Light.GREEN), "stop": (frozenset({Light.GREEN}), Light.RED)})


def test_ids_are_version_7_and_increase_even_when_the_clock_goes_back() -> None:
    ids = [new_id() for _ in range(5000)]
    with clock.set_to(clock.now() - timedelta(hours=1)):
        ids += [new_id() for _ in range(100)]
        ids += [*new_ids(5000), new_id()]
    assert ids == sorted(set(ids))
    assert {(id.version, id.variant) for id in ids} == {(7, uuid.RFC_4122)}


def test_an_id_that_was_made_is_like_one_that_was_read() -> None:
    id = new_id()
    again = uuid.UUID(str(id))
    assert (id, hash(id), id.hex, pickle.loads(pickle.dumps(id))) == (again, hash(again), again.hex, again)  # noqa: S301


def test_the_clock_can_be_set_and_a_day_is_that_of_the_zone() -> None:
    with clock.set_to(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)):
        assert clock.today("Europe/Stockholm") == date(2026, 3, 29)
        assert clock.today("America/New_York") == date(2026, 3, 28)
        assert clock.today("Asia/Shanghai") == date(2026, 3, 29)
    with clock.set_to(date(2026, 3, 31), frozen=False):
        assert clock.now() < clock.now() + timedelta(seconds=1)
        assert clock.today() == date(2026, 3, 31)


def test_a_machine_allows_what_its_table_says_and_names_what_is_possible() -> None:
    assert LIGHTS.after(Light.RED, "go") is Light.GREEN
    assert LIGHTS.verbs_from(Light.GREEN) == ("stop",)
    with pytest.raises(IllegalMove) as refused:
        LIGHTS.after(Light.RED, "stop")
    assert refused.value.params == {"verb": "stop", "stage": "red", "allowed": ("go",)}


@given(st.text())
def test_a_sealed_secret_opens_again_for_its_purpose_only(text: str) -> None:
    sealed = seal(text, secret="a" * 50, purpose="mail")
    assert unseal(sealed, secrets=["b" * 50, "a" * 50], purpose="mail") == text
    with pytest.raises(Unreadable):
        unseal(sealed, secrets=["a" * 50], purpose="other")
    with pytest.raises(Unreadable):
        unseal(sealed, secrets=["b" * 50], purpose="mail")


@pytest.mark.parametrize("damaged", ["", "x", "!!!!", "AAAA", "Ünicode"])
def test_damaged_secrets_are_refused_in_words(damaged: str) -> None:
    with pytest.raises(Unreadable):
        unseal(damaged, secrets=["a" * 50], purpose="mail")


def test_signatures_differ_by_purpose() -> None:
    assert sign(b"x", secret="a", purpose="one") != sign(b"x", secret="a", purpose="two")


NORTH, SOUTH = uuid.uuid4(), uuid.uuid4()
CLERK = RoleFacts("clerk", frozenset({"things.edit"}))


class Thing:
    def __init__(self, company: uuid.UUID) -> None:
        self.company_id = company


def test_a_permission_holds_in_the_company_it_was_granted_for() -> None:
    ada = Actor(ActorKind.USER, uuid.uuid4(), "Ada", (Grant(CLERK, NORTH),))
    require(ada, "things.edit")
    require(ada, "things.edit", [Thing(NORTH)])
    with pytest.raises(Forbidden):
        require(ada, "things.edit", [Thing(NORTH), Thing(SOUTH)])
    with pytest.raises(Forbidden):
        require(ada, "things.delete")


def test_a_token_is_never_wider_than_its_user() -> None:
    ada = Actor(ActorKind.TOKEN, uuid.uuid4(), "Ada", (Grant(CLERK, None),))
    assert ada.may("things.edit", SOUTH)
    assert not ada.limited_to(frozenset({"things.delete"})).may("things.edit")
    assert not ada.limited_to(frozenset({"things.delete"})).may("things.delete")


def test_the_system_may_everything_and_remembers_why() -> None:
    ada = Actor(ActorKind.USER, uuid.uuid4(), "Ada", language="sv")
    system = Actor.system(cause=ada)
    assert system.may("anything", SOUTH)
    assert (system.cause, system.language) == (ada, "sv")


def test_problems_are_named_all_at_once() -> None:
    refuse([])
    with pytest.raises(Invalid) as refused:
        refuse([Problem("a", "A", field="one"), Problem("b", "B", field="two")])
    assert [p.field for p in refused.value.problems] == ["one", "two"]


def test_an_error_carries_its_own_code_or_the_one_given() -> None:
    assert DomainError().code == "refused"
    assert DomainError("too_late", day=1).params == {"day": 1}
    assert IllegalMove.status == 409

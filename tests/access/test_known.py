"""C2, C4: what is written down of a reader's rights follows from the reader alone, and means what `visible_to` means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext

from hetong.accounts.models import User
from hetong.accounts.services.sharing import share_records
from hetong.contracts.models import Contract, ContractParty, Line, Member
from hetong.contracts.testing import make_contract, make_line
from hetong.kernel.known import asked, condition, known, written
from hetong.kernel.nouns import noun, nouns
from hetong.todos.models import SETTINGS

pytestmark = pytest.mark.django_db
PEOPLE = ("ada", "ben", "gus", "eve", "dora", "olle", "admin")


@pytest.mark.parametrize("name", PEOPLE)
def test_no_condition_follows_from_the_database_unless_its_noun_says_so(cast: Any, name: str) -> None:
    """Else a change there would leave a condition that no longer holds."""
    actor = getattr(cast, name)
    for entry in nouns():
        if entry.known_by is None and entry.section and not entry.section.startswith(SETTINGS):
            with CaptureQueriesContext(connection) as sent:
                written(entry.among(actor))
            assert not sent.captured_queries, entry.key


@pytest.mark.parametrize("name", PEOPLE)
def test_what_hangs_on_a_contract_is_known_to_whom_the_contract_is(cast: Any, name: str) -> None:
    for who in ("ada", "gus", "ben"):
        make_contract(getattr(cast, who), title=f"Of {who}")
    actor = getattr(cast, name)
    seen = set(Contract.objects.visible_to(actor).values_list("pk", flat=True))
    assert {one.contract_id for one in ContractParty.objects.visible_to(actor)} == seen
    assert set(
        ContractParty.objects.exclude(known(actor, noun("contracts.contract"), "contract")).values_list(
            "contract", flat=True
        )
    ).isdisjoint(seen)


@pytest.mark.parametrize("name", [*PEOPLE, "cleo"])
def test_what_is_seen_is_the_same_inside_other_questions(cast: Any, name: str) -> None:
    """Tables in a condition that is kept have names that no query around it gives."""
    make_line(cast.ada, make_contract(cast.ada, title="Pumps"))
    actor = getattr(cast, name)
    for entry in map(noun, ("parties.party", "contracts.contract")):
        for seen in (entry.visible_to(actor), entry.among(actor)):
            rows = entry.model._base_manager.order_by()
            ids = set(seen.order_by().values_list("pk", flat=True))
            among = rows.filter(pk__in=seen.order_by().values("pk"))
            beside = rows.filter(Exists(seen.order_by().filter(pk=OuterRef("pk"))))
            assert set(among.values_list("pk", flat=True)) == ids, entry.key
            assert set(beside.values_list("pk", flat=True)) == ids, entry.key


def test_a_share_and_a_role_are_known_with_the_next_question(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Pumps")
    assert not ContractParty.objects.visible_to(cast.gus).exists()
    share_records(cast.ada, "contracts.contract", [contract.pk], user=cast.users["gus"], level="view")
    assert ContractParty.objects.visible_to(cast.gus).exists()
    assert not ContractParty.objects.visible_to(replace(cast.ada, id=cast.eve.id, grants=())).exists()
    assert ContractParty.objects.visible_to(cast.ada).exists()


def test_the_condition_stands_inside_other_questions(cast: Any) -> None:
    """As a part of a subquery, behind a relation and negated, where its column has another alias."""
    contract = make_contract(cast.ada, title="Pumps")
    entry = noun("contracts.contract")
    inside = Contract.objects.filter(
        pk__in=ContractParty.objects.filter(known(cast.ada, entry, "contract")).values("contract")
    )
    assert list(inside) == [contract]
    assert not Contract.objects.filter(
        pk__in=ContractParty.objects.filter(known(cast.gus, entry, "contract")).values("contract")
    )
    assert ContractParty.objects.filter(known(cast.ada, entry, "contract__pk")).count() == contract.parties.count()
    assert Member.objects.filter(~known(cast.gus, entry, "contract")).count() == Member.objects.count()


def test_a_statement_is_written_once_and_answers_for_every_record(cast: Any) -> None:
    """What hangs on a contract is asked anew each time, with the rights of then, by the same words."""
    full, empty = make_contract(cast.ada, title="Full"), make_contract(cast.ada, title="Empty")
    make_line(cast.ada, full)
    made: list[Any] = []

    def lines(id: Any) -> Any:
        made.append(id)
        return Line.objects.visible_to(actor).filter(contract=id).order_by().values_list("contract", "title")

    for name, seen in (("ada", 1), ("gus", 0)):
        actor = getattr(cast, name)
        for contract, count in ((full, seen), (empty, 0), (full, seen)):
            rows = asked(actor, "test.lines", lines, contract.pk)
            assert [UUID(str(id)) for id, _title in rows] == [contract.pk] * count
    assert len(made) == 2, "once for each reader"
    make_line(cast.ada, full)
    assert len(asked(cast.ada, "test.lines", lines, full.pk)) == 2
    share_records(cast.ada, "contracts.contract", [full.pk], user=cast.users["gus"], level="view")
    actor = cast.gus
    assert len(asked(actor, "test.lines", lines, full.pk)) == 2


def test_a_statement_that_follows_from_the_database_is_not_kept(cast: Any) -> None:
    contract, made = make_contract(cast.ada), []

    def members(id: Any) -> Any:
        made.append(id)
        return Member.objects.filter(contract=id, user__in=list(User.objects.values_list("pk", flat=True))).values_list(
            "pk"
        )

    for _again in range(2):
        asked(cast.ada, "test.members", members, contract.pk)
    assert len(made) == 2
    assert asked(cast.ada, "test.nothing", lambda _id: None, contract.pk) == []
    assert asked(cast.ada, "test.empty", lambda _id: Member.objects.none().values_list("pk"), contract.pk) == []


@pytest.mark.parametrize("name", PEOPLE)
def test_a_condition_that_is_written_once_is_said_of_the_row_wherever_it_stands(cast: Any, name: str) -> None:
    """As a list's own, turned round, beneath another record, and twice in one statement."""
    made = [make_contract(getattr(cast, who), title=f"Of {who}") for who in ("ada", "gus", "ben")]
    lines = [make_line(cast.ada, made[0]), make_line(cast.ben, made[2])]
    actor, every = getattr(cast, name), Contract._base_manager
    plain = Q(owner=actor.id) | Q(pk__in=Member.objects.filter(user=actor.id).values("contract"))
    once = condition(actor, "test", Contract, lambda: plain)
    assert once != plain
    assert set(every.filter(once)) == set(every.filter(plain))
    assert set(every.exclude(once)) == set(every.exclude(plain))
    below = Line._base_manager.filter(contract__in=every.filter(once, pk__in=every.filter(once).values("pk")))
    assert set(below) == {line for line in lines if line.contract.owner_id == actor.id}
    beside = Exists(every.filter(once, company=OuterRef("company")).exclude(pk=OuterRef("pk")))
    assert set(every.filter(beside)) == set(
        every.filter(Exists(every.filter(plain, company=OuterRef("company")).exclude(pk=OuterRef("pk"))))
    )


def test_a_condition_that_needs_another_table_stays_as_it_is(cast: Any) -> None:
    joined = Q(owner__name_key="ada")
    assert condition(cast.ada, "joined", Contract, lambda: joined) == joined
    make_contract(cast.ada)
    nothing = Q(pk__in=[])
    assert not Contract._base_manager.filter(condition(cast.ada, "nothing", Contract, lambda: nothing)).exists()
    assert Contract._base_manager.filter(condition(cast.ada, "all", Contract, lambda: ~nothing)).count() == 1

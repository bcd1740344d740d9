"""The head of a contract says what must happen next and by which day, to whoever may read that (S3-10)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services.access import bump_policy
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_milestone, put_into
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.todos.services import refresh_all
from hetong.todos.testing import make_task

pytestmark = pytest.mark.django_db


def head(cast: Any, id: Any, name: str = "ada") -> str:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users[name])
    page = client.get(f"/contracts/{id}/lines/").content.decode()
    return page.partition('<div class="facts">')[2].partition("</div>")[0]


def test_the_first_to_do_of_anybody_stands_in_the_head_of_every_tab(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Meters")
    make_milestone(
        cast.ada, contract, title="First delivery", due_on=(clock.today() + dt.timedelta(days=9)).isoformat()
    )
    put_into(contract, Stage.ACTIVE)
    refresh_all()
    assert "Reach the milestone" in head(cast, contract.pk)
    make_task(cast.ada, "Send the drawing", on=("contracts.contract", contract.pk), due_on=clock.today().isoformat())
    assert "Send the drawing" in head(cast, contract.pk)
    assert "Send the drawing" in head(cast, contract.pk, "ben"), "the same for everybody with access"


def test_a_day_that_the_reader_may_not_read_stands_in_no_head(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Meters")
    make_milestone(
        cast.ada, contract, title="First delivery", due_on=(clock.today() + dt.timedelta(days=9)).isoformat()
    )
    put_into(contract, Stage.ACTIVE)
    refresh_all()
    FieldRule.objects.create(
        role=Role.objects.get(key="sales_manager"), noun="contracts.milestone", field="due_on", level=0
    )
    bump_policy(Actor.system(), ())
    assert "Reach the milestone" not in head(cast, contract.pk, "ben")
    assert "Reach the milestone" in head(cast, contract.pk)


def test_without_any_to_do_it_is_the_contracts_own_next_date(cast: Any) -> None:
    day = clock.today() + dt.timedelta(days=200)
    contract = make_contract(
        cast.ada, title="Meters", starts_on=clock.today().isoformat(), ends_on=day.isoformat(), term="fixed"
    )
    put_into(contract, Stage.ACTIVE)
    Contract.objects.filter(pk=contract.pk).update(next_on=day, next_what="ends")
    assert "ends" in head(cast, contract.pk)


def test_a_task_whose_words_are_hidden_stands_in_no_head(cast: Any) -> None:
    """D4: the head shows a to-do only to who may read to-dos so."""
    contract = make_contract(cast.ada, title="Meters")
    make_task(cast.ada, "Send the drawing", on=("contracts.contract", contract.pk), due_on=clock.today().isoformat())
    FieldRule.objects.create(role=Role.objects.get(key="sales_manager"), noun="todos.todo", field="title", level=0)
    bump_policy(Actor.system(), ())
    assert "Send the drawing" not in head(cast, contract.pk, "ben")
    assert "Send the drawing" in head(cast, contract.pk)

"""Rows of many ids are asked for with one parameter and are those that ``in`` finds (both engines)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Q

from hetong.contracts.models import Contract
from hetong.contracts.testing import make_contract

pytestmark = pytest.mark.django_db


def test_the_rows_of_the_ids_are_found_by_their_own_key_and_by_that_of_a_reference(cast: Any) -> None:
    first, second = make_contract(cast.ada), make_contract(cast.ada)
    assert set(Contract.objects.filter(pk__among={first.pk, uuid4()})) == {first}
    parties = [second.counterparty_id]
    assert second in Contract.objects.filter(counterparty__pk__among=parties)
    assert first.counterparty_id in parties or first not in Contract.objects.filter(counterparty__pk__among=parties)


def test_of_no_ids_nothing_is_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert not Contract.objects.filter(pk__among=[]).exists()


def test_ids_that_a_query_gives(cast: Any) -> None:
    first, second = (make_contract(cast.ada, title=title) for title in ("One", "Two"))
    members = Contract.objects.filter(title="One")
    assert set(Contract.objects.filter(pk__few=members.values("pk"))) == {first}
    assert set(Contract.objects.filter(Q(title="Two") | Q(pk__few=members.values("pk")))) == {first, second}
    assert set(Contract.objects.filter(counterparty__pk__few=members.values("counterparty"))) == {first}
    assert not Contract.objects.filter(pk__few=members.none().values("pk")).exists()
    assert set(Contract.objects.exclude(pk__few=members.values("pk"))) == {second}

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hetong.kernel.nouns import noun
from hetong.kernel.paging import page
from hetong.kernel.where import OPERATORS, RESERVED, Condition, Where, ordering
from hetong.ui.lists.question import ask, pairs_of

NAMES = st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True).filter(lambda n: n not in RESERVED)
VALUES = st.text(min_size=1, max_size=12).filter(lambda v: v.strip() and "\x00" not in v)


@given(
    st.lists(
        st.builds(
            Condition, NAMES, st.sampled_from(("", *OPERATORS)), st.lists(VALUES, min_size=1, max_size=3).map(tuple)
        ),
        max_size=4,
        unique_by=lambda c: c.key,
    ),
    st.text(alphabet="abc å中", max_size=8).map(str.strip),
    st.lists(st.tuples(NAMES, st.booleans()), max_size=3, unique_by=lambda by: by[0]).map(tuple),
    st.one_of(st.just(""), NAMES),
    st.lists(NAMES, max_size=3, unique=True).map(tuple),
)
def test_a_question_comes_back_from_its_own_address(
    conditions: Any, text: str, sort: Any, group: str, columns: Any
) -> None:
    where = Where(tuple(conditions), text, sort, group, columns)
    grouped: dict[str, list[str]] = {}
    for key, value in pairs_of(where.query()):
        grouped.setdefault(key, []).append(value)
    assert Where.parse(grouped) == where


@pytest.mark.django_db
@settings(max_examples=40)
@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3), max_size=5))
def test_no_address_at_all_breaks_the_reading_of_it(query: dict[str, list[str]]) -> None:
    from hetong.kernel.actors import Actor

    question = ask(Actor.system(), noun("accounts.team").register, query)
    for condition in question.where.conditions:
        assert condition.field in noun("accounts.team").register.all()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sort",
    [
        (),
        (("parent", False),),
        (("parent", True), ("name", False)),
        (("lead", True),),
        (("name", False), ("company", True)),
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_show_each_row_once_whatever_is_empty_or_equal(cast: Any, sort: Any, limit: int) -> None:
    team = noun("accounts.team").model
    for number in range(12):
        parent = cast.sales if number % 3 else None
        team.objects.create(
            company=cast.north, name=f"Same {number}", parent=parent, lead=cast.users["ben"] if number % 2 else None
        )
    rows = noun("accounts.team").visible_to(cast.admin)
    order = ordering(noun("accounts.team").register, cast.admin, sort)
    seen: list[uuid.UUID] = []
    cursor = ""
    while True:
        found = page(rows, order, cursor=cursor, limit=limit)
        seen += found.ids
        cursor = found.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == rows.count()
    assert seen == page(rows, order, limit=250).ids

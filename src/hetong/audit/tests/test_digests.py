"""What is hashed is the same JSON whichever way it is written (trust B: digests stay true for ever)."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.accounts.models import Company
from hetong.audit.digests import (
    OWN,
    Changes,
    Signing,
    _plain,
    canonical_text,
    differ,
    digest_together,
    entry_bytes,
    value_digest,
)
from hetong.audit.models import Entry
from hetong.kernel import clock
from hetong.kernel.bulk import made

TEXTS = st.text('aBÅ合同 "\\\n\t/\x7f\u2028\U0001f600=', max_size=20)
SIMPLE = st.none() | st.booleans() | st.integers() | TEXTS | st.uuids() | st.datetimes(timezones=st.just(dt.UTC))
VALUES = st.recursive(
    SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


class Stage(StrEnum):
    DRAFT = "draft"


def by_the_library(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


@given(VALUES)
def test_every_value_is_written_as_the_library_writes_it(value: Any) -> None:
    assert canonical_text(value) == by_the_library(value)


@pytest.mark.parametrize("value", [Stage.DRAFT, {1: "a", 2: None}, ("a", [1, (2,)]), 1.5, True, {"a": Stage.DRAFT}])
def test_what_is_rare_is_written_so_too(value: Any) -> None:
    assert canonical_text(value) == by_the_library(value)


@given(TEXTS, TEXTS)
def test_an_entry_has_the_same_bytes_whatever_of_it_was_written_before(label: str, reason: str) -> None:
    shared = {
        "at": clock.now(), "actor_kind": "user", "actor_id": uuid.uuid4(), "actor_label": "100 % Ada", "code": "合同.added",
        "cause": {"kind": "user"}, "params": {"share": "5 %s"}, "reason": reason, "via": "", "batch": None,
    }  # fmt: skip
    own = {
        "noun": "contracts.contract",
        "subject": uuid.uuid4(),
        "label": label,
        "company": None,
        "fields": [["title", "abc"]],
    }
    entry = made(Entry, **shared, **own)

    assert Signing(shared).bytes(*(canonical_text(getattr(entry, name)) for name in OWN)) == entry_bytes(entry)


ROWS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from("abc"), VALUES), st.dictionaries(st.sampled_from("abc"), VALUES)),
    min_size=1,
)


@given(ROWS, st.booleans())
def test_the_values_of_a_batch_are_kept_and_signed_as_each_alone_would_be(rows: Any, are_alike: bool) -> None:
    rows = rows[:1] * 3 if are_alike else rows
    names = dict.fromkeys(name for was, now in rows for name in (*was, *now))
    columns = {name: ([was.get(name) for was, _now in rows], [now.get(name) for _was, now in rows]) for name in names}
    texts = Changes().written(columns, len(rows), erasable={"b"})
    salts: dict[str, list[str]] = {"": [], "b": []}
    for (was, now), (fields, values) in zip(rows, texts, strict=True):
        held, pairs = json.loads(values), json.loads(fields)
        plain = json.loads(by_the_library([was, now]))
        wanted = {
            name: [plain[0].get(name), plain[1].get(name)]
            for name in {*was, *now}
            if differ(was.get(name), now.get(name))
        }
        assert {name: one[-2:] for name, one in held.items() if name} == wanted
        together = wanted.keys() - {"b"}
        signed = {name: value_digest(one) if name == "b" else "" for name, one in held.items() if name}
        assert dict(pairs) == signed | ({"": digest_together(held, together)} if together else {})
        assert [name for name, _digest in pairs if name] == [name for name in names if name in wanted]
        for name in salts.keys() & held.keys():
            salts[name].append(held[name][0] if name else held[name])
    for own in salts.values():  # nothing that stays in another entry helps to guess what was erased in this one
        assert len(set(own)) == len(own)


def test_a_row_that_is_made_in_short_is_as_its_model_makes_it() -> None:
    given_ = {"name": "North AB", "country": "SE"}
    short, long = made(Company, **given_), Company(**given_)

    assert short._state.adding
    assert short._state.db is None
    names = [one.attname for one in Company._meta.concrete_fields if not one.primary_key]
    assert {name: getattr(short, name) for name in names} == {name: getattr(long, name) for name in names}
    assert short.pk != long.pk
    with pytest.raises(TypeError, match="colour"):
        made(Company, colour="red")

"""Trust D1, D3: what is erased cannot be guessed or put back, and a check takes nothing lawful that happens meanwhile for tampering."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from hetong.audit import sealer
from hetong.audit.digests import digest_together
from hetong.audit.gateways import Head
from hetong.audit.models import Entry, EntryValues
from hetong.audit.sealer import check, seal
from hetong.audit.services import Change, erase, record_many
from hetong.audit.testing import removed

from .sealed import SYSTEM, Heads
from .test_tampering import heads as heads
from .test_tampering import hold

pytestmark = pytest.mark.django_db
CONTRACT = "contracts.contract"


def added(*values: dict[str, Any]) -> list[Change]:
    return [Change(CONTRACT, uuid.uuid4(), after=one) for one in values]


def test_another_entry_of_the_act_does_not_help_to_guess_an_erased_value(heads: Heads) -> None:
    what = added({"title": "Call Anna", "number": "C-1"}, {"title": "Call Bo", "number": "C-2"})
    mine, other = record_many(SYSTEM, "test.edited", what)
    assert what[0].id
    erase(SYSTEM, CONTRACT, what[0].id, ["title"], reason="asked for")

    held, salt = EntryValues.objects.get(pk=mine).held, EntryValues.objects.get(pk=other).held[""]
    said = dict(Entry.objects.get(pk=mine).fields)
    names = [name for name, digest in said.items() if not digest]
    assert held["title"] is held[""] is None
    assert digest_together({**held, "": salt, "title": [None, "Call Anna"]}, names) != said[""]


def test_an_erased_value_that_stands_there_again_is_found_whatever_is_left_beside_it(heads: Heads) -> None:
    [change] = added({"title": "Call Anna", "number": "C-1", "note": "z"})
    [id] = record_many(SYSTEM, "test.edited", [change])
    assert change.id
    erase(SYSTEM, CONTRACT, change.id, ["title", "number"], reason="asked for")
    seal()
    assert list(check()) == []
    with removed():
        hold(EntryValues.objects.get(pk=id), title=[None, "FORGED"])
        assert [one.what for one in check()] == ["its value of “title” was filled again"]


def test_what_is_sealed_during_a_check_was_not_inserted(heads: Heads, monkeypatch: pytest.MonkeyPatch) -> None:
    record_many(SYSTEM, "test.edited", added({"title": "a"}))
    seal()
    record_many(SYSTEM, "test.edited", added({"title": "b"}))
    read, done = heads.read, list[str]()

    def sealing() -> Iterator[Head]:
        known = list(read())
        if not done:
            done.append("another process seals between the reading of heads and of links")
            seal()
        return iter(known)

    monkeypatch.setattr(heads, "read", sealing)
    assert list(check()) == []
    assert done


def test_what_is_erased_during_a_check_was_not_blanked_by_hand(heads: Heads, monkeypatch: pytest.MonkeyPatch) -> None:
    [change] = added({"title": "Call Anna"})
    record_many(SYSTEM, "test.edited", [change])
    seal()
    links = sealer._chunks

    def erasing(*given: Any) -> Iterator[Any]:
        assert change.id
        erase(SYSTEM, CONTRACT, change.id, ["title"], reason="asked for")
        yield from links(*given)

    monkeypatch.setattr(sealer, "_chunks", erasing)
    assert list(check()) == []

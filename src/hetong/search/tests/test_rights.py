"""C2, C4: what is written down of a reader's rights is given out again only while it holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from hetong.accounts.services.sharing import share_records
from hetong.contracts.testing import make_contract
from hetong.documents.models import DocumentKind
from hetong.documents.testing import make_document
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock, known
from hetong.search.queries import search

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _home(tmp_path: Any, settings: Any) -> None:
    settings.HETONG_HOME = tmp_path


def titles(actor: Any, text: str, noun: str) -> list[str]:
    return [hit.title for hit in search(actor, text, [noun])]


def test_a_kind_that_becomes_confidential_is_found_no_more(cast: Any) -> None:
    contract = make_contract(cast.gus, title="Pumps")
    make_document(cast.gus, "contracts.contract", contract.pk, title="Letter")
    drain_outbox()
    assert titles(cast.gus, "letter", "documents.document") == ["Letter"]
    DocumentKind.objects.update(is_confidential=True)
    assert titles(cast.gus, "letter", "documents.document") == []


def test_a_share_ends_with_its_last_day(cast: Any) -> None:
    with clock.set_to(DAY):
        contract = make_contract(cast.ada, title="Pumps")
        share_records(
            cast.ada, "contracts.contract", [contract.pk], user=cast.users["gus"], level="view", ends_on=DAY.date()
        )
        drain_outbox()
        assert titles(cast.gus, "pumps", "contracts.contract") == ["Pumps"]
    with clock.set_to(DAY + dt.timedelta(days=1)):
        assert titles(cast.gus, "pumps", "contracts.contract") == []


def test_another_role_of_the_same_version_is_another_reader(cast: Any) -> None:
    make_contract(cast.ada, title="Pumps")
    drain_outbox()
    assert titles(cast.ada, "pumps", "contracts.contract") == ["Pumps"]
    assert titles(replace(cast.ada, grants=()), "pumps", "contracts.contract") == []
    assert titles(cast.ada, "pumps", "contracts.contract") == ["Pumps"]


def test_few_readers_are_kept_and_the_oldest_goes_first(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "READERS", 1)
    make_contract(cast.ada, title="Pumps")
    drain_outbox()
    for actor, found in ((cast.ada, ["Pumps"]), (cast.gus, []), (cast.ada, ["Pumps"])):
        assert titles(actor, "pumps", "contracts.contract") == found
        assert len(known._readers) == 1

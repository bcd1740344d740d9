"""Lists of parties by a name of their terms: the first names' parties alone give the same pages as all parties."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID

import pytest

from hetong.accounts.testing import make_user
from hetong.kernel.paging import BadCursor, Page, leading, page
from hetong.kernel.where import ordering
from hetong.parties.fields import PARTY
from hetong.parties.models import Party, PartyTerms
from hetong.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(cast: Any) -> Any:
    """Thirty parties: of four owners, two of one name; some of both companies, some of nobody."""
    owners = [make_user(name, email=f"owner{n}@example.test") for n, name in enumerate(("Bo", "Åsa", "Bo", "Éva"))]
    for n in range(30):
        party = make_party(cast.ada, name=f"Party {n:02d}")
        PartyTerms.objects.filter(party=party.pk).update(
            owner=owners[n % 4] if n % 5 else None, team=[cast.sales, None][n % 2]
        )
        if n % 3 == 0:
            PartyTerms.objects.create(party_id=party.pk, company=cast.south, owner=owners[(n + 1) % 4], team=None)
    return cast


def pages(actor: Any, rows: Any, sort: Any, lead: Any) -> list[Page]:
    found, cursor = [], ""
    while not found or cursor:
        found.append(page(rows, ordering(PARTY, actor, sort), cursor=cursor, limit=4, lead=lead))
        cursor = found[-1].next
    return found


@pytest.mark.parametrize("name", ["admin", "fia", "ada"])
@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("sort", [("owner",), ("team",), ("owner", "name")])
@pytest.mark.parametrize("looked_at", [5, 400])
def test_the_first_names_give_the_pages_that_all_parties_give(
    crowd: Any, looked_at: int, sort: Any, down: bool, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hetong.parties.fields.party.LOOKED_AT", looked_at)
    actor, asked = getattr(crowd, name), tuple((one, down) for one in sort)
    for rows in (Party.objects.visible_to(actor), Party.objects.visible_to(actor).filter(name_key__contains="1")):
        lead = leading(PARTY, actor, asked)
        assert (lead is None) == (name == "ada" and len(sort) > 1), "who sees parts of a company, by that field alone"
        assert pages(actor, rows, asked, lead) == pages(actor, rows, asked, None)


def test_a_page_that_the_first_names_fill_is_not_looked_for_among_all(
    crowd: Any, django_assert_num_queries: Any
) -> None:
    actor, sort = crowd.admin, (("owner", False),)
    lead = leading(PARTY, actor, sort)
    with django_assert_num_queries(2) as sent:
        page(Party.objects.visible_to(actor), ordering(PARTY, actor, sort), limit=4, lead=lead)
    assert "accounts_user" in sent.captured_queries[0]["sql"]


def test_a_name_in_the_cursor_that_no_database_can_hold_is_a_damaged_address(crowd: Any) -> None:
    actor, sort = crowd.admin, (("owner", False),)
    cursor = base64.urlsafe_b64encode(json.dumps(["\ud800", {"u": str(UUID(int=0))}]).encode()).decode()
    with pytest.raises(BadCursor):
        page(
            Party.objects.visible_to(actor),
            ordering(PARTY, actor, sort),
            cursor=cursor,
            lead=leading(PARTY, actor, sort),
        )

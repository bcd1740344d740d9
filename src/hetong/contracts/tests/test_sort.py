"""Contracts by owner: the first names' contracts alone give the same pages as all contracts."""

from __future__ import annotations

from typing import Any

import pytest

from hetong.accounts.testing import make_user
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract
from hetong.contracts.testing import make_contract, make_party, make_type
from hetong.kernel.paging import Page, leading, page
from hetong.kernel.where import ordering

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(cast: Any) -> Any:
    """Two dozen contracts of four owners, two of one name and one without any."""
    owners = [
        make_user(name, email=f"owner{n}@example.test") for n, name in enumerate(("Bo", "Åsa", "Bo", "Éva", "Ulla"))
    ]
    given = {"type": make_type().pk, "counterparty": make_party(cast.ada).pk}
    for n in range(24):
        contract = make_contract(cast.ada, title=f"Contract {n:02d}", **given)
        Contract.objects.filter(pk=contract.pk).update(owner=owners[n % 4])
    return cast


def pages(actor: Any, rows: Any, sort: Any, lead: Any) -> list[Page]:
    found, cursor = [], ""
    while not found or cursor:
        found.append(page(rows, ordering(CONTRACT, actor, sort), cursor=cursor, limit=4, lead=lead))
        cursor = found[-1].next
    return found


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("sort", [("owner",), ("owner", "title")])
def test_the_first_owners_give_the_pages_that_all_contracts_give(crowd: Any, sort: Any, down: bool) -> None:
    actor, asked = crowd.admin, tuple((one, down) for one in sort)
    lead = leading(CONTRACT, actor, asked)
    assert lead is not None
    for rows in (Contract.objects.visible_to(actor), Contract.objects.filter(title_key__contains="1")):
        every = pages(actor, rows, asked, None)
        assert sum(len(one.ids) for one in every) == rows.count()
        assert pages(actor, rows, asked, lead) == every


def test_a_page_that_the_first_owner_fills_is_not_looked_for_among_all(
    crowd: Any, django_assert_num_queries: Any
) -> None:
    actor, sort = crowd.admin, (("owner", False),)
    lead = leading(CONTRACT, actor, sort)
    with django_assert_num_queries(2) as sent:
        page(Contract.objects.visible_to(actor), ordering(CONTRACT, actor, sort), limit=4, lead=lead)
    assert "accounts_user" in sent.captured_queries[0]["sql"]


def test_who_sees_some_contracts_of_a_company_looks_through_those(crowd: Any) -> None:
    assert leading(CONTRACT, crowd.ada, (("owner", False),)) is None

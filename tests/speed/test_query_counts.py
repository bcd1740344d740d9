"""The statements each page sends are counted, kept as a snapshot, and the same however many rows there are."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hetong.approvals.testing import make_round
from hetong.contracts.models import Contract
from hetong.contracts.services import add_members, edit_contracts
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line
from hetong.documents.testing import make_document
from hetong.jobs.testing import drain_outbox
from hetong.parties.testing import make_address, make_contact, make_party

KEPT = Path(__file__).resolve().parent.parent / "snapshots" / "query_counts.json"
FEW, MANY = 2, 9
READERS = ("ada", "gus", "admin")
LIST_MOST, CARD_MOST = 15, 25
"""Budgets of a list and of a card; what is counted apart (totals, counts of views) is a page of its own here."""
LISTS = {
    "contracts": "/contracts/",
    "contracts by owner": "/contracts/?sort=owner",
    "contracts grouped": "/contracts/?group=counterparty",
    "contracts with a word": "/contracts/?q=flow",
    "contracts as the API gives them": "/api/v1/contracts",
    "contracts, more rows": "/contracts/?fragment=rows&limit=1",
    "contracts, totals": "/contracts/?fragment=totals",
    "parties": "/parties/",
    "parties by owner": "/parties/?sort=owner",
    "parties with a word": "/parties/?q=acme",
    "projects": "/projects/",
    "search": "/search/?q=acme",
    "search palette": "/search/palette?q=acme",
    "recent records": "/search/palette",
    "background work": "/jobs/",
    "settings": "/settings/",
    "people": "/settings/users/",
    "own settings": "/settings/me/",
}
ON_POSTGRESQL = (
    # A rare word is looked up first for everybody; SQLite does so for who sees a whole company (decision 59).
    *product(("contracts with a word", "parties with a word"), ("ada", "gus")),
    # The largest first: those with a value are asked apart, so that an index has their order (`paging`).
    *product(("home",), READERS),
)
"""Where PostgreSQL is sent one statement more, and for whom."""
CARDS = {
    "contract": "/contracts/{contract}/",
    "contract lines": "/contracts/{contract}/lines/",
    "contract documents": "/contracts/{contract}/documents/",
    "contract history": "/contracts/{contract}/history/",
    "party": "/parties/{party}/",
    "party, what looks like it": "/parties/{party}/alike/",
    "party history": "/parties/{party}/history/",
    "home": "/",
    "contracts, counts of views": "/contracts/?fragment=counts",
    "parties, counts of views": "/parties/?fragment=counts",
}


class World:
    """Ada's records, growing around one contract and one party; Gus the agent takes part in her contracts."""

    def __init__(self, cast: Any) -> None:
        self.cast, self.made = cast, 0
        self.party = make_party(cast.ada, name="Acme 0")
        self.contract = make_contract(cast.ada, title="Flow metering 0", counterparty=self.party.pk)
        add_members(cast.ada, [self.contract.pk], {"user": str(cast.users["gus"].pk), "role": "delivery"})

    def grow(self, rows: int) -> None:
        """Have that many of everything: parties, contracts, and what hangs on the first of each."""
        for n in range(self.made, rows):
            ada = self.cast.ada
            party = make_party(ada, name=f"Nordic Acme {n} works")
            made = make_contract(ada, title=f"Flow {n}", counterparty=party.pk)
            add_members(ada, [made.pk], {"user": str(self.cast.users["gus"].pk), "role": "delivery"})
            make_line(ada, self.contract, title=f"Meter {n}")
            make_document(ada, "contracts.contract", self.contract.pk, title=f"Acme paper {n}")
            make_contact(ada, self.party, name=f"Acme person {n}", is_primary=False)
            make_address(ada, self.party, role="site", city=f"Town {n}")
            edit_contracts(ada, [self.contract.pk], {"reference": f"R-{n}"})
        drain_outbox()  # search finds what was saved once the worker has been there
        self.made = rows


@pytest.fixture
def count(cast: Any, tmp_path: Path, settings: Any) -> Callable[[int], dict[str, dict[str, int]]]:
    """Statements by page and reader, over that many rows."""
    settings.HETONG_HOME = tmp_path
    world = World(cast)

    def counted(rows: int) -> dict[str, dict[str, int]]:
        world.grow(rows)
        return {
            page: {reader: statements(cast.users[reader], url, world) for reader in READERS}
            for page, url in (LISTS | CARDS).items()
        }

    return counted


def statements(user: Any, url: str, world: World) -> int:
    """How many statements the second request for an address sends; -1 where the reader is refused."""
    client = Client()
    client.force_login(user)
    address = url.format(contract=world.contract.pk, party=world.party.pk)
    first = client.get(address)
    if first.status_code in (403, 404):
        return -1
    assert first.status_code == 200, (address, first.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_pages_send_the_same_statements_over_few_and_many_rows(
    count: Callable[[int], dict[str, dict[str, int]]], snapshot: Callable[[Path, str], None]
) -> None:
    few = count(FEW)
    many = count(MANY)
    grown = {page: (few[page], many[page]) for page in few if few[page] != many[page]}
    assert not grown, "more rows, more statements"
    dear = {
        page: counts
        for page, counts in many.items()
        if max(counts.values()) > (LIST_MOST if page in LISTS else CARD_MOST)
    }
    assert not dear, "over the budget"
    snapshot(KEPT, json.dumps(as_on_sqlite(many), indent=1, sort_keys=True) + "\n")


def as_on_sqlite(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """The counts without the statements that PostgreSQL alone is sent."""
    if connection.vendor == "postgresql":
        for page, reader in ON_POSTGRESQL:
            counts[page][reader] -= counts[page][reader] > 0
    return counts


def test_a_list_of_what_waits_for_its_reader_asks_once(cast: Any) -> None:
    """Whoever is asked to decide sees that on every row: one statement for all rows of the page."""
    world, counts = World(cast), []
    for rows in (FEW, MANY):
        for n in range(len(counts) * FEW, rows):
            waiting = make_contract(cast.ada, title=f"Waiting {n}", counterparty=world.party.pk)
            Contract.objects.filter(pk=waiting.pk).update(stage=Stage.IN_APPROVAL)
            make_round(cast.ada, "contracts.contract", waiting.pk, company=cast.north.pk, team=cast.sales.pk)
        counts.append(statements(cast.users["ben"], "/contracts/?stage=in_approval", world))
    assert counts[0] == counts[1] <= LIST_MOST

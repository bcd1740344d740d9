"""How long pages take on the server, as agent, salesperson and admin, over many contracts and parties."""

from __future__ import annotations

from hetong.contracts.models import Contract
from hetong.parties.models import Party

from .measuring import Figures, noise, page
from .rows import prepare

LIST_MS, CARD_MS, LIST_QUERIES, CARD_QUERIES = 100, 100, 15, 25
AT_MOST = 100_000
"""Rows up to which these budgets hold; over more of them pages may take twice the time (the budget of the design)."""
LISTS = (
    ("contracts", "/contracts/"),
    ("contracts mine", "/contracts/?owner=me"),
    ("contracts by value", "/contracts/?sort=-gross"),
    ("contracts by title, active", "/contracts/?stage=active&sort=title"),
    ("contracts ending", "/contracts/?ends_on.gte=today&sort=ends_on"),
    ("contracts by owner", "/contracts/?sort=owner"),
    ("contracts by counterparty", "/contracts/?sort=counterparty"),
    ("contracts with a word", "/contracts/?q=meter"),
    ("contracts with no hit", "/contracts/?q=zzzz"),
    ("parties", "/parties/"),
    ("parties by owner", "/parties/?sort=owner"),
    ("parties with a word", "/parties/?q=vatten"),
    ("parties with no hit", "/parties/?q=zzzz"),
)
FRAGMENTS = (
    ("contracts: totals", "/contracts/?fragment=totals"),
    ("contracts: counts of views", "/contracts/?fragment=counts"),
    ("parties: counts of views", "/parties/?fragment=counts"),
)
"""Loaded after their page, so without a budget of their own."""


def lists(rows: int) -> Figures:
    """Lists in their usual questions, and their fragments."""
    readers, budget = prepare(rows), _within(LIST_MS, rows)
    yield from noise()
    for name, user in readers.items():
        for label, url in LISTS:
            yield from page(label, url, user, who=name, rows=rows, budget=budget, queries=LIST_QUERIES)
        for label, url in FRAGMENTS:
            yield from page(label, url, user, who=name, rows=rows, budget=None, queries=CARD_QUERIES)


def cards(rows: int) -> Figures:
    """Cards of records that each reader may see."""
    readers, budget = prepare(rows), _within(CARD_MS, rows)
    yield from noise()
    for name, user in readers.items():
        contract = Contract.objects.filter(owner=user).first() or Contract.objects.all()[0]
        party = Party.objects.filter(terms__owner=user).first() or Party.objects.all()[0]
        for label, url in (
            ("contract card", f"/contracts/{contract.pk}/"),
            ("contract lines", f"/contracts/{contract.pk}/lines/"),
            ("contract history", f"/contracts/{contract.pk}/history/"),
            ("party card", f"/parties/{party.pk}/"),
        ):
            yield from page(label, url, user, who=name, rows=rows, budget=budget, queries=CARD_QUERIES)


def _within(budget: int, rows: int) -> int:
    return budget if rows <= AT_MOST else 2 * budget

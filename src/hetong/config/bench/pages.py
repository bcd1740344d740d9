"""How long pages take on the server, as agent, salesperson and admin: median and 95th percentile of repeated requests."""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hetong.accounts.models import User
from hetong.contracts.models import Contract
from hetong.parties.models import Party

from .rows import prepare

Figures = Iterator[tuple[str, float, str, float | None]]
ROUNDS, WARM = 25, 3
LIST_MS, CARD_MS, LIST_QUERIES, CARD_QUERIES, PAGE_KB = 100, 100, 15, 25, 60


def lists(rows: int) -> Figures:
    """Lists in their usual questions; totals and counts load as fragments of their own."""
    readers = prepare(rows)
    asked = (
        ("contracts", "/contracts/"), ("contracts mine", "/contracts/?owner=me"), ("contracts by value", "/contracts/?sort=-gross"),
        ("contracts by title, active", "/contracts/?stage=active&sort=title"),
        ("contracts ending", "/contracts/?ends_on.gte=today&sort=ends_on"),
        ("contracts with words", "/contracts/?q=meter"), ("contracts totals", "/contracts/?fragment=totals"),
        ("parties", "/parties/"), ("parties with words", "/parties/?q=vatten"),
    )  # fmt: skip
    for name, user in readers.items():
        for label, url in asked:
            yield from _page(f"{label}, {name}, {rows:,} rows", url, user, LIST_MS, LIST_QUERIES)


def cards(rows: int) -> Figures:
    """Cards of records that each reader may see."""
    readers = prepare(rows)
    for name, user in readers.items():
        contract = Contract.objects.filter(owner=user).first() or Contract.objects.first()
        party = Party.objects.filter(terms__owner=user).first() or Party.objects.first()
        if contract and party:
            for label, url in (
                ("contract card", f"/contracts/{contract.pk}/"),
                ("contract lines", f"/contracts/{contract.pk}/lines/"),
                ("party card", f"/parties/{party.pk}/"),
            ):
                yield from _page(f"{label}, {name}, {rows:,} rows", url, user, CARD_MS, CARD_QUERIES)


def searches(rows: int) -> Figures:
    """The search box: words, a number, two Chinese characters, nothing found."""
    readers = prepare(rows)
    for name, user in readers.items():
        for text in ("meter", "HT-2026-0000042", "维护", "västerhamn energi", "zzzz"):
            yield from _page(
                f"search “{text}”, {name}, {rows:,} rows", f"/search/?q={text}", user, LIST_MS, LIST_QUERIES
            )


def _page(label: str, url: str, user: User, budget: float, queries: int) -> Figures:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    took = []
    for attempt in range(WARM + ROUNDS):
        started = time.perf_counter()
        answer = client.get(url)
        if attempt >= WARM:
            took.append((time.perf_counter() - started) * 1000)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    if answer.status_code != 200:
        yield (f"{label}: answered {answer.status_code}", 0, "ms", -1)
        return
    took.sort()
    yield (f"{label}: median", round(statistics.median(took), 1), "ms", None)
    yield (f"{label}: p95", round(took[int(len(took) * 0.95) - 1], 1), "ms", budget)
    yield (f"{label}: queries", len(captured), "queries", queries)
    yield (f"{label}: page", round(len(gzip.compress(answer.content)) / 1024, 1), "KB gz", PAGE_KB)

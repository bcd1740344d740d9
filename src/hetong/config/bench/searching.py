"""How long the search box takes, over many records and the text of as many files; and how fast its index is built and followed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company, User
from hetong.accounts.queries import actor_for
from hetong.contracts.models import Contract
from hetong.documents.models import Document, DocumentKind, Version
from hetong.files.models import Blob, DerivedText
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.events import Event, Fact
from hetong.kernel.ids import new_id
from hetong.search.asking import read_question
from hetong.search.models import Indexing, SearchRow, SearchText
from hetong.search.queries import find_groups
from hetong.search.services import follow_event, rebuild

from .measuring import Figure, Figures, noise, page, repeated
from .rows import CHUNK, prepare, weigh

PAGE_MS, TEXT_MS, QUERIES = 100, 100, 15
CHARACTERS = {"en": 3000, "sv": 2900, "zh": 1000}
"""Each about 3 KB."""
WORDS = (
    ("a common word", "meter"),
    ("a number", "HT-2026-0000042"),
    ("two Chinese characters", "维护"),
    ("two words", "västerhamn energi"),
    ("an unknown word", "zzzz"),
)
TEXTS = (
    ("a rare word", "arbitrage"),
    ("a common word", "penalty"),
    ("a beginning", "penal"),
    ("a common and a rare one", "penalty arbitrage"),
    ("a phrase", '"late delivery"'),
    ("two Chinese characters", "保密"),
    ("four Chinese characters", "违约责任"),
    ("traditional characters", "違約責任"),
    ("Swedish", "uppsägningstid avtalet"),
    ("one word without another", "penalty -delivery"),
)
IN_MANY = {
    "en": ("penalty", "late delivery", "agreement", "party", "payment", "invoice", "notice", "term"),
    "sv": ("avtalet", "uppsägningstid", "leverans", "betalning", "faktura", "villkor", "parterna", "ansvar"),
    "zh": ("合同", "甲方", "违约责任", "保密", "付款", "交货", "发票", "通知"),
}
SELDOM = 12_000
"""Different words of each language that stand in a few texts each."""
IN_FEW = {"en": "arbitrage", "sv": "skiljedom", "zh": "不可抗力"}


class Followed(Event):
    """Stands for the event of an import."""

    code = "bench.followed"


def searches(rows: int) -> Figures:
    """The index, then the search page by words of names, then the text of files, as each reader."""
    readers = prepare(rows)
    _fill_texts(rows)
    yield from noise()
    yield from _building(rows)
    yield from _following(rows)
    for name, user in readers.items():
        for label, text in WORDS:
            url = f"/search/?q={text}"
            yield from page(f"search: {label}", url, user, who=name, rows=rows, budget=PAGE_MS, queries=QUERIES)
        yield from _texts(name, user, rows)
        yield from page(
            "palette: a common word",
            "/search/palette?q=meter",
            user,
            who=name,
            rows=rows,
            budget=PAGE_MS,
            queries=QUERIES,
        )


def _building(rows: int) -> Figures:
    if Indexing.objects.filter(wanted="").exclude(fields="").exists():
        rebuild(afresh=False)
        return
    started = time.perf_counter()
    done = sum(rebuild().values())
    yield Figure(
        "index: built from nothing", "rate", round(done / (time.perf_counter() - started)), "/s", None, "", done
    )
    weigh()


def _following(rows: int) -> Figures:
    """What an import leaves for the worker: contracts that are not in the index yet, five hundred at a time."""
    ids = list(Contract.objects.order_by("-pk").values_list("pk", flat=True)[: min(rows, 5000)])
    took = 0.0
    with transaction.atomic():
        _forget(ids)
        for first in range(0, len(ids), 500):
            facts = tuple(Fact("contracts.contract", id) for id in ids[first : first + 500])
            started = time.perf_counter()
            follow_event(Actor.system(), Followed(Actor.system(), facts))
            took += time.perf_counter() - started
        transaction.set_rollback(True)
    yield Figure("index: following an import", "rate", round(len(ids) / took), "/s", None, "", len(ids))


def _forget(ids: Sequence[UUID]) -> None:
    for first in range(0, len(ids), 500):
        rows = SearchRow.objects.filter(record__in=ids[first : first + 500])
        SearchText.objects.filter(row__in=list(rows.values_list("pk", flat=True))).delete()
        rows.delete()


def _texts(name: str, user: User, rows: int) -> Figures:
    """The text of files alone, without the page around the hits."""
    actor = actor_for(user)
    for label, text in TEXTS:
        question = read_question(text)
        took = repeated(partial(find_groups, actor, question, ["documents.document"]))
        yield Figure(f"text of files: {label}", "median", took.median, "ms", None, name, rows)
        yield Figure(f"text of files: {label}", "p95", took.p95, "ms", TEXT_MS, name, rows)
        yield Figure(f"text of files: {label}", "processor", took.cpu, "ms", None, name, rows)


def _fill_texts(rows: int) -> None:
    """A paper with 3 KB of text on every contract, a third each in English, Swedish and Chinese."""
    have = DerivedText.objects.count()
    company, kind = Company.objects.get(name="Bench AB"), DocumentKind.objects.get(key="annex")
    ids = list(Contract.objects.order_by("pk").values_list("pk", flat=True)[have:rows])
    texts = _made(have)
    for first in range(0, len(ids), CHUNK):
        some = ids[first : first + CHUNK]
        now = clock.now()
        blobs = [
            Blob(sha256=new_id().hex + new_id().hex, size=3000, media_type="text/plain", created_at=now) for _ in some
        ]
        papers = [
            Document(
                noun="contracts.contract", subject=id, company=company, kind=kind, title=f"Annex {n}", created_at=now
            )
            for n, id in enumerate(some, first)
        ]
        versions = [
            Version(
                document=paper,
                number=1,
                state="current",
                blob=blob,
                name="annex.txt",
                sha256=blob.sha256,
                by_label="",
                at=now,
            )
            for paper, blob in zip(papers, blobs, strict=True)
        ]
        Blob.objects.bulk_create(blobs, batch_size=500)
        DerivedText.objects.bulk_create(
            [DerivedText(blob=blob, state="done", text=next(texts), made_at=now) for blob in blobs], batch_size=100
        )
        Document.objects.bulk_create(papers, batch_size=500)
        Version.objects.bulk_create(versions, batch_size=500)
        for paper, version in zip(papers, versions, strict=True):
            paper.current = version
        Document.objects.bulk_update(papers, ["current"], batch_size=500)


def _made(start: int) -> Iterator[str]:
    """Texts of seldom and common words, in turn in each language."""
    luck = random.Random(start)  # noqa: S311 - not for secrets: the same texts every time
    seldom = {
        "en": _invented(
            luck, ("ab", "con", "de", "ex", "for", "in", "men", "per", "re", "sub", "tion", "ter", "un", "ver")
        ),
        "sv": _invented(
            luck, ("an", "av", "be", "för", "ge", "håll", "ing", "kraft", "läg", "ning", "över", "skap", "värd")
        ),
        "zh": [chr(0x4E00 + luck.randrange(3000)) + chr(0x4E00 + luck.randrange(3000)) for _ in range(SELDOM)],
    }
    while True:
        for language, length in CHARACTERS.items():
            gap, text, size = "" if language == "zh" else " ", [], 0
            while size < length:
                pool = IN_MANY[language] if luck.random() < 0.02 else seldom[language]
                word = pool[int(luck.random() ** 2 * len(pool))]
                text.append(word)
                size += len(word) + len(gap)
            if luck.random() < 0.003:
                text.append(IN_FEW[language])
            yield gap.join(text)


def _invented(luck: random.Random, parts: Sequence[str]) -> list[str]:
    return ["".join(luck.choices(parts, k=luck.randrange(2, 5))) for _ in range(SELDOM)]

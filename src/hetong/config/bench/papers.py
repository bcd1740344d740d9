"""How fast papers are set: invoices of three and of forty lines as PDF/A, by one child and by both; and what a child weighs."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.utils import translation

from hetong.files.typeset.press import AT_ONCE, Press, TypesetJob
from hetong.files.typeset.writing import Pen, entry, frame

from .measuring import Figure, Figures, noise

PER_CORE: Final = 20
"""Invoices per second and core below which the budget is missed; 50 is what is aimed at."""

COUNT: Final = 200
_HEADS: Final = ("item", "quantity", "unit", "price", "tax", "amount")
_SCRIPTS: Final = {"sv": "Underhåll flödesmätningssystem FM-600", "zh-hans": "流量测量撬 FM-600 年度维保服务"}


def papers(rows: int) -> Figures:
    """Invoices per second beside the budget. ``rows`` is not used: a paper does not depend on how many there are."""
    yield from noise()
    press = Press()
    try:
        started = time.perf_counter()
        press.set(_invoice("sv", 3, 0))
        yield Figure("pdf: the first, with the start of the child", "once", _ms(started), "ms")
        for language in _SCRIPTS:
            used = _processor(press)
            one = _rate(press, partial(_invoice, language, 3), COUNT)
            yield Figure(f"pdf: invoice of 3 lines, {language}, one child", "rate", one, "/s", PER_CORE)
            cost = round((_processor(press) - used) * 1000 / (COUNT + 1), 1)
            yield Figure(f"pdf: invoice of 3 lines, {language}, one child", "processor", cost, "ms", 1000 / PER_CORE)
        long = _rate(press, partial(_invoice, "sv", 40), COUNT // 4)
        yield Figure("pdf: invoice of 40 lines, sv, one child", "rate", long, "/s")
        both = _rate(press, partial(_invoice, "sv", 3), COUNT, threads=AT_ONCE)
        yield Figure(f"pdf: invoice of 3 lines, sv, {AT_ONCE} children", "rate", both, "/s")
        yield Figure("pdf: one child", "memory", max(_resident(pid) for pid in press.processes()), "MB")
    finally:
        press.close()


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def _rate(press: Press, job: Callable[[int], TypesetJob], count: int, threads: int = 1) -> float:
    jobs = [job(n) for n in range(count)]
    press.set(jobs[0])
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(press.set, jobs))
    return round(count / (time.perf_counter() - started), 1)


def _processor(press: Press) -> float:
    """Processor seconds that the children have used: tells the cost where others use the machine too."""
    ticks = [
        Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        for pid in press.processes()
    ]
    return sum(int(one) for pair in ticks for one in pair) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    """What a process holds of memory, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return round(next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0), 1)


def _invoice(language: str, lines: int, number: int) -> TypesetJob:
    """A made-up invoice, each another one, so that nothing is set twice."""
    pen = Pen(language)
    with translation.override(language):
        facts = dict(
            frame(
                pen,
                title=f"2026-{number:05d}",
                author="Bench AB",
                day=dt.date(2026, 10, 12),
                foot=[["Bench AB"], ["1"]],
            )
        )
    amounts = [pen.amount(1_188_587_000 + number * 7 + line, "SEK") for line in range(lines)]
    cells: dict[str, Any] = {"quantity": "81/92", "unit": "st", "price": amounts[0], "tax": pen.percent(250_000)}
    facts |= {
        "firm": {"name": "Bench AB", "other": ""}, "heading": "Faktura", "number": facts["title"], "words": None, "why": None,
        "to": {"label": "–", "name": "Västerhamnens Energi AB", "lines": ["Box 4120", "400 40 Göteborg"], "numbers": []},
        "facts": [entry(f"Fact {n}", f"2026-{number:05d}") for n in range(7)],
        "heads": list(_HEADS), "columns": dict.fromkeys(_HEADS, "Head"),
        "lines": [
            cells | {"title": f"{_SCRIPTS[language]} {number}-{n}", "detail": ["2026-10-12 – 2026-12-31"], "amount": amount}
            for n, amount in enumerate(amounts)
        ],
        "taxes": {"heads": ["a", "b", "c"], "rows": [["25", amounts[0], amounts[0]]]}, "sums": [entry("Sum", amounts[0])],
        "grand": entry("To pay", amounts[0]), "notes": [], "stub": {"word": "–", "fields": [entry("–", amounts[0])] * 4, "more": []},
    }  # fmt: skip
    return TypesetJob("billing/invoice", facts)

"""How fast contracts come in from a file: rows with validation, journal and events, to the commit; what follows from it apart."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator
from uuid import UUID

from hetong.accounts.models import Company
from hetong.accounts.queries import actor_for
from hetong.documents.services import Upload
from hetong.exchange.queries.imports import get_import
from hetong.exchange.services import begin_import, import_now, set_mapping
from hetong.jobs.worker import drain_outbox
from hetong.kernel.actors import Actor

from .measuring import Figure, Figures, noise
from .rows import prepare

PER_SECOND = 3000
ROWS_PER_SUPPLIER = 4


def imports(rows: int) -> Figures:
    """Rows a second of a ledger of that many orders, a fourth as many suppliers; the same file again; and the outbox."""
    admin = prepare(1).admin
    actor = actor_for(admin, via="bench")
    company = _company().pk
    content = "".join(_ledger(rows)).encode()
    yield from noise()
    work = "import of contracts that are in force"
    yield from _rates(work, rows, _import(actor, company, content), PER_SECOND)
    started = time.perf_counter()
    while drain_outbox():
        pass
    yield Figure(work, "outbox after it", round(time.perf_counter() - started, 1), "s", rows=rows)
    yield from _rates(f"{work}, the same file again", rows, _import(actor, company, content))


def _company() -> Company:
    """A company of its own, for other measurements count and use the contracts of theirs."""
    of = {"country": "SE", "currency": "SEK", "zone": "Europe/Stockholm"}
    return Company.objects.get_or_create(name="Bench Imports AB", defaults=of)[0]


def _rates(work: str, rows: int, took: tuple[float, float], budget: float | None = None) -> Figures:
    """Rows a second, by the clock and by the processor time of this process."""
    wall, cpu = took
    yield Figure(work, "rate", round(rows / wall), "/s", budget, rows=rows)
    yield Figure(work, "processor", round(rows / cpu), "/s", budget, rows=rows)


def _import(actor: Actor, company: UUID, content: bytes) -> tuple[float, float]:
    """Seconds from the start of the run to its last commit, and seconds of processor time meanwhile."""
    id = begin_import(actor, "contracts", company, Upload("ledger.csv", io.BytesIO(content)), profile="gbizinfo")
    set_mapping(actor, id, get_import(actor, id).mapping)
    started, used = time.perf_counter(), time.process_time()
    import_now(actor, id)
    return time.perf_counter() - started, time.process_time() - used


def _ledger(rows: int) -> Iterator[str]:
    """A ledger in the columns of gBizINFO. Deterministic."""
    luck = random.Random(7)  # noqa: S311 - not for secrets: the same rows every time
    yield "date_of_order,title,amount,government_departments,joint_signatures,corporate_number\n"
    for n in range(rows):
        number = _corporate_number(luck.randrange(max(rows // ROWS_PER_SUPPLIER, 1)))
        day = f"2020-{luck.randrange(1, 13):02d}-{luck.randrange(1, 29):02d}T00:00:00+09:00"
        yield f"{day},物品の購入　{n}号,{luck.randrange(1, 90_000_000)},文部科学省,,{number}\n"


def _corporate_number(n: int) -> str:
    """A corporate number with its check digit: 9 − (weighted sum modulo 9), weights 1 and 2 from the right."""
    base = f"{100_000_000_000 + n:012d}"
    total = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(base)))
    return f"{9 - total % 9}{base}"

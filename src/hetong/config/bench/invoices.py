"""How fast invoices are issued: dues of contracts with three lines, in batches, with everything but paper and mail."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hetong.accounts.queries import actor_for
from hetong.billing.models import Due
from hetong.billing.services import DueShare, InvoiceOrder, issue_invoices
from hetong.kernel.actors import Actor

from .measuring import Figure, Figures, noise
from .rows import add_dues, prepare

PER_SECOND, PER_INVOICE = 1000, 1
AT_ONCE = 500


def invoices(rows: int) -> Figures:
    """Invoices per second over ``rows`` dues: rows, numbers, tax, journal, totals, outbox; without PDF, mail and index."""
    admin = prepare(rows + AT_ONCE).admin
    add_dues(rows + AT_ONCE)
    yield from noise()
    open_dues = Due.objects.filter(state="open", kind="collect", invoiced_minor=0).order_by("pk")
    dues = list(open_dues.values_list("pk", flat=True)[: rows + AT_ONCE])
    actor = actor_for(admin, via="bench")
    with CaptureQueriesContext(connection) as captured:
        _issue(actor, dues[:AT_ONCE])
    rates, started, used = [], time.perf_counter(), time.process_time()
    dues = dues[AT_ONCE:]
    for first in range(0, len(dues), AT_ONCE):
        some, begun = dues[first : first + AT_ONCE], time.perf_counter()
        _issue(actor, some)
        rates.append(len(some) / (time.perf_counter() - begun))
    took, used = time.perf_counter() - started, time.process_time() - used
    work = f"invoices of 3 lines, {AT_ONCE} at a time"
    yield Figure(work, "rate", round(len(dues) / took), "/s", PER_SECOND, rows=rows)
    yield Figure(work, "processor", round(len(dues) / used), "/s", PER_SECOND, rows=rows)
    yield Figure(work, "median", round(statistics.median(rates)), "/s", PER_SECOND, rows=rows)
    yield Figure(work, "statements", round(len(captured) / AT_ONCE, 2), "queries", PER_INVOICE, rows=rows)
    yield Figure(work, "last/first", round(rates[-1] / rates[0], 2), "×", rows=rows)


def _issue(actor: Actor, dues: Sequence[UUID]) -> None:
    issue_invoices(actor, [InvoiceOrder([DueShare(due)]) for due in dues])

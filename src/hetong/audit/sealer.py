"""The sealer and the checker of the journal's chain.

Sealing a batch: write an *intent* head, commit the links, write a *sealed* head. A crash leaves
either nothing but an intent (the batch is sealed again) or links that equal the intent (the head is
completed). Everything else that does not fit together is a finding.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from hetong.kernel import clock
from hetong.kernel.actors import Actor

from .digests import (
    GENESIS,
    TOGETHER,
    access_digest,
    access_row_digest,
    digest_together,
    is_genuine,
    link_hash,
    value_digest,
)
from .events import ACCESS_SEALED, ERASED
from .gateways import Head, HeadStore, heads
from .models import AccessLog, Entry, EntryValues, Link
from .services import record
from .values import names_of

BATCH = 500
LOCK = 0x4E7046
SETTLED = dt.timedelta(minutes=5)
"""So old are rows of the access log when they are sealed: whoever wrote at the same time has committed by then."""


@dataclass(frozen=True)
class Finding:
    """Something in the journal that cannot have come about by the product."""

    where: str
    what: str


def seal() -> str:
    """Seal everything that is not sealed yet; returns how many entries were linked. Never runs twice at a time."""
    _seal_access()
    store, sealed = heads(), 0
    _complete(store)
    while (done := _seal_batch(store)) > 0:
        sealed += done
    return f"{sealed} sealed" if sealed else ""


def _seal_batch(store: HeadStore) -> int:
    with transaction.atomic():
        _one_at_a_time()
        last = Link.objects.order_by("-seq").first()
        seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
        pending = Entry.objects.filter(~Exists(Link.objects.filter(entry=OuterRef("pk")))).order_by("pk")[:BATCH]
        now, links = clock.now(), []
        for entry in pending:
            if not is_genuine(entry):
                continue
            seq, previous = seq + 1, link_hash(previous, entry)
            links.append(Link(seq=seq, entry=entry.pk, hash=previous, at=now))
        if not links:
            return 0
        store.append(Head("intent", seq, previous, now.isoformat()))
        Link.objects.bulk_create(links, batch_size=BATCH)
    store.append(Head("sealed", seq, previous, now.isoformat()))
    return len(links)


def _one_at_a_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _complete(store: HeadStore) -> None:
    """After a crash between commit and head: confirm the intent if the links are exactly what it said."""
    known = list(store.read())
    if known and known[-1].kind == "intent":
        link = Link.objects.filter(seq=known[-1].seq).first()
        if link is not None and link.hash == known[-1].hash:
            store.append(Head("sealed", link.seq, link.hash, clock.now().isoformat()))


def _seal_access() -> None:
    sealings = Entry.objects.filter(code=ACCESS_SEALED).order_by("-pk")
    last = next((entry for entry in sealings.iterator(10) if is_genuine(entry)), None)
    rows = AccessLog.objects.order_by("pk")
    if last is not None:
        rows = rows.filter(pk__gt=last.params["last"])
    limit = clock.now() - SETTLED
    batch = list(takewhile(lambda row: row.at < limit, rows[:BATCH]))
    if batch:
        record(
            Actor.system(),
            ACCESS_SEALED,
            first=str(batch[0].pk),
            last=str(batch[-1].pk),
            count=len(batch),
            digest=access_digest(batch),
            rows=[access_row_digest(row) for row in batch],
        )


# -- checking ------------------------------------------------------------------------------------


def check() -> Iterator[Finding]:
    """Every finding, in the order of the chain: forged, deleted, inserted and cut-off rows are all found."""
    yield from _check_chain()
    yield from _check_unsealed()
    yield from _check_heads(heads())
    yield from _check_access()


def _check_chain() -> Iterator[Finding]:
    expected, previous = 1, GENESIS
    erased = _Erased()
    for links in _chunks(Link.objects.order_by("seq")):
        entries = Entry.objects.in_bulk([link.entry for link in links])
        values = EntryValues.objects.in_bulk(list(entries))
        for link in links:
            if link.seq != expected:
                yield Finding(f"link {expected}", f"missing: the chain goes on at {link.seq}")
            entry = entries.get(link.entry)
            if entry is None:
                yield Finding(f"link {link.seq}", f"its entry {link.entry} was deleted")
            else:
                yield from _check_entry(link.seq, entry, values.get(entry.pk), erased)
                if link_hash(previous, entry) != link.hash:
                    yield Finding(f"link {link.seq}", f"does not fit entry {entry.pk} and the link before")
            expected, previous = link.seq + 1, link.hash


class _Erased:
    """Pairs of entry and field that were blanked by the product itself: before the check began, and since."""

    def __init__(self) -> None:
        self._before = self._now = self._read()

    def _read(self) -> set[tuple[object, ...]]:
        acts = (entry for entry in Entry.objects.filter(code=ERASED).iterator() if is_genuine(entry))
        return {tuple(pair) for entry in acts for pair in entry.params.get("blanked", ())}

    def is_known(self, entry: Entry, name: str) -> bool:
        """Whether it was blanked before the check began, so that nothing may stand there."""
        return (str(entry.pk), name) in self._before

    def may_be(self, entry: Entry, name: str) -> bool:
        """Whether it may be blank by now; asked anew for one that is news."""
        if (str(entry.pk), name) not in self._now:
            self._now = self._read()
        return (str(entry.pk), name) in self._now


def _chunks(links: QuerySet[Link], size: int = 2000) -> Iterator[list[Link]]:
    start = 0
    while chunk := list(links.filter(seq__gt=start)[:size]):
        yield chunk
        start = chunk[-1].seq


def _check_entry(seq: int | str, entry: Entry, kept: EntryValues | None, erased: _Erased) -> Iterator[Finding]:
    where = f"link {seq}, entry {entry.pk}"
    if not is_genuine(entry):
        yield Finding(where, "was changed or was not written by this installation")
        return
    held = kept.held if kept is not None else {}
    if not isinstance(held, dict):
        yield Finding(where, "its values were changed")
        return
    said = dict(entry.fields)
    for name in names_of(entry):
        wrong = _wrong_with(entry, held, name, said[name], erased)
        if wrong:
            yield Finding(where, f"its value of “{name}” {wrong}")
    together = [name for name, digest in said.items() if not digest]
    are_whole = all(held.get(name) is not None for name in together)  # what is missing was said above, or erased
    if together and are_whole and digest_together(held, together) != said[TOGETHER]:
        yield Finding(where, "its values were changed")
    for name in held.keys() - said.keys():
        yield Finding(where, f"a value of “{name}” was inserted")


def _wrong_with(entry: Entry, held: Mapping[str, Any], name: str, digest: str, erased: _Erased) -> str:
    """What happened to a value that should be there; empty if it is as it was written, or blanked by the product."""
    if name not in held:
        return "was deleted"
    if held[name] is None:
        return "" if erased.may_be(entry, name) else "was blanked without an entry for it"
    if erased.is_known(entry, name):
        return "was filled again"
    return "was changed" if digest and value_digest(held[name]) != digest else ""


def _check_unsealed() -> Iterator[Finding]:
    erased = _Erased()
    for entry in Entry.objects.filter(~Exists(Link.objects.filter(entry=OuterRef("pk")))).order_by("pk").iterator():
        own = EntryValues.objects.filter(pk=entry.pk).first()
        yield from _check_entry("none yet", entry, own, erased)
    known = Entry.objects.filter(pk=OuterRef("entry"))
    for id in EntryValues.objects.filter(~Exists(known)).values_list("pk", flat=True).iterator():
        yield Finding(f"values of entry {id}", "the entry was deleted")


def _check_heads(store: HeadStore) -> Iterator[Finding]:
    known = list(store.read())
    ends = {head.seq: "" for head in known if head.kind == "sealed"}
    times, last, moved = _Times(known), 0, []
    for last, hash, at in Link.objects.order_by("seq").values_list("seq", "hash", "at").iterator():
        if last in ends:
            ends[last] = hash
        if not times.may_be(last, at):
            moved.append(Finding(f"link {last}", "its time is not that of the head kept outside the database"))
    yield from _first_unfit((head for head in known if head.kind == "sealed"), ends, last)
    yield from moved  # links after one that is gone stand in another's place, with another's time
    reach = max((head.seq for head in known), default=0)
    if last > reach:  # what was sealed since the heads were read is announced by now
        reach = max((head.seq for head in store.read()), default=0)
    if last > reach:
        yield Finding(f"link {reach + 1}", "was inserted: no head outside the database announced it")


def _first_unfit(sealed: Iterable[Head], found: Mapping[int, str], last: int) -> Iterator[Finding]:
    """The first head in the order of writing that the chain does not bear out: what is wrong stands after the head before."""
    good = 0
    for head in sealed:
        if found[head.seq] == head.hash:
            good = head.seq
            continue
        first = min(good, head.seq - 1) + 1
        where = f"link {first}" if first == head.seq else f"links {first} to {head.seq}"
        if head.seq > last:
            yield Finding(
                where,
                f"cut off or written anew: the chain ends at {last}, the head outside the database knows {head.seq}",
            )
        else:
            yield Finding(where, "differs from the head kept outside the database")
        return


class _Times:
    """When each link may have been made: at the time of the intent that announced its batch."""

    def __init__(self, known: Sequence[Head]) -> None:
        self._ends = sorted({head.seq for head in known if head.kind == "sealed"})
        self._announced: dict[int, list[tuple[int, dt.datetime]]] = {}
        for head in known:
            if head.kind == "intent":
                batch = bisect_left(self._ends, head.seq)
                self._announced.setdefault(batch, []).append((head.seq, dt.datetime.fromisoformat(head.at)))

    def may_be(self, seq: int, at: dt.datetime) -> bool:
        """Whether some intent of its batch says so; a batch of which no head is left is not judged."""
        intents = self._announced.get(bisect_left(self._ends, seq), [])
        return not intents or any(end >= seq and announced == at for end, announced in intents)


def _check_access() -> Iterator[Finding]:
    last = None
    for entry in Entry.objects.filter(code=ACCESS_SEALED).order_by("pk").iterator():
        if not is_genuine(entry):
            continue
        rows = AccessLog.objects.filter(pk__lte=entry.params["last"]).order_by("pk")
        batch = list(rows.filter(pk__gt=last) if last else rows)
        if access_digest(batch) != entry.params["digest"]:
            yield _first_odd_access(batch, entry.params)
        last = entry.params["last"]


def _first_odd_access(batch: Sequence[AccessLog], sealed: Mapping[str, Any]) -> Finding:
    """The first row that is not as it was sealed, or the place where one is missing."""
    wanted = sealed.get("rows", [])
    for row, digest in zip_longest(batch, wanted) if wanted else ():
        found = access_row_digest(row) if row else ""
        if found == digest:
            continue
        if row is not None and found not in wanted:
            return Finding(f"access log, row {row.pk}", "was changed or inserted")
        place = f"before row {row.pk}" if row else f"up to row {sealed['last']}"
        return Finding(f"access log, {place}", "rows are missing")
    return Finding(f"access log up to row {sealed['last']}", "was changed")

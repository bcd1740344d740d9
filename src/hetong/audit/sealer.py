"""The sealer and the checker of the journal's chain.

Sealing a batch: write an *intent* head, commit the links, write a *sealed* head. A crash leaves
either nothing but an intent (the batch is sealed again) or links that equal the intent (the head is
completed). Everything else that does not fit together is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from hetong.kernel import clock
from hetong.kernel.actors import Actor

from .digests import GENESIS, access_digest, is_genuine, link_hash, value_digest
from .events import ACCESS_SEALED, ERASED
from .gateways import Head, HeadStore, heads
from .models import AccessLog, Entry, EntryValue, Link
from .services import record

BATCH = 500
LOCK = 0x4E7046


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
    last = Entry.objects.filter(code=ACCESS_SEALED).order_by("-pk").first()
    rows = AccessLog.objects.order_by("pk")
    if last is not None:
        rows = rows.filter(pk__gt=last.params["last"])
    batch = list(rows[:BATCH])
    if batch:
        record(
            Actor.system(),
            ACCESS_SEALED,
            first=str(batch[0].pk),
            last=str(batch[-1].pk),
            count=len(batch),
            digest=access_digest(batch),
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
    erased = {tuple(pair) for e in Entry.objects.filter(code=ERASED).iterator() for pair in e.params.get("blanked", ())}
    for links in _chunks(Link.objects.order_by("seq")):
        entries = Entry.objects.in_bulk([link.entry for link in links])
        values: dict[object, dict[str, EntryValue]] = {}
        for value in EntryValue.objects.filter(entry__in=list(entries)):
            values.setdefault(value.entry, {})[value.field] = value
        for link in links:
            if link.seq != expected:
                yield Finding(f"link {expected}", f"missing: the chain goes on at {link.seq}")
            entry = entries.get(link.entry)
            if entry is None:
                yield Finding(f"link {link.seq}", f"its entry {link.entry} was deleted")
            else:
                yield from _check_entry(link.seq, entry, values.get(entry.pk, {}), erased)
                if link_hash(previous, entry) != link.hash:
                    yield Finding(f"link {link.seq}", f"does not fit entry {entry.pk} and the link before")
            expected, previous = link.seq + 1, link.hash


def _chunks(links: QuerySet[Link], size: int = 2000) -> Iterator[list[Link]]:
    start = 0
    while chunk := list(links.filter(seq__gt=start)[:size]):
        yield chunk
        start = chunk[-1].seq


def _check_entry(
    seq: int | str, entry: Entry, values: dict[str, EntryValue], erased: set[tuple[object, ...]]
) -> Iterator[Finding]:
    where = f"link {seq}, entry {entry.pk}"
    if not is_genuine(entry):
        yield Finding(where, "was changed or was not written by this installation")
    for name, digest in entry.fields:
        value = values.pop(name, None)
        if value is None:
            yield Finding(where, f"its value of “{name}” was deleted")
        elif value.is_blank:
            if (str(entry.pk), name) not in erased:
                yield Finding(where, f"its value of “{name}” was blanked without an entry for it")
        elif value_digest(value.salt, value.before, value.after) != digest:
            yield Finding(where, f"its value of “{name}” was changed")
    for name in values:
        yield Finding(where, f"a value of “{name}” was inserted")


def _check_unsealed() -> Iterator[Finding]:
    for entry in Entry.objects.filter(~Exists(Link.objects.filter(entry=OuterRef("pk")))).order_by("pk").iterator():
        own = {v.field: v for v in EntryValue.objects.filter(entry=entry.pk)}
        yield from _check_entry("none yet", entry, own, set())
    known = Entry.objects.filter(pk=OuterRef("entry"))
    for value in EntryValue.objects.filter(~Exists(known)).iterator():
        yield Finding(f"value {value.pk}", f"belongs to entry {value.entry}, which was deleted")


def _check_heads(store: HeadStore) -> Iterator[Finding]:
    known = list(store.read())
    sealed = {head.seq: head.hash for head in known if head.kind == "sealed"}
    found = dict(Link.objects.filter(seq__in=list(sealed)).values_list("seq", "hash"))
    for seq, hash in sorted(sealed.items()):
        if seq not in found:
            yield Finding(f"link {seq}", "was cut off: the head kept outside the database knows it")
            break
        if found[seq] != hash:
            yield Finding(f"link {seq}", "differs from the head kept outside the database")
            break
    last = Link.objects.order_by("-seq").first()
    reach = max((head.seq for head in known), default=0)
    if last is not None and last.seq > reach:
        yield Finding(f"link {reach + 1}", "was inserted: no head outside the database announced it")


def _check_access() -> Iterator[Finding]:
    last = None
    for entry in Entry.objects.filter(code=ACCESS_SEALED).order_by("pk").iterator():
        rows = AccessLog.objects.filter(pk__lte=entry.params["last"]).order_by("pk")
        batch = list(rows.filter(pk__gt=last) if last else rows)
        if access_digest(batch) != entry.params["digest"]:
            yield Finding(f"access log up to {entry.params['last']}", "was changed, deleted from or inserted into")
        last = entry.params["last"]

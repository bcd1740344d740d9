"""A sealed journal to tamper with, and the store of heads outside the database."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import Any

from hetong.audit.gateways import Head
from hetong.audit.models import AccessLog, Entry, EntryValues, Link
from hetong.audit.sealer import SETTLED, seal
from hetong.audit.services import Change, erase, log_access, record_many
from hetong.kernel import clock
from hetong.kernel.actors import Actor

SYSTEM = Actor.system()
BATCHES, SIZE = 4, 8
ERASED = 2
"""The place in each batch of the entry of which a value is erased."""


class Heads:
    """The store outside the database, in memory so that it can be put back."""

    def __init__(self) -> None:
        self.lines: list[Head] = []

    def append(self, head: Head) -> None:
        self.lines.append(head)

    def read(self) -> Any:
        return iter(self.lines)


class World:
    """A sealed journal of several sealings, some of its values erased, with a sealed access log and a late entry."""

    def __init__(self, chance: random.Random, heads: Heads) -> None:
        self.chance, self.heads = chance, heads
        self.erased: list[str] = []
        for _ in range(BATCHES):
            made = [self._entry(n) for n in range(SIZE)]
            subject = made[ERASED].subject
            assert subject is not None
            erase(SYSTEM, "test.thing", subject, ["name"], reason="Asked for")
            for n in range(5):
                log_access(SYSTEM, "view", "test.thing", uuid.uuid4(), f"page {n}")
            with clock.set_to(clock.now() + SETTLED + timedelta(seconds=1)):
                seal()
            place = Link.objects.get(entry=made[ERASED].pk).seq
            self.erased.append(
                f"link {place}, entry {made[ERASED].pk}: its value of “name” was blanked without an entry for it"
            )
        self.late = self._entry(99)
        self.links = list(Link.objects.order_by("seq"))
        self.entries = {entry.pk: entry for entry in Entry.objects.all()}
        self.accesses = list(AccessLog.objects.order_by("pk"))

    def _entry(self, n: int) -> Entry:
        names = self.chance.sample(("name", "title", "amount", "day"), self.chance.randint(1, 4))
        after = {
            name: self.chance.choice(("x", 7, [1, 2], {"a": "b"}, True)) for name in dict.fromkeys(("name", *names))
        }
        what = Change(self._noun(n), uuid.uuid4(), f"Thing {n}", uuid.uuid4(), {"name": "a"}, after)
        [id] = record_many(SYSTEM, "test.edited", [what], reason="Because", params={"n": n})
        return Entry.objects.get(pk=id)

    def _noun(self, n: int) -> str:
        """Of a noun that is not known every field may be erased, and has a digest of its own; of contracts none of these."""
        return "test.thing" if n == ERASED else self.chance.choice(("test.thing", "contracts.contract"))

    def link(self) -> Link:
        return self.chance.choice(self.links)

    def two(self) -> tuple[Link, Link]:
        first, second = sorted(self.chance.sample(self.links, 2), key=lambda link: link.seq)
        return first, second

    def value(self) -> tuple[EntryValues, str, int]:
        """A value that was not erased: the row that holds it, its field, and the place of its entry in the chain."""
        link = self.chance.choice([one for one in self.links if self.entries[one.entry].fields])
        row = EntryValues.objects.get(pk=link.entry)
        kept = sorted(name for name, value in row.held.items() if name and value is not None)
        return (row, self.chance.choice(kept), link.seq) if kept else self.value()

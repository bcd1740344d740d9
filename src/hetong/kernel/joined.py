"""The fields that administrators added, as the registers take them up while the product runs.

What there is now has a stamp, which every change of it replaces. Whoever begins something (a request, a job, a round
of the worker, a command) says which stamp it saw; from then on that thread of work reads exactly those fields, and
so do the registers. So nothing is asked twice, nobody sees half of a change, and no process needs a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model

if TYPE_CHECKING:
    from .fields import Field, Register

NO_STAMP = UUID(int=0)
"""Where no field was ever added: nothing has to be read."""
MOST_HELD = 8


@dataclass(frozen=True)
class Joined:
    """The added fields at one stamp, by noun."""

    stamp: UUID = NO_STAMP
    by_noun: Mapping[str, Sequence[Field]] = field(default_factory=dict)
    _merged: dict[str, dict[str, Field]] = field(default_factory=dict, repr=False, compare=False)

    def all_of(self, register: Register) -> dict[str, Field]:
        """The register's own fields and the added ones; the same mapping every time."""
        if not self.by_noun or register.is_part:
            return register.fields
        if register.noun not in self.by_noun and register.beside is None:
            return register.fields
        held = self._merged.get(register.noun)
        if held is None:
            added = [*self.by_noun.get(register.noun, ()), *(register.beside(self.by_noun) if register.beside else ())]
            held = self._merged[register.noun] = register.fields | {one.name: one for one in added}
        return held


Load = Callable[[], Mapping[str, Sequence["Field"]]]
Index = Callable[[str, Collection[Model]], None]

_NOTHING = Joined()
_seen: ContextVar[Joined | None] = ContextVar("hetong_joined_fields", default=None)
_held: dict[UUID, Joined] = {NO_STAMP: _NOTHING}
_latest: list[Joined] = [_NOTHING]
_hooks: dict[str, Callable[..., object]] = {}


def install(stamp: Callable[[], UUID], load: Load, index: Index) -> None:
    """Take from config who reads the stamp and the definitions, and who keeps the index of values; called once at start."""
    _hooks["stamp"], _hooks["load"], _hooks["index"] = stamp, load, index


def joined() -> Joined:
    """The added fields of this piece of work; those last seen by the process where it has not said."""
    return _seen.get() or _latest[0]


def see(stamp: UUID) -> None:
    """From here on, this piece of work reads the fields of that stamp; they are read once per process."""
    found = _held.get(stamp)
    if found is None:
        load = _hooks.get("load")
        found = Joined(stamp, load() if load else {})  # type: ignore[arg-type]  # what `install` took
        while len(_held) > MOST_HELD:
            _held.pop(next(one for one in _held if one != NO_STAMP))
        _held[stamp] = found
    _latest[0] = found
    _seen.set(found)


def renew() -> None:
    """See the fields as they are now: once where a command, a job or a round of the worker begins."""
    if stamp := _hooks.get("stamp"):
        see(stamp())  # type: ignore[arg-type]  # what `install` took


def forget() -> None:
    """As if nothing had been seen: each test has a database of its own."""
    _held.clear()
    _held[NO_STAMP] = _latest[0] = _NOTHING
    _seen.set(None)


def index(register: Register, rows: Collection[Model], names: Collection[str]) -> None:
    """Keep the index of the rows' values true, where such a field was among those written."""
    fields = joined().all_of(register)
    keep = _hooks.get("index")
    if keep and rows and any(fields[name].is_fast for name in names if name in fields):
        keep(register.noun, rows)

"""The tables that config hands in: who listens to which event, what runs when, which long tasks exist."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hetong.kernel.actors import Actor
from hetong.kernel.events import Event
from hetong.kernel.fields import Text

Listener = Callable[[Actor, Event], object]
Listeners = tuple[Sequence[Listener], Sequence[Listener]]


@dataclass(frozen=True)
class Every:
    """Due again so many seconds after the last start."""

    seconds: int

    def following(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Daily:
    """Due once a day at a wall-clock time of a zone; a day the clocks skip it counts as just after."""

    at: time
    zone: str = "UTC"

    def following(self, moment: datetime) -> datetime:
        local = moment.astimezone(ZoneInfo(self.zone))
        day = local.date() if local.time() < self.at else local.date() + timedelta(days=1)
        return datetime.combine(day, self.at, tzinfo=ZoneInfo(self.zone))


@dataclass(frozen=True)
class Timed:
    """A recurring job: what runs and when; it returns a short result for the jobs page."""

    run: Callable[[], object]
    when: Every | Daily
    what: Text = ""
    """What it does, in words, for the page of jobs."""
    trouble: Callable[[], str] | None = None
    """What needs attention although it ran; asked after every run, empty for nothing."""


@dataclass
class Wiring:
    """Everything that config has handed in."""

    listeners: Mapping[type[Event], Listeners] = field(default_factory=dict)
    schedule: Mapping[str, Timed] = field(default_factory=dict)
    tasks: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    folded: frozenset[str] = frozenset()
    """Stored names of *after* listeners that look at nothing but how the named records are now: what waits for one of them
    by the same cause is told in one call, each record once."""
    actor_again: Callable[[Mapping[str, Any]], Actor] = lambda stored: Actor.system()
    """Makes an actor again, with the rights of now, from what a job stored."""

    def of(self, event: Event) -> Listeners:
        """The listeners *with* and *after* an event: those of its type and of every type it extends."""
        both: tuple[list[Listener], list[Listener]] = ([], [])
        for kind in type(event).__mro__:
            for column, found in zip(both, self.listeners.get(kind, ((), ())), strict=True):
                column.extend(found)
        return both

    def named(self, listener: str) -> Listener:
        """The listener of that stored name; raises `LookupError` when it is no longer wired."""
        for _, after in self.listeners.values():
            for one in after:
                if name_of(one) == listener:
                    return one
        raise LookupError(listener)

    def event_type(self, code: str) -> type[Event]:
        """The event class of a journal code; raises `LookupError`."""
        pending: list[type[Event]] = [Event]
        while pending:
            kind = pending.pop()
            if kind.code == code:
                return kind
            pending.extend(kind.__subclasses__())
        raise LookupError(code)


WIRED = Wiring()


def install(
    listeners: Mapping[type[Event], Listeners],
    schedule: Mapping[str, Timed],
    tasks: Mapping[str, Callable[..., Any]],
    actor_again: Callable[[Mapping[str, Any]], Actor],
    folded: Collection[Listener] = (),
) -> None:
    """Take config's tables; called once at start."""
    WIRED.folded = frozenset(map(name_of, folded))
    WIRED.listeners, WIRED.schedule, WIRED.tasks, WIRED.actor_again = listeners, schedule, tasks, actor_again


def name_of(listener: Callable[..., Any]) -> str:
    """How a listener is stored: its module and function."""
    return f"{listener.__module__.removeprefix('hetong.')}:{listener.__name__}"

"""What people are told of: one `NoticeKind` per kind of news. The table is ``config/notices.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hetong.jobs.wiring import Listener, Listeners
from hetong.kernel.actors import Actor
from hetong.kernel.deadlines import deadline
from hetong.kernel.errors import N_
from hetong.kernel.events import Event, Fact
from hetong.kernel.fields import Text

Told = Mapping[UUID, Mapping[UUID, str]]
"""By the id of the row: whom to tell, and the code of why."""

ASKED = frozenset({"asked", "mentioned", "stand_in", "passed_on", "doer"})
"""Reasons that are about the person: muting a record does not silence them."""

WHY: Mapping[str, Text] = {
    "owner": _("You own the record."),
    "manager": _("You lead the team of its owner."),
    "finance": _("You look after its money."),
    "member": _("You are on its team."),
    "asked": _("You are asked to act."),
    "asker": _("You asked for it."),
    "mentioned": _("You were mentioned."),
    "wrote": _("You wrote in this discussion."),
    "stand_in": _("You stand in for a colleague."),
    "shared": _("It was shared with you."),
    "passed_on": _("A colleague passed it on to you."),
    "doer": _("It is yours to do."),
    "told": _("You take part in it."),
}


@dataclass(frozen=True)
class NoticeKind:
    """A kind of news.

    ``words`` is an English source text with ``%(by)s`` for who did it and the names of the event's facts.
    ``told(facts)`` says who is told and why. ``page`` names the noun and the ORM path of the record on
    whose page it stands (empty: the row itself); ``fields`` of the row and ``page_fields`` of that record
    are shown, each only to who may read it. ``mail`` is what happens before anybody chose: now, digest, off.
    """

    key: str
    label: Text
    """As the settings name it: Payment confirmed."""
    words: str
    told: Callable[[Sequence[Fact]], Told] | None = None
    events: tuple[type[Event], ...] = ()
    page: tuple[str, str] = ("", "")
    anchor: str = ""
    fields: tuple[str, ...] = ()
    page_fields: tuple[str, ...] = ()
    paths: Callable[[Sequence[Fact]], Mapping[tuple[UUID, UUID | None], str]] | None = None
    """By row and person (None: everybody): another address than that of the page."""
    mail: str = "digest"
    icon: str = "bell"
    must_come: bool = False
    """Whether it cannot be switched off in the app: it asks for something."""
    aloud: Text | None = ""
    """What it is called where many read it; empty: as ``label``, None: it is between the product and one person."""

    @property
    def is_pushed(self) -> bool:
        """Whether it comes to devices before anybody chose: what is mailed at once, and what asks for something."""
        return self.mail == "now" or self.must_come


REMIND = "remind"
PASSED_ON = NoticeKind(
    "passed_on",
    _("Passed on by a colleague"),
    N_("%(by)s passed this on to you"),
    mail="now",
    icon="send",
    must_come=True,
    aloud=None,
)

_kinds: dict[str, NoticeKind] = {}
_by_event: dict[type[Event], tuple[NoticeKind, ...]] = {}


def install(table: Iterable[NoticeKind]) -> None:
    """Make ``config/notices.py`` known; called once at start."""
    _kinds.clear()
    _by_event.clear()
    for kind in (*table, PASSED_ON):
        _kinds[kind.key] = kind
        for event in kind.events:
            _by_event[event] = (*_by_event.get(event, ()), kind)


def also_told(
    listeners: Mapping[type[Event], Listeners], table: Iterable[NoticeKind], *tell: Listener
) -> dict[type[Event], Listeners]:
    """The listeners with those of ``tell`` after every event that makes news."""
    found = dict(listeners)
    for event in dict.fromkeys(event for kind in table for event in kind.events):
        together, after = found.get(event, ((), ()))
        found[event] = (together, (*after, *tell))
    return found


def kinds() -> tuple[NoticeKind, ...]:
    """All kinds, in the order of the table."""
    return tuple(_kinds.values())


def kind_named(key: str) -> NoticeKind | None:
    """The kind of that key; None for one that is no longer there."""
    return _kinds.get(key)


def kind_of_deadline(key: str) -> NoticeKind | None:
    """The kind that reminders of a deadline are: one for each part of the product."""
    return _kinds.get(f"{REMIND}.{deadline(key).key.partition('.')[0]}")


def kinds_of(event: type[Event]) -> tuple[NoticeKind, ...]:
    """The kinds of news that an event is, in the order of the table; a class speaks for those that extend it.

    Whom several of them name is told of the first alone.
    """
    return next((_by_event[one] for one in event.__mro__ if one in _by_event), ())


@dataclass(frozen=True)
class Said:
    """What a mail quotes of the thing that may be answered, and who will read the answer, in the language of now."""

    words: str
    readers: str


@dataclass(frozen=True)
class Answerable:
    """Rows of a noun that are answered by mail.

    ``said(actor, id)`` is what its reader is shown; None where that person may not answer.
    ``take(actor, id, text, files)`` writes the answer with the rights of then and raises what the page would raise.
    """

    said: Callable[[Actor, UUID], Said | None]
    take: Callable[[Actor, UUID, str, Sequence[Any]], None]


_answerable: dict[str, Answerable] = {}


def install_answerable(table: Mapping[str, Answerable]) -> None:
    """Make known what is answered by mail, by noun; called once at start."""
    _answerable.clear()
    _answerable.update(table)


def answerable(noun: str) -> Answerable | None:
    """How rows of the noun are answered by mail; None where they are not."""
    return _answerable.get(noun)


def spoken_kinds() -> tuple[NoticeKind, ...]:
    """The kinds that may be said where many read them."""
    return tuple(kind for kind in _kinds.values() if kind.aloud is not None)

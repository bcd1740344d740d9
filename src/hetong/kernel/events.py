"""Events: what happened, with the rows it happened to. Upward and sideways is an event, downward a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from .actors import Actor
from .ids import new_id


@dataclass(frozen=True)
class Fact:
    """One row an event is about: its noun and id, its company, and small facts as of that moment (JSON values)."""

    noun: str
    id: UUID
    company: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Something that happened. Subclasses set ``code`` (the journal code) and add nothing else.

    The same shape for all means that an event can be stored in the outbox and made again from there.
    """

    code: ClassVar[str] = ""
    actor: Actor
    rows: tuple[Fact, ...]
    id: UUID = field(default_factory=new_id)

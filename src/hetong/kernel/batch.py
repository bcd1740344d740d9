"""What reading many inputs for one register works out once: which fields are open, what is offered, which records are in sight."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from .actors import Actor, Level
from .fields import Choice, Field, Kind, Register
from .nouns import noun

REFERRING = (Kind.REFERENCE, Kind.LIST)
Rights = tuple[Mapping[str, Field], Sequence[Field]]


class Batch:
    """The inputs of one call of a service. Lives as long as that call: rights and choices are those of now."""

    def __init__(self, register: Register, actor: Actor, *, asks_added: bool = True) -> None:
        """``asks_added``: whether somebody is there to fill in the fields that the house requires of new records.

        Nobody is where Hetong itself makes it.
        """
        self.register, self.actor = register, actor
        self._asks_added = asks_added and not actor.is_system
        self._rights: dict[tuple[UUID | None, str], Rights] = {}
        self._offered: dict[str, Field] = {}
        self._known: dict[str, dict[UUID, bool]] = {}
        self.read: dict[tuple[str, str, str], dict[Any, Any]] = {}
        """By field, language and currency of the input: texts that were read before, and what they were read as."""

    def look_up(self, givens: Iterable[Mapping[str, Any]]) -> None:
        """Ask for all records that the inputs refer to, one statement a noun."""
        wanted: dict[str, set[UUID]] = {}
        referring = [one for one in self.register if one.to and one.kind in REFERRING and one.write]
        for given in givens:
            for one in referring:
                if raw := given.get(one.name):
                    wanted.setdefault(one.to, set()).update(_ids(raw))
        for to, ids in wanted.items():
            self.are_open(to, ids)

    def are_open(self, to: str, ids: Collection[UUID]) -> bool:
        """Whether all of these records exist and are in the actor's sight."""
        known = self._known.setdefault(to, {})
        new = [id for id in ids if id not in known]
        if new:
            seen = set(noun(to).among(self.actor).filter(pk__among=new).values_list("pk", flat=True))
            known.update((id, id in seen) for id in new)
        return all(known[id] for id in ids)

    def rights(self, company: UUID | None, stage: str) -> Rights:
        """The fields that the actor may write in that company at that stage, by name; and those that are required."""
        held = self._rights.get((company, stage))
        if held is None:
            levels = self.register.levels(self.actor, company)
            fields = [
                self._with_choices(one)
                for one in self.register.writable(self.actor, company, stage)
                if levels[one.name] > Level.HIDDEN
            ]
            required = [one for one in fields if one.required and not one.of and (self._asks_added or not one.kept)]
            held = {one.name: one for one in fields}, required
            self._rights[company, stage] = held
        return held

    def _with_choices(self, one: Field) -> Field:
        """The field, with its choices asked once: they may stand in the database."""
        if one.choices is None:
            return one
        if one.name not in self._offered:
            self._offered[one.name] = replace(one, choices=_once(one.choices))
        return self._offered[one.name]


def _once(choices: Callable[[], Sequence[Choice]]) -> Callable[[], Sequence[Choice]]:
    held: list[Sequence[Choice]] = []

    def offered() -> Sequence[Choice]:
        if not held:
            held.append(choices())
        return held[0]

    return offered


def _ids(raw: Any) -> Iterable[UUID]:
    """The ids in raw input; what is none is left for the register to refuse."""
    for one in raw if isinstance(raw, list | tuple) else (raw,):
        try:
            yield one if isinstance(one, UUID) else UUID(str(one["id"] if isinstance(one, Mapping) else one))
        except (ValueError, KeyError, TypeError):
            continue

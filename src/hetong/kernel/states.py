"""A lifecycle is data: which verb takes which stages to which stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from .errors import IllegalMove

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Machine(Generic[S]):
    """A lifecycle as data: verb to (stages it may start from, stage it ends in)."""

    moves: Mapping[str, tuple[frozenset[S], S]]

    def after(self, stage: S, verb: str) -> S:
        """The stage that ``verb`` leads to from ``stage``; raises `IllegalMove` where there is none."""
        sources, target = self.moves[verb]
        if stage not in sources:
            raise IllegalMove(verb=verb, stage=stage.value, allowed=self.verbs_from(stage))
        return target

    def verbs_from(self, stage: S) -> tuple[str, ...]:
        """The verbs possible from ``stage``, in the order of the table."""
        return tuple(verb for verb, (sources, _) in self.moves.items() if stage in sources)

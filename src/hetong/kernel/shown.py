"""What a reader is shown: a row of readable values, and the shapes that are no plain value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.functional import Promise

from .actors import Level

if TYPE_CHECKING:
    from .fields import Register

Text = str | Promise


@dataclass(frozen=True)
class Ref:
    """A value that is another record: its id, its title as of now and where it is shown."""

    id: UUID
    title: str
    url: str = ""
    noun: str = ""

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class Choice:
    """A value out of a known set. ``glyph`` and ``color`` are names the interface knows.

    ``warning`` is a second sign beside it, such as "Abnormal": never a state of its own.
    """

    code: str
    label: Text
    glyph: str = ""
    color: str = ""
    warning: Text = ""
    is_retired: bool = False
    """Whether it is shown where it stands and no longer offered."""
    also: tuple[str, ...] = ()
    """Other words that mean it in files: common and former names, other codes."""

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True)
class Verb:
    """Something this actor may do with a row now. ``binding`` acts get the seal; ``asks`` names the form."""

    name: str
    label: Text
    url: str
    icon: str = ""
    primary: bool = False
    binding: bool = False
    danger: bool = False
    asks: str = ""


@dataclass(frozen=True)
class Waiting:
    """Who a record waits for, what for, since when, and what happens then."""

    who: str
    what: Text
    since: Any = None
    then: Text = ""
    external: bool = False


@dataclass
class Together:
    """The rows that are shown together, for what is asked once for all of them; every raw row has it under `TOGETHER`."""

    ids: Sequence[UUID]
    asked: dict[str, Any] = field(default_factory=dict)

    def once(self, what: str, ask: Callable[[], Any]) -> Any:
        """The answer to ``ask``, which is asked when first wanted."""
        if what not in self.asked:
            self.asked[what] = ask()
        return self.asked[what]


TOGETHER: Final = "together"


@dataclass
class Row:
    """One record as one reader may see it: only readable values, and the verbs possible now."""

    id: UUID
    noun: str
    version: int
    url: str
    title: str
    values: dict[str, Any]
    levels: Mapping[str, Level]
    company: UUID | None = None
    stage: str = ""
    register: Register | None = None
    # Not in the representation: they hold what the reader may not read.
    verbs_of: Callable[[], Iterable[Verb]] | None = field(default=None, repr=False)
    may_edit_of: Callable[[], bool] | None = field(default=None, repr=False)
    waiting_of: Callable[[], Waiting | None] | None = field(default=None, repr=False)

    @cached_property
    def verbs(self) -> tuple[Verb, ...]:
        """What this reader may do with it; worked out when first asked, for most lists do not ask."""
        return tuple(self.verbs_of()) if self.verbs_of else ()

    @cached_property
    def may_edit(self) -> bool:
        """Whether the verb ``edit`` is among them: what a list asks of every row."""
        return self.may_edit_of() if self.may_edit_of else self.verb("edit") is not None

    @cached_property
    def waiting_on(self) -> Waiting | None:
        """Whom it waits for; worked out when first asked."""
        return self.waiting_of() if self.waiting_of else None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def editable(self, name: str) -> bool:
        """Whether the rules let this reader change the field (the verb ``edit`` must be possible too)."""
        return self.levels.get(name) is Level.EDIT and self.may_edit

    def verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.verbs if verb.name == name), None)

    def __bool__(self) -> bool:
        return True

"""What each kind of import asks of the services: references resolved, records found again, added, changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from hetong.exchange.importing import Kind
from hetong.exchange.models import Import
from hetong.exchange.services.ahead import Job
from hetong.exchange.services.resolving import named_problem, only, resolve
from hetong.exchange.services.taking import Taken
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Problem
from hetong.kernel.fields import Kind as FieldKind
from hetong.kernel.fields import Register
from hetong.kernel.nouns import noun
from hetong.kernel.values import plain, read


@dataclass(frozen=True)
class Made:
    """A record that an import made: its noun, id and version; and for which position of the batch."""

    noun: str
    id: UUID
    version: int
    position: int


class Writer(Protocol):
    """One kind's way to the services; all of them for a batch."""

    is_helped: bool
    """Whether a helper process may work new rows out."""

    def __init__(self, actor: Actor, of: Import, kind: Kind, *, is_dry: bool) -> None: ...

    def prepare(self, batch: Sequence[Taken]) -> None:
        """Resolve what the rows name, and set what the service is given; what is wrong goes to the rows."""

    def find(self, batch: Sequence[Taken]) -> Mapping[int, UUID]:
        """By position: the record that is there already and has the row's key; raises nothing."""

    def add(self, batch: Sequence[Taken]) -> list[Made]:
        """Add the records. Raises `Invalid` with problems that name the row by position, or another refusal."""

    def handed_over(self, batch: Sequence[Taken]) -> tuple[list[Made], Job | None]:
        """Add what the records refer to, and say what the helper is to work out; None, with nothing done, where it cannot."""

    def edit(self, one: Taken, id: UUID) -> tuple[Mapping[str, Any], int] | None:
        """Let a record say what the row says: (what it said before as input, its version now); None where nothing differs."""


class Written:
    """What the writers of nouns with registers share."""

    is_helped = False

    def __init__(self, actor: Actor, of: Import, kind: Kind, *, is_dry: bool) -> None:
        self.actor, self.of, self.kind, self.is_dry = actor, of, kind, is_dry
        self.company: UUID = of.company_id
        self.options: Mapping[str, Any] = of.options

    def handed_over(self, batch: Sequence[Taken]) -> tuple[list[Made], Job | None]:
        """No helper works these out."""
        return [], None

    def resolve_references(self, batch: Sequence[Taken], register: Register, skip: Collection[str] = ()) -> None:
        """Replace the words of references by ids, one query per field and batch."""
        for one in register.all().values():
            if one.kind is not FieldKind.REFERENCE or not one.write or one.name in skip:
                continue
            texts = {str(row.values[one.name]) for row in batch if row.values.get(one.name)}
            found = resolve(self.actor, self.company, one.to, texts)
            for row in batch:
                given = row.values.get(one.name)
                if not given:
                    continue
                meant = only(found.get(str(given), ()), str(given), one.name)
                if isinstance(meant, Problem):
                    row.problems.append(named_problem(self.actor, self.company, one.to, meant))
                else:
                    row.given[one.name] = meant

    def differing(
        self, register: Register, key: str, id: UUID, given: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Those of the given values that the record does not have yet, and what it has in their place; both as input."""
        shown = register.show(self.actor, noun(key).visible_to(self.actor).filter(pk=id), set(given))
        if not shown:
            return {}, {}
        row, new, was = shown[0], {}, {}
        for name, raw in given.items():
            one = register.all()[name]
            held = as_input(plain(row.get(name)))
            wanted = as_input(_typed(one, raw, given))
            if wanted != held and not (wanted in EMPTY and held in EMPTY):
                new[name], was[name] = raw, held
        return new, was


EMPTY: tuple[Any, ...] = (None, "", [], ())


def as_input(value: Any) -> Any:
    """A plain value as a service takes it: references as ids, lists sorted."""
    if isinstance(value, Mapping) and "id" in value:
        return str(value["id"])
    if isinstance(value, list | tuple):
        return sorted(str(as_input(each)) for each in value)
    return value


def _typed(one: Any, raw: Any, given: Mapping[str, Any]) -> Any:
    """Input in the form in which a record shows it; what cannot be read is left for the service to refuse."""
    from hetong.kernel.errors import DomainError
    from hetong.kernel.scaled import Scaled

    try:
        value = read(one, raw, currency=str(given.get("currency") or ""))
    except DomainError:
        return raw
    if one.kind in (FieldKind.NUMBER, FieldKind.PERCENT) and value is not None:
        scale = 4 if one.kind is FieldKind.PERCENT else one.scale
        return str(Scaled(value, scale)) if scale else value
    return plain(value)

"""A record as a file says it: rows read cell by cell into input for the services, and known again by key or content."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hetong.exchange.importing import Column, Kind, read_cell
from hetong.exchange.importing.cells import Formats
from hetong.exchange.importing.identity import column_key, content_hash, source_key, values_hash
from hetong.exchange.importing.profiles import PROFILES
from hetong.exchange.models import Import
from hetong.exchange.queries.imports import REASONS
from hetong.kernel.errors import N_, Problem
from hetong.kernel.fields import Kind as FieldKind
from hetong.kernel.values import Unreadable

REPEATING = frozenset({FieldKind.DATE, FieldKind.MONEY, FieldKind.NUMBER, FieldKind.PERCENT, FieldKind.CHOICE})
"""Kinds of which cells repeat each other, and cost more to read than to find again."""
MOST_KNOWN = 5000


@dataclass
class Taken:
    """One record of the file: its lines, what they say by column name, and what is wrong with it.

    ``values`` is canonical input of the record itself; ``parts`` that of the rows that hang on it, by part. ``given`` is
    what the service gets: references as ids. ``twin``: an earlier row says exactly the same.
    """

    lines: list[int]
    values: dict[str, Any]
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    key: str = ""
    digest: str = ""
    is_twin: bool = False
    problems: list[Problem] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> int:
        return self.lines[0]


class Rows:
    """Turns the rows of one import's file into records, one after the other; remembers what it has seen of them."""

    def __init__(self, of: Import, kind: Kind, formats: Formats) -> None:
        self.of, self.kind, self.formats = of, kind, formats
        self.profile = PROFILES.get(of.profile)
        columns = kind.by_name()
        self.columns: list[tuple[str, Column]] = [(h, columns[n]) for h, n in of.mapping.items() if n in columns]
        self.origin = f"{of.kind}:{of.profile}" if self.profile else of.kind
        self._cells: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._said: Counter[str] = Counter()
        self._keyed: dict[str, str] = {}

    def taken(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[Taken]:
        """The records; rows of one key that follow each other are one record with several parts."""
        held: Taken | None = None
        for line, cells in rows:
            if not any(text.strip() for text in cells.values()):
                continue
            one = self._read(line, cells)
            if held is not None and self._continues(held, one):
                held.lines.append(line)
                held.problems += one.problems
                for part, givens in one.parts.items():
                    held.parts.setdefault(part, []).extend(givens)
                continue
            if held is not None:
                yield self._named(held)
            held = one
        if held is not None:
            yield self._named(held)

    def _read(self, line: int, cells: Mapping[str, str]) -> Taken:
        one = Taken([line], {})
        for head, column in self.columns:
            try:
                value = self._cell(column, cells.get(head, ""))
            except Unreadable as broken:
                one.problems.append(Problem(broken.code, broken.wording, broken.params, column.name))
                continue
            if value is None:
                continue
            if column.part:
                one.parts.setdefault(column.part, [{}])[0][column.one.name] = value
            else:
                one.values[column.name] = value
        for name, source in self.profile.copies.items() if self.profile else ():
            if source in one.values:
                one.values.setdefault(name, one.values[source])
        if not self.of.keys:
            one.digest = content_hash((head, text.strip()) for head, text in cells.items() if head not in REASONS)
        return one

    def _cell(self, column: Column, text: str) -> Any:
        """What a cell says; a text that stands in many rows is read once. Raises `Unreadable`."""
        if column.one.kind not in REPEATING:
            return read_cell(column.one, text, self.formats)
        known = self._cells[column.name]
        if text not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[text] = read_cell(column.one, text, self.formats)
        return known[text]

    def _continues(self, held: Taken, one: Taken) -> bool:
        """Whether the row is about the same record as the one before: the same key, and further lines or stages."""
        keys = self.of.keys
        if not keys or not one.parts or not any(one.values.get(name) for name in keys):
            return False
        return all(held.values.get(name) == one.values.get(name) for name in keys)

    def _named(self, one: Taken) -> Taken:
        """The record with the key it is known by again."""
        if not self.of.keys:
            self._said[one.digest] += 1
            nth = self._said[one.digest]
            one.key, one.is_twin = source_key(self.origin, one.digest, nth), nth > 1
            return one
        one.key = column_key(self.origin, one.values, self.of.keys)
        one.digest = values_hash([one.values, one.parts])
        if not any(one.values.get(name) for name in self.of.keys) and not one.problems:
            why = N_("The row cannot be known again: nothing stands in the columns that say which record it is.")
            one.problems.append(Problem("no_key", why, field=self.of.keys[0]))
        earlier = self._keyed.setdefault(one.key, one.digest)
        first = self._keyed.setdefault(f"line:{one.key}", str(one.line))
        if first != str(one.line):
            one.is_twin = earlier == one.digest
            if not one.is_twin:
                why = N_("Line %(line)s is about the same record and says something else. Keep one of them.")
                one.problems.append(Problem("said_otherwise", why, {"line": first}, self.of.keys[0]))
        return one

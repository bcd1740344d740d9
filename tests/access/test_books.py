"""B8: no change of a record without a row of the journal, and no row without the change, for every noun there is.

The world of the sweeps is built through the services; what they wrote is read off the statements, and what the
journal says at its end is laid beside the records.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, models, transaction

from hetong.audit.models import Entry, EntryValues
from hetong.audit.values import values_of_entries
from hetong.jobs.models import Outbox
from hetong.jobs.testing import drain_outbox
from hetong.kernel.fields import Field, Kind
from hetong.kernel.nouns import Noun, nouns

from .samples import Samples

pytestmark = pytest.mark.django_db
WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|COPY|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
FOLLOWING = frozenset({"seed_types", "seed_kinds", "_keep", "_settle"})
"""What is shipped, and to-dos that follow from the days of records, which are recorded themselves."""


class Books:
    """Watches statements: each outermost savepoint (a service's transaction) that writes a noun's table must write the journal."""

    def __init__(self) -> None:
        self.tables = {entry.model._meta.db_table for entry in nouns()}
        self.depth, self.written, self.is_told = 0, set[tuple[str, str]](), False
        self.untold: set[tuple[str, str]] = set()
        self.acts = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if sql.startswith("SAVEPOINT"):
            if self.depth == 0:
                self.written, self.is_told = set(), False
            self.depth += 1
        elif sql.startswith("ROLLBACK TO") and self.depth == 1:
            self.written = set()
        elif sql.startswith("RELEASE"):
            self.depth -= 1
            if self.depth == 0:
                self._judge()
        elif found and self.depth:
            if found[1] in self.tables:
                self.written.add((found[1], service()))
            self.is_told = self.is_told or found[1] == Entry._meta.db_table
        return execute(sql, params, many, context)

    def _judge(self) -> None:
        self.acts += bool(self.written)
        if not self.is_told:
            self.untold |= {one for one in self.written if one[1] not in FOLLOWING}


def service() -> str:
    """The function of a service, or of a test, that is writing."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        place = frame.f_code.co_filename
        if "/hetong/" in place and "/services" in place and "/audit/" not in place:
            return str(frame.f_code.co_name)
        frame = frame.f_back
    return "?"


@contextmanager
def watched() -> Iterator[Books]:
    books = Books()
    with connection.execute_wrapper(books):
        yield books


@pytest.fixture
def world(cast: Any, tmp_path: Any, settings: Any) -> tuple[Samples, Books]:
    settings.HETONG_HOME = tmp_path
    with watched() as books:
        samples = Samples(cast)
        drain_outbox()
        edit_everything(cast)
    return samples, books


def words(entry: Noun) -> list[Field]:
    """The plain texts of a noun that can be written."""
    return [
        one for one in entry.register if one.write and one.kind is Kind.TEXT and one.choices is None and not one.kept
    ]


def editable(cast: Any) -> Iterator[tuple[Noun, Any, Field]]:
    """One record of every noun that has an edit service, with a text of it that an administrator can change."""
    for entry in nouns():
        if entry.edit is None or not words(entry):
            continue
        for row in entry.visible_to(cast.admin).order_by("pk"):
            for one in words(entry):
                if changes(entry, cast.admin, row, one):
                    yield entry, row, one
                    break
            else:
                continue
            break


def changes(entry: Noun, actor: Any, row: Any, one: Field, *, undo: bool = True) -> bool:
    """Whether an edit of that text succeeds; done, and undone again unless told otherwise."""
    assert entry.edit is not None
    try:
        with transaction.atomic():
            entry.edit(actor, [row.pk], {one.name: "Other"})
            transaction.set_rollback(undo)
    except Exception:
        return False
    return True


def edit_everything(cast: Any) -> None:
    for entry, row, one in list(editable(cast)):
        assert changes(entry, cast.admin, row, one, undo=False)


def test_every_service_that_changes_a_record_writes_the_journal_and_it_says_what_the_record_holds(
    world: tuple[Samples, Books],
) -> None:
    _samples, books = world
    assert books.acts > 55
    assert books.untold == set()
    compared, wrong = unlike_the_journal()
    assert not wrong, "\n".join(wrong)
    assert compared > 100


def written(entry: Noun) -> list[Field]:
    """The fields that people write and that stand in a column of their own or were added: what is cached follows from them."""
    columns = {f.name for f in entry.model._meta.concrete_fields}
    return [
        one for one in entry.register if one.kept or (one.write and isinstance(one.path, str) and one.path in columns)
    ]


def told(entry: Noun) -> tuple[dict[Any, dict[str, Any]], list[str]]:
    """What the journal says every record holds that was added through a service, and where one entry does not go on from the last."""
    said: dict[Any, dict[str, Any]] = {}
    torn: list[str] = []
    entries = list(Entry.objects.filter(noun=entry.key).order_by("pk"))
    values = values_of_entries(entries)
    pairs = ((one.subject, value) for one in entries for value in values[one.pk] if not value.is_blank)
    for subject, value in pairs:
        known = said.setdefault(subject, {})
        if plain(known.get(value.field)) != plain(value.before) and value.field in known:
            torn.append(f"{entry.key}.{value.field}: {known[value.field]!r}, then before {value.before!r}")
        known.setdefault(f"first {value.field}", value.before)
        known[value.field] = value.after
    # The cast of the tests and what is shipped are there without having been added.
    return {id: one for id, one in said.items() if one.get(f"first {entry.register.heading}", ...) is None}, torn


def plain(value: Any) -> Any:
    """A journal value without the title that a record it names had on the day; nothing is one thing."""
    if isinstance(value, dict) and "id" in value:
        return value["id"]
    if isinstance(value, list):
        return sorted((plain(one) for one in value), key=str) or None
    return None if value in ("", False) else value


def unlike_the_journal() -> tuple[int, list[str]]:
    """How many values were compared with what the journal says, and those that are other."""
    wrong: list[str] = []
    compared = 0
    for entry in (one for one in nouns() if one.add is not None):
        said, torn = told(entry)
        wrong += torn
        rows = list(entry.model._default_manager.filter(pk__in=list(said)))
        now = entry.register.snapshot(rows)
        for row in rows:
            for one in written(entry):
                compared += 1
                if plain(now[row.pk].get(one.name)) != plain(said[row.pk].get(one.name)):
                    wrong.append(
                        f"{entry.key}.{one.name}: {now[row.pk].get(one.name)!r}, told {said[row.pk].get(one.name)!r}"
                    )
    return compared, sorted(set(wrong))


class Boom(Exception):
    """Something breaks in the middle."""


def test_what_breaks_while_it_is_told_changes_nothing_and_tells_nothing(
    cast: Any, tmp_path: Any, settings: Any
) -> None:
    settings.HETONG_HOME = tmp_path
    Samples(cast)
    found = list(editable(cast))
    for what, fewest in ((Entry, len(found)), (EntryValues, len(found)), (Outbox, 9)):
        broken, wrong = broken_edits(cast, found, what)
        assert not wrong, what
        assert broken >= fewest, what
    assert len(found) > 12


def broken_edits(cast: Any, found: list[tuple[Noun, Any, Field]], what: type[models.Model]) -> tuple[int, list[str]]:
    """How many edits broke where that table is written, and the nouns of which something stayed all the same."""
    broken, wrong = 0, []

    def breaking(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        match = WRITES.match(sql)
        if match and match[1] == what._meta.db_table:
            raise Boom
        return answer

    for entry, row, one in found:
        assert entry.edit is not None
        before, entries = entry.register.snapshot([row.pk]), Entry.objects.count()
        try:
            with connection.execute_wrapper(breaking), transaction.atomic():
                entry.edit(cast.admin, [row.pk], {one.name: "Never"})
                transaction.set_rollback(True)  # nothing of that kind was written
        except Boom:
            broken += 1
        if entry.register.snapshot([row.pk]) != before or Entry.objects.count() != entries:
            wrong.append(entry.key)
    return broken, wrong

"""What a person sees of their imports: the list, one import, its first rows, its bad rows, and those as a file."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from hetong.exchange.importing import Column, kind_of
from hetong.exchange.importing.profiles import PROFILES
from hetong.exchange.models import Import, ImportRow, MappingMemory, Mend, RowError
from hetong.exchange.queries.sheets import rows_of
from hetong.exchange.states import RAN
from hetong.jobs.models import Job
from hetong.jobs.models import State as JobState
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Text
from hetong.ui.lists.sheets import safe_text

REASONS = ("Why it was not imported", "Varför den inte importerades", "未导入的原因", "未匯入的原因")
"""The head of the last column of an error file, in every language; a mended file may keep it, it says nothing."""
UNDO_DAYS = 7


@dataclass(frozen=True)
class ImportPage:
    """One import as its pages show it. ``counts``: rows, and after a check or run created, updated, unchanged, duplicates, errors."""

    id: UUID
    kind: str
    label: Text
    name: str
    company: UUID
    company_name: str
    profile: str
    state: str
    reading: Mapping[str, Any]
    columns: Sequence[str]
    mapping: Mapping[str, str]
    """File column → field name; empty: left out."""
    fields: Sequence[Column]
    """Every field that a column may be mapped to, what is needed first."""
    missing: Sequence[Column]
    """Fields that are needed and have no column yet."""
    keys: Sequence[str]
    key_choices: Sequence[Sequence[str]]
    """Groups of mapped fields by which a row can be known again, the best first; none of them: by its content."""
    duplicates: str
    options: Mapping[str, Any]
    counts: Mapping[str, int]
    has_errors: bool
    is_working: bool
    progress: int
    total: int
    error: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    undo_until: dt.datetime | None
    """Until when it can be undone; None where there is nothing to undo."""
    batch: UUID | None
    version: int
    job: UUID | None = None
    task: str = ""
    """The long job that works on it now or did last: exchange.check, exchange.run or exchange.undo."""


@dataclass(frozen=True)
class CellProblem:
    """One thing that is wrong with a row: the file's column (empty: the row as a whole), what, and what to do now."""

    column: str
    text: str
    then: str = ""


@dataclass(frozen=True)
class BadRow:
    """A row that is not in: its line in the file, its cells by head (as mended), and why."""

    line: int
    cells: Mapping[str, str]
    problems: Sequence[CellProblem] = field(default_factory=tuple)
    is_mended: bool = False


def find_imports(actor: Actor) -> QuerySet[Import]:
    """The actor's own imports, newest first."""
    return Import.objects.visible_to(actor).select_related("company").order_by("-created_at", "-pk")


def find_profiles(actor: Actor, kind: str) -> list[str]:
    """The profiles that can be chosen for a kind: the shipped ones, then the actor's own by name."""
    shipped = [key for key, one in PROFILES.items() if one.kind == kind]
    # allow: visibility — a person's own mappings
    own = MappingMemory.objects.filter(owner=actor.id, kind=kind).exclude(name="").order_by("name")
    return shipped + list(own.values_list("name", flat=True))


def get_import(actor: Actor, import_id: UUID) -> Import:
    """One of the actor's imports. Raises `NotFound`."""
    row = find_imports(actor).filter(pk=import_id).select_related("company", "blob").first()
    if row is None:
        raise NotFound(noun="exchange.import", id=str(import_id))
    return row


def import_page(actor: Actor, import_id: UUID) -> ImportPage:
    """One import with all that its pages show. Raises `NotFound`."""
    row = get_import(actor, import_id)
    kind = kind_of(row.kind)
    shipped = PROFILES.get(row.profile)
    mapped = {name for name in row.mapping.values() if name} | set(shipped.copies if shipped else ())
    columns = kind.by_name()
    # allow: visibility — the job of an import that the actor sees
    job = Job.objects.filter(pk=row.job).first() if row.job else None
    is_working = job is not None and job.state in (JobState.WAITING, JobState.RUNNING)
    return ImportPage(
        id=row.pk, kind=row.kind, label=kind.label, name=row.name, company=row.company_id, company_name=row.company.name,
        profile=row.profile, state=row.state, reading=row.reading, columns=row.columns, mapping=row.mapping, fields=kind.columns,
        missing=[columns[name] for name in kind.missing(mapped)], keys=row.keys,
        key_choices=[group for group in kind.keys if set(group) <= mapped], duplicates=row.duplicates, options=row.options,
        counts=row.counts, has_errors=bool(row.counts.get("errors")), is_working=is_working, progress=job.progress if job else 0,
        total=(job.total if job else 0) or row.counts.get("rows", 0), error=row.error or (job.error if job else ""),
        created_at=row.created_at, finished_at=row.finished_at, undo_until=_undo_until(row), batch=row.batch, version=row.version,
        job=row.job, task=job.task if job else "",
    )  # fmt: skip


def _undo_until(row: Import) -> dt.datetime | None:
    if row.state not in RAN or row.finished_at is None:
        return None
    until: dt.datetime = row.finished_at + dt.timedelta(days=UNDO_DAYS)
    if until <= clock.now() or not ImportRow.objects.filter(import_id=row.pk).exists():
        return None
    return until


def preview_rows(actor: Actor, import_id: UUID, limit: int = 20) -> list[tuple[int, Mapping[str, str]]]:
    """The first rows as the file is read now: (line, text by head). Raises `NotFound`, `SheetRefused`."""
    with rows_of(get_import(actor, import_id)) as rows:
        return list(islice(rows, limit))


def error_rows(actor: Actor, import_id: UUID, limit: int = 200, after: int = 0) -> list[BadRow]:
    """Up to ``limit`` bad rows behind line ``after``, in the order of the file, with their cells and why they are not in."""
    row = get_import(actor, import_id)
    # allow: visibility — of an import that the actor sees
    found = RowError.objects.filter(of=row.pk, line__gt=after).order_by("line")
    lines = found.values_list("line", flat=True).distinct()
    return list(_bad_rows(row, list(lines[:limit])))


def count_error_rows(actor: Actor, import_id: UUID) -> int:
    """How many rows are not in."""
    row = get_import(actor, import_id)
    # allow: visibility — of an import that the actor sees
    return RowError.objects.filter(of=row.pk).values("line").distinct().count()


def error_file(actor: Actor, import_id: UUID) -> Iterator[str]:
    """The bad rows as CSV, line by line: the file's own columns, then why; mended, it can be imported as it is."""
    row = get_import(actor, import_id)
    # allow: visibility — of an import that the actor sees
    lines = list(RowError.objects.filter(of=row.pk).order_by("line").values_list("line", flat=True).distinct())
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow([*row.columns, gettext("Why it was not imported")])
    for bad in _bad_rows(row, lines):
        why = " ".join(f"{one.column}: {one.text}" if one.column else one.text for one in bad.problems)
        yield writer.writerow([*(safe_text(bad.cells.get(head, "")) for head in row.columns), safe_text(why)])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _bad_rows(row: Import, lines: Sequence[int]) -> Iterator[BadRow]:
    """The rows of those lines, read from the file in one pass."""
    wanted = set(lines)
    if not wanted:
        return
    problems: dict[int, list[CellProblem]] = {}
    for one in RowError.objects.filter(of=row.pk, line__in=wanted).order_by("pk"):
        problems.setdefault(one.line, []).append(
            CellProblem(one.column, worded(one.text, one.params), worded(one.then, {}))
        )
    mended = set(Mend.objects.filter(of=row.pk, line__in=wanted).values_list("line", flat=True))
    last = max(wanted)
    with rows_of(row) as rows:
        for line, cells in rows:
            if line in wanted:
                yield BadRow(line, cells, problems.get(line, ()), line in mended)
            if line >= last:
                return


def worded(text: str, params: Mapping[str, Any]) -> str:
    """A problem's sentence in the reader's language."""
    if not text:
        return ""
    said = gettext(text)
    try:
        return said % params if params else said.replace("%%", "%")
    except (KeyError, ValueError, TypeError):
        return said

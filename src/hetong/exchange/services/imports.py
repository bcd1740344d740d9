"""An import step by step: keep the file, say how it is read and what its columns mean, check it, run it, take it back.

Each step may be taken again until the run; the long ones (check, run, undo) are jobs, as the person who started them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hetong.accounts.models import Company
from hetong.documents.services import Upload
from hetong.exchange.importing import guess_mapping, kind_of
from hetong.exchange.importing.mapping import head_key
from hetong.exchange.importing.options import option_problems
from hetong.exchange.importing.profiles import PROFILES
from hetong.exchange.models import Import, MappingMemory, Mend, RowError
from hetong.exchange.policy import Can
from hetong.exchange.queries.sheets import heads_of, local_copy
from hetong.exchange.reading import Reading, SheetRefused, from_json, guess_reading, judge, to_json
from hetong.exchange.services.working import needs_of
from hetong.exchange.states import OPEN, RAN, Duplicates, ImportState
from hetong.files.models import Blob, BlobState
from hetong.files.names import safe_name
from hetong.files.responses import Quarantined
from hetong.files.services import store
from hetong.jobs.models import Job
from hetong.jobs.models import State as JobState
from hetong.jobs.services import cancel_job, start_job
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Invalid, NotFound, Problem, refuse
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_line

CHECK, RUN, UNDO = "exchange.check", "exchange.run", "exchange.undo"
MOST_COLUMNS = 500


class AtWork(Conflict):
    """A long job of the import is still running."""

    code = "import_at_work"
    text = N_("“%(name)s” is being worked on right now.")
    then = N_("Wait until that has ended, or cancel it.")


class Through(Conflict):
    """The import has run; how it is read and mapped is settled."""

    code = "import_through"
    text = N_("“%(name)s” has been imported already.")
    then = N_("Undo the import first, or upload the file again: rows that are in are not imported twice.")


class NothingToUndo(Conflict):
    """The import did not run, or was undone."""

    code = "nothing_to_undo"
    text = N_("There is nothing of “%(name)s” that could be undone.")
    then = N_("Only an import that has run can be undone, within %(days)s days.")


class NotMapped(Invalid):
    """Columns are missing that no row can do without."""

    code = "not_mapped"
    text = N_("The file cannot be imported yet: something is not mapped to any of its columns.")
    then = N_("Say which column of the file holds it.")


def begin_import(
    actor: Actor, kind: str, company: UUID, upload: Upload, *, profile: str = "", keep_unread: bool = False
) -> UUID:
    """Keep the file and guess how it is read and what its columns mean. ``profile``: a shipped one, or one of the actor's own.

    ``keep_unread``: a table that some line keeps from being read is kept all the same, so that its reader can say how.

    Raises `Forbidden`, `NotFound` (kind, company), `Invalid` (profile), `FileTooLarge`, `EmptyFile`, `SheetRefused`, `Quarantined`.
    """
    found = kind_of(kind)
    for can in (Can.IMPORT, *needs_of(kind)):
        actor.require(can, (company,))
    if not Company.objects.visible_to(actor).filter(pk=company, is_active=True).exists() or actor.id is None:
        raise NotFound(noun="accounts.company", id=str(company))
    shipped, own = _profile(actor, kind, profile)
    name = safe_name(upload.name)
    row = Import(
        kind=found.key, company_id=company, owner_id=actor.id, name=name[:200], blob=_kept(upload, name),
        profile=profile, options=dict(shipped.options if shipped else own.options if own else {}), created_at=clock.now(),
    )  # fmt: skip
    with local_copy(row.blob, row.name) as path:
        reading = from_json(own.reading) if own and own.reading else guess_reading(path, row.name)
    try:
        _read_as(actor, row, reading)
    except SheetRefused as refused:
        if not keep_unread or "line" not in refused.params:
            raise
        row.reading, row.state = to_json(reading), ImportState.UPLOADED
    row.keys = list(own.keys) if own else []
    insert([row])
    id: UUID = row.pk
    return id


def _kept(upload: Upload, name: str) -> Blob:
    """The file as it came, scanned as every upload is. It is data to be read, never shown: any sheet may be kept."""
    upload.stream.seek(0)
    blob = store(upload.stream, name, judge=judge)
    if blob.state == BlobState.QUARANTINED:
        raise Quarantined()
    return blob


def _profile(actor: Actor, kind: str, name: str) -> tuple[Any, MappingMemory | None]:
    """The shipped profile of that name, or the actor's own. Raises `Invalid`, with the names there are."""
    if not name:
        return None, None
    shipped = PROFILES.get(name)
    if shipped is not None and shipped.kind == kind:
        return shipped, None
    mine = {one.name: one for one in MappingMemory.objects.filter(owner=actor.id, kind=kind).exclude(name="")}
    if name not in mine:
        known = ", ".join([*(key for key, one in PROFILES.items() if one.kind == kind), *sorted(mine)])
        why = N_("“%(name)s” is no kept way of reading these files. There are: %(known)s.")
        raise Invalid(problems=[Problem("unknown_profile", why, {"name": name[:60], "known": known or "–"}, "profile")])
    return None, mine[name]


def _read_as(actor: Actor, row: Import, reading: Reading) -> None:
    """Read the heads, and guess what they mean."""
    row.reading = to_json(reading)
    heads, count = heads_of(row, reading)
    if len(heads) > MOST_COLUMNS:
        why = N_("A file of %(count)s columns is surely read wrongly; at most %(most)s can be imported.")
        raise Invalid(
            problems=[Problem("too_many_columns", why, {"count": len(heads), "most": MOST_COLUMNS}, "reading")]
        )
    row.columns, row.counts, row.state = list(heads), {"rows": count}, ImportState.READ
    shipped, own = _profile(actor, row.kind, row.profile)
    if shipped is not None:
        row.mapping = {head: shipped.mapping.get(head, "") for head in heads}
    else:
        row.mapping = guess_mapping(kind_of(row.kind), heads, _remembered(actor, row.kind, own))


def _remembered(actor: Actor, kind: str, own: MappingMemory | None) -> dict[str, str]:
    """What heads meant to this person before: in the profile chosen, else last time."""
    found = own or MappingMemory.objects.filter(owner=actor.id, kind=kind, name="").first()
    return dict(found.mapping) if found else {}


@transaction.atomic  # allow: journal — a draft; the run is recorded
def set_reading(actor: Actor, import_id: UUID, reading: Reading) -> None:
    """Say how the file is to be read; its columns and what they mean are guessed anew. Raises `SheetRefused`, `Through`."""
    row = _open(actor, import_id)
    before = {head: name for head, name in row.mapping.items() if name}
    _read_as(actor, row, reading)
    kept = {head: name for head, name in before.items() if head in row.mapping}
    row.mapping = {h: kept.get(h, "" if n in kept.values() else n) for h, n in row.mapping.items()}
    _forget_check(row)
    write([row], ("reading", "columns", "mapping", "counts", "state"))


@transaction.atomic  # allow: journal — a draft; the run is recorded
def set_mapping(
    actor: Actor,
    import_id: UUID,
    mapping: Mapping[str, str],
    keys: Sequence[str] = (),
    duplicates: str = Duplicates.IMPORT,
    profile_name: str = "",
) -> None:
    """Say what the columns mean (file column → field, empty: left out), by which fields a row is known again, and what is
    done with rows that stand twice. With ``profile_name`` this is kept under that name; it is remembered in any case.

    Raises `NotMapped`, `Invalid` (unknown columns, fields or keys, a field twice), `Through`.
    """
    row = _open(actor, import_id)
    kind = kind_of(row.kind)
    names = {column.name for column in kind.columns}
    given = {head: name for head, name in mapping.items() if name}
    problems = [Problem("unknown_column", N_("The file has no column “%(head)s”."), {"head": head[:80]}, "mapping")
                for head in given if head not in row.columns]  # fmt: skip
    problems += [Problem("unknown_field", N_("This field is not known here."), field=name[:80])
                 for name in {*given.values(), *keys} if name not in names]  # fmt: skip
    problems += [Problem("mapped_twice", N_("Two columns cannot be the same field."), field=name)
                 for name in names if list(given.values()).count(name) > 1]  # fmt: skip
    problems += [Problem("key_not_mapped", N_("A row can only be known again by a field that a column is mapped to."), field=name)
                 for name in keys if name in names and name not in given.values()]  # fmt: skip
    if duplicates not in list(Duplicates):
        problems.append(
            Problem(
                "not_offered", N_("“%(given)s” is not one of the choices."), {"given": duplicates[:40]}, "duplicates"
            )
        )
    refuse(problems)
    row.mapping = {head: given.get(head, "") for head in row.columns}
    row.keys, row.duplicates, row.state = list(keys), duplicates, ImportState.MAPPED
    _check_mapped(row)
    _forget_check(row)
    write([row], ("mapping", "keys", "duplicates", "state", "counts"))
    _remember(actor, row, "")
    if profile_name.strip():
        _remember(actor, row, clean_line(profile_name, max_length=60))


def _check_mapped(row: Import) -> None:
    """Raise `NotMapped` naming everything that is missing."""
    kind = kind_of(row.kind)
    shipped = PROFILES.get(row.profile)
    mapped = {name for name in row.mapping.values() if name} | set(shipped.copies if shipped else ())
    missing = kind.missing(mapped)
    if missing:
        columns = kind.by_name()
        why = N_("No column is mapped to “%(field)s”.")
        raise NotMapped(problems=[
            Problem("not_mapped", why, {"field": columns[name].label}, name) for name in missing
        ])  # fmt: skip


def _forget_check(row: Import) -> None:
    RowError.objects.filter(of=row.pk).delete()
    row.counts = {"rows": row.counts.get("rows", 0)}


def _remember(actor: Actor, row: Import, name: str) -> None:
    if row.profile in PROFILES:
        return
    kept = MappingMemory.objects.filter(owner=actor.id, kind=row.kind, name=name).first()
    memory = kept or MappingMemory(owner_id=row.owner_id, kind=row.kind, name=name)
    own = {head_key(head): meant for head, meant in row.mapping.items() if head_key(head)}
    memory.mapping = (memory.mapping if not name else {}) | own
    memory.keys, memory.options, memory.used_at = row.keys, row.options, clock.now()
    memory.reading = row.reading if name else {}
    memory.save()  # allow: writes — a preference of the person's, not a record


@transaction.atomic  # allow: journal — a draft; the run is recorded
def set_options(actor: Actor, import_id: UUID, options: Mapping[str, Any]) -> None:
    """Say what holds for all rows: ``stage`` (draft, active, closed) with the ``reason`` of adopting, ``type``, ``currency``,
    ``add_parties`` (counterparties that are not there yet are added), ``kinds`` of new parties. Raises `Invalid`, `Through`.
    """
    row = _open(actor, import_id)
    refuse(option_problems(options))
    row.options = {**row.options, **options}
    _forget_check(row)
    write([row], ("options", "counts"))


@transaction.atomic  # allow: journal — a draft; the run is recorded
def mend_rows(actor: Actor, import_id: UUID, cells: Mapping[int, Mapping[str, str]]) -> None:
    """Write other texts than the file's in cells of rows; kept beside the file. An empty mapping takes a row's mends back.

    Rows that are in already are not changed by it. Raises `Invalid` for a column that the file does not have.
    """
    row = _own(actor, import_id)
    heads = set(row.columns)
    unknown = {head for of in cells.values() for head in of if head not in heads}
    why = N_("The file has no column “%(head)s”.")
    refuse([Problem("unknown_column", why, {"head": head[:80]}, "cells") for head in sorted(unknown)])
    kept = dict(Mend.objects.filter(of=row.pk, line__in=list(cells)).values_list("line", "cells"))
    Mend.objects.filter(of=row.pk, line__in=list(cells)).delete()
    insert([
        Mend(of=row, line=line, cells=kept.get(line, {}) | {head: str(text)[:20_000] for head, text in new.items()})
        for line, new in cells.items() if new
    ])  # fmt: skip


# -- the long steps ----------------------------------------------------------------------------------


def check_import(actor: Actor, import_id: UUID) -> UUID:
    """Try the whole file without keeping anything: counts, and every problem of every row. Returns the job's id."""
    return _start(actor, import_id, CHECK, _("Check: %(name)s"), OPEN | RAN)


def run_import(actor: Actor, import_id: UUID) -> UUID:
    """Import the rows that are right; the others are kept with their reasons. Returns the job's id.

    Run again, it completes what is not in yet: rows that were mended, or that a cancelled run did not reach.
    """
    return _start(actor, import_id, RUN, _("Import: %(name)s"), OPEN | RAN)


def undo_import(actor: Actor, import_id: UUID) -> UUID:
    """Take back what the import added and changed, where nobody touched it since. Returns the job's id.

    Raises `NothingToUndo` where it has not run, or longer than `UNDO_DAYS` ago.
    """
    return _start(actor, import_id, UNDO, _("Undo import: %(name)s"), RAN)


@transaction.atomic
def _start(actor: Actor, import_id: UUID, task: str, title: str, states: frozenset[ImportState]) -> UUID:
    row = ready(actor, import_id, task, states)
    job = start_job(
        actor, task, (title % {"name": row.name})[:200], {"import_id": str(row.pk)}, total=row.counts.get("rows", 0)
    )
    row.job = job.pk
    write([row], ("job",), version=False)
    id: UUID = job.pk
    return id


def ready(actor: Actor, import_id: UUID, task: str, states: frozenset[ImportState], *, is_job: bool = False) -> Import:
    """The import, locked and at a state in which that work may begin. ``is_job``: it is its own job that asks.

    Raises `AtWork`, `Through`, `NothingToUndo`, `NotMapped`.
    """
    row = _own(actor, import_id)
    for can in (Can.IMPORT, *needs_of(row.kind)):
        actor.require(can, (row.company_id,))
    if not is_job:
        _check_idle(row)
    if row.state not in states:
        raise (NothingToUndo(name=row.name, days=UNDO_DAYS) if task == UNDO else Through(name=row.name))
    if task == UNDO and row.finished_at and (clock.now() - row.finished_at).days >= UNDO_DAYS:
        raise NothingToUndo(name=row.name, days=UNDO_DAYS)
    if task != UNDO:
        _check_mapped(row)
    return row


UNDO_DAYS = 7
"""How long an import can be undone."""


def cancel_import(actor: Actor, import_id: UUID) -> None:
    """Stop what works on the import; what is in stays in. Raises `NotFound` where nothing does."""
    row = _own(actor, import_id)
    if row.job is None:
        raise NotFound(noun="jobs.job")
    cancel_job(actor, row.job)


def _own(actor: Actor, import_id: UUID) -> Import:
    """The import, locked. Raises `NotFound`."""
    [row] = locked(Import.objects.visible_to(actor), [import_id])
    return row


def _open(actor: Actor, import_id: UUID) -> Import:
    """The import, locked, before its run. Raises `AtWork`, `Through`."""
    row = _own(actor, import_id)
    _check_idle(row)
    if row.state not in OPEN:
        raise Through(name=row.name)
    return row


def _check_idle(row: Import) -> None:
    if row.job is None:
        return
    if Job.objects.filter(pk=row.job, state__in=[JobState.WAITING, JobState.RUNNING]).exists():
        raise AtWork(name=row.name)


__all__ = [
    "AtWork", "NothingToUndo", "Through", "begin_import", "cancel_import", "check_import", "mend_rows",
    "run_import", "set_mapping", "set_options", "set_reading", "undo_import",
]  # fmt: skip

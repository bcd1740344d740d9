"""Taking the rows of a file in: chunk by chunk, each in a transaction of its own; bad rows are named and the others go in.

A check does the same and takes every chunk back. What a chunk did stands with it: which rows are which records, and how
to undo them. A run that was cut off goes on where it stopped, since rows that are in are known by their keys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from hetong.audit.services import record
from hetong.billing.policy import Can as Billing
from hetong.contracts.models import Contract
from hetong.contracts.policy import Can as ContractsCan
from hetong.exchange.events import Act
from hetong.exchange.importing import Kind, kind_of
from hetong.exchange.models import Import, ImportRow, RowError, SourceRow
from hetong.exchange.queries.sheets import reading_of, rows_of
from hetong.exchange.services.ahead import Helper, Job, Worked, helper_for
from hetong.exchange.services.refusing import as_problem, head_of
from hetong.exchange.services.taking import Rows, Taken
from hetong.exchange.services.write_contracts import Contracts
from hetong.exchange.services.write_money import Invoices, Payments
from hetong.exchange.services.write_parties import Contacts, Parties
from hetong.exchange.services.writers import Made, Writer
from hetong.exchange.states import Duplicates, ImportState
from hetong.jobs.services import tell_of_many
from hetong.jobs.worker import Cancelled
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.bulk import insert_alike, store, weigh
from hetong.kernel.errors import DomainError, Invalid, NotFound, Problem
from hetong.kernel.ids import new_id
from hetong.kernel.rows import insert, write
from hetong.parties.models import Party, PartyId
from hetong.parties.policy import Can as PartiesCan

CHUNK, HELPED_CHUNK = 600, 800
"""Rows of one transaction, and where a helper shares the work: a chunk stays within the time that somebody who saves
meanwhile may wait, and some eighty statements are shared by its rows."""
GROWN = (2, 8, 32, 128)
"""Chunks after which tables have grown so much that the database should count them."""
TOTALS = ("rows", "created", "updated", "unchanged", "duplicates", "errors")

WRITERS: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "parties": (Parties, (PartiesCan.ADD, PartiesCan.EDIT)),
    "contacts": (Contacts, (PartiesCan.EDIT,)),
    "contracts": (Contracts, (ContractsCan.ADD, ContractsCan.EDIT)),
    "invoices": (Invoices, (Billing.INVOICE,)),
    "payments": (Payments, (Billing.REPORT, Billing.CONFIRM)),
}
"""How each kind is written, and the rights that this takes besides that of importing."""


def needs_of(kind: str) -> tuple[str, ...]:
    """The rights of the noun itself that an import of this kind needs. Raises `NotFound`."""
    if kind not in WRITERS:
        raise NotFound(kind=kind)
    return WRITERS[kind][1]


Told = Callable[[int, int], None]


def check_rows(actor: Actor, of: Import, told: Told | None = None) -> dict[str, int]:
    """Try every row and keep nothing but what was found. Raises `SheetRefused`."""
    counts = _Work(actor, of, is_dry=True).run(told)
    of.counts, of.state, of.error = counts, ImportState.CHECKED, ""
    write([of], ("counts", "state", "error"))
    return counts


def import_rows(actor: Actor, of: Import, told: Told | None = None) -> dict[str, int]:
    """Take every row in that is right. Raises `SheetRefused`, and whatever ``told`` raises to stop it between chunks."""
    of.batch = of.batch or new_id()
    of.state = ImportState.RUNNING
    write([of], ("batch", "state"))
    work = _Work(replace(actor, batch=of.batch), of, is_dry=False)
    ended, of.error = ImportState.FAILED, ""
    try:
        work.run(told)
        ended = ImportState.DONE
    except Cancelled:
        ended = ImportState.CANCELLED
        raise
    except Exception as broken:
        of.error = f"{type(broken).__name__}: {broken}"[:2000]
        raise
    finally:
        _settle(work, ended)
    return work.counts


@transaction.atomic
def _settle(work: _Work, ended: ImportState) -> None:
    of = work.of
    of.counts, of.state, of.finished_at = work.counts, ended, clock.now()
    write([of], ("counts", "state", "finished_at", "error"))
    record(
        work.actor, Act.IMPORTED, company=of.company_id, label=of.name[:300], name=of.name, kind=of.kind, **of.counts,
    )  # fmt: skip


class _Work:
    """One pass over the file."""

    def __init__(self, actor: Actor, of: Import, *, is_dry: bool) -> None:
        self.actor, self.of, self.is_dry = actor, of, is_dry
        self.kind: Kind = kind_of(of.kind)
        self.counts: dict[str, int] = dict.fromkeys(TOTALS, 0)
        self.writer: Writer = WRITERS[of.kind][0](actor, of, self.kind, is_dry=is_dry)
        self.heads = {name: head for head, name in of.mapping.items() if name}
        self.errors: list[RowError] = []
        self.helper: Helper | None = None
        self.handed: tuple[Sequence[Taken], Job] | None = None
        """New rows of this chunk that the helper is to work out."""
        self.waiting: Sequence[Taken] = ()
        """Those of the chunk before, which it was asked for and which are not written yet."""
        self.mine = dict(ImportRow.objects.filter(import_id=of.pk).values_list("key", "is_new"))
        """Rows that this import took in before it was cut off or run again."""

    def run(self, told: Told | None) -> dict[str, int]:
        RowError.objects.filter(of=self.of.pk).delete()
        total, done = int(self.of.counts.get("rows", 0)), 0
        with rows_of(self.of) as rows, helper_for(self.of) if self._may_be_helped() else nullcontext() as self.helper:
            records = Rows(self.of, self.kind, reading_of(self.of)).taken(rows)
            try:
                for nth, chunk in enumerate(self._chunks(records), start=1):
                    self._take(chunk)
                    if nth in GROWN and not self.is_dry:
                        weigh(SourceRow, Party, PartyId, Contract)
                    done += sum(len(one.lines) for one in chunk)
                    if told is not None:
                        told(min(done, total), total)
            except Exception:
                self._finish()
                raise
            self._finish()
        return self.counts

    def _chunks(self, records: Iterator[Taken]) -> Iterator[list[Taken]]:
        while chunk := list(islice(records, HELPED_CHUNK if self.waiting else CHUNK)):
            yield chunk

    def _may_be_helped(self) -> bool:
        return self.writer.is_helped and not self.is_dry

    def _take(self, chunk: Sequence[Taken]) -> None:
        """One chunk in one transaction; in another one what the helper has worked out of the chunk before, while it works on this one."""
        with self._counted():
            self._sort_out(chunk)
            if self.is_dry:
                transaction.set_rollback(True)
        (rows, job), self.handed = self.handed or ((), None), None
        if job and self.helper:
            self.helper.ask(job)
        self._finish()
        self.waiting = rows

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """A transaction; counts and errors are kept beside it."""
        counts, self.tally = self.counts, Counter[str]()
        with transaction.atomic():
            yield
        insert(self.errors)
        self.errors = []
        for name, count in self.tally.items():
            counts[name] += count

    def _sort_out(self, chunk: Sequence[Taken]) -> None:
        known = {
            one.key: one for one in SourceRow.objects.filter(company=self.of.company_id, key__in=[c.key for c in chunk])
        }
        fresh: list[Taken] = []
        changed: list[tuple[Taken, UUID]] = []
        for one in chunk:
            self.tally["rows"] += len(one.lines)
            held = known.get(one.key)
            if one.is_twin:
                self.tally["duplicates"] += 1
            if one.problems:
                self._refuse(one, one.problems)
            elif one.is_twin and (self.of.keys or (self.of.duplicates == Duplicates.SKIP and held is None)):
                continue
            elif held is None:
                fresh.append(one)
            elif held.digest == one.digest:
                self._count_known(one)
            else:
                changed.append((one, held.record))
        self._write(fresh, changed, known)

    def _count_known(self, one: Taken) -> None:
        was_mine = self.mine.get(one.key)
        self.tally["unchanged" if was_mine is None else "created" if was_mine else "updated"] += 1

    def _write(self, fresh: list[Taken], changed: list[tuple[Taken, UUID]], known: Mapping[str, SourceRow]) -> None:
        batch = [*fresh, *(one for one, _id in changed)]
        if not batch:
            return
        self.writer.prepare(batch)
        new = self._not_found(fresh, changed)
        for one, id in changed:
            if not one.problems:
                self._edit(one, id, known.get(one.key))
            elif one not in fresh:
                self._refuse(one, one.problems)
        if not self._hand_over(new):
            self._add(new)

    def _not_found(self, fresh: Sequence[Taken], changed: list[tuple[Taken, UUID]]) -> list[Taken]:
        """The rows that are no record yet; those that are one by their key join ``changed``."""
        found, new = self.writer.find(fresh), []
        for place, one in enumerate(fresh):
            if one.problems:
                self._refuse(one, one.problems)
            elif place in found:
                changed.append((one, found[place]))
            else:
                new.append(one)
        return new

    # -- with a helper -----------------------------------------------------------------------------

    def _hand_over(self, batch: Sequence[Taken]) -> bool:
        """Leave new rows to the helper, once what they refer to is there; False where they are to be added here."""
        if not batch or self.helper is None or not self.helper.is_ready:
            return False
        try:
            with transaction.atomic():
                made, job = self.writer.handed_over(batch)
                self._note_made(batch, made)
        except (DomainError, IntegrityError):
            return False
        if job is None:
            return False
        for one, given in zip(batch, job.givens, strict=True):
            one.given = dict(given)
        self.handed = batch, job
        return True

    def _finish(self) -> None:
        """Write the rows that the helper was asked for; where it did not work them out, add them here."""
        batch, self.waiting = self.waiting, ()
        if not batch or self.helper is None:
            return
        worked = self.helper.answer()
        with self._counted():
            if worked is None or not self._stored(batch, worked):
                self._add(batch)

    def _stored(self, batch: Sequence[Taken], worked: Worked) -> bool:
        """Insert what was worked out; False, with nothing done, where something speaks against it by now."""
        try:
            with transaction.atomic():
                store(worked.held)
                self._keep(
                    batch, [Made(self.kind.noun, id, version, place) for place, (id, version) in enumerate(worked.made)]
                )
                tell_of_many()
        except (DomainError, IntegrityError, DataError):
            return False
        return True

    # -- adding ------------------------------------------------------------------------------------

    def _add(self, batch: Sequence[Taken]) -> None:
        """Add what the service takes; what it refuses is named, and the others are tried again."""
        if not batch:
            return
        try:
            with transaction.atomic():
                made = self.writer.add(batch)
                self._keep(batch, made)
        except Invalid as refused:
            self._without_bad(batch, refused)
        except (DomainError, IntegrityError) as refused:
            self._split(batch, refused)

    def _without_bad(self, batch: Sequence[Taken], refused: Invalid) -> None:
        by_place: dict[int, list[Problem]] = {}
        for problem in refused.problems:
            place = int(problem.row) - 1 if problem.row.isdigit() else 0 if len(batch) == 1 else -1
            by_place.setdefault(place, []).append(problem)
        if not by_place or not all(0 <= place < len(batch) for place in by_place):
            self._split(batch, refused)
            return
        for place, problems in by_place.items():
            self._refuse(batch[place], problems)
        self._add([one for place, one in enumerate(batch) if place not in by_place])

    def _split(self, batch: Sequence[Taken], refused: Exception) -> None:
        if len(batch) == 1:
            self._refuse(batch[0], [as_problem(refused)], getattr(refused, "then", ""))
            return
        half = len(batch) // 2
        self._add(batch[:half])
        self._add(batch[half:])

    def _keep(self, batch: Sequence[Taken], made: Sequence[Made]) -> None:
        """Which row is which record, and what was made by it."""
        main = {one.position: one.id for one in made if one.noun == self.kind.noun}
        insert_alike(
            SourceRow, {"company_id": self.of.company_id, "noun": self.kind.noun}, key=[one.key for one in batch],
            digest=[one.digest for one in batch], record=[main[place] for place in range(len(batch))],
        )  # fmt: skip
        self._note_made(batch, made)
        self.tally["created"] += len(batch)

    def _note_made(self, batch: Sequence[Taken], made: Sequence[Made]) -> None:
        """What was made by which row, for undoing it."""
        if not made:
            return
        insert_alike(
            ImportRow, {"import_id": self.of.pk}, line=[batch[one.position].lines[0] for one in made], noun=[one.noun for one in made],
            record=[one.id for one in made], version=[one.version for one in made],
            key=[batch[one.position].key if one.noun == self.kind.noun else "" for one in made],
        )  # fmt: skip

    # -- changing ----------------------------------------------------------------------------------

    def _edit(self, one: Taken, id: UUID, held: SourceRow | None) -> None:
        """Let one record that is there say what the row says."""
        try:
            with transaction.atomic():
                edited = self.writer.edit(one, id)
                self._note(one, id, held, edited)
        except Invalid as refused:
            self._refuse(one, refused.problems or [as_problem(refused)])
        except (DomainError, IntegrityError) as refused:
            self._refuse(one, [as_problem(refused)], getattr(refused, "then", ""))

    def _note(self, one: Taken, id: UUID, held: SourceRow | None, edited: tuple[Mapping[str, Any], int] | None) -> None:
        was = held.digest if held else ""
        if held is not None:
            held.digest = one.digest
            write([held], ("digest",), version=False)
        else:
            insert(
                [
                    SourceRow(
                        company_id=self.of.company_id, key=one.key, digest=one.digest, noun=self.kind.noun, record=id
                    )
                ]
            )
        if edited is None:
            self._count_known(one)
            return
        before, version = edited
        ImportRow.objects.filter(import_id=self.of.pk, record=id, line=one.line, is_new=False).delete()
        insert([
            ImportRow(
                import_id=self.of.pk, line=one.line, noun=self.kind.noun, record=id, version=version, key=one.key, is_new=False,
                before={"given": before, "digest": was},
            )
        ])  # fmt: skip
        self.tally["updated"] += 1

    # -- refusing ----------------------------------------------------------------------------------

    def _refuse(self, one: Taken, problems: Sequence[Problem], then: str = "") -> None:
        """Keep why a record is not in, at the first of its lines; every line of it counts."""
        self.tally["errors"] += len(one.lines)
        for line in one.lines:
            self.errors += [
                RowError(
                    of=self.of, line=line, column=head_of(problem.field, self.heads, self.kind)[:300],
                    code=problem.code[:60], text=problem.text,
                    then=then, params={name: str(value) for name, value in problem.params.items()},
                )
                for problem in problems
            ]  # fmt: skip

"""Checks of an installation's data: what cannot have come about by the product is a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection

from hetong.audit.sealer import check as check_journal
from hetong.billing.queries import money_checks, number_checks
from hetong.contracts.queries.doctor import stage_checks
from hetong.exchange.queries.doctor import package_checks
from hetong.files.queries import doctor_checks as check_files
from hetong.jobs.models import Outbox, Schedule, State
from hetong.kernel.nouns import nouns
from hetong.kernel.rows import KeyField
from hetong.search.checking import index_checks


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: which check, where, what."""

    check: str
    where: str
    what: str


def journal() -> Iterator[Finding]:
    """The chain of the journal is whole (trust B7)."""
    for found in check_journal():
        yield Finding("journal", found.where, found.what)


def folded_keys() -> Iterator[Finding]:
    """Every folded key is that of its text, so that lists sort and search rightly."""
    for entry in nouns():
        for key in entry.model._meta.concrete_fields:
            if not isinstance(key, KeyField):
                continue
            for row in entry.model._default_manager.iterator(chunk_size=2000):
                if getattr(row, key.attname) != key.refreshed(row):
                    yield Finding("folded_keys", f"{entry.key} {row.pk}", f"{key.attname} does not fit {key.source}")


def outbox() -> Iterator[Finding]:
    """Nothing waits for a person, nothing is stuck."""
    for row in Outbox.objects.filter(state=State.ATTENTION).iterator():
        yield Finding("outbox", f"{row.code} {row.subject}", f"{row.listener} needs attention: {row.error[:200]}")


def schedule() -> Iterator[Finding]:
    """Every recurring job's last run ended well."""
    for row in Schedule.objects.filter(is_ok=False):
        yield Finding("schedule", row.job, row.result[:200])


def foreign_keys() -> Iterator[Finding]:
    """No row points at one that is gone."""
    try:
        connection.check_constraints()
    except DatabaseError as broken:
        yield Finding("foreign_keys", "database", str(broken)[:300])


def stored_files() -> Iterator[Finding]:
    """Every stored file is there and unchanged, and none is there that nobody knows of (trust E6)."""
    for found in check_files():
        yield Finding("stored_files", found.key, f"{found.code}: {found.detail}")


def money() -> Iterator[Finding]:
    """Every sum of dues, invoices, payments and contracts equals its rows, to the last unit (trust A7)."""
    for found in money_checks():
        yield Finding("money", found.where, found.what)


def numbers() -> Iterator[Finding]:
    """No number of a gapless series is missing (trust A6)."""
    for found in number_checks():
        yield Finding("numbers", found.where, found.what)


def stages() -> Iterator[Finding]:
    """The amounts kept with the stages of plans are those that the plan comes to."""
    for where, what in stage_checks():
        yield Finding("stages", where, what)


def packages() -> Iterator[Finding]:
    """Every archived contract has its archive package, the one that the journal speaks of (trust B4)."""
    for where, what in package_checks():
        yield Finding("packages", where, what)


def search_index() -> Iterator[Finding]:
    """Every record is found by the words it holds now, and none by words that are gone."""
    for where, what in index_checks():
        yield Finding("search_index", where, what)


Check = Callable[[], Iterable[Finding]]
CHECKS: dict[str, Check] = {
    c.__name__: c
    for c in (
        journal,
        folded_keys,
        outbox,
        schedule,
        foreign_keys,
        stored_files,
        money,
        numbers,
        stages,
        packages,
        search_index,
    )
}


def run(names: Iterable[str] = ()) -> Iterator[tuple[str, list[Finding]]]:
    """Each check with its findings, in order."""
    for name in names or CHECKS:
        yield name, list(CHECKS[name]())


__all__ = ["CHECKS", "Finding", "run"]

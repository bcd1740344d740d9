"""Takes the demo out again, as a whole: its companies and people and everything that hangs on them; the journal stays.

What makes it the demo are its companies and its people. Whoever else's work hangs on them stops the removal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from hetong.accounts.models import Company, User
from hetong.accounts.services import bump_policy
from hetong.audit.events import DEMO_REMOVED
from hetong.audit.models import Entry
from hetong.audit.services import record
from hetong.files.gateways import storage
from hetong.files.models import Blob
from hetong.jobs.models import Outbox, State
from hetong.kernel.actors import Actor
from hetong.parties.models import Party, PartyTerms
from hetong.reference.models import Rate

from .crowding import chunks
from .people import COLLEAGUES, COMPANIES, DOMAIN, PEOPLE, PORTAL
from .rates import SOURCE

Model = type[models.Model]
MEANS_A_RECORD = frozenset({"subject", "record", "row", "page", "user", "owner", "import_id"})
"""Columns without a foreign key that hold the id of a record or a person."""
APART = frozenset({"audit"})
"""The journal is never edited."""
ROOTS: tuple[Model, ...] = (Company, User, Party)


class RealWork(Exception):
    """Work that is not the demo's hangs on it; each line says what."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@transaction.atomic
def remove() -> int:
    """Remove the demo, all or nothing; returns how many rows. Raises `RealWork`."""
    mine = _Mine()
    mine.follow()
    if lines := [*mine.hindrances(), *done_by_others(mine.ids[Company], mine.ids[User])]:
        raise RealWork(lines)
    blobs = mine.blobs()
    count = mine.take_out() + _take_out_blobs(blobs)
    _take_out(Rate, list(Rate.objects.filter(source=SOURCE).values_list("pk", flat=True)))
    _forget_waiting(mine.every())
    bump_policy(Actor.system(label="Demo"), ())
    record(Actor.system(label="Demo"), DEMO_REMOVED, rows=count)
    return count


def _models() -> Iterator[Model]:
    return (one for one in apps.get_models(include_auto_created=True) if one._meta.app_label not in APART)


class _Mine:
    """The rows that belong to the demo, by model, and those of others that refer to them."""

    def __init__(self) -> None:
        numbers = {one.org_no: one.name for one in COMPANIES}
        people = [f"{login}@{DOMAIN}" for login in (*(p.login for p in (*PEOPLE, *COLLEAGUES)), PORTAL[0])]
        companies = Company.objects.filter(org_no__in=numbers, name__in=numbers.values())
        ours = set(companies.values_list("pk", flat=True))
        self.ids: dict[Model, set[Any]] = defaultdict(set)
        self.ids[Company] = ours
        self.ids[User] = set(User.objects.filter(email__in=people).values_list("pk", flat=True))
        self.ids[Party] = set(PartyTerms.objects.filter(company__in=ours).values_list("party", flat=True))
        self.others: dict[Model, set[Any]] = defaultdict(set)

    def every(self) -> set[Any]:
        """The ids of all of them."""
        return set().union(*self.ids.values())

    def follow(self) -> None:
        """Find what hangs on them, and on that, until nothing more is found."""
        new = {model: set(ids) for model, ids in self.ids.items()}
        while new:
            found: dict[Model, set[Any]] = defaultdict(set)
            for model, name, ids in self._ways(new):
                for some in chunks(sorted(ids, key=str), 500):
                    rows = model._base_manager.filter(**{f"{name}__in": list(some)})
                    self._sort(model, rows, found)
            new = {model: ids for model, ids in found.items() if ids}

    def _ways(self, new: dict[Model, set[Any]]) -> Iterator[tuple[Model, str, set[Any]]]:
        """Which columns of which models may refer to the new rows."""
        loose = {one for ids in new.values() for one in ids if isinstance(one, UUID)}
        for model in _models():
            for column in model._meta.concrete_fields:
                if column.is_relation and column.related_model in new:
                    yield model, column.name, new[column.related_model]
                elif not column.primary_key and column.name in MEANS_A_RECORD and isinstance(column, models.UUIDField):
                    yield model, column.name, loose

    def _sort(self, model: Model, rows: models.QuerySet[Any], found: dict[Model, set[Any]]) -> None:
        """Rows of the demo are taken in; those of another company, or roots that are not the demo's, are somebody else's."""
        has_company = any(one.name == "company" and one.is_relation for one in model._meta.concrete_fields)
        pairs = (
            rows.values_list("pk", "company")
            if has_company
            else ((pk, None) for pk in rows.values_list("pk", flat=True))
        )
        for pk, company in pairs:
            if pk in self.ids[model]:
                continue
            if model in ROOTS or (company is not None and company not in self.ids[Company]):
                self.others[model].add(pk)
            else:
                self.ids[model].add(pk)
                found[model].add(pk)

    def hindrances(self) -> list[str]:
        """One line for each kind of record of others that refers to the demo's."""
        lines = []
        for model, ids in self.others.items():
            few = [_called(one) for one in model._base_manager.filter(pk__in=sorted(ids, key=str)[:3])]
            lines.append(
                f"{len(ids)} × {model._meta.verbose_name}: {', '.join(few)}{' …' if len(ids) > len(few) else ''}"
            )
        return lines

    def blobs(self) -> set[Any]:
        """The stored files that these rows name."""
        named: set[Any] = set()
        for model, column in _blob_columns():
            for some in chunks(sorted(self.ids[model], key=str), 500):
                named |= set(model._base_manager.filter(pk__in=some).values_list(column, flat=True))
        return named - {None}

    def take_out(self) -> int:
        """Delete them all; what refers to what is checked at the end of the transaction."""
        return sum(_take_out(model, ids) for model, ids in self.ids.items())


def _called(row: Any) -> str:
    """What people know a row by."""
    return next(
        (str(value) for name in ("title", "name", "label", "number") if (value := getattr(row, name, ""))), str(row.pk)
    )


def _take_out(model: Model, ids: Iterable[Any]) -> int:
    wanted = sorted(ids, key=str)
    for some in chunks(wanted, 500):
        rows = model._base_manager.filter(pk__in=some)
        rows._raw_delete(rows.db)  # noqa: SLF001  # type: ignore[attr-defined]  # deletes without asking what refers to the rows
    return len(wanted)


def _blob_columns() -> Iterator[tuple[Model, str]]:
    """Where stored files are named, apart from what was made of them."""
    for model in _models():
        for column in model._meta.concrete_fields:
            if column.related_model is Blob and model._meta.app_label != "files":
                yield model, column.name


def _take_out_blobs(ids: Collection[Any]) -> int:
    """Stored files that nothing names any more, with what was made of them; the files themselves go when this is kept."""
    used = {one for model, column in _blob_columns() for one in model._base_manager.values_list(column, flat=True)}
    gone: set[Any] = set(ids) - used
    count, mine = 0, [one for one in _models() if one._meta.app_label == "files" and one is not Blob]
    for model in mine:
        of = model._base_manager.filter(blob__in=list(gone))
        if any(one.name == "image" for one in model._meta.concrete_fields):
            gone |= set(of.exclude(image=None).values_list("image", flat=True))
        count += _take_out(model, list(of.values_list("pk", flat=True)))
    keys = list(Blob.objects.filter(pk__in=gone).values_list("sha256", flat=True))
    count += _take_out(Blob, gone)
    transaction.on_commit(partial(_remove_files, keys))
    return count


def _remove_files(keys: Sequence[str]) -> None:
    for key in keys:
        storage().remove(key)


def done_by_others(companies: Collection[Any], people: Collection[Any]) -> list[str]:
    """What people who are not the demo's did in its companies."""
    # allow: visibility — asked by whoever runs the installation
    acts = Entry.objects.filter(company__in=companies, actor_kind__in=("user", "token", "portal")).exclude(
        actor_id__in=people
    )
    by = Counter(acts.values_list("actor_label", flat=True))
    return [f"{count} × {who}" for who, count in sorted(by.items())]


def _forget_waiting(ids: set[Any]) -> None:
    """Consequences that still wait, of records that are gone."""
    names = {str(one) for one in ids}
    waiting = Outbox.objects.exclude(state=State.DONE)
    gone = [row.pk for row in waiting.iterator() if any(fact["id"] in names for fact in row.rows)]
    _take_out(Outbox, gone)

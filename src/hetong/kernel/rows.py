"""Writing rows: locking them in order, keeping their folded keys true, saving many in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import Model, QuerySet

from . import among as among  # the lookup is known wherever there are models
from .bulk import insert_rows, update_rows
from .errors import NotFound
from .ids import new_id
from .text import fold

M = TypeVar("M", bound=Model)


class IdField(models.UUIDField[Any, Any]):
    """A UUIDv7 primary key, made when the row is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(primary_key=True, default=new_id, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("primary_key", "default", "editable"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs


class KeyField(models.CharField[Any, Any]):
    """The folded companion of a text column: what the text sorts and matches on, bytewise on both engines.

    Filled from ``source`` whenever a row is inserted; `write` fills it on updates.
    """

    def __init__(self, source: str = "", *args: Any, **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", 600)
        kwargs.update(editable=False, blank=True, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "blank", "default"):
            kwargs.pop(fixed, None)
        return name, path, args, {"source": self.source, **kwargs}

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else "BINARY"
        return parameters

    def made_of(self, text: str) -> str:
        """The key of a text."""
        return fold(text)[: self.max_length]

    def refreshed(self, row: Model) -> str:
        """The key of the row's present text."""
        return self.made_of(str(getattr(row, self.source) or ""))

    def of_many(self, rows: Sequence[Model]) -> list[str]:
        """`refreshed` of many rows; of a text that they share it is made once."""
        texts = [str(getattr(row, self.source) or "") for row in rows]
        known = {text: self.made_of(text) for text in set(texts)}
        return [known[text] for text in texts]

    def pre_save(self, model_instance: Model, add: bool) -> str:
        key = self.refreshed(model_instance)
        setattr(model_instance, self.attname, key)
        return key


class MinorField(models.BigIntegerField[Any, Any]):
    """An amount in minor units of the currency beside it (öre, fen, cents); |amount| ≤ 10^15 by the model's check."""


class ScaledField(models.BigIntegerField[Any, Any]):
    """A scaled integer: price and quantity 10^-6, percent 10^-4, rate 10^-10; the register says which."""


def within_bounds(*columns: str) -> list[models.CheckConstraint]:
    """Constraints that keep money columns within ±10^15 minor units."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{c}__range": (-(10**15), 10**15)}), name=f"%(app_label)s_%(class)s_{c}"[:60]
        )
        for c in columns
    ]


def locked(rows: QuerySet[M], ids: Collection[UUID]) -> list[M]:
    """The rows of those ids, locked for this transaction in id order, returned in the order asked.

    Raises `NotFound` unless every id is among ``rows``, so that a batch is all or nothing; also where one went while
    its lock was waited for.
    """
    wanted = list(dict.fromkeys(ids))
    model = rows.model
    visible = set(rows.filter(pk__in=wanted).values_list("pk", flat=True))
    if len(visible) != len(wanted):
        raise NotFound(noun=model._meta.label_lower)
    plain = model._default_manager.filter(pk__in=wanted).order_by("pk")
    if connection.features.has_select_for_update:
        plain = plain.select_for_update(of=("self",), no_key=connection.features.has_select_for_no_key_update)
    found = {row.pk: row for row in plain}
    if len(found) != len(wanted):
        raise NotFound(noun=model._meta.label_lower)
    return [found[id] for id in wanted]


def insert(rows: Sequence[M]) -> None:
    """Insert many rows in few statements."""
    if rows and not insert_rows(rows):
        type(rows[0])._default_manager.bulk_create(rows, batch_size=500)


def write(rows: Iterable[M], names: Collection[str], *, version: bool = True) -> None:
    """Save the named columns of many rows in few statements; raises ``version`` by one unless told not to.

    Folded keys whose source is among ``names`` are refreshed with it.
    """
    changed = list(rows)
    if not changed:
        return
    model = type(changed[0])
    columns = set(names)
    for key in model._meta.concrete_fields:
        if isinstance(key, KeyField) and key.source in columns:
            columns.add(key.name)
            for row in changed:
                setattr(row, key.attname, key.refreshed(row))
    if version:
        columns.add("version")
        for row in changed:
            row.version += 1  # type: ignore[attr-defined]  # every noun has it
    if not update_rows(changed, columns):
        model._default_manager.bulk_update(changed, sorted(columns), batch_size=500)

"""Values of added fields: how they lie in a row's JSON column, and what they are in SQL.

Each lies under its field's name in canonical form: numbers and percents as scaled integers, amounts as
``{"minor", "currency"}``, texts as ``{"text", "key"}`` with their folded key, days in ISO form, records by id. What is
empty is not there. They are only ever compared through `Kept`, which gives each its own SQL type on both engines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    F,
    Func,
    Model,
    OuterRef,
    Subquery,
    TextField,
    UUIDField,
)

from .money import Money
from .text import fold

if TYPE_CHECKING:
    from .actors import Actor
    from .fields import Field

COLUMN = "custom"
LONGEST_KEY = 600
Held = Mapping[str, Any]


class Kept(Func):
    """One value in the JSON column as SQL of its own type; null where there is none.

    ``name`` and ``part`` are ours and plain letters, so that they may stand in the statement itself, where an index
    on the expression can be used.
    """

    TYPES = {
        "text": TextField, "integer": BigIntegerField, "flag": BooleanField, "date": DateField, "id": UUIDField, "code": CharField,
    }  # fmt: skip
    ON_POSTGRESQL = {
        "integer": "::bigint",
        "flag": "::boolean",
        "date": "::date",
        "id": "::uuid",
        "text": ' COLLATE "C"',
    }

    def __init__(self, name: str, sort: str, part: str = "", *, source: Any = COLUMN) -> None:
        if not (name.isascii() and name.isidentifier() and (part.isidentifier() or not part)):
            raise ValueError(name)
        self.name, self.sort, self.part = name, sort, part
        expression = F(source) if isinstance(source, str) else source
        super().__init__(expression, output_field=self.TYPES[sort]())

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        path = f'$."{self.name}"' + (f'."{self.part}"' if self.part else "")
        template = f"JSON_EXTRACT(%(expressions)s, '{path}')"
        if self.sort == "id":
            template = f"REPLACE({template}, '-', '')"
        if self.sort == "flag":
            template = f"COALESCE({template}, 0)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        path = f"{self.name},{self.part}" if self.part else self.name
        template = f"(%(expressions)s #>> '{{{path}}}'){self.ON_POSTGRESQL.get(self.sort, '')}"
        if self.sort == "flag":
            template = f"COALESCE({template}, FALSE)"
        return self.as_sql(compiler, connection, template=f"({template})", **more)


SORTS = {
    "text": ("text", "text"), "long_text": ("text", "text"), "number": ("integer", ""), "percent": ("integer", ""),
    "money": ("integer", "minor"), "date": ("date", ""), "flag": ("flag", ""), "choice": ("code", ""), "reference": ("id", ""),
}  # fmt: skip
"""By kind of field: the SQL type of its value, and the part of the kept value that it is."""


def value_of(name: str, kind: str) -> Kept:
    """The SQL value of an added field."""
    return Kept(name, *SORTS[kind])


def key_of(name: str) -> Kept:
    """The SQL value of a text's folded key."""
    return Kept(name, "text", "key")


def currency_of(name: str) -> Kept:
    """The SQL value of an amount's currency."""
    return Kept(name, "code", "currency")


def title_of(name: str, model: type[Model], column: str) -> Subquery:
    """What records named by an added field are sorted by: a column of theirs."""
    named = model._default_manager.filter(pk=Kept(name, "id", source=OuterRef(COLUMN)))
    return Subquery(named.values(column)[:1])


def packed(value: Any) -> Any:
    """A stored value (what `values.read` gives) as it lies in the column; None where it is empty."""
    match value:
        case None | "":
            return None
        case bool() | int():
            return value
        case str():
            return value
        case Money():
            return {"minor": value.minor, "currency": value.currency}
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def put(row: Model, one: Field, value: Any) -> None:
    """Set an added field's value on the row; nothing stays of one that is empty."""
    held: dict[str, Any] = dict(getattr(row, COLUMN) or {})
    found = packed(value)
    if isinstance(found, str) and one.kind in ("text", "long_text"):
        found = {"text": found, "key": fold(found)[:LONGEST_KEY]}
    if found is None:
        held.pop(one.name, None)
    else:
        held[one.name] = found
    setattr(row, COLUMN, held)


def taken(one: Field, raw: Held) -> Any:
    """The value in a raw row as its own column would give it: text, integer, `Money`, day, id; None where it is empty."""
    found = (raw.get(COLUMN) or {}).get(one.name)
    if found is None:
        return False if one.kind == "flag" else None
    match str(one.kind):
        case "text" | "long_text":
            return found["text"]
        case "money":
            return Money(found["minor"], found["currency"])
        case "date":
            return dt.date.fromisoformat(found)
        case "reference":
            return UUID(found)
        case _:
            return found


def titles(chosen: Iterable[Field], raws: Iterable[Held], actor: Actor) -> dict[str, Mapping[UUID, Any]]:
    """What the records that added fields name are called, by field and id; one query per noun named.

    Of records that are open to some only, those that this actor may know of.
    """
    from .nouns import noun
    from .values import is_unnamed

    wanted: dict[str, set[UUID]] = {}
    fields = [one for one in chosen if one.kept and one.to and not is_unnamed(one.to, actor)]
    for one in fields:
        wanted.setdefault(one.to, set()).update(id for raw in raws if (id := taken(one, raw)))
    found: dict[str, dict[UUID, Any]] = {}
    for key, ids in wanted.items():
        entry = noun(key)
        path = str(entry.register.fields[entry.register.heading].path)
        rows = entry.among(actor) if entry.can_view else entry.model._default_manager.all()
        found[key] = dict(rows.filter(pk__in=ids).values_list("pk", path)) if ids else {}
    return {one.name: found[one.to] for one in fields}

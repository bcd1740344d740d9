"""Ids to look among, said to the database in the way it answers fastest.

``id__among=ids``: rows of many ids asked for with one parameter; ``in`` makes each of them ready and writes it out.
``id__few=rows``: rows of the ids that a query gives, where these are few beside the rows they are looked up in.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Lookup, UUIDField


@UUIDField.register_lookup
class Among(Lookup[Any]):
    """The column holds one of the ids. Of a reference it is asked by the other record's key: ``party__pk__among``."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        ids = ",".join([f'"{id.int:032x}"' for id in self._ids()])
        return self._said(compiler, connection, "IN (SELECT value FROM json_each(%s))", f"[{ids}]")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self._said(compiler, connection, "= ANY(%s)", self._ids())

    def _ids(self) -> list[Any]:
        ids = list(self.rhs)
        if not ids:
            raise EmptyResultSet
        return ids

    def _said(self, compiler: Any, connection: Any, condition: str, ids: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} {condition}", [*params, ids]


@UUIDField.register_lookup
class Few(Lookup[Any]):
    """The column holds one of the ids that a query gives.

    PostgreSQL takes "or in" such a query for half of all rows and reads every row to find them; an array it looks up
    through the index, beside the other ways in.
    """

    lookup_name = "few"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self._said(compiler, connection, "IN %s")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self._said(compiler, connection, "= ANY(ARRAY%s)")

    def _said(self, compiler: Any, connection: Any, condition: str) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        ids, more = self.process_rhs(compiler, connection)
        return f"{column} {condition % ids}", (*params, *more)

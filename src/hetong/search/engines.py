"""The index as each engine keeps it, and a question in its language: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Both are made by the database from `SearchText.tokens` and hold the same words, so both find the same rows. PostgreSQL
keeps no places of words; that words of a phrase stand in a row is asked of the text itself, of the few rows that hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from .asking import Question, Run, Term
from .indexed import TEXT_CODE, Code

SHORTEST_OPEN: Final = 3
"""Letters from which on the beginning of a word is looked for in the text of files; shorter ones would be every word."""

_TABLE: Final = "search_searchtext"
_SQLITE: Final = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(tokens, content='search_searchtext', content_rowid='row_id', "
    "tokenize='ascii', columnsize=0, prefix='7 8')",
    "CREATE TRIGGER search_fts_insert AFTER INSERT ON search_searchtext BEGIN "
    "INSERT INTO search_fts(rowid, tokens) VALUES (NEW.row_id, NEW.tokens); END",
    "CREATE TRIGGER search_fts_delete AFTER DELETE ON search_searchtext BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', OLD.row_id, OLD.tokens); END",
    "CREATE TRIGGER search_fts_update AFTER UPDATE ON search_searchtext BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', OLD.row_id, OLD.tokens); "
    "INSERT INTO search_fts(rowid, tokens) VALUES (NEW.row_id, NEW.tokens); END",
)
_POSTGRESQL: Final = (
    f"ALTER TABLE {_TABLE} ADD COLUMN words tsvector NOT NULL "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED",
    f"CREATE INDEX search_words ON {_TABLE} USING gin (words)",
)


def install(wanted: BaseDatabaseWrapper) -> None:
    """Make the index; for the migration."""
    _run(wanted, _POSTGRESQL if wanted.vendor == "postgresql" else _SQLITE)


def remove(wanted: BaseDatabaseWrapper) -> None:
    """Take the index away."""
    if wanted.vendor == "postgresql":
        _run(wanted, ("DROP INDEX search_words", f"ALTER TABLE {_TABLE} DROP COLUMN words"))
    else:
        names = ("insert", "delete", "update")
        _run(wanted, (*(f"DROP TRIGGER search_fts_{name}" for name in names), "DROP TABLE search_fts"))


def _run(wanted: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with wanted.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@dataclass(frozen=True)
class Clause:
    """A part of a statement with its values. ``tables``: where rows (``r``) and what they hold come from, newest by ``order``."""

    tables: str
    condition: str
    values: tuple[Any, ...]
    order: str


def holding(question: Question, codes: tuple[Code, ...], *, has_text: bool, first: Sequence[Run] = ()) -> Clause | None:
    """The rows in which every wanted term stands behind one of the codes, and no unwanted one. None: no row can.

    ``first``: further words of which one must stand in them.
    """
    terms = [(term, list(_spellings(term, codes, has_text=has_text))) for term in question.terms]
    wanted = [found for term, found in terms if not term.is_not]
    if not wanted or not all(wanted):
        return None
    wanted += [list(first)] if first else []
    return _clause(wanted, [found for term, found in terms if term.is_not and found])


def beginning(question: Question, codes: tuple[Code, ...], start: str, *, has_text: bool) -> Clause | None:
    """Those of the same rows whose name begins with the question, or one of whose numbers is exactly it."""
    if not question.start:
        return None
    first = [Run((f"{start}{question.start}",))] if start else []
    if any(map(str.isdigit, question.start)):
        first += [Run((f"{code}{question.start}",), is_open=False) for c in codes for code in (c.exact, c.loose)]
    return holding(question, codes, has_text=has_text, first=first) if first else None


def _spellings(term: Term, codes: tuple[Code, ...], *, has_text: bool) -> Iterator[Run]:
    """The term behind every code it may stand behind."""
    for code in codes:
        for run in term.runs:
            yield _behind(code.exact, run)
        for run in term.loose:
            yield _behind(code.loose, run)
    if has_text:
        for run in term.runs:
            is_short = run.words[-1].isascii() and len(run.words[-1]) < SHORTEST_OPEN
            yield _behind(TEXT_CODE, Run(run.words, run.is_open and not is_short))


def _behind(code: str, run: Run) -> Run:
    return Run(tuple(f"{code}{word}" for word in run.words), run.is_open)


Groups = list[list[Run]]


def _clause(wanted: Groups, unwanted: Groups) -> Clause:
    return _postgresql(wanted, unwanted) if connection.vendor == "postgresql" else _sqlite(wanted, unwanted)


# -- SQLite --------------------------------------------------------------------------------------


def _sqlite(wanted: Groups, unwanted: Groups) -> Clause:
    every = " AND ".join(f"({_match(group)})" for group in wanted)
    none = "".join(f" NOT ({_match(group)})" for group in unwanted)
    tables = "search_fts f JOIN search_searchrow r ON r.id = f.rowid"
    return Clause(tables, "f.search_fts MATCH %s", (f"({every}){none}",), "f.rowid DESC")


def _match(group: list[Run]) -> str:
    return " OR ".join(f'"{" ".join(run.words)}"{"*" if run.is_open else ""}' for run in group)


# -- PostgreSQL ----------------------------------------------------------------------------------


def _postgresql(wanted: Groups, unwanted: Groups) -> Clause:
    query = [f"({' | '.join(map(_lexemes, group))})" for group in wanted]
    conditions, values = ["t.words @@ %s::tsquery"], list[Any]()
    for group in wanted:
        if any(len(run.words) > 1 for run in group):
            conditions.append(_STANDS)
            values.append([_pattern(run) for run in group])
    for group in unwanted:
        if any(len(run.words) > 1 for run in group):
            conditions.append(f"NOT {_STANDS}")
            values.append([_pattern(run) for run in group])
        else:
            query.append(f"!({' | '.join(map(_lexemes, group))})")
    tables = f"{_TABLE} t JOIN search_searchrow r ON r.id = t.row_id"
    return Clause(tables, " AND ".join(conditions), (" & ".join(query), *values), "r.id DESC")


_STANDS: Final = "((' ' || t.tokens || ' ') LIKE ANY (%s::text[]))"


def _lexemes(run: Run) -> str:
    marked = [f"'{word}'" for word in run.words]
    return f"({' & '.join(marked)}{':*' if run.is_open else ''})"


def _pattern(run: Run) -> str:
    """The words in a row. They hold letters and digits only, so nothing in them is a sign of patterns."""
    return f"% {' '.join(run.words)}{'%' if run.is_open else ' %'}"

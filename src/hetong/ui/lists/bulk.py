"""Changing one field of many rows: what would change, what is refused and why, then at once or as a job.

The selection is either ids or the list's own question, never a list of all ids that match.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError, Invalid, NotFound
from hetong.kernel.fields import Row
from hetong.kernel.ids import new_id
from hetong.kernel.nouns import Noun, noun
from hetong.ui.errors import problem_words, wording

from .question import ask, rows_of

AT_ONCE = 200
"""Above so many rows a bulk edit is a job."""
CHUNK = 100
"""Rows of one transaction: a chunk stays within the time a writer may hold the database."""
TASK = "ui.bulk_edit"


@dataclass(frozen=True)
class Selection:
    """Which rows: those ids, or all that answer ``query`` within what the list is fixed to."""

    key: str
    ids: tuple[UUID, ...] = ()
    query: str = ""
    fixed: str = ""
    is_all: bool = False

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """The selected rows this actor may see. Raises `NotFound` when the question cannot be answered any more."""
        entry = noun(self.key)
        if not self.is_all:
            return entry.visible_to(actor).filter(pk__in=self.ids)
        question = ask(actor, entry.register, self.query)
        if question.cannot_answer:
            raise NotFound(noun=self.key)
        return rows_of(actor, entry, self.fixed, question.where)

    def packed(self) -> dict[str, Any]:
        """The selection as a job keeps it."""
        return {
            "key": self.key,
            "ids": [str(id) for id in self.ids],
            "query": self.query,
            "fixed": self.fixed,
            "is_all": self.is_all,
        }

    @classmethod
    def unpacked(cls, stored: Mapping[str, Any]) -> Selection:
        return cls(**{**stored, "ids": tuple(UUID(id) for id in stored["ids"])})


@dataclass(frozen=True)
class Refused:
    """A row that cannot be changed, and why."""

    id: UUID
    title: str
    url: str
    why: str


@dataclass
class Outcome:
    """What a bulk edit did, or would do."""

    done: int = 0
    refused: list[Refused] = field(default_factory=list)


def edit_selected(
    actor: Actor,
    selection: Selection,
    given: Mapping[str, Any],
    *,
    locale: str = "",
    told: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Give every selected row the new values, chunk by chunk; rows that are refused are named and stay as they are.

    All chunks are one batch in the journal. ``told(done, total)`` hears the progress between chunks.
    """
    entry = noun(selection.key)
    ids = list(selection.rows(actor).order_by("pk").values_list("pk", flat=True))
    acting, outcome = replace(actor, batch=new_id()), Outcome()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        shown = {row.id: row for row in entry.register.show(actor, chunk, {entry.register.heading, *given})}
        _edit_chunk(acting, entry, chunk, given, locale, shown, outcome)
        if told is not None:
            told(min(start + CHUNK, len(ids)), len(ids))
    return outcome


def try_selected(
    actor: Actor, entry: Noun, ids: Sequence[UUID], given: Mapping[str, Any], *, locale: str = ""
) -> Outcome:
    """What `edit_selected` would do to those rows: the services run and are rolled back."""
    shown = {row.id: row for row in entry.register.show(actor, ids, {entry.register.heading, *given})}
    outcome = Outcome()
    with transaction.atomic():
        _edit_chunk(actor, entry, list(ids), given, locale, shown, outcome)
        transaction.set_rollback(True)
    return outcome


def _edit_chunk(
    actor: Actor,
    entry: Noun,
    ids: Sequence[UUID],
    given: Mapping[str, Any],
    locale: str,
    shown: Mapping[UUID, Row],
    outcome: Outcome,
) -> None:
    """Edit together the rows that may be edited; what the service refuses together is halved until the row is found."""
    open_to_me = []
    for id in ids:
        row = shown.get(id)
        if row is None or not all(row.editable(name) for name in given):
            outcome.refused.append(_refused(id, row, ""))
        else:
            open_to_me.append(id)
    _edit_or_split(actor, entry, open_to_me, given, locale, shown, outcome)


def _edit_or_split(
    actor: Actor,
    entry: Noun,
    ids: Sequence[UUID],
    given: Mapping[str, Any],
    locale: str,
    shown: Mapping[UUID, Row],
    outcome: Outcome,
) -> None:
    if not ids:
        return
    if entry.edit is None:
        raise LookupError(f"{entry.key} has no edit service in config/nouns.py")
    try:
        with transaction.atomic():
            entry.edit(actor, ids, given, locale=locale)
    except DomainError as refused:
        if len(ids) == 1:
            outcome.refused.append(_refused(ids[0], shown.get(ids[0]), why(refused)))
            return
        half = len(ids) // 2
        for part in (ids[:half], ids[half:]):
            _edit_or_split(actor, entry, part, given, locale, shown, outcome)
        return
    outcome.done += len(ids)


def _refused(id: UUID, row: Row | None, reason: str) -> Refused:
    return Refused(id, row.title if row else "", row.url if row else "", reason)


def why(error: DomainError) -> str:
    """A refusal in one line."""
    if isinstance(error, Invalid) and error.problems:
        return " ".join(problem_words(p) for p in error.problems)
    return wording(error)[0]


def run_bulk_edit(
    actor: Actor, handle: Any, *, selection: Mapping[str, Any], given: Mapping[str, Any], locale: str
) -> dict[str, Any]:
    """The job of a long bulk edit; the result counts what was done and names what was refused."""
    outcome = edit_selected(actor, Selection.unpacked(selection), given, locale=locale, told=handle.progress)
    return {
        "done": outcome.done,
        "refused_count": len(outcome.refused),
        "refused": [{"title": r.title, "url": r.url, "why": r.why} for r in outcome.refused[:200]],
    }

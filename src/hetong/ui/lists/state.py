"""A list as one reader asked for it: the question, the view it came from, and the addresses of what is next to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Register
from hetong.kernel.nouns import Noun, noun
from hetong.kernel.paging import DEFAULT_LIMIT, MOST, Lead, leading
from hetong.kernel.where import Where, ordering
from hetong.ui.http import Request
from hetong.ui.models import SavedView
from hetong.ui.queries import shown_views

from .question import Question, address, ask, columns_of, pairs_of, rows_of
from .table import Shipped, Table

PASSIVE = frozenset({"view", "cursor", "limit", "fragment", "format", "density", "layout"})
ALL = Shipped("all", _("All"))
SEAL = "hetong.ui.lists"


@dataclass(frozen=True)
class State:
    """Everything that a request to a list says."""

    actor: Actor
    table: Table
    path: str
    question: Question
    view: str = ""
    """Key of a shipped view or id of a saved one."""
    density: str = ""
    limit: int = DEFAULT_LIMIT
    cursor: str = ""
    saved: Sequence[SavedView] = field(default_factory=tuple)

    @property
    def where(self) -> Where:
        return self.question.where

    @cached_property
    def entry(self) -> Noun:
        return noun(self.table.noun)

    @property
    def register(self) -> Register:
        return self.entry.register

    @cached_property
    def columns(self) -> list[Field]:
        return columns_of(self.actor, self.register, self.table, self.where)

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows that answer; none while a condition is broken."""
        if self.question.cannot_answer:
            return QuerySet[Any](self.entry.model).none()
        return rows_of(self.actor, self.entry, self.table.fixed, self.where)

    def led(self) -> QuerySet[Any] | None:
        """The same rows asked one by one, for a first stretch that is known; None where words are looked for besides."""
        if self.where.text or self.question.cannot_answer:
            return None
        return rows_of(self.actor, self.entry, self.table.fixed, self.where, one_by_one=True)

    @cached_property
    def sort(self) -> tuple[tuple[str, bool], ...]:
        readable = {f.name for f in self.register.readable(self.actor)}
        return self.where.sort or tuple(s for s in self.table.default_sort() if s[0] in readable)

    def order(self) -> list[Any]:
        """What pages are ordered by: the group first, then the sort."""
        order = ordering(self.register, self.actor, [s for s in self.sort if s[0] != self.where.group])
        if not self.where.group:
            return order
        one = self.register.field(self.actor, self.where.group)
        down = next((d for name, d in self.sort if name == one.name), False)
        keyed = [("g_key", self.register.guarded(self.actor, one, one.key), down)] if one.key else []
        return [*keyed, ("g_value", self.register.guarded(self.actor, one), down), *order]

    def lead(self) -> Lead | None:
        """How the first rows of that order are known without looking at all."""
        return None if self.where.group else leading(self.register, self.actor, self.sort)

    # -- addresses -----------------------------------------------------------------------------

    def pairs(self, where: Where | None = None, *, broken: bool = True, view: bool = True) -> list[tuple[str, str]]:
        """The parameters that say this list again, in canonical order."""
        wanted = self.where if where is None else where
        asked = wanted.pairs()
        if broken:
            asked += self._broken_pairs()
        if not (wanted.conditions or wanted.text or (broken and self.question.cannot_answer)):
            asked.append(("view", "all"))  # without it the view's own conditions would come back
        elif view and self.view:
            asked.append(("view", self.view))
        if self.density:
            asked.append(("density", self.density))
        if self.limit != DEFAULT_LIMIT:
            asked.append(("limit", str(self.limit)))
        return asked

    def _broken_pairs(self) -> list[tuple[str, str]]:
        kept = [(b.key, b.value) for b in self.question.broken if b.narrows]
        for key in ("sort", "columns", "group"):
            gone = [b.value for b in self.question.broken if b.key == key]
            kept += [(key, ",".join(gone))] if gone and not getattr(self.where, key) else []
        return kept

    def url(self, where: Where | None = None, *more: tuple[str, str], broken: bool = True, view: bool = True) -> str:
        """The address of this list with another question, or with more parameters."""
        return address([*self.pairs(where, broken=broken, view=view), *more])

    @property
    def seal(self) -> str:
        """What the list is, signed, for the bulk bar: a reader must not widen what it is fixed to, nor what it allows."""
        return signing.dumps([self.table.noun, self.table.fixed, self.table.can_export], salt=SEAL)

    @property
    def query(self) -> str:
        """The question as a saved view keeps it, and as bulk edits and exports carry it."""
        return self.where.query()


def state_of(request: Request, table: Table) -> State:
    """What the request asks, its view written out. A view that is not this reader's is no view."""
    actor, register = request.actor, noun(table.noun).register
    saved = tuple(view for view in shown_views(actor) if view.path == request.path)
    own = [pair for pair in pairs_of(request.GET) if pair[0] not in PASSIVE and pair[1].strip()]
    key = request.GET.get("view", "") or ("" if own else _default(actor, table, saved))
    known = view_query(table, saved, key)
    if known is None:
        key, known = "", ""
    question = (
        _combined(ask(actor, register, _grouped(own)), ask(actor, register, known))
        if own
        else ask(actor, register, known)
    )
    return State(
        actor,
        table,
        request.path,
        question,
        key,
        density=_density(request),
        limit=_limit(request),
        cursor=request.GET.get("cursor", ""),
        saved=saved,
    )


def _combined(own: Question, view: Question) -> Question:
    """What the address asks itself, within the conditions of its view where it names none of its own."""
    if own.is_narrowed or own.cannot_answer:
        return own
    where = replace(
        view.where,
        sort=own.where.sort or view.where.sort,
        group=own.where.group or view.where.group,
        columns=own.where.columns or view.where.columns,
    )
    return Question(where, (*own.broken, *view.broken))


def shipped_views(table: Table) -> tuple[Shipped, ...]:
    """The views of the product for a list, with one that asks nothing."""
    return table.views if any(v.key == "all" for v in table.views) else (*table.views, ALL)


def view_query(table: Table, saved: Iterable[SavedView], key: str) -> str | None:
    """What a view asks; None when there is no such view for this reader."""
    shipped = next((v.query for v in shipped_views(table) if v.key == key), None)
    return shipped if shipped is not None else next((v.query for v in saved if str(v.pk) == key), None)


def _default(actor: Actor, table: Table, saved: Sequence[SavedView]) -> str:
    mine = next((v for v in saved if any(c.is_default for c in v.own_choices)), None)  # type: ignore[attr-defined]  # read with the views
    return str(mine.pk) if mine else table.default or "all"


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _density(request: Request) -> str:
    return "compact" if request.GET.get("density") == "compact" else ""


def _limit(request: Request) -> int:
    sent = request.GET.get("limit", "")
    return max(1, min(int(sent), MOST)) if sent.isdecimal() and len(sent) < 6 else DEFAULT_LIMIT


def as_uuid(text: str) -> UUID | None:
    """The id a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None

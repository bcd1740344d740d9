"""The views of a list as tabs: the product's own, then the reader's, their teams' and everyone's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hetong.kernel.errors import DomainError
from hetong.kernel.fields import Text
from hetong.ui.models import SavedView

from .question import ask, rows_of
from .state import State, shipped_views


@dataclass(frozen=True)
class ViewTab:
    """One view as a tab."""

    label: Text
    url: str
    is_current: bool = False
    count: int | None = None
    saved: SavedView | None = None
    is_pinned: bool = False
    is_default: bool = False


def tabs_of(state: State, *, counted: bool = False) -> list[ViewTab]:
    """The tabs; ``counted`` asks how many rows each has, one query per tab."""
    tabs = [
        ViewTab(v.label, f"?view={v.key}", state.view == v.key, _count(state, v.query) if counted else None)
        for v in shipped_views(state.table)
    ]
    for view in state.saved:
        choice: Any = next(iter(view.own_choices), None)  # type: ignore[attr-defined]  # prefetched with the views
        tabs.append(
            ViewTab(
                view.name,
                f"?view={view.pk}",
                state.view == str(view.pk),
                _count(state, view.query) if counted else None,
                view,
                bool(choice and choice.is_pinned),
                bool(choice and choice.is_default),
            )
        )
    return tabs


def _count(state: State, query: str) -> int | None:
    question = ask(state.actor, state.register, query)
    if question.cannot_answer:
        return None
    try:
        return rows_of(state.actor, state.entry, state.table.fixed, question.where).count()
    except DomainError:
        return None

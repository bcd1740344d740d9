"""The lists there are, found by looking at the answers of every address: on pages, and in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hetong.kernel.nouns import nouns
from hetong.ui.lists.state import State


class Lists:
    """What was found so far: the noun of each list by its address."""

    def __init__(self, rows: Mapping[str, Any]) -> None:
        """``rows``: a known record of each noun, by which a list of the API is recognised first."""
        self.rows = rows
        self.pages: dict[str, str] = {}
        self.programs: dict[str, str] = {}

    def note(self, address: str, answer: Any) -> None:
        """Keep the address if it answered with a list."""
        state = answer.context.get("state") if answer.context else None
        if isinstance(state, State):
            self.pages[address] = state.table.noun
        elif address.startswith("/api/") and answer.headers.get("content-type", "").startswith("application/json"):
            given = answer.json()
            items = given.get("items") if isinstance(given, dict) and "next" in given else None
            if items and (key := self._noun_of(items[0].get("id"))):
                self.programs[address] = key

    def _noun_of(self, id: Any) -> str:
        """The noun of the record with that id; empty where it is no record of a noun."""
        try:
            pk = UUID(str(id))
        except ValueError:
            return ""
        known = next((key for key, row in self.rows.items() if row.pk == pk), "")
        return known or next((e.key for e in nouns() if e.model._default_manager.filter(pk=pk).exists()), "")

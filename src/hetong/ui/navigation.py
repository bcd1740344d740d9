"""What appears where: the rail, the + New menu, and the panels that higher apps put on lower pages.

The tables stand in ``config/navigation.py``; this module holds their shape and builds them for a reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, QuerySet, Value
from django.urls import reverse

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Row, Text
from hetong.kernel.known import asked
from hetong.kernel.nouns import noun


@dataclass(frozen=True)
class Item:
    """An entry of the rail or of the + New menu; shown to those who hold one of ``can`` (empty: everyone)."""

    key: str
    label: Text
    url_name: str
    icon: str
    can: tuple[str, ...] = ()
    query: str = ""
    count: Callable[[Actor], QuerySet[Any, Any]] | None = None
    """The rows whose number stands beside the entry of the rail."""
    on_phone: bool = False
    about: Text = ""
    """One sentence on what is found there; shown in the settings."""


@dataclass(frozen=True)
class Group:
    """A group of the rail, in the order of the work."""

    label: Text
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Panel:
    """A tab on the card of some nouns, owned by a higher app: its view and address are that app's.

    ``on``: noun keys (``*`` for every noun with a page). ``url_name`` takes the arguments
    (section, id). ``count(actor, ids)``: how many, by record id, for the tab; as a query of (id, count) it is
    asked together with those of the other tabs, in one statement.
    """

    on: tuple[str, ...]
    key: str
    label: Text
    url_name: str
    can: tuple[str, ...] = ()
    count: Callable[[Actor, Sequence[UUID]], Mapping[UUID, int] | QuerySet[Any, Any]] | None = None
    is_counted_apart: bool = False
    """Whether ``count`` answers in numbers; else it gives what to ask, which follows from the reader and the ids alone."""
    order: int = 50
    is_own: bool = False
    """Whether the tab belongs to the noun's own app, whose addresses take the id alone."""
    is_file: bool = False
    """No tab, but a file made of the record: it stands in the menu of acts."""


@dataclass
class _Tables:
    groups: Sequence[Group] = ()
    create: Sequence[Item] = ()
    panels: Sequence[Panel] = field(default_factory=tuple)
    settings: Sequence[Group] = ()
    user_menu: Sequence[Item] = ()
    bell: Callable[[Actor], QuerySet[Any, Any]] | None = None
    lists: Mapping[str, Sequence[Item]] = field(default_factory=dict)


_tables = _Tables()


def install(
    groups: Sequence[Group], create: Sequence[Item], panels: Sequence[Panel],
    settings: Sequence[Group] = (), user_menu: Sequence[Item] = (),
    bell: Callable[[Actor], QuerySet[Any, Any]] | None = None, lists: Mapping[str, Sequence[Item]] | None = None,
) -> None:  # fmt: skip
    """Take config's tables; called once at start."""
    _tables.lists = lists or {}
    _tables.groups, _tables.create, _tables.panels = groups, create, panels
    _tables.settings, _tables.user_menu, _tables.bell = settings, user_menu, bell


@dataclass(frozen=True)
class Shown:
    """An entry ready to draw."""

    key: str
    label: Text
    url: str
    icon: str = ""
    count: int | None = None
    current: bool = False
    on_phone: bool = False
    about: Text = ""


def _allowed(actor: Actor, can: Iterable[str]) -> bool:
    wanted = tuple(can)
    return not wanted or any(actor.may(one) for one in wanted)


def _shown(item: Item, path: str, count: int | None = None) -> Shown:
    url = reverse(item.url_name)
    current = path == url if url == "/" else path.startswith(url)
    return Shown(item.key, item.label, url + item.query, item.icon, count, current, item.on_phone, item.about)


def rail(actor: Actor, path: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The groups of the rail for this reader, with the entry of ``path`` marked current, and what is `counted`."""
    return _groups(_tables.groups, actor, path, counts)


def rail_counts(actor: Actor) -> dict[str, QuerySet[Any, Any]]:
    """What stands behind the numbers of the rail, by entry."""
    items = (item for group in _tables.groups for item in group.items)
    return {item.key: item.count(actor) for item in items if item.count and _allowed(actor, item.can)}


def bell_counts(actor: Actor) -> dict[str, QuerySet[Any, Any]]:
    """What stands behind the number at the bell, beside background work that ended."""
    return {"bell": _tables.bell(actor)} if _tables.bell else {}


def counted(actor: Actor, name: str, parts: Callable[[], Mapping[str, QuerySet[Any, Any]]]) -> Counter[str]:
    """How many rows each part has, asked in one statement, which is kept under the name: it follows from the reader alone."""

    def written(_: UUID) -> QuerySet[Any, Any] | None:
        return _together([
            rows.order_by().annotate(part=Value(key, CharField())).values("part").annotate(n=Count("pk")).values_list("part", "n")
            for key, rows in parts().items()
        ])  # fmt: skip

    return Counter(dict(asked(actor, name, written)))


def _together(parts: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any] | None:
    """The rows of all parts; None without a part."""
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else next(iter(parts), None)


def settings(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The groups of the settings that this reader may open."""
    return _groups(_tables.settings, actor, path, {})


def user_menu(actor: Actor) -> list[Shown]:
    """The entries of the reader's own menu."""
    return [_shown(item, "") for item in _tables.user_menu if _allowed(actor, item.can)]


def _groups(groups: Sequence[Group], actor: Actor, path: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    shown = []
    for group in groups:
        items = [_shown(item, path, counts.get(item.key)) for item in group.items if _allowed(actor, item.can)]
        if items:
            shown.append({"label": group.label, "items": items})
    return shown


def create_menu(actor: Actor) -> list[Shown]:
    """The + New menu for this reader."""
    return [_shown(item, "") for item in _tables.create if _allowed(actor, item.can)]


def list_actions(actor: Actor, key: str) -> list[Shown]:
    """The buttons that higher apps put on the list of a noun, for this reader."""
    return [_shown(item, "") for item in _tables.lists.get(key, ()) if _allowed(actor, item.can)]


def _panels_of(actor: Actor, row: Row) -> list[Panel]:
    has_page = bool(noun(row.noun).section)
    on = [panel for panel in _tables.panels if row.noun in panel.on or ("*" in panel.on and has_page)]
    return [panel for panel in on if _allowed(actor, panel.can)]


def files(actor: Actor, row: Row) -> list[Shown]:
    """The files that this reader may have made of a record."""
    found = [panel for panel in _panels_of(actor, row) if panel.is_file]
    return [Shown(panel.key, panel.label, reverse(panel.url_name, args=[row.id]), "download") for panel in found]


def tabs(actor: Actor, row: Row, current: str) -> list[Shown]:
    """The tabs of a record's card for this reader, counts included, in their order."""
    entry = noun(row.noun)
    panels = [panel for panel in _panels_of(actor, row) if not panel.is_file]
    counts, shown = _counts(actor, row, panels), []
    for panel in sorted(panels, key=lambda p: p.order):
        count = counts[panel.key] if panel.count else None
        url = reverse(panel.url_name, args=[row.id] if panel.is_own else [entry.section, row.id])
        shown.append(Shown(panel.key, panel.label, url, "", count, panel.key == current))
    return shown


def _counts(actor: Actor, row: Row, panels: Sequence[Panel]) -> Counter[str]:
    """What each panel counts on one record, by its key; what they ask of the database is asked in one statement."""
    together = [panel for panel in panels if panel.count and not panel.is_counted_apart]

    def written(id: UUID) -> QuerySet[Any, Any] | None:
        counted: list[tuple[str, Any]] = [(panel.key, panel.count(actor, [id])) for panel in together if panel.count]
        return _together([
            rows.annotate(panel=Value(key, CharField())).values_list("panel", "count") for key, rows in counted
        ])  # fmt: skip

    name = ("ui.tabs", row.noun, *(panel.key for panel in together))
    counts = Counter(dict(asked(actor, name, written, row.id)))
    for panel in panels:
        if panel.count and panel.is_counted_apart:
            found: Any = panel.count(actor, [row.id])
            counts[panel.key] = found.get(row.id, 0)
    return counts

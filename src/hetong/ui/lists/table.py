"""What an app says of a list: which noun, which columns at first, which views it ships with."""

from __future__ import annotations

from dataclasses import dataclass

from hetong.kernel.fields import Text
from hetong.kernel.where import Where

ROLES = ("title", "second", "number", "status", "value", "next", "person")
"""What a column is on a phone, in the order in which `Table.phone` names the fields."""


@dataclass(frozen=True)
class Shipped:
    """A view that comes with the product; ``query`` is what its address asks."""

    key: str
    label: Text
    query: str = ""


@dataclass(frozen=True)
class Action:
    """A button of the list's head that leads elsewhere; shown to those who hold one of ``can``."""

    label: Text
    url_name: str
    icon: str = ""
    can: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A list of one noun.

    ``columns``: shown until the reader chooses others. ``views``: tabs that ship with the product; "All"
    is added where none of them asks nothing. ``default``: the key of the view the bare address shows
    (empty: all). ``sort``: order until the reader chooses. ``bulk``: fields offered in the bulk bar.
    ``new``: URL name of the page that adds one. ``fixed``: a query that always holds and is no chip (the
    kind of party a page is about). ``phone``: field names in the order of `ROLES`. ``total``: the money
    field the foot adds up (empty: the first visible one that has an aggregate); ``totals``: several of one
    currency, in that order, where one does not say enough.
    """

    noun: str
    columns: tuple[str, ...]
    views: tuple[Shipped, ...] = ()
    sort: str = ""
    bulk: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    new: str = ""
    new_label: Text = ""
    default: str = ""
    fixed: str = ""
    phone: tuple[str, ...] = ()
    total: str = ""
    totals: tuple[str, ...] = ()
    title: Text = ""
    template: str = "ui/lists/page.html"
    """An app's own page around the list; it extends this one."""
    can_export: str = ""
    """The permission that exporting needs; empty: whoever sees the list."""

    def role_of(self, name: str) -> str:
        """What the column is on a phone; empty where it does not show there."""
        return ROLES[self.phone.index(name)] if name in self.phone[: len(ROLES)] else ""

    def default_sort(self) -> tuple[tuple[str, bool], ...]:
        return Where.parse({"sort": self.sort}).sort

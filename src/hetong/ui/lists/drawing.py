"""The rows of a list as HTML.

Fifty rows of eight cells are most of a page, so what holds for a column is worked out once and a row is
joined from pieces; a template's nodes, asked cell by cell, took four times as long. Typed values are drawn
by ``ui.values``, which escapes; everything else is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe

from hetong.kernel.fields import Row
from hetong.ui import values
from hetong.ui.templatetags.ui import column_class

from .groups import Group


@dataclass
class Line:
    """One row; ``group`` stands before it where a new group begins."""

    row: Row
    group: Group | None = None


@dataclass(frozen=True)
class Cell:
    """How one column is drawn: as the link to the record, as a person's seal, or as its value."""

    name: str
    kind: str = ""
    is_link: bool = False
    as_person: bool = False

    def html(self, row: Row) -> str:
        """The inside of the cell; nothing at all where the reader may not see the field."""
        value = row.values.get(self.name)
        if self.is_link and row.url:
            return f'<a href="{escape(row.url)}" title="{escape(row.title)}">{self._value(row, value)}</a>'
        if self.as_person and value:
            return values.seal_html(str(value), named=True)
        return self._value(row, value)

    def _value(self, row: Row, value: Any) -> str:
        return values.shown(value, self.kind) if self.name in row.values else ""


def cell_html(row: Row, name: str, *, is_link: bool, as_person: bool) -> SafeString:
    """The inside of one cell, as `rows_html` draws it."""
    return _safe(Cell(name, values.kind_of(row, name), is_link, as_person).html(row))


def rows_html(lines: Sequence[Line], columns: Sequence[Mapping[str, Any]], *, is_editable: bool) -> SafeString:
    """The rows with the heads of their groups. ``is_editable``: the noun's fields can be changed where they stand."""
    draw = [_column_drawing(column, index == 0, is_editable) for index, column in enumerate(columns)]
    drawn = []
    for line in lines:
        if line.group:
            drawn.append(_group_html(line.group, len(columns) + 1))
        row = line.row
        may_edit = is_editable and row.may_edit
        drawn.append(_head_html(row) + "".join([one(row, may_edit) for one in draw]) + "</tr>\n")
    return _safe("".join(drawn))


def _column_drawing(column: Mapping[str, Any], is_first: bool, is_editable: bool) -> Callable[[Row, bool], str]:
    name, as_person = column["name"], column["role"] == "person"
    cell = Cell(name, column["kind"], column["is_link"], as_person)
    opening = f'<td role="cell" class="{column_class(column)}{" stay" if is_first else ""}"'
    can_write, how = column["write"] and is_editable, "?as=person" if as_person else ""

    def draw(row: Row, may_edit: bool) -> str:
        edit = ""
        if can_write and may_edit and name in row.values and row.editable(name):
            edit = f' data-edit="/cell/{row.noun}/{row.id}/{name}/{how}" tabindex="-1"'
        return f"{opening}{edit}>{cell.html(row)}</td>"

    return draw


def _head_html(row: Row) -> str:
    href = f' data-href="{escape(row.url)}"' if row.url else ""
    return (
        f'<tr role="row" data-row="{row.id}"{href}><td role="cell" class="c-chk"><span class="hit"><input '
        f'class="form-check-input" type="checkbox" name="id" form="bulk" value="{row.id}" '
        f'aria-label="{escape(row.title or "–")}"></span></td>'
    )


def _group_html(group: Group, span: int) -> str:
    headed: str = values.shown(group.value)
    if group.is_month:
        headed = f"{group.value:%Y-%m}" if group.value else "–"
    sums = "".join(f' <span class="group-sum">{values.shown(one.amounts[0])}</span>' for one in group.sums.lines)
    return (
        f'<tr class="group-row" role="row"><th colspan="{span}" scope="rowgroup" role="rowheader">{headed} '
        f'<span class="faint">{localize(group.sums.count)}</span>{sums}</th></tr>\n'
    )


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - every part was escaped

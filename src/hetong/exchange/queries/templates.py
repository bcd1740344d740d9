"""An empty file for each kind of import: its columns in the reader's language, what is needed first."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import IO, Any

from django.utils.translation import gettext as _

from hetong.exchange.importing import Column, Kind
from hetong.kernel.fields import Kind as FieldKind
from hetong.ui.lists.sheets import safe_text


def head_of(column: Column) -> str:
    """The head under which a template asks for the column, and that an import knows again."""
    return f"{column.part} {column.label}" if column.part else str(column.label)


def template_csv(kind: Kind) -> bytes:
    """The heads alone, with the byte order mark by which spreadsheets know UTF-8."""
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow([safe_text(head_of(column)) for column in kind.columns])
    return b"\xef\xbb\xbf" + held.getvalue().encode()


def template_xlsx(kind: Kind, target: IO[bytes]) -> None:
    """A sheet with the heads, and one that says what each column holds."""
    import xlsxwriter  # takes a while to load

    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet, about = book.add_worksheet(_("Rows")), book.add_worksheet(_("Columns"))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(kind.columns):
            sheet.write_string(0, place, head_of(column), bold)
            sheet.set_column(place, place, max(12, min(40, len(head_of(column)) + 2)))
        for place, head in enumerate((_("Column"), _("Needed"), _("Holds"))):
            about.write_string(0, place, head, bold)
        about.set_column(0, 0, 32)
        about.set_column(2, 2, 70)
        for line, column in enumerate(kind.columns, start=1):
            for place, text in enumerate(_about(kind, column)):
                about.write_string(line, place, text, wrapped)


def _about(kind: Kind, column: Column) -> Sequence[str]:
    is_needed = column.name in kind.needs or any(column.name in group for group in kind.one_of)
    return head_of(column), _("yes") if is_needed else "", _holds(column)


def _holds(column: Column) -> str:
    """What a cell of the column may say, in words."""
    one = column.one
    if one.choices is not None:
        offered: list[Any] = list(one.choices())[:40]
        return _("One of: %(choices)s") % {"choices": ", ".join(str(choice.label) for choice in offered)}
    words = {
        FieldKind.DATE: _("A day, such as 2026-12-31"),
        FieldKind.MONEY: _("An amount, such as 1234.50 or SEK 1234.50"),
        FieldKind.NUMBER: _("A number, such as 12.5"),
        FieldKind.PERCENT: _("A percentage, such as 25"),
        FieldKind.FLAG: _("yes or no"),
        FieldKind.REFERENCE: _("The name or number of a record that is there already"),
    }
    if one.kind in words:
        return words[one.kind]
    return _("Text, at most %(n)s characters") % {"n": one.max_length} if one.max_length else _("Text")

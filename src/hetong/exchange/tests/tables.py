"""Builders of the tests of tables: workbooks, and what is read from a file."""

from __future__ import annotations

from pathlib import Path

from hetong.exchange.reading import Reading, guess_reading, read_table
from hetong.files.testing import make_zip

SPACE = "http://schemas.openxmlformats.org"
TYPES = f'<Types xmlns="{SPACE}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'


def make_xlsx(rows: str, **more: bytes | str) -> bytes:
    """A workbook of one sheet with these rows, as XML."""
    related = f"{SPACE}/officeDocument/2006/relationships"

    def link(kind: str, target: str) -> str:
        one = f'<Relationship Id="r1" Type="{related}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{SPACE}/package/2006/relationships">{one}</Relationships>'

    sheets = '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": link("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{SPACE}/spreadsheetml/2006/main" xmlns:r="{related}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": link("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPACE}/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>',
    }
    return make_zip(parts | more)


def read(path: Path, reading: Reading | None = None) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    table = read_table(path, path.name, reading or guess_reading(path, path.name))
    return table.columns, list(table.rows)

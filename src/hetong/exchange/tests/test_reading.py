from __future__ import annotations

import csv
import io
import json
import resource
import string
import time
import tracemalloc
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hetong.exchange.reading import (
    Reading,
    SheetRefused,
    UnknownReading,
    from_json,
    guess_reading,
    judge,
    preview,
    read_table,
    sheet_names,
    to_json,
)
from hetong.exchange.reading.errors import (
    BrokenQuotes,
    BrokenSheet,
    DangerousSheet,
    EmptySheet,
    HoldsNul,
    LineTooLong,
    NoSuchLine,
    NoSuchSheet,
    NotATable,
    ProtectedSheet,
    TooManyColumns,
    WrongEncoding,
)
from hetong.exchange.reading.tables import name_columns
from hetong.files.testing import make_docx, make_pdf, make_zip
from hetong.ui.lists.sheets import plain_text

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


@pytest.fixture
def put(tmp_path: Path):
    def put(content: bytes | str, name: str = "a.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


def read(path: Path, reading: Reading | None = None) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    table = read_table(path, path.name, reading or guess_reading(path, path.name))
    return table.columns, list(table.rows)


# -- what is guessed -------------------------------------------------------------------------------

SWEDISH = (
    "Namn;Ort;Belopp\nÅströms Åkeri AB;Örnsköldsvik;1 234,50\nKött & Färs;Hässleholm;99,00\nCafé Malmö;Åmål;0,50\n"
)
CHINESE = "合同编号,客户名称,金额\nHT-1,北京华信科技有限公司,1200.50\nHT-2,上海东方贸易公司,88.00\n"
TRADITIONAL = "合約編號,客戶名稱,金額\nHT-1,臺北資訊股份有限公司,1200.50\nHT-2,高雄貿易公司,88.00\n"
JAPANESE = "契約番号,取引先,金額\nA-1,株式会社テスト,1200\nA-2,ひまわり商事,88\n"


@pytest.mark.parametrize(
    ("text", "encoding", "guessed"),
    [
        (SWEDISH, "utf-8", "utf-8"),
        (SWEDISH, "utf-8-sig", "utf-8"),
        (SWEDISH, "cp1252", "cp1252"),
        (SWEDISH, "latin-1", "cp1252"),
        (SWEDISH, "cp437", "cp437"),
        (SWEDISH, "utf-16", "utf-16"),
        (SWEDISH, "utf-16-le", "utf-16-le"),
        (SWEDISH, "utf-16-be", "utf-16-be"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (JAPANESE, "cp932", "cp932"),
        (JAPANESE, "euc-jp", "euc-jp"),
        ("plain,ascii\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_an_encoding_is_recognised_and_read_to_the_same_text(put, text: str, encoding: str, guessed: str):
    path = put(text.encode(encoding))
    assert guess_reading(path, path.name).encoding == guessed
    columns, rows = read(path)
    assert [list(columns), *(list(cells) for _line, cells in rows)] == [
        line.split(";" if ";" in line else ",") for line in text.splitlines()
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_delimiter_is_recognised_with_every_kind_of_line_end(put, mark: str, end: str):
    lines = [["No", "Name, full", "City"], ["1", "Acme; Sons", "Växjö"], ["2", "A|B", "Åmål"]]
    path = put(end.join(mark.join(f'"{cell}"' for cell in line) for line in lines) + end)
    columns, rows = read(path)
    assert [list(columns), *(list(cells) for _line, cells in rows)] == lines
    assert [line for line, _cells in rows] == [2, 3]


def test_the_hint_for_excel_is_obeyed_and_is_no_header(put):
    path = put("sep=;\nA;B\n1,5;x, y\n")
    assert read(path) == (("A", "B"), [(3, ("1,5", "x, y"))])


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Name,City\nA,B\n", 1),
        ("1,A\n2,B\n", 0),
        ("\n\nName,No\nA,1\n", 3),
        ("List of customers 2026,,\n,,\nName,City,No\nA,B,1\nC,D,2\n", 3),
        ("Name,2024,2025\nA,10.5,20\nB,30,40\n", 1),
        ("A-1,2026-01-01,5\nA-2,2026-01-02,6\n", 0),
    ],
)
def test_the_line_with_the_names_is_found(put, text: str, header: int):
    assert guess_reading(put(text), "a.csv").header == header


@pytest.mark.parametrize(
    ("cells", "decimal", "dates"),
    [
        (["2026-12-31", "1234.50"], ".", "iso"),
        (["31.12.2026", "1.234,50"], ",", "dmy"),
        (["12/31/2026", "1,234.50"], ".", "mdy"),
        (["31/12/2026", "1 234,5"], ",", "dmy"),
        (["2026/12/31", "1234"], ".", "ymd"),
        (["2026年12月31日", "1234"], ".", "ymd"),
        (["31-12-26", "12,75"], ",", "dmy"),
    ],
)
def test_how_days_and_numbers_are_written_is_seen(put, cells: list[str], decimal: str, dates: str):
    reading = guess_reading(put("Day;Amount\n" + ";".join(cells) + "\n"), "a.csv")
    assert (reading.decimal, reading.dates) == (decimal, dates)


def test_columns_have_names_and_each_its_own():
    assert name_columns(["id", "", "id", " a\n b ", "id", "id (2)"]) == (
        "id",
        "#2",
        "id (2)",
        "a b",
        "id (3)",
        "id (2) (2)",
    )


def test_what_a_person_chose_is_kept_as_it_was():
    reading = Reading("Blad 1", "cp437", ";", "", 7, ",", "dmy")
    assert from_json(json.loads(json.dumps(to_json(reading)))) == reading
    assert from_json({}) == Reading()


@pytest.mark.parametrize(
    "sent", [{"encoding": "zip"}, {"delimiter": "ab"}, {"header": "-1"}, {"header": "x"}, {"dates": 5}, {"quote": "(("}]
)
def test_what_is_no_choice_is_refused(sent: dict[str, object]):
    with pytest.raises(UnknownReading):
        from_json(sent)


# -- what is read ----------------------------------------------------------------------------------


def test_a_short_line_is_filled_and_a_long_one_shows(put):
    columns, rows = read(put("a,b,c\n1\n1,2,3,,\n1,2,3,4\n,,\n"), Reading(delimiter=","))
    assert columns == ("a", "b", "c")
    assert rows == [(2, ("1", "", "")), (3, ("1", "2", "3")), (4, ("1", "2", "3", "4"))]


def test_a_row_is_known_by_the_line_it_begins_on(put):
    _columns, rows = read(put('a,b\n1,"x\ny\r\nz"\n\n2,w\n'))
    assert rows == [(2, ("1", "x\ny\r\nz")), (6, ("2", "w"))]


def test_marks_of_several_characters_divide_cells_that_hold_line_ends(put):
    path = put("1+|a\tb+|<x>\n</x>&|\n2+|c+|&|\n")
    assert read(path) == (("#1", "#2", "#3"), [(1, ("1", "a\tb", "<x>\n</x>")), (3, ("2", "c", ""))])


def test_the_end_mark_of_old_programs_is_no_row(put):
    assert read(put(b"a,b\r\n1,2\r\n\x1a"))[1] == [(2, ("1", "2"))]


def test_what_an_export_guarded_comes_back_bare(put):
    _columns, rows = read(put("a,b,c\n'=1+1,'-5,it's\n'plain,''=x,'\n"))
    assert [cells for _line, cells in rows] == [("=1+1", "-5", "it's"), ("'plain", "'=x", "'")]


def test_cells_of_a_workbook_are_plain_text(put):
    rows = (
        '<row r="1"><c r="A1" t="str"><v>Name</v></c><c r="B1" t="str"><v>No</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>CMD|x!A0</f><v>=hej</v></c><c r="B3"><v>1234.5</v></c></row>'
        '<row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4"><v>1E+21</v></c><c r="C4"><v>0.1</v></c></row>'
    )
    path = put(make_xlsx(rows), "a.xlsx")
    assert sheet_names(path, path.name) == ("A",)
    assert read(path) == (("Name", "No", "#3"), [(3, ("=hej", "1234.5", "")), (4, ("true", "1" + "0" * 21, "0.1"))])


def test_a_text_called_xls_is_read_as_the_text_it_is(put):
    assert read(put("a\tb\n1\t2\n", "old.xls")) == (("a", "b"), [(2, ("1", "2"))])


def test_a_preview_shows_the_first_rows_and_what_stands_above(put):
    path = put("Customers\n\nName,No\n" + "".join(f"N{n},{n}\n" for n in range(500)))
    shown = preview(path, path.name, guess_reading(path, path.name), 5)
    assert shown.columns == ("Name", "No")
    assert shown.rows[0] == (4, ("N0", "0"))
    assert len(shown.rows) == 5
    assert shown.above[0] == (1, ("Customers",))


def test_a_file_kept_for_import_is_judged_as_a_table(put):
    assert judge(put("a;b\n", "a.csv"), "a.csv").media_type == "text/plain"
    with pytest.raises(NotATable):
        judge(put(make_pdf(), "a.csv"), "a.csv")


# -- what is refused (trust E1, E5, F1, J2) --------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "error", "line"),
    [
        (b"", "a.csv", EmptySheet, None),
        (b"\n\r\n , ,\n", "a.csv", EmptySheet, None),
        (make_pdf(), "a.csv", NotATable, None),
        (make_docx("a"), "a.xlsx", NotATable, None),
        (b"MZ\x90\x00program", "a.csv", NotATable, None),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", NotATable, None),
        (b'[{"a": 1}]', "a.json", NotATable, None),
        (bytes(range(256)) * 40, "a.csv", NotATable, None),
        (b"a,b\n1,2\n3,\x00\n", "a.csv", HoldsNul, 3),
        (b'a,b\n1,"2" 3\n', "a.csv", None, None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", ProtectedSheet, None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", NotATable, None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") * 99, "a.xls", BrokenSheet, None),
        (make_zip({"[Content_Types].xml": TYPES, "xl/workbook.xml": "<x/>"}), "a.xlsx", BrokenSheet, None),
        (make_xlsx("")[:-200], "a.xlsx", DangerousSheet, None),
        (make_xlsx(""), "a.xlsx", EmptySheet, None),
        (make_xlsx("", **{"xl/vbaProject.bin": b"x"}), "a.xlsx", DangerousSheet, None),
        (make_xlsx("", **{"../../evil": b"x"}), "a.xlsx", DangerousSheet, None),
        (make_xlsx("", **{"inner.zip": b"x"}), "a.xlsx", DangerousSheet, None),
        (make_xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'), "a.xlsx",
         BrokenSheet, None),
    ],
)  # fmt: skip
def test_what_holds_no_table_is_refused_in_words(
    put, content: bytes, name: str, error: type[SheetRefused] | None, line: int | None
):
    path = put(content, name)
    if error is None:
        assert guess_reading(path, name).quote == ""
        return
    with pytest.raises(error) as refused:
        read(path)
    assert refused.value.params["name"] == name
    assert refused.value.params.get("line") == line
    assert name in refused.value.text % refused.value.params


@pytest.mark.parametrize(
    ("text", "reading", "error", "line"),
    [
        ('a,b\n1,"2\n3,4\n', Reading(delimiter=","), BrokenQuotes, 2),
        ('a,b\n1,2\n3,"4"5\n', Reading(delimiter=","), BrokenQuotes, 3),
        ("a,b\n1,2\n", Reading(delimiter=",", header=9), NoSuchLine, 9),
        ("a,b\n\n1,2\n", Reading(delimiter=",", header=2), NoSuchLine, 2),
        ("a,b\n" + "," * 3000 + "x\n", Reading(delimiter=","), TooManyColumns, 2),
        ("a,b\n1,2\n" + "x" * 1_000_001, Reading(delimiter=","), LineTooLong, 3),
        ("a,b\n1," + "x" * 200_000 + "\n", Reading(delimiter=","), LineTooLong, 2),
        ("a,b\n1,2\nå,ä\n", Reading(encoding="cp932", delimiter=","), WrongEncoding, 3),
    ],
)
def test_a_line_that_cannot_be_read_is_named(put, text: str, reading: Reading, error: type[SheetRefused], line: int):
    with pytest.raises(error) as refused:
        read(put(text.encode("latin-1")), reading)
    assert (refused.value.params["line"], refused.value.params["name"]) == (line, "a.csv")


def test_a_damaged_byte_far_down_is_named_and_not_read_as_something_else(put):
    lines = [f"Ås {n},Örebro\n".encode() for n in range(20_000)]
    lines[15_000] = b"\xe5s,\xd6rebro\n"
    path = put(b"Namn,Ort\n" + b"".join(lines))
    reading = guess_reading(path, path.name)
    assert reading.encoding == "utf-8"
    with pytest.raises(WrongEncoding) as refused:
        read(path, reading)
    assert refused.value.params["line"] == 15_002


def test_a_sheet_that_is_not_there_is_refused(put):
    path = put(make_xlsx('<row r="1"><c r="A1"><v>1</v></c></row>'), "a.xlsx")
    with pytest.raises(NoSuchSheet):
        read(path, Reading(sheet="B"))


def _timed(act) -> float:
    started = time.process_time()
    with pytest.raises(SheetRefused):
        act()
    return time.process_time() - started


def test_e1_bombs_are_refused_before_anything_is_unpacked(put):
    """A kilobyte that unpacks to 200 MB, and 100,000 entries: judged by the directory alone."""
    blown = put(make_xlsx("", **{"xl/media/x.bin": b"\0" * 200_000_000}), "a.xlsx")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(100_000):
            archive.writestr(f"{number}", b"")
    many = put(held.getvalue(), "b.xlsx")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert _timed(lambda: guess_reading(blown, "a.xlsx")) < 1
    assert _timed(lambda: guess_reading(many, "b.xlsx")) < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_repeated_cells_break_the_child_and_nothing_else(put):
    """Cells that an OpenDocument sheet repeats a million times, with entities and formulas around them."""
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="1000000"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    sheet = f'<office:spreadsheet><table:table table:name="A">{row}</table:table></office:spreadsheet>'
    body = f"<office:document-content {names}><office:body>{sheet}</office:body></office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    path = put(
        make_zip({"mimetype": kind, "content.xml": body, "META-INF/manifest.xml": "<m/>"}, stored=("mimetype",)),
        "a.ods",
    )
    with pytest.raises(BrokenSheet):
        read(path)


def test_fifty_megabytes_of_one_line_are_refused_without_being_held(put):
    path = put(b"a" * 50_000_000)
    tracemalloc.start()
    with pytest.raises(LineTooLong) as refused:
        guess_reading(path, path.name)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.params["line"] == 1
    assert peak < 20_000_000


def test_a_quote_that_never_ends_is_refused_without_reading_on(put):
    path = put(b'a,b\n1,"' + b"x\n" * 10_000_000)
    with pytest.raises(LineTooLong) as refused:
        read(path, Reading(delimiter=","))
    assert refused.value.params["line"] == 2


def test_memory_does_not_grow_with_a_text_file(put):
    path = put(b"no,name,amount\n" + b"".join(b"%d,Customer %d,12.50\n" % (n, n) for n in range(100_000)))
    reading = guess_reading(path, path.name)
    tracemalloc.start()
    count = sum(1 for _row in read_table(path, path.name, reading).rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 2_000_000


# -- any input (trust J2) --------------------------------------------------------------------------

CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\t\n\r", exclude_characters="\ufeff"),
    max_size=12,
)


@given(content=st.binary(max_size=400) | st.text(string.printable + "åäö合同", max_size=200).map(str.encode))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_do_harm(tmp_path: Path, content: bytes):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with suppress(SheetRefused):
        table = read_table(path, path.name, guess_reading(path, path.name))
        for _line, cells in table.rows:
            assert len(cells) >= len(table.columns)
            assert any(cell.strip() for cell in cells)


@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_plain_writer_writes_is_read_as_it_was(tmp_path: Path, rows: list[list[str]]):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    reading = replace(Reading(), encoding="utf-8", delimiter=",")
    kept = [tuple(plain_text(cell) for cell in row) for row in rows]
    assert [cells for _line, cells in read_table(path, path.name, reading).rows] == [
        cells for cells in kept if any(cell.strip() for cell in cells)
    ]

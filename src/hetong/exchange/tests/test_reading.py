from __future__ import annotations

import csv
import json
import string
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
    NotATable,
)
from hetong.exchange.reading.tables import name_columns
from hetong.files.testing import make_pdf
from hetong.ui.lists.sheets import plain_text

from .tables import make_xlsx, read

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
        ("sep=,\nName,City\nA,B\n", 2),
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
        (["1 234,50 kr", "Ramavtal 2026"], ",", "iso"),
        (["SEK 12,5", "€ 3,75"], ",", "iso"),
        (["1,234.50 kr"], ".", "iso"),
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

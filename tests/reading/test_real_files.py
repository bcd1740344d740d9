"""Every file of tests/data/csv is read to what was reviewed, or refused with file, line and reason (issue 5, point 2)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from hetong.exchange.reading import SheetRefused, guess_reading, read_table
from hetong.kernel.errors import N_
from tests.reading.shapes import DATA, EXPECTED, files, shape

SHAPES = json.loads(EXPECTED.read_text(encoding="utf-8"))
SPECTRUM = sorted((DATA / "csv-spectrum" / "csvs").glob("*.csv"))
ENCODINGS = DATA / "encodings"


def content(path: Path) -> list[tuple[str, ...]]:
    table = read_table(path, path.name, guess_reading(path, path.name))
    return [table.columns, *(cells for _line, cells in table.rows)]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(DATA)))
def test_a_file_is_read_to_what_was_reviewed(path: Path):
    assert shape(path) == SHAPES[str(path.relative_to(DATA))]


def test_no_file_is_left_out():
    assert set(SHAPES) == {str(path.relative_to(DATA)) for path in files()}


@pytest.mark.parametrize(
    "path", [p for p in files() if "refused" in SHAPES[str(p.relative_to(DATA))]], ids=lambda p: p.name
)
def test_a_refusal_names_the_file_the_reason_and_what_now(path: Path):
    with pytest.raises(SheetRefused) as refused:
        list(read_table(path, path.name, guess_reading(path, path.name)).rows)
    assert path.name in refused.value.text % refused.value.params
    assert refused.value.then != N_("")


@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_the_spectrum_is_read_to_its_own_content(path: Path):
    told = json.loads((path.parent.parent / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    columns, *rows = content(path)
    assert [dict(zip(columns, row, strict=True)) for row in rows] == told


def test_the_same_table_is_the_same_in_every_format(tmp_path: Path):
    tables = {ending: content(DATA / "frictionless" / f"table.{ending}") for ending in ("tsv", "xls", "xlsx", "ods")}
    assert tables["tsv"].pop() == ("3", "\\N")  # the one row that only this file has
    plain = tmp_path / "table.csv"
    plain.write_text("id,name\n1,english\n2,中国人\n", encoding="utf-8")
    assert {json.dumps(one) for one in (*tables.values(), content(plain))} == {json.dumps(tables["xlsx"])}


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("chinook_customer_cp1252_semicolon.csv", "chinook_customer_utf8_comma.csv"),
        ("cn_areas_gbk.csv", "cn_areas_utf8.csv"),
        ("cn_areas_utf16le_bom.csv", "cn_areas_utf8.csv"),
        ("cn_areas_utf16le_tab.txt", "cn_areas_utf8.csv"),
        ("cn_areas_utf8bom.csv", "cn_areas_utf8.csv"),
        ("jp_procurement_cp932.csv", "jp_procurement_utf8.csv"),
    ],
)
def test_a_file_in_another_encoding_equals_its_twin(name: str, twin: str):
    assert content(ENCODINGS / name) == content(ENCODINGS / twin)


def test_decimal_commas_and_days_first_are_seen():
    path = ENCODINGS / "chinook_invoice_decimalcomma_ddmmyyyy_cp1252.csv"
    reading = guess_reading(path, path.name)
    assert (reading.delimiter, reading.encoding, reading.decimal, reading.dates) == (";", "cp1252", ",", "dmy")
    totals = [cells[-1] for _line, cells in read_table(path, path.name, reading).rows]
    assert (len(totals), sum(int(total.replace(",", "")) for total in totals)) == (412, 232860)


def test_latin_1_equals_utf_8():
    one, other = (content(DATA / "csvkit" / "examples" / name) for name in ("test_latin1.csv", "test_utf8.csv"))
    assert (one[2][2], other[2][2]) == ("©", "ʤ")
    assert one[1] == other[1] == ("1", "2", "3")


def test_the_samples_of_microsoft_keep_their_columns():
    columns = json.loads((DATA / "adventureworks" / "columns.json").read_text())
    for path in sorted((DATA / "adventureworks").glob("*.csv")):
        told = SHAPES[f"adventureworks/{path.name}"]
        assert len(told["columns"]) == len(columns[path.stem]["columns"]), path.name
        assert told["too_long"] == [], path.name


def test_a_plain_reader_agrees_on_plain_files():
    path = DATA / "chinook" / "Customer.csv"
    with path.open(encoding="utf-8", newline="") as file:
        told = [tuple(row) for row in csv.reader(file)]
    assert content(path) == told

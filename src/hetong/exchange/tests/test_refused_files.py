from __future__ import annotations

import io
import resource
import time
import tracemalloc
import zipfile

import pytest

from hetong.exchange.reading import (
    Reading,
    SheetRefused,
    guess_reading,
    read_table,
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
from hetong.files.testing import make_docx, make_pdf, make_zip

from .tables import TYPES, make_xlsx, read

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

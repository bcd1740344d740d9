from __future__ import annotations

import io
import zlib
from pathlib import Path
from zipfile import ZipFile

import pytest

from hetong.files.gateways import storage
from hetong.files.models import Blob
from hetong.files.queries import doctor_checks
from hetong.files.reading import ask
from hetong.files.responses import Quarantined, serve
from hetong.files.services import make_page, make_text, remove_orphans, store, store_bytes
from hetong.files.testing import make_docx, make_pdf, make_png, make_zip
from hetong.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


def put(content: bytes, name: str) -> Blob:
    return store(io.BytesIO(content), name)


SHEET = make_zip(
    {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": "<x/>",
        "xl/sharedStrings.xml": "<sst><si><t>Pump</t></si><si><t>泵</t></si></sst>",
    }
)
OPEN_TEXT = make_zip(
    {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": '<d xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        "<text:p>Good <text:span>morning</text:span> all</text:p></d>",
    },
    stored=("mimetype",),
)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", make_pdf("First page", "Second page"), ["First page", "Second page"]),
        ("a.docx", make_docx("Köpeavtal", "合同编号 5"), ["Köpeavtal\n合同编号 5"]),
        ("a.xlsx", SHEET, ["Pump", "泵"]),
        ("a.odt", OPEN_TEXT, ["Good morning all"]),
        ("a.txt", "Räksmörgås".encode(), ["Räksmörgås"]),
        ("b.txt", "Räksmörgås".encode("utf-16"), ["Räksmörgås"]),
        ("c.txt", ("合同正文，双方同意。" * 30).encode("gb18030"), ["合同正文，双方同意。"]),
    ],
)
def test_the_text_of_a_file_is_found(name: str, content: bytes, words: list[str]):
    made = make_text(put(content, name))
    assert made.state == "done"
    for word in words:
        assert word in made.text


def test_a_packed_folder_has_no_text_of_its_own():
    """An archive package is bytes to a search: what is in it is found where it comes from."""
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("record.json", '{"title": "Service agreement"}')
    made = make_text(store_bytes(content.getvalue(), "application/zip"))
    assert (made.state, made.text) == ("done", "")


def test_pages_are_drawn_when_they_are_looked_at():
    blob = put(make_pdf(*(f"Page {n}" for n in range(6))), "a.pdf")
    assert make_text(blob).pages == 6
    page = make_page(blob, 2)
    assert page is not None
    assert page.state == "done"
    assert page.image is not None
    with storage().open(page.image.sha256) as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    assert sorted(blob.page_images.values_list("number", flat=True)) == [2, 3, 4, 5]
    assert make_page(blob, 7) is None
    assert make_page(blob, 0) is None


def test_a_picture_has_one_page_and_a_word_file_none():
    assert make_page(put(make_png(), "a.png"), 1).state == "done"
    assert make_page(put(make_docx("a"), "a.docx"), 1) is None


def test_a_protected_pdf_says_so():
    [path] = DATA.glob("*encrypted*.pdf")
    made = make_text(put(path.read_bytes(), path.name))
    assert (made.state, made.text) == ("protected", "")
    assert make_page(made.blob, 1) is None


@pytest.mark.parametrize("content", [b"%PDF-1.7\nnothing", b"%PDF-1.7\n" + b"\xff" * 5000])
def test_a_broken_file_has_no_preview_and_breaks_nothing(content: bytes):
    assert make_text(put(content, "a.pdf")).state == "failed"


def test_a_picture_that_lies_about_its_size_breaks_nothing():
    page = make_page(put(make_png(claimed=(9_000, 9_000)), "a.png"), 1)
    assert page is None or page.state == "failed"


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path):
    file = tmp_path / "a.pdf"
    file.write_bytes(make_pdf())
    with file.open("rb") as content:
        assert ask(content, "text", "application/pdf", seconds=0.001).state == "failed"


def test_entities_are_not_unfolded():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x><t>&b;</t></x>'
    blob = store_bytes(
        make_zip({"[Content_Types].xml": "x", "word/document.xml": bomb}),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )
    assert make_text(blob).state == "failed"


def test_a_file_is_given_out_so_that_no_browser_runs_it():
    response = serve(put(make_pdf(), "a.pdf"), '"><svg onload>.pdf', inline=True)
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == make_pdf()


def test_pictures_may_be_shown_in_the_page():
    response = serve(put(make_png(), "a.png"), "a.png", inline=True)
    assert response.headers["Content-Disposition"].startswith("inline;")
    response.close()


def test_a_file_that_is_held_back_or_gone_is_not_given_out():
    blob = put(make_pdf(), "a.pdf")
    storage().remove(blob.sha256)
    with pytest.raises(NotFound):
        serve(blob, "a.pdf")
    blob.state = "quarantined"
    with pytest.raises(Quarantined):
        serve(blob, "a.pdf")


def test_the_doctor_finds_every_file_that_is_gone_changed_or_unknown(tmp_path: Path):
    blobs = [put(f"file {n}".encode(), f"{n}.txt") for n in range(50)]
    assert not list(doctor_checks())
    for blob in blobs[:17]:
        storage().remove(blob.sha256)
    for blob in blobs[17:34]:
        place = tmp_path / "files" / blob.sha256[:2] / blob.sha256[2:]
        place.write_bytes(b"F" + place.read_bytes()[1:])
    Blob.objects.filter(pk__in=[blob.pk for blob in blobs[34:]]).delete()
    found = {(finding.code, finding.key) for finding in doctor_checks()}
    assert found == (
        {("missing", b.sha256) for b in blobs[:17]}
        | {("altered", b.sha256) for b in blobs[17:34]}
        | {("orphaned", b.sha256) for b in blobs[34:]}
    )


def test_only_files_without_a_record_that_are_a_day_old_are_removed(tmp_path: Path):
    import os

    old, young, known = (put(name.encode(), "a.txt") for name in ("old", "young", "known"))
    Blob.objects.filter(pk__in=[old.pk, young.pk]).delete()
    for blob in (old, known):
        os.utime(tmp_path / "files" / blob.sha256[:2] / blob.sha256[2:], (1, 1))
    assert remove_orphans() == 1
    assert sorted(storage().all_keys()) == sorted([young.sha256, known.sha256])


def _pdf_with_stream(packed: bytes) -> bytes:
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
    body = b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream endobj\n"
    return head + page + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def test_a_pdf_that_unpacks_to_gigabytes_is_read_within_the_limits():
    packed = zlib.compress(b"0 0 m " * (100 * 1024 * 1024), 9)
    blob = put(_pdf_with_stream(packed), "a.pdf")
    assert blob.size < 1024 * 1024
    assert make_text(blob).state in ("done", "failed")
    page = make_page(blob, 1)
    assert page is None or page.state in ("done", "failed")


def test_a_pdf_of_twenty_thousand_pages_is_read_within_the_limits():
    made = make_text(put(make_pdf(*(f"p{n}" for n in range(20_000))), "a.pdf"))
    assert (made.state, made.pages) == ("done", 20_000)
    assert "p1999" in made.text

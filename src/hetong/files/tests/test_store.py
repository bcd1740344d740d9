from __future__ import annotations

import hashlib
import io
import stat
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from hetong.files.gateways import storage
from hetong.files.inspection import (
    ContentContradictsName,
    DangerousArchive,
    EmptyFile,
    FileTooLarge,
    NotAccepted,
    OldOffice,
    RefusedFile,
    TooManyPixels,
)
from hetong.files.models import Blob
from hetong.files.services import store
from hetong.files.testing import make_docx, make_pdf, make_png, make_zip

pytestmark = pytest.mark.django_db
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


def put(content: bytes, name: str) -> Blob:
    return store(io.BytesIO(content), name)


def kept() -> list[str]:
    return list(storage().all_keys())


ODT = make_zip({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, stored=("mimetype",))
XLSX = make_zip({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"})


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Avtal.PDF", make_pdf(), "application/pdf"),
        ("合同.docx", make_docx("Hej"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("a.png", make_png(), "image/png"),
        ("a.gif", b"GIF89a\x04\x00\x03\x00\x00\x00\x00;", "image/gif"),
        ("a.txt", "Räksmörgås 合同".encode(), "text/plain"),
        ("a.csv", "a;b\n1;2".encode("utf-16"), "text/plain"),
        ("brev.eml", b"From: a@b\r\nTo: c@d\r\nSubject: x\r\n\r\nHi", "message/rfc822"),
        ("no ending", make_pdf(), "application/pdf"),
    ],
)
def test_what_is_accepted_is_known_by_its_content(name: str, content: bytes, kind: str):
    blob = put(content, name)
    assert (blob.media_type, blob.size, blob.state) == (kind, len(content), "clean")
    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    with storage().open(blob.sha256) as file:
        assert file.read() == content


def test_the_same_bytes_are_kept_once_and_for_us_alone(tmp_path: Path):
    first, second = put(make_pdf(), "a.pdf"), put(make_pdf(), "b.pdf")
    assert first.pk == second.pk
    assert kept() == [first.sha256]
    place = tmp_path / "files" / first.sha256[:2] / first.sha256[2:]
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert not list((tmp_path / "files" / "incoming").iterdir())


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("contract.pdf", HTML, NotAccepted),
        ("page.html", HTML, NotAccepted),
        ("notes.txt", b"\xef\xbb\xbf  " + HTML, NotAccepted),
        ("notes.md", b"Hello <script>alert(1)</script>", NotAccepted),
        ("logo.svg", SVG, NotAccepted),
        ("logo.png", SVG, NotAccepted),
        ("invoice.pdf", b"MZ\x90\x00program", NotAccepted),
        ("invoice.pdf.exe", b"MZ\x90\x00program", NotAccepted),
        ("run.txt", b"#!/bin/sh\nrm -rf /", NotAccepted),
        ("lib.pdf", b"\x7fELF\x02", NotAccepted),
        ("folder.zip", make_zip({"a.txt": "a"}), NotAccepted),
        ("folder.docx", make_zip({"a.txt": "a"}), NotAccepted),
        ("folder.rar", b"Rar!\x1a\x07", NotAccepted),
        ("random.bin", bytes(range(256)), NotAccepted),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, OldOffice),
        ("picture.pdf", make_png(), ContentContradictsName),
        ("contract.docx", make_pdf(), ContentContradictsName),
        ("contract.exe", make_pdf(), ContentContradictsName),
        ("contract.pdf\u202etxt.exe", make_pdf(), ContentContradictsName),
        ("CON.ExE. ", make_pdf(), ContentContradictsName),
        ("two.pdf", make_pdf() + make_zip({"a": "b"}), ContentContradictsName),
        ("two.png", make_png() + make_docx("Hi"), ContentContradictsName),
        ("two.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>", ContentContradictsName),
        ("two.gif", b"GIF89a\x04\x00\x03\x00/*<script>alert(1)</script>", ContentContradictsName),
        ("huge.png", make_png(claimed=(50_000, 50_000)), TooManyPixels),
        ("broken.png", b"\x89PNG\r\n\x1a\n", NotAccepted),
        ("empty.pdf", b"", EmptyFile),
    ],
)
def test_what_is_not_kept_leaves_nothing(name: str, content: bytes, error: type[RefusedFile], tmp_path: Path):
    with pytest.raises(RefusedFile) as refused:
        put(content, name)
    assert type(refused.value) is error
    assert not kept()
    assert not list((tmp_path / "files" / "incoming").iterdir())
    assert not Blob.objects.exists()


def test_a_file_over_the_limit_is_refused_while_it_arrives(settings: object):
    settings.MAX_UPLOAD_BYTES = 1000
    with pytest.raises(FileTooLarge) as refused:
        put(b"a" * 1001, "a.txt")
    assert refused.value.status == 413
    assert not kept()


def _with_entry(name: str, *, mode: int = 0o644, flags: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, "x")
    content = out.getvalue()
    if flags:
        at = content.rfind(b"PK\x01\x02")
        content = content[: at + 8] + bytes([flags]) + content[at + 9 :]
    return content


BOMB = make_docx("x", word__media=b"\0" * (200 * 1024 * 1024))
MANY = make_zip({"[Content_Types].xml": "x", "word/document.xml": "x"} | {f"{n}": "" for n in range(20_000)})


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        MANY,
        _with_entry("../../etc/passwd"),
        _with_entry("/etc/passwd"),
        _with_entry("..\\..\\x"),
        _with_entry("C:/x"),
        _with_entry("word/link", mode=stat.S_IFLNK | 0o777),
        _with_entry("word/embeddings/inner.zip"),
        _with_entry("word/vbaProject.bin"),
        _with_entry("word/secret", flags=1),
        b"PK\x03\x04" + b"\0" * 100,
        make_docx("x")[:-30],
    ],
)
def test_a_packed_file_that_harms_is_refused_at_once(content: bytes):
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(DangerousArchive):
        put(content, "a.docx")
    took, (_now, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 * 1024 * 1024
    assert took < 5
    assert not kept()


def test_a_pdf_says_what_it_carries():
    marked = make_pdf() + b"%/JavaScript /Launch"
    assert put(marked, "a.pdf").facts == {"marks": ["javascript", "launch"]}


class _Infected:
    def is_clean(self, path: Path) -> bool:
        return EICAR not in path.read_bytes()


def test_what_the_scanner_does_not_call_clean_is_held_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hetong.files.services.scanner", _Infected)
    assert put(EICAR, "eicar.txt").state == "quarantined"
    assert put(b"harmless", "a.txt").state == "clean"


def test_a_scanner_that_does_not_answer_calls_nothing_clean(settings: object):
    settings.SCAN_URL = "tcp://127.0.0.1:1"
    assert put(b"harmless", "a.txt").state == "quarantined"


def test_the_default_limit_is_at_least_fifty_megabytes():
    assert settings.MAX_UPLOAD_BYTES >= 50 * 1024 * 1024

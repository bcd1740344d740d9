from __future__ import annotations

import pytest
from django.http import HttpResponse

from hetong.files.names import disposition, safe_name

CORPUS = [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "a\x00b.pdf",
    "invoice\u202efdp.exe",
    "a" * 4096 + ".pdf",
    '"><svg onload=alert(1)>.pdf',
    "CON",
    "com1.txt",
    "📄 contract 合同.pdf",
    "  .  ",
    "",
    "line\r\nSet-Cookie: a=b.pdf",
    "a;b=c'd.pdf",
    "%2e%2e%2f.pdf",
    "\ud800.pdf",
]


@pytest.mark.parametrize("name", CORPUS)
def test_any_name_becomes_one_harmless_line(name: str):
    safe = safe_name(name)
    assert 0 < len(safe) <= 180
    assert not set(safe) & set('/\\:*?"<>|\r\n\x00')
    assert safe.isprintable()
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("📄 contract 合同.pdf", "📄 contract 合同.pdf"),
        ("  .  ", "file"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("C:\\Users\\Åsa\\Avtal.pdf", "Avtal.pdf"),
    ],
)
def test_what_a_name_becomes(name: str, safe: str):
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", CORPUS)
def test_any_name_fits_into_the_header(name: str):
    response = HttpResponse(headers={"Content-Disposition": disposition(name)})
    header = response.headers["Content-Disposition"]
    assert header.startswith('attachment; filename="')
    assert header.count('"') == 2
    assert header.isascii()


def test_the_header_carries_the_real_name_beside_a_plain_one():
    assert disposition("合同 5.pdf") == (
        "attachment; filename=\"__ 5.pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C%205.pdf"
    )

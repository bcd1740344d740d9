"""For tests of every floor: small files of each kind, and files that should not be taken."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

DOCX_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_pdf(*texts: str) -> bytes:
    """A PDF with one page per text (ASCII only)."""
    pages = texts or ("Hello",)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, text in enumerate(pages):
        drawn = f"BT /F1 24 Tf 60 700 Td ({text}) Tj ET"
        font = "<</Font<</F1 3 0 R>>>>"
        box = f"/MediaBox[0 0 595 842]/Resources{font}"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}/Contents {5 + 2 * number} 0 R>>")
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return bytes(out) + tail.encode()


def make_png(width: int = 4, height: int = 3, claimed: tuple[int, int] | None = None) -> bytes:
    """A grey PNG; ``claimed`` lets its header lie about the size."""
    rows = b"".join(b"\x00" + b"\x80" * width for _row in range(height))
    head = struct.pack(">2L5B", *(claimed or (width, height)), 8, 0, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_zip(parts: dict[str, bytes | str], *, stored: tuple[str, ...] = ()) -> bytes:
    """A zip of these parts, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def make_docx(*paragraphs: str, **more: bytes | str) -> bytes:
    """A Word document of these paragraphs; ``more`` are further parts, "/" written as "__"."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<?xml version="1.0"?><w:document xmlns:w="{WORDS}"><w:body>{body}</w:body></w:document>'
    parts: dict[str, bytes | str] = {"[Content_Types].xml": DOCX_TYPES, "word/document.xml": document}
    return make_zip(parts | {name.replace("__", "/"): content for name, content in more.items()})

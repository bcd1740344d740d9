"""The program of the limited child process: text, page pictures or cells out of one file that stands at its input.

``python -m hetong.files.child text MEDIA_TYPE``, ``pages MEDIA_TYPE FIRST COUNT``, ``sheets MEDIA_TYPE`` or
``grid MEDIA_TYPE POSITION MOST``. It writes one line of JSON and then the bytes that the line announces. It imports
nothing of the product: whatever a broken file makes of it, there is nothing here to reach.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from xml.etree import ElementTree

from .grids import TooLargeGrid, grid_of, sheets_of

MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 30
LARGEST_OUTPUT = 64 * 1024 * 1024
LARGEST_INPUT = 256 * 1024 * 1024
MOST_TEXT = 2_000_000
"""Characters kept of a text: some thousand pages."""
MOST_PAGES = 2_000
LARGEST_PART = 64 * 1024 * 1024
DOTS_PER_INCH = 108
MOST_PIXELS = 8_000_000

PDF = "application/pdf"
_WORD = ("word/document.xml", re.compile(r"word/(?:header|footer|footnotes|endnotes|comments)\d*\.xml\Z"))
_PARTS = {
    "wordprocessingml": _WORD,
    "spreadsheetml": ("xl/sharedStrings.xml", re.compile(r"xl/worksheets/sheet\d+\.xml\Z")),
    "presentationml": ("", re.compile(r"ppt/(?:slides|notesSlides)/\w+\.xml\Z")),
    "opendocument": ("content.xml", re.compile(r"\Z(?!\Z)")),
}
_PLAIN = ("text/", "message/")
_BREAKS = frozenset({"p", "h", "br", "cr", "row", "si", "table-row"})


def limit() -> None:
    """Take away what a reader of files does not need, for good: memory, time, files, network, programs."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(("socket.", "subprocess.", "os.exec", "os.spawn", "os.system", "os.fork", "shutil.")):
            raise PermissionError(event)

    sys.addaudithook(refuse)


# -- text ----------------------------------------------------------------------------------------


def text_of(content: bytes, media_type: str) -> tuple[str, dict[str, Any]]:
    """The text and facts of a file: at most two million characters."""
    if media_type == PDF:
        return _pdf_text(content)
    for family, parts in _PARTS.items():
        if family in media_type:
            return _packed_text(content, *parts), {}
    if media_type.startswith("image/"):
        return "", {"pages": _frames(content)}
    return (_plain_text(content) if media_type.startswith(_PLAIN) else ""), {}


def _plain_text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding)[:MOST_TEXT]
        except UnicodeDecodeError:
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(content[:400_000]).best()
    return content.decode(best.encoding if best else "latin-1", "replace")[:MOST_TEXT]


def _pdf_text(content: bytes) -> tuple[str, dict[str, Any]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    pages = len(document)
    pieces, length = [], 0
    for number in range(min(pages, MOST_PAGES)):
        page = document[number]
        words = page.get_textpage()
        piece = words.get_text_range().replace("\r\n", "\n")
        words.close()
        page.close()
        pieces.append(piece)
        length += len(piece)
        if length > MOST_TEXT:
            break
    scripts = pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(document.raw)
    attached = pypdfium2.raw.FPDFDoc_GetAttachmentCount(document.raw)
    facts = {"pages": pages, "scripts": max(scripts, 0), "attachments": max(attached, 0)}
    return "\f".join(pieces)[:MOST_TEXT], facts


def _packed_text(content: bytes, first: str, others: re.Pattern[str]) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if others.match(name)]
        wanted = [first, *sorted(names)] if first in archive.namelist() else sorted(names)
        pieces: list[str] = []
        length = 0
        for name in wanted:
            with archive.open(name) as part:
                for piece in _xml_text(io.BytesIO(part.read(LARGEST_PART))):
                    pieces.append(piece)
                    length += len(piece)
                    if length > MOST_TEXT:
                        return "".join(pieces)[:MOST_TEXT]
    return re.sub(r"\n{3,}", "\n\n", "".join(pieces)).strip()


def _xml_text(part: BinaryIO) -> Iterator[str]:
    """The words of an office part: text runs, with ends of paragraphs, rows and cells."""
    start = part.read(1024)
    if b"<!DOCTYPE" in start:
        raise ValueError("office parts declare no document type")
    part.seek(0)
    for _event, element in ElementTree.iterparse(part, events=("end",)):  # noqa: S314 - Expat refuses amplification
        space, _brace, tag = element.tag.rpartition("}")
        if tag == "t":
            yield element.text or ""
        elif tag in ("p", "h") and "opendocument" in space:
            yield "".join(element.itertext())
        if tag in _BREAKS:
            yield "\n"
            element.clear()
        elif tag in ("tab", "tc", "table-cell"):
            yield "\t"


# -- pictures ------------------------------------------------------------------------------------


def _frames(content: bytes) -> int:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = 120_000_000
    with Image.open(io.BytesIO(content)) as picture:
        return min(getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1, MOST_PAGES)


def pictures_of(content: bytes, media_type: str, first: int, count: int) -> Iterable[bytes]:
    """PNGs of pages ``first`` and on, counted from 1."""
    if media_type == PDF:
        return _pdf_pictures(content, first, count)
    return _image_pictures(content, first, count)


def _pdf_pictures(content: bytes, first: int, count: int) -> Iterator[bytes]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    for number in range(first - 1, min(first - 1 + count, len(document))):
        page = document[number]
        width, height = page.get_size()
        scale = DOTS_PER_INCH / 72
        too_much = width * height * scale * scale / MOST_PIXELS
        if too_much > 1:
            scale /= too_much**0.5
        yield _png(page.render(scale=scale).to_pil())
        page.close()


def _image_pictures(content: bytes, first: int, count: int) -> Iterator[bytes]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = 120_000_000
    with Image.open(io.BytesIO(content)) as picture:
        for frame in range(first - 1, min(first - 1 + count, getattr(picture, "n_frames", 1))):
            picture.seek(frame)
            picture.draft("RGB", (1600, 1600))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((1600, 1600))
            yield _png(upright.convert("RGBA" if "A" in upright.getbands() else "RGB"))


def _png(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue()


# -- the conversation ----------------------------------------------------------------------------


def answer(act: str, content: bytes, media_type: str, numbers: list[int]) -> tuple[dict[str, Any], list[bytes]]:
    """What to write: the line, and the pieces it announces."""
    if act == "text":
        text, facts = text_of(content, media_type)
        return {"state": "done", "facts": facts}, [text.encode("utf-8", "replace")]
    if act == "sheets":
        return {"state": "done", "facts": {"sheets": sheets_of(content)}}, []
    if act == "grid":
        return {"state": "done"}, [grid_of(content, *numbers)]
    pieces = list(pictures_of(content, media_type, *numbers))
    return {"state": "done"}, pieces


def main(arguments: list[str]) -> None:
    """Read the file, answer, end. A password is told apart from a broken file."""
    limit()
    act, media_type, *numbers = arguments
    content = sys.stdin.buffer.read(LARGEST_INPUT)
    pieces: list[bytes] = []
    try:
        line, pieces = answer(act, content, media_type, [int(n) for n in numbers])
    except TooLargeGrid:
        line = {"state": "too_large"}
    except Exception as broken:  # parsers of strangers' files raise anything; the parent must hear of it
        line = {"state": "protected" if "password" in str(broken).lower() else "failed", "why": type(broken).__name__}
    line["lengths"] = [len(piece) for piece in pieces]
    out = sys.stdout.buffer
    out.write(json.dumps(line).encode() + b"\n")
    for piece in pieces:
        out.write(piece)
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

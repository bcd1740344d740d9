"""The catalogues as Babel reads them, and what a page says to its reader."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser

from babel.messages.catalog import Catalog, Message

from tools import messages, wording

TAGS = {"zh_Hans": "zh-hans", "zh_Hant": "zh-hant", "sv": "sv"}
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-none", "data-text", "data-undo", "data-close")
SILENT = ("script", "style", "code", "kbd", "template")


@lru_cache(maxsize=len(TAGS))
def catalogue(language: str) -> Catalog:
    """The committed catalogue of a language."""
    return messages.read(language)


def texts(language: str) -> Iterator[Message]:
    """Every message of a catalogue."""
    return (message for message in catalogue(language) if message.id)


def translation(language: str, text: str, context: str | None = None) -> str:
    """The translation of a text; fails when there is none."""
    message = catalogue(language).get(text, context)
    assert message is not None, f"no source has the text “{text}”"
    return wording.forms(message)[0]


class Page(HTMLParser):
    """Collects what a page says: text between tags, and what attributes say aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.said.extend(value for name, value in attrs if name in SPOKEN and value)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def said_by(html: str) -> set[str]:
    """Every separate text of a page, with its spaces put in order."""
    page = Page()
    page.feed(html)
    return {" ".join(text.split()) for text in page.said} - {""}

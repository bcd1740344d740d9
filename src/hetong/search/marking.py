"""Where the words of a question stand in a text that its reader may read: pieces to mark, and the stretch around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from .asking import Question
from .words import SHORTEST_END, simplified

BEFORE, AFTER = 60, 140
"""Characters shown in front of and behind the first place of a word."""

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces; the second says whether the piece is marked."""


class _Flat(dict[int, str]):
    """Every character as it is compared, one for one, so that places stay what they are."""

    def __missing__(self, point: int) -> str:
        one = chr(point)
        flat = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", one).casefold())
        kept = flat if len(flat) == 1 else one.lower() if len(one.lower()) == 1 else one
        self[point] = simplified().get(ord(kept), kept)
        return self[point]


_FLAT: Final = _Flat()


def flat(text: str) -> str:
    """The text as it is compared, of the same length."""
    return text.translate(_FLAT)


@lru_cache(maxsize=200)
def _pattern(question: Question) -> re.Pattern[str] | None:
    sought = [_sought(mark) for term in question.wanted for mark in term.marks]
    return re.compile("|".join(sorted(sought, key=len, reverse=True))) if sought else None


def _sought(mark: str) -> str:
    """A word with what it goes on with, anywhere if it is long; words of a phrase with any signs between them."""
    words = r"[\W_]{1,4}".join(re.escape(word) for word in mark.split(" "))
    if not mark.isascii() or len(mark) > SHORTEST_END:
        return words
    return rf"(?<![^\W_]){words}"


def _places(question: Question, text: str) -> Iterator[tuple[int, int]]:
    pattern = _pattern(question)
    return (found.span() for found in pattern.finditer(flat(text))) if pattern else iter(())


def marked(question: Question, text: str) -> Pieces:
    """The whole text in pieces."""
    pieces, at = [], 0
    for start, end in _places(question, text):
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return tuple(pieces)


def excerpt(question: Question, text: str) -> Pieces:
    """The stretch around the first place of a word, marked; nothing where none stands in the text."""
    first = next(_places(question, text), None)
    if first is None:
        return ()
    start, end = max(0, first[0] - BEFORE), min(len(text), first[1] + AFTER)
    start = _at_space(text, start, first[0]) if start else 0
    shown = " ".join(text[start:end].split())
    return marked(question, f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}")


def _at_space(text: str, start: int, latest: int) -> int:
    """Behind the next space, where there is one: no word is cut in front."""
    space = text.find(" ", start, latest)
    return space + 1 if space >= 0 else start

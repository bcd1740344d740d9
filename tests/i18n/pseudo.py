"""A language that nobody speaks: every text 40 % longer and between marks.

For tests that look for text that does not fit, or that never went through a catalogue. It takes
the place of a real language, so that nothing else of the product has to know of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.utils.translation import trans_real

from tests.i18n.reading import texts
from tools import wording

OPEN, CLOSE = "⟦", "⟧"
GROWTH: Final = 1.4
KEPT: Final = re.compile(r"(%\(\w+\)[sd]|%%|%[sdn]|\{\w*\}|<[^>]+>|&\w+;)")
VOWELS: Final = "aeiouyAEIOUY"


def longer(text: str) -> str:
    """The text with vowels drawn out until it is 40 % longer; places, tags and edges are kept."""
    core = text.strip()
    letters = sum(len(part) for part in KEPT.split(core)[::2])
    missing = max(int(letters * GROWTH + 0.999) - letters - len(OPEN + CLOSE), 0)
    said = "".join(
        part if at % 2 else _drawn_out(part, missing * len(part) // max(letters, 1))
        for at, part in enumerate(KEPT.split(core))
    )
    return text.replace(core, f"{OPEN}{said}{CLOSE}", 1) if core else text


def _drawn_out(part: str, missing: int) -> str:
    at = [index for index, letter in enumerate(part) if letter in VOWELS]
    if not at:
        return part + "~" * missing
    grown = list(part)
    for turn in range(missing):
        grown[at[turn % len(at)]] += part[at[turn % len(at)]].lower()
    return "".join(grown)


@contextmanager
def stretched(language: str = "sv") -> Iterator[None]:
    """In the block, every text of ours in that language is its English source, drawn out."""
    translated: Any = trans_real.translation(language)
    catalog = translated._catalog
    said: dict[Any, str] = {}
    for message in texts("sv"):
        key = f"{message.context}\x04{wording.sources(message)[0]}" if message.context else wording.sources(message)[0]
        said[key] = longer(wording.sources(message)[0])
        for form, text in enumerate(wording.sources(message)):
            said[(key, form)] = longer(text)
    catalog._catalogs.insert(0, said)
    catalog._plurals.insert(0, lambda n: int(n != 1))
    try:
        yield
    finally:
        catalog._catalogs.pop(0)
        catalog._plurals.pop(0)

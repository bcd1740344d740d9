"""Words out of text, the same for what is kept and for what is looked for. Pure: knows no table and no reader.

Text is folded (width, case, invisible characters), traditional characters are read as simplified ones, and cut:

- letters and digits of scripts with spaces give one word a run;
- Chinese, Japanese and Korean give every two neighbouring characters, and the last one of a run alone, so that one
  character is found as the beginning of a pair, two as a pair, more as pairs in a row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from hetong.kernel.text import fold

LONGEST_WORD: Final = 64
"""Characters of a word that are kept; what is longer is no word (keys, encoded files)."""
STARTS: Final = 40
"""Characters of the beginning of a name."""
SHORTEST_END: Final = 3
"""Letters of the shortest end of a word that is found: "avtal" in "underhållsavtal"."""
LONGEST_ENDED: Final = 40
WIDE: Final = (
    "\u2e80-\u2fd5\u3005-\u3007\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE: Final = re.compile(rf"([{WIDE}]+)|[^\W_{WIDE}]+")
_PLAIN: Final = re.compile(r"[a-z0-9]+")


@cache
def simplified() -> dict[int, str]:
    """Traditional characters and how they are written in simplified script, as a table for ``str.translate``."""
    lines = files(__package__).joinpath("data/simplified.txt").read_text(encoding="utf-8").splitlines()
    return {ord(one): line[0] for line in lines for one in line[1:]}


def normal(text: str) -> str:
    """Text as it is cut into words. Ends that differ only in width, case or script are equal then."""
    folded = fold(text)
    return folded if folded.isascii() else folded.translate(simplified())


def pieces(normal_text: str) -> Iterator[tuple[str, bool]]:
    """The runs of a `normal` text: (run, whether it is of a script without spaces)."""
    for found in _PIECE.finditer(normal_text):
        yield found[0], found[1] is not None


def pairs(run: str, *, with_last: bool = True) -> list[str]:
    """Every two neighbouring characters of a run, and its last character alone."""
    two = [run[n : n + 2] for n in range(len(run) - 1)]
    return [*two, run[-1]] if with_last or not two else two


def words(text: str) -> list[str]:
    """The words of a text, in its order."""
    plain = normal(text)
    if plain.isascii():
        return [word[:LONGEST_WORD] for word in _PLAIN.findall(plain)]
    found: list[str] = []
    for run, is_wide in pieces(plain):
        if is_wide:
            found.extend(pairs(run))
        else:
            found.append(run[:LONGEST_WORD])
    return found


def start(text: str) -> str:
    """How a name begins, without spaces and signs."""
    return "".join(run for run, _wide in pieces(normal(text)))[:STARTS]


def loose_words(text: str) -> set[str]:
    """Further ways in which the words of a name or a number may be asked for.

    The ends of long words, letters without their accents, numbers without signs and leading zeros.
    """
    plain, found = normal(text), set()
    for chunk in plain.split():
        runs = [run for run, is_wide in pieces(chunk) if not is_wide]
        joined = "".join(runs)
        if len(runs) > 1 and any(map(str.isdigit, joined)):
            found.add(joined[:LONGEST_WORD])
        for run in runs:
            found |= _variants(run[:LONGEST_WORD])
    return found


def _variants(word: str) -> set[str]:
    found = set()
    if SHORTEST_END + 1 < len(word) <= LONGEST_ENDED:
        found = {word[at:] for at in range(1, len(word) - SHORTEST_END + 1)}
    if word.isdigit():
        found.add(word.lstrip("0"))
    elif not word.isascii():
        found.add(without_accents(word))
    return found - {"", word}


def without_accents(word: str) -> str:
    """Letters as somebody types them whose keyboard has no accents."""
    apart = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(one for one in apart if not unicodedata.combining(one)))

"""Guessing what the columns of a file mean: what was meant last time, then the known names, then what is nearly written so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from hetong.kernel.fields import Kind as FieldKind
from hetong.kernel.text import fold

from .kinds import Kind

NEARLY: Final = 88
"""From this likeness on (0–100) a head is taken for a known name that is written a little otherwise."""
SHORTEST: Final = 4
"""Shorter names are not guessed at: one letter is a quarter of them."""
CURRENCY_MARK: Final = "¤"
"""Ends the head of the column of currencies that lists export before an amount (`ui.lists.sheets`)."""
_MARKS: Final = re.compile(r"[\W_]+")


def head_key(head: str) -> str:
    """A column's head without case, width, spaces and punctuation; one of currencies is told apart from its amounts."""
    return _MARKS.sub("", fold(head)) + (CURRENCY_MARK if is_of_currencies(head) else "")


def is_of_currencies(head: str) -> bool:
    """Whether the column holds the currencies of the amounts beside it."""
    return head.rstrip().endswith(CURRENCY_MARK)


def guess_mapping(kind: Kind, columns: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """File column → field name, empty where nothing fits; no field twice.

    ``remembered``: folded head → field name, as `head_key` folds it, empty where a column was left out on purpose.
    """
    known = {column.name: [head_key(name) for name in column.names(kind.key)] for column in kind.columns}
    amounts = {column.name for column in kind.columns if column.kind is FieldKind.MONEY}
    marked = {head_key(head).removesuffix(CURRENCY_MARK) for head in columns if is_of_currencies(head)}

    def fits(head: str, name: str) -> bool:
        """A column with its currencies beside it holds amounts, whatever it is called."""
        return name in amounts or head_key(head) not in marked

    found = {head: "" for head in columns if remembered.get(head_key(head)) == ""}
    meant = [(head, remembered[head_key(head)]) for head in columns if remembered.get(head_key(head)) in known]
    _take(found, meant)
    labels = {column.name: [head_key(name) for name in column.labels()] for column in kind.columns}
    for called in (labels, known):  # what our own lists call a column is surer than what others may mean
        named = [(head, name) for head in columns for name, names in called.items() if head_key(head) in names]
        _take(found, [pair for pair in named if fits(*pair)])
    if "currency" in known:
        _take(found, [(head, "currency") for head in columns if is_of_currencies(head)])
    _take(found, [pair for pair in _nearly(columns, known, found) if fits(*pair)])
    _take_what_is_missing(found, kind, known)
    return {head: found.get(head, "") for head in columns}


def _take_what_is_missing(found: dict[str, str], kind: Kind, known: Mapping[str, Sequence[str]]) -> None:
    """A column that another file could do without is taken after all where nothing else says what every row needs."""
    missing = kind.missing(found.values())
    wanted = [*missing, *(name for group in kind.one_of if group[0] in missing for name in group[1:])]
    left_out = [head for head, name in found.items() if not name]
    for name in wanted:
        head = next((head for head in left_out if head_key(head) in known[name] and not found[head]), "")
        if head and kind.missing(found.values()):
            found[head] = name


def _take(found: dict[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    """Take the first pairs whose head and field are both still free."""
    for head, name in pairs:
        if head not in found and name not in found.values():
            found[head] = name


def _nearly(
    columns: Sequence[str], known: Mapping[str, Sequence[str]], found: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Pairs of heads and fields that are nearly alike, the likest first."""
    scored = []
    for place, head in enumerate(columns):
        key = head_key(head)
        if head in found or len(key) < SHORTEST or is_of_currencies(head):
            continue
        for name, names in known.items():
            score = max((fuzz.ratio(key, one) for one in names if len(one) >= SHORTEST), default=0)
            if score >= NEARLY:
                scored.append((-score, place, head, name))
    return [(head, name) for _score, _place, head, name in sorted(scored)]

"""What somebody typed into the search box, as terms: words, "phrases in quotes", -words that must not occur."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .words import LONGEST_WORD, normal, pairs, pieces, start

MOST_TERMS: Final = 8
"""Terms that are looked for; more narrow nothing down that anybody would notice."""
LONGEST: Final = 400
"""Characters of a question that are read."""
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))
_TERM: Final = re.compile(r'(?P<minus>[-－−]?)"(?P<phrase>[^"]*)"?|(?P<word>\S+)')
_ID: Final = re.compile(r"[0-9a-f]{8,32}\Z")
_UNSIGNED: Final = re.compile(r"^[-－−](?=\w)")


@dataclass(frozen=True)
class Run:
    """Words that stand one after the other. ``is_open``: the last one may go on."""

    words: tuple[str, ...]
    is_open: bool = True


@dataclass(frozen=True)
class Term:
    """One thing that must occur, or must not: any of ``runs``; in names also any of ``loose``, words in another form."""

    runs: tuple[Run, ...]
    loose: tuple[Run, ...] = ()
    is_not: bool = False
    marks: tuple[str, ...] = ()
    """What of it is marked where it stands: `normal` texts."""
    said: str = ""
    """As it was typed."""


@dataclass(frozen=True)
class Question:
    """All terms must hold. ``start``: the wanted words as a name would begin with them."""

    terms: tuple[Term, ...] = ()
    start: str = ""
    id_start: str = ""
    """The hexadecimal digits with which a record's id begins, where the question may be one."""
    is_cut: bool = False
    """Whether something of what was typed is not looked for: it was too much."""

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_not)

    def without(self, term: Term) -> Question:
        """The same question with one term less."""
        rest = tuple(one for one in self.terms if one is not term)
        return Question(rest, start(" ".join(one.said for one in rest if not one.is_not)))

    def text(self) -> str:
        """The question as it may be typed again."""
        return " ".join(f"-{term.said}" if term.is_not else term.said for term in self.terms)


def read_question(text: str) -> Question:
    """What was typed, as a question. Signs that mean nothing here are plain separators, so nothing is ever refused."""
    kept = text[:LONGEST].replace("\x00", " ").translate(_QUOTES)
    terms = [term for found in _TERM.finditer(kept) if (term := _term(found)) is not None]
    shown = tuple(dict.fromkeys(terms))
    first = start(" ".join(term.said for term in shown if not term.is_not))
    return Question(shown[:MOST_TERMS], first, _id_start(kept), is_cut=len(text) > LONGEST or len(shown) > MOST_TERMS)


def _id_start(text: str) -> str:
    plain = text.strip().replace("-", "").lower()
    return plain if _ID.match(plain) else ""


def _term(found: re.Match[str]) -> Term | None:
    if found["phrase"] is not None:
        run, marks = _run(found["phrase"], is_phrase=True)
        said = f'"{" ".join(found["phrase"].split())}"'
        return Term((run,), (), bool(found["minus"]), (" ".join(marks),), said) if marks else None
    said = _UNSIGNED.sub("", found["word"])
    run, marks = _run(said)
    if not marks:
        return None
    runs, loose = [run], []
    joined = "".join(marks)[:LONGEST_WORD]
    if len(marks) > 1 and any(map(str.isdigit, joined)):  # a number as it is written without its signs
        runs.append(Run((joined,)))
        loose.append(Run((joined,)))
    elif len(run.words) == 1 and len(joined) > 1:
        loose.append(run)
    return Term(tuple(runs), tuple(loose), said != found["word"], marks, said)


def _run(text: str, *, is_phrase: bool = False) -> tuple[Run, tuple[str, ...]]:
    """The words of a text as they stand one after the other, and the pieces they came from."""
    found, runs = [], list(pieces(normal(text)))
    for place, (run, is_wide) in enumerate(runs, 1):
        found.extend(pairs(run, with_last=place < len(runs)) if is_wide else [run[:LONGEST_WORD]])
    last, is_wide = runs[-1] if runs else ("", False)
    is_open = len(last) == 1 if is_wide else not is_phrase
    return Run(tuple(found), is_open), tuple(run for run, _wide in runs)

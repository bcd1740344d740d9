"""What else to try when nothing holds the words. Nothing is offered that its reader would not find something by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from hetong.kernel.actors import Actor

from .asking import Question, Term, read_question
from .finding import find_places
from .indexed import indexed_nouns
from .models import SearchWord

MOST_TRIED: Final = 8
OFFERED: Final = 3
LIKELY: Final = 70
"""How alike two words are, in percent, from which on one may be meant by the other."""
MOST_WORDS: Final = 20_000


@dataclass(frozen=True)
class Suggestion:
    """Another question, and how many records answer it."""

    text: str
    count: int


def suggest(actor: Actor, question: Question) -> tuple[list[Suggestion], list[Suggestion]]:
    """Questions with a word that is spelt a little differently, and questions with a word less."""
    return _answered(actor, _respelt(question)), _answered(actor, _shorter(question))


def _answered(actor: Actor, questions: Iterator[Question]) -> list[Suggestion]:
    found: list[Suggestion] = []
    entries = indexed_nouns()
    for tried, question in enumerate(questions):
        if tried == MOST_TRIED or len(found) == OFFERED:
            break
        places = find_places(actor, question, entries)
        if places:
            found.append(Suggestion(question.text(), len({place.shown for place in places})))
    return found


def _respelt(question: Question) -> Iterator[Question]:
    for term in question.wanted:
        if len(term.marks) == 1 and " " not in term.marks[0] and len(term.marks[0]) > 3:
            for word in _alike(term.marks[0]):
                yield _with(question, term, word)


def _with(question: Question, term: Term, word: str) -> Question:
    texts = [word if one is term else f"-{one.said}" if one.is_not else one.said for one in question.terms]
    return read_question(" ".join(texts))


def _alike(word: str) -> list[str]:
    """Known words that look like it, the most alike first."""
    near = SearchWord.objects.filter(beginning__in={word[:2], word[1::-1]}).values_list("word", flat=True)
    found = process.extract(word, list(near[:MOST_WORDS]), scorer=fuzz.ratio, limit=MOST_TRIED, score_cutoff=LIKELY)
    return [other for other, _likeness, _place in found if other != word]


def _shorter(question: Question) -> Iterator[Question]:
    if len(question.wanted) > 1:
        for term in reversed(question.wanted):
            yield question.without(term)

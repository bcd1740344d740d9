"""What else to try when nothing holds the words. Nothing is offered that its reader would not find something by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from rapidfuzz import fuzz, process

from hetong.kernel.actors import Actor

from .asking import Question, Term, read_question
from .finding import Ground, is_answered, open_grounds
from .indexed import indexed_nouns
from .models import SearchWord

MOST_TRIED: Final = 3
LIKELY: Final = 70
"""How alike two words are, in percent, from which on one may be meant by the other."""
MOST_WORDS: Final = 20_000


def suggest(actor: Actor, question: Question) -> tuple[list[str], list[str]]:
    """Questions with a word that is spelt a little differently, and questions with a word less; those that are answered."""
    grounds = open_grounds(actor, indexed_nouns())
    return _answered(grounds, _respelt(question)), _answered(grounds, _shorter(question))


def _answered(grounds: Sequence[Ground], questions: Iterable[Question]) -> list[str]:
    return [one.text() for one in islice(questions, MOST_TRIED) if is_answered(grounds, one)]


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

"""Words out of text: S0-04, two-character Chinese words, simplified = traditional, width and case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.search.asking import MOST_TERMS, Run, read_question
from hetong.search.marking import excerpt, flat, marked
from hetong.search.words import LONGEST_WORD, loose_words, start, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Flow metering, 2026", ["flow", "metering", "2026"]),
        ("维护合同", ["维护", "护合", "合同", "同"]),
        ("維護合同", ["维护", "护合", "合同", "同"]),
        ("ＨＴ－２０２６", ["ht", "2026"]),
        ("A4纸", ["a4", "纸"]),
        ("Straße ÅSA", ["strasse", "åsa"]),
        ("カタカナ", ["カタ", "タカ", "カナ", "ナ"]),
        ("under_score", ["under", "score"]),
        ("…", []),
        ("x" * 300, ["x" * LONGEST_WORD]),
    ],
)
def test_text_is_cut_into_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_names_are_found_by_ends_of_words_and_without_accents_and_signs() -> None:
    loose = loose_words("Underhållsavtal 556016-0680 0042")
    assert {"avtal", "underhallsavtal", "5560160680", "42"} <= loose
    assert "underhållsavtal" not in loose


def test_names_begin_as_they_are_typed() -> None:
    assert start("Flow metering").startswith(start("flow  METER"))
    assert start("維護合同").startswith(start("维护"))


@given(st.text(max_size=80), st.text(max_size=20))
def test_every_word_of_a_text_is_asked_for_as_it_is_kept(text: str, more: str) -> None:
    question = read_question(f'"{text}" {more}')
    kept = words(text)
    for run in [run for term in question.terms[:1] for run in term.runs if f'"{text}' == term.said]:
        assert all(any(word.startswith(one) for word in kept) for one in run.words)


def test_a_question_has_words_phrases_and_words_that_must_not_occur() -> None:
    question = read_question('heat “flow meter” -rental -"spare part"')
    assert [(term.said, term.is_not) for term in question.terms] == [
        ("heat", False), ('"flow meter"', False), ("rental", True), ('"spare part"', True),
    ]  # fmt: skip
    assert question.terms[1].runs == (Run(("flow", "meter"), is_open=False),)
    assert read_question(question.text()).terms == question.terms


def test_a_number_is_asked_for_with_and_without_its_signs() -> None:
    [term] = read_question("HT-2026-0042").terms
    assert term.runs == (Run(("ht", "2026", "0042")), Run(("ht20260042",)))
    assert term.loose == (Run(("ht20260042",)),)


@pytest.mark.parametrize("text", ["", '"', "-", "\x00", "* ? ( )", "- -", '""', "😀", "\u202e", "\ud800"])
def test_what_holds_no_word_asks_nothing(text: str) -> None:
    assert read_question(text).wanted == ()


def test_too_much_is_cut_and_said_so() -> None:
    question = read_question(" ".join(f"w{n}" for n in range(30)))
    assert (len(question.terms), question.is_cut) == (MOST_TERMS, True)
    assert read_question("x" * 10_000).is_cut


def test_words_are_marked_where_they_stand() -> None:
    pieces = marked(read_question("meter 維護"), "Flow METERing 维护合同")
    assert [text for text, is_mark in pieces if is_mark] == ["METER", "维护"]
    assert "".join(text for text, _mark in pieces) == "Flow METERing 维护合同"


def test_an_excerpt_is_the_stretch_around_the_first_place() -> None:
    pieces = excerpt(read_question("penalty"), "word " * 100 + "a Penalty of 5 % " + "word " * 100)
    text = "".join(text for text, _mark in pieces)
    assert ("Penalty", True) in pieces
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) < 260
    assert excerpt(read_question("penalty"), "nothing here") == ()


@given(st.text(max_size=200))
def test_places_stay_what_they_are(text: str) -> None:
    assert len(flat(text)) == len(text)

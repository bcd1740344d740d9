from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import translation

from hetong.kernel import clock
from hetong.kernel.fields import Choice, Ref
from hetong.kernel.money import Money
from hetong.kernel.scaled import Scaled
from hetong.ui import values

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_money_has_its_code_apart_and_a_real_minus():
    html = values.shown(Money.of("-1234.5", "SEK"))
    assert '<span class="cur">SEK</span>' in html
    assert "\N{MINUS SIGN}1,234.50" in html
    assert "nodec" not in html


def test_money_without_decimals_keeps_room_for_them():
    assert '<span class="nodec">4,200,000</span>' in values.shown(Money.of("4200000", "JPY"))


def test_figures_follow_the_readers_language():
    with translation.override("sv"):
        assert f"1{NBSP}234,50" in values.shown(Money.of("1234.5", "SEK"))


@pytest.mark.parametrize("nothing", [None, "", (), []])
def test_nothing_is_a_dash_and_never_a_zero(nothing: object):
    assert values.shown(nothing) == values.NIL
    assert "–" in values.NIL


def test_zero_is_shown_as_zero():
    assert "0.00" in values.shown(Money(0, "EUR"))
    assert "0" in values.shown(0)


def test_a_percentage_says_so_only_where_the_field_does():
    assert f"12.5{NBSP}%" in values.shown(Scaled.of("12.5", 4), "percent")
    assert "%" not in values.shown(Scaled.of("12.5", 4))


def test_text_is_escaped_and_keeps_its_lines():
    assert values.shown("<b>a</b>\nb") == "&lt;b&gt;a&lt;/b&gt;<br>b"


def test_a_reference_links_and_names_the_language_of_a_foreign_script():
    html = values.shown(Ref(uuid4(), "臺北精密儀器股份有限公司", "/parties/1/"))
    assert 'href="/parties/1/"' in html
    assert 'lang="zh-Hant"' in html
    with translation.override("zh-hant"):
        assert "lang=" not in values.shown(Ref(uuid4(), "臺北", "/x/"))


def test_a_reference_without_a_page_is_plain():
    assert "<a" not in values.shown(Ref(uuid4(), "<Ada>"))
    assert "&lt;Ada&gt;" in values.shown(Ref(uuid4(), "<Ada>"))


def test_a_status_is_a_shape_and_a_word_and_a_chosen_pigment_wins():
    html = values.shown(Choice("active", "In force", "active", "ochre"))
    assert "<svg" in html
    assert "In force" in html
    assert "pig-ochre" in html
    assert "pig-malachite" in values.shown(Choice("active", "Active", "active"))


def test_a_choice_with_only_a_colour_is_a_tag():
    assert values.shown(Choice("x", "Key", "", "seal")) == '<span class="tag tag-seal">Key</span>'


def test_days_read_iso_in_tables_and_as_words_in_sentences():
    with clock.set_to(dt.date(2026, 11, 21)):
        assert 'datetime="2026-11-30">2026-11-30' in values.shown(dt.date(2026, 11, 30))
        assert values.day_words(dt.date(2026, 11, 30)) == f"30{NBSP}Nov"
        assert values.day_words(dt.date(2029, 7, 11)) == f"11{NBSP}Jul{NBSP}2029"
        with translation.override("zh-hans"):
            assert values.day_words(dt.date(2026, 11, 30)) == "11-30"


@pytest.mark.parametrize(
    ("name", "seal"),
    [
        ("Elin Söderqvist", "ES"),
        ("陈思远", "陈"),
        ("Lindvall Mätteknik AB", "LM"),
        ("Brightwater Utilities plc", "BU"),
        ("AB", "A"),
        ("", "?"),
    ],
)
def test_a_seal_carries_initials_or_the_surname(name: str, seal: str):
    assert values.initials(name) == seal


def test_lists_join_and_escape():
    assert values.shown([Choice("a", "A & B"), "c"]) == "A &amp; B, c"


def test_the_kind_of_a_field_comes_from_its_register():
    register = SimpleNamespace(all=lambda: {"share": SimpleNamespace(kind="percent")})
    assert values.kind_of(SimpleNamespace(register=register), "share") == "percent"
    assert values.kind_of({}, "share") == ""

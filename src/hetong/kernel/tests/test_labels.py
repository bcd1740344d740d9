"""Admin-made words in several languages, with fallback."""

import pytest
from django.utils import translation

from hetong.kernel.errors import Invalid
from hetong.kernel.labels import Labels, NoLabel, NotALanguage, fallbacks, language_tag
from hetong.kernel.text import RefusedCharacters, TooLong

DRAFT = Labels({"en": "Draft", "sv": "Utkast", "zh-hans": "草稿"})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Draft"),
        ("en-gb", "Draft"),
        ("sv-FI", "Utkast"),
        ("zh-hans", "草稿"),
        ("zh_CN", "草稿"),
        ("zh-Hant-TW", "草稿"),
        ("fr", "Draft"),
    ],
)
def test_a_reader_gets_the_nearest_language(language, text):
    assert DRAFT.text(language) == text


def test_some_language_is_better_than_nothing():
    assert Labels({"sv": "Utkast", "fi": "Luonnos", "da": ""}).text("en") == "Luonnos"
    assert Labels({"zh-hant": "草稿"}).text("zh") == "草稿"
    assert Labels({}).text("en") == ""


def test_languages_are_named_in_one_way():
    assert [language_tag(tag) for tag in ("zh_TW", "zh-HK", "zh", "SV", "zh-Hans-CN", "pt-BR")] == [
        "zh-hant",
        "zh-hant",
        "zh-hans",
        "sv",
        "zh-hans",
        "pt-br",
    ]
    assert list(fallbacks("sv-FI")) == ["sv-fi", "sv", "en"]


def test_cleaning_trims_drops_and_orders():
    labels = Labels({"sv": " Utkast ", "EN": "Draft", "zh_TW": "", "de": "  "})
    assert list(labels.clean().items()) == [("en", "Draft"), ("sv", "Utkast")]
    assert Labels(labels.clean()).clean() == labels.clean()


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ({}, NoLabel),
        ({"en": " "}, NoLabel),
        ({"no such tag": "x"}, NotALanguage),
        ({"e": "x"}, NotALanguage),
        ({"en": "a\0b"}, RefusedCharacters),
        ({"en": "x" * 201}, TooLong),
    ],
)
def test_what_cannot_be_kept_is_refused(texts, error):
    with pytest.raises(error) as refused:
        Labels(texts).clean()
    assert isinstance(refused.value, Invalid)


@pytest.mark.parametrize("texts", [{"en": 5}, {"en": None}, [1], "text", 7, None])
def test_what_is_no_mapping_of_texts_is_refused(texts):
    with pytest.raises((TypeError, ValueError)):
        Labels(texts)


def test_labels_are_a_mapping():
    assert DRAFT["SV"] == "Utkast"
    assert (len(DRAFT), set(DRAFT)) == (3, {"en", "sv", "zh-hans"})
    assert Labels({"zh_CN": "草稿"}) == {"zh-hans": "草稿"}
    assert hash(Labels({"EN": "Draft"})) == hash(Labels({"en": "Draft"}))
    assert repr(Labels({"en": "Draft"})) == "Labels({'en': 'Draft'})"


def test_on_a_page_labels_speak_its_language():
    with translation.override("sv"):
        assert str(DRAFT) == "Utkast"
    with translation.override(None):
        assert str(DRAFT) == "Draft"

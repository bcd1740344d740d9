from __future__ import annotations

from gettext import GNUTranslations

import pytest

from tests.i18n.reading import TAGS, catalogue, texts
from tools import catalogues, messages, wording


@pytest.fixture(scope="module")
def found() -> list[messages.Found]:
    return messages.collect()


@pytest.mark.parametrize("language", TAGS)
def test_every_text_of_the_sources_is_translated_and_sound(language: str, found: list[messages.Found]) -> None:
    assert messages.faults_of(language, found) == []


def test_all_catalogues_hold_the_same_texts() -> None:
    keys = [{(str(m.id), m.context) for m in catalogue(language) if m.id} for language in TAGS]
    assert keys[0] == keys[1] == keys[2]
    assert len(keys[0]) > 500


@pytest.mark.parametrize("language", TAGS)
def test_collecting_twice_gives_the_same_file(language: str, found: list[messages.Found]) -> None:
    first = messages.render(language, messages.merge(language, found))
    assert first == messages.render(language, messages.merge(language, messages.collect()))


@pytest.mark.parametrize("language", TAGS)
def test_the_compiled_form_says_what_the_catalogue_says(language: str) -> None:
    catalogues.build()
    with messages.path_of(language).with_suffix(".mo").open("rb") as source:
        compiled = GNUTranslations(source)
    for message in texts(language):
        text, context = wording.sources(message)[0], message.context
        if not message.pluralizable:
            said = compiled.pgettext(context, text) if context else compiled.gettext(text)
            assert said == wording.forms(message)[0]


@pytest.mark.parametrize(("language", "forms"), [("zh_Hans", 1), ("zh_Hant", 1), ("sv", 2)])
def test_a_language_has_its_own_number_of_plurals(language: str, forms: int) -> None:
    counted = [m for m in catalogue(language) if m.pluralizable]
    assert counted
    assert {len(wording.forms(m)) for m in counted} == {forms}

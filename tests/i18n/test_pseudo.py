from __future__ import annotations

import pytest
from django.utils.translation import gettext, ngettext, override, pgettext

from tests.i18n.pseudo import longer, stretched
from tools import wording


@pytest.mark.parametrize(
    "text",
    [
        "Save",
        "Not saved. Your text is kept.",
        "%(who)s changed this to",
        "<b>%(who)s</b> saved it",
        "100 %%",
        "%%n selected",
        " or ",
        "Net",
    ],
)
def test_a_drawn_out_text_is_longer_and_keeps_its_places(text: str) -> None:
    said = longer(text)
    assert wording.places(said) == wording.places(text)
    assert len(said) > len(text)
    assert (said[0] == " ", said[-1] == " ") == (text[0] == " ", text[-1] == " ")


def test_a_sentence_grows_by_two_fifths() -> None:
    source = "Some of the input is not right, so nothing was saved."
    assert 1.38 <= len(longer(source)) / len(source) <= 1.45


def test_the_language_is_drawn_out_in_the_block_only() -> None:
    with override("sv"):
        with stretched("sv"):
            assert gettext("Save").startswith("⟦Sa")
            assert pgettext("stage", "Draft").startswith("⟦Dra")
            assert ngettext("%(n)s row", "%(n)s rows", 1) == longer("%(n)s row")
            assert ngettext("%(n)s row", "%(n)s rows", 2) == longer("%(n)s rows")
        assert gettext("Save") == "Spara"
        assert ngettext("%(n)s row", "%(n)s rows", 2) == "%(n)s rader"

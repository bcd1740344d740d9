from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from tools import messages, wording

TEMPLATE = """\
{# a comment with {% translate "Not this" %} #}
<p>
        {% translate "Save" %}
    <b title="{% translate 'Say "when"' %}">{{ name|default:_("Nobody") }}</b>
{% translate "Open" context "a verb" %} {% translate "100 %" %}
  {% blocktranslate trimmed with who=row.owner %}
      {{ who }} changed
      this.
  {% endblocktranslate %}
{% blocktranslate count n=total %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{% if x == "It's" %}unbalanced ( ' " [{% endif %}
"""


def texts_in(path: Path, text: str) -> list[tuple[tuple[str, str], str]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [(key, plural) for key, plural, _notes in messages.texts_of(path)]


def test_a_template_gives_its_texts_with_contexts_and_plurals(tmp_path: Path) -> None:
    assert texts_in(tmp_path / "templates/page.html", TEMPLATE) == [
        (("", "Save"), ""),
        (("", 'Say "when"'), ""),
        (("", "Nobody"), ""),
        (("a verb", "Open"), ""),
        (("", "100 %%"), ""),
        (("", "%(who)s changed this."), ""),
        (("", "%(n)s row"), "%(n)s rows"),
    ]


def test_python_gives_its_texts_with_contexts_and_plurals(tmp_path: Path) -> None:
    code = """
class Wrong(Invalid):
    text = N_("It is "
              "wrong.")
label = pgettext_lazy("stage", "Open"); _("100 %"); _(variable); gettext_lazy("Later")
ngettext("%(n)s day", "%(n)s days", 3)
"""
    assert texts_in(tmp_path / "errors.py", code) == [
        (("", "It is wrong."), ""),
        (("stage", "Open"), ""),
        (("", "100 %"), ""),
        (("", "Later"), ""),
        (("", "%(n)s day"), "%(n)s days"),
    ]


def text(single: str, plural: str = "", context: str = "") -> messages.Found:
    return messages.Found((context, single), plural, {"src/hetong/a.py"}, [])


@pytest.fixture
def merged(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Merges texts into a Swedish catalogue of three."""
    old = Catalog(locale="sv")
    old.add("Save", "Spara", user_comments=["same"])
    old.add(("%(n)s row", "%(n)s rows"), ("%(n)s rad", "%(n)s rader"))
    old.add("Gone", "Borta")
    monkeypatch.setattr(messages, "read", lambda language: old)
    return lambda *found: messages.merge("sv", list(found))


def test_merging_keeps_translations_and_drops_what_is_gone(merged: Any) -> None:
    new = merged(text("Save"), text("%(n)s row", "%(n)s rows"), text("New"))
    assert new.get("Save").string == "Spara"
    assert new.get("Save").user_comments == ["same"]
    assert new.get("%(n)s row").string == ("%(n)s rad", "%(n)s rader")
    assert new.get("New").string == ""
    assert new.get("Gone") is None


def test_a_changed_plural_asks_for_another_look(merged: Any) -> None:
    message = merged(text("%(n)s row", "%(n)s lines")).get("%(n)s row")
    assert message.fuzzy
    assert message.string == ("%(n)s rad", "%(n)s rader")


def test_a_text_that_became_a_plural_keeps_what_it_has(merged: Any) -> None:
    message = merged(text("Save", "Save all")).get("Save")
    assert message.string == ("Spara", "")
    assert not wording.is_translated(message)


def test_the_file_names_no_line_and_no_moment(merged: Any) -> None:
    written = messages.render("sv", merged(text("Save")))
    assert "#: src/hetong/a.py\n" in written
    assert "Date" not in written


FAULTS: list[tuple[str, str | tuple[str, str], Any, str]] = [
    ("sv", "Save", "", "has no translation"),
    ("sv", "Save", "Save", "is not translated"),
    ("sv", ("%(n)s row", "%(n)s rows"), ("%(n)s rad", ""), "has no translation"),
    ("sv", "Hello %(name)s", "Hej", "has other places for values: none"),
    ("sv", "Hello %(name)s", "Hej %(namn)s", "has other places for values: %(namn)s"),
    ("zh_Hans", ("%(n)s row", "%(n)s rows"), ("行",), "has other places for values: none"),
    ("zh_Hans", "Save", "Save it", "has no Chinese character"),
    ("zh_Hans", "It is saved.", "已保存.", "should end with “。”"),
    ("zh_Hans", "Saved", "已保存。", "ends like a sentence"),
    ("zh_Hans", "Name: value", "名称:值", "has a half-width mark in “称:”"),
    ("zh_Hans", "Saved", "已保存！", "has an exclamation mark"),
    ("zh_Hans", "Suspended", "已中止", "says “中止”"),
    ("zh_Hant", "Data", "數據", "says “數據”"),
    ("zh_Hant", "Case", "个案", "has characters of the other script: 个"),
    ("zh_Hans", "Case", "個案", "has characters of the other script: 個"),
    ("sv", "Suspended", "Suspenderad", "says “Suspenderad”"),
    ("sv", "This is needed", "et här behövs", "begins with another case"),
    ("sv", " or ", "eller", "has other spaces at its edges"),
]


@pytest.mark.parametrize(("language", "source", "said", "fault"), FAULTS)
def test_a_faulty_translation_is_found(language: str, source: Any, said: Any, fault: str) -> None:
    catalogue = Catalog(locale=language)
    message = catalogue.add(source, said)
    assert fault in list(wording.faults(message, language))


SOUND: list[tuple[str, str | tuple[str, str], Any]] = [
    ("sv", ("One row", "%(n)s rows"), ("En rad", "%(n)s rader")),
    ("sv", ("%(n)s person", "%(n)s people"), ("%(n)s person", "%(n)s personer")),
    ("zh_Hans", ("One row", "%(n)s rows"), ("%(n)s 行",)),
    ("zh_Hans", "No.", "编号"),
    ("zh_Hans", "%(a)s – %(b)s", "%(a)s – %(b)s"),
    ("sv", "Committed until", "Bindningstid t.o.m."),
]


@pytest.mark.parametrize(("language", "source", "said"), SOUND)
def test_a_sound_translation_passes(language: str, source: Any, said: Any) -> None:
    message = Catalog(locale=language).add(source, said)
    assert list(wording.faults(message, language)) == []


def test_a_translation_may_equal_its_source_when_it_says_so() -> None:
    message = Catalog(locale="sv").add("Team", "Team", user_comments=["same"])
    assert list(wording.faults(message, "sv")) == []

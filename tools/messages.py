"""The texts of the interface: `extract` (or `make messages`) collects them, `check` finds faults.

Needs neither GNU gettext nor a database: Babel reads the Python sources, and Django turns its
templates into something that Babel reads. Every catalogue holds every text, in the order of the
files, without line numbers, so that a change of code alone changes no catalogue.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_messages
from babel.messages.pofile import read_po, write_po

from tools import catalogues, steps, wording

SOURCE: Final = steps.ROOT / "src/hetong"
LANGUAGES: Final = {"zh_Hans": "Simplified Chinese", "zh_Hant": "Traditional Chinese (Taiwan)", "sv": "Swedish"}
KEYWORDS: Final = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOTE: Final = "Translators:"
HEADER: Final = """\
# Hetong in {name}.
# Made by `make messages`; only the translations are written by hand. Words come from the glossary.
# A translation that is meant to equal its source has the comment “same”.
msgid ""
msgstr ""
"Project-Id-Version: hetong\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms};\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
Key = tuple[str, str]


@dataclass
class Found:
    """A text of the sources: where it stands, its plural if it has one, notes for translators."""

    key: Key
    plural: str
    places: set[str]
    notes: list[str]

    @property
    def id(self) -> str | tuple[str, str]:
        """The text as a catalogue names it."""
        return (self.key[1], self.plural) if self.plural else self.key[1]


# -- collecting ----------------------------------------------------------------------------------


def collect() -> list[Found]:
    """Every text of the sources, in the order of the files that first use them."""
    found: dict[Key, Found] = {}
    for path in sources():
        place = path.relative_to(steps.ROOT).as_posix()
        for key, plural, notes in texts_of(path):
            text = found.setdefault(key, Found(key, plural, set(), []))
            text.plural = text.plural or plural
            text.places.add(place)
            text.notes.extend(note for note in notes if note not in text.notes)
    return sorted(found.values(), key=lambda text: (min(text.places), text.key[1], text.key[0]))


def sources() -> list[Path]:
    """The files whose texts a person may see; tests and migrations are not among them."""
    files = steps.files_under(SOURCE, without=("tests", "migrations", "static", "locale", "__pycache__"))
    return sorted(path for path in files if is_template(path) or is_code(path))


def is_template(path: Path) -> bool:
    """Whether Django renders the file."""
    return "templates" in path.parts and path.suffix in {".html", ".txt", ".svg"}


def is_code(path: Path) -> bool:
    """Whether the file is part of the running program."""
    return path.suffix == ".py" and path.name != "testing.py"


def texts_of(path: Path) -> Iterator[tuple[Key, str, list[str]]]:
    """The texts of one file: ((context, text), plural, notes)."""
    code = path.read_text(encoding="utf-8")
    if is_template(path):
        code = as_code(code, str(path))
    source = io.BytesIO(code.encode())
    for _line, message, notes, context in extract_messages("python", source, KEYWORDS, (NOTE,)):
        single, plural = message if isinstance(message, tuple) else (message, "")
        if single:
            yield (context or "", single), plural, [note.removeprefix(NOTE).strip() for note in notes]


def as_code(template: str, name: str) -> str:
    """A template as calls of gettext; the brackets make its indentation meaningless to Python."""
    from django.utils.translation.template import templatize

    calls = templatize(template, origin=name)
    return "(\n" + "\n".join(line.strip() for line in calls.splitlines()) + "\n)\n"


# -- catalogues ----------------------------------------------------------------------------------


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return catalogues.LOCALE / language / "LC_MESSAGES/django.po"


def read(language: str) -> Catalog:
    """The catalogue as it stands; empty when there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def merge(language: str, found: list[Found]) -> Catalog:
    """A catalogue of exactly the texts found, with the translations that there are."""
    old = read(language)
    merged = Catalog(locale=language)
    for text in found:
        known = old.get(text.key[1], text.key[0] or None)
        merged.add(
            text.id,
            kept_translation(known, text, old.num_plurals),
            locations=[(place, 0) for place in sorted(text.places)],
            auto_comments=text.notes,
            user_comments=known.user_comments if known else (),
            flags=flags_of(known, text),
            context=text.key[0] or None,
        )
    return merged


def kept_translation(known: Message | None, text: Found, forms: int) -> str | tuple[str, ...]:
    """The old translation in the shape that the text has now."""
    strings = wording.forms(known) if known else ()
    if not text.plural:
        return next(iter(strings), "")
    return tuple((*strings, *[""] * forms)[:forms])


def flags_of(known: Message | None, text: Found) -> set[str]:
    """Marks the translation for another look when only the plural of the text has changed."""
    if known is None or (not known.fuzzy and known.id == text.id):
        return set()
    return {"fuzzy"}


def render(language: str, catalogue: Catalog) -> str:
    """The file of a catalogue; the same texts always give the same bytes."""
    body = io.BytesIO()
    write_po(body, catalogue, width=110, omit_header=True, ignore_obsolete=True, include_lineno=False)
    header = HEADER.format(name=LANGUAGES[language], language=language, plural_forms=catalogue.plural_forms.rstrip(";"))
    return header + body.getvalue().decode().strip() + "\n"


# -- commands ------------------------------------------------------------------------------------


def extract() -> int:
    """Bring every catalogue up to date with the sources, and say how much is left to translate."""
    found = collect()
    for language in LANGUAGES:
        merged = merge(language, found)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(language, merged), encoding="utf-8")
        open_texts = sum(1 for message in merged if message.id and not wording.is_translated(message))
        steps.say(f"==> {language}: {len(found)} texts, {open_texts} to translate")
    catalogues.build()
    return 0


def check() -> int:
    """Print what is missing or wrong in the catalogues; 1 when there is anything."""
    found = collect()
    faults = [fault for language in LANGUAGES for fault in faults_of(language, found)]
    for fault in faults:
        steps.say(fault)
    return 1 if faults else 0


def faults_of(language: str, found: list[Found]) -> list[str]:
    """What is missing or wrong in one catalogue."""
    path = path_of(language)
    name = path.relative_to(steps.ROOT)
    if not path.exists():
        return [f"{name}: missing; run make messages"]
    merged = merge(language, found)
    faults = [
        f"{name}: “{wording.shortened(message)}”: {fault}"
        for message in merged
        if message.id
        for fault in wording.faults(message, language)
    ]
    if render(language, merged) != path.read_text(encoding="utf-8"):
        faults.insert(0, f"{name}: not what the sources say now; run make messages")
    return faults


def main() -> int:
    """`extract` (the default) or `check`."""
    command = sys.argv[1] if len(sys.argv) > 1 else "extract"
    if command not in {"extract", "check"}:
        raise steps.StepFailed("say extract or check")
    return extract() if command == "extract" else check()


if __name__ == "__main__":
    steps.finish(main)

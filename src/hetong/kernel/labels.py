"""Words that an administrator wrote: one text per language, with a fallback.

For statuses, types, custom fields, flows, roles. The program's own words are gettext messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import get_language

from hetong.kernel.errors import N_, Invalid
from hetong.kernel.text import clean_line

MAX_LENGTH: Final = 200
SOURCE_LANGUAGE: Final = "en"

_TAG: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")
_CHINESE: Final = {
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
}
_OTHER_SCRIPT: Final = {"zh-hant": "zh-hans", "zh-hans": "zh-hant"}


class NoLabel(Invalid):
    """There is no text in any language."""

    code = "no_label"
    text = N_("Give at least one language a text.")


class NotALanguage(Invalid):
    """A key of the labels is not a language tag."""

    code = "not_a_language"
    text = N_("“%(language)s” is not a language.")
    then = N_("Use a language tag such as en, sv, zh-hans or zh-hant.")


def language_tag(language: str) -> str:
    """The tag as it is stored: lower case, hyphens, Chinese by script (zh_TW → zh-hant)."""
    tag = language.strip().lower().replace("_", "-")
    parts = tag.split("-")
    if parts[0] == "zh" and len(parts) == 3:
        tag = "-".join(parts[:2])
    return _CHINESE.get(tag, tag)


def fallbacks(language: str) -> Iterator[str]:
    """The languages to try, best first: itself, its base, the other Chinese script, English."""
    tag = language_tag(language)
    yield tag
    yield tag.partition("-")[0]
    if tag in _OTHER_SCRIPT:
        yield _OTHER_SCRIPT[tag]
    yield SOURCE_LANGUAGE


class Labels(Mapping[str, str]):
    """A text per language; read with `text(language)`, stored as a plain JSON object."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, Any]) -> None:
        """Take texts by language; TypeError or ValueError for what is no such object."""
        self._texts: dict[str, str] = {}
        for language, text in dict(texts).items():
            if not isinstance(text, str):
                raise TypeError("labels hold text")
            self._texts[language_tag(str(language))] = text

    def __getitem__(self, language: str) -> str:
        return self._texts[language_tag(language)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    def __repr__(self) -> str:
        return f"Labels({self._texts!r})"

    def __str__(self) -> str:
        """The text in the language that the page is being rendered in."""
        return self.text(get_language() or SOURCE_LANGUAGE)

    def text(self, language: str) -> str:
        """The text for a reader of that language; some other language's rather than nothing."""
        for tag in fallbacks(language):
            if self._texts.get(tag):
                return self._texts[tag]
        return next((self._texts[tag] for tag in sorted(self._texts) if self._texts[tag]), "")

    def clean(self) -> dict[str, str]:
        """The JSON to store: tags checked, texts trimmed, empty ones dropped, in order of tag.

        NoLabel when nothing is left; TooLong and RefusedCharacters as for any line of text.
        """
        cleaned = {}
        for tag in sorted(self._texts):
            if not _TAG.fullmatch(tag):
                raise NotALanguage(language=tag[:40])
            if text := clean_line(self._texts[tag], max_length=MAX_LENGTH):
                cleaned[tag] = text
        if not cleaned:
            raise NoLabel
        return cleaned

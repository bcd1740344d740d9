"""The sentence of every journal code; each app declares its own beside its events, config hands them in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hetong.kernel.fields import Text

USER = "accounts.user"
PEOPLE = "people"
"""Under this key a fact of a sentence holds users by id."""

_sentences: dict[str, Text] = {}


def install(sentences: Mapping[str, Text]) -> None:
    """Make the sentences known; called once at start."""
    _sentences.clear()
    _sentences.update(sentences)


def codes() -> tuple[str, ...]:
    """Every code that has a sentence."""
    return tuple(_sentences)


def template_of(code: str) -> str:
    """The sentence of a code without its facts, in the reader's language."""
    return re.sub(r"%\(\w+\)s", "…", str(_sentences.get(code, code)))


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """What happened, in the reader's language; an unknown code is shown as it is."""
    template = str(_sentences.get(code, code))
    try:
        return template % params
    except (KeyError, TypeError, ValueError):
        return template

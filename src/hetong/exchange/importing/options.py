"""What may be said once for all rows of a file, and in what form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from hetong.kernel.errors import N_, Problem

LONGEST = 500
MOST_KINDS = 20


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) <= MOST_KINDS and all(_is_text(one) for one in value)


STAGES: Final = ("", "draft", "active", "closed")
OPTIONS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "stage": lambda value: value in STAGES, "reason": _is_text, "type": _is_text, "class": _is_text, "currency": _is_text,
    "country": _is_text, "add_parties": _is_flag, "kinds": _are_texts, "tax_rate": _is_text, "prices_include_tax": _is_flag,
}  # fmt: skip
"""Each option with what its value must be."""
_WORDS: Final[Mapping[str, str]] = {
    "stage": N_("This must be draft, active or closed."), "add_parties": N_("This must be yes or no."),
    "prices_include_tax": N_("This must be yes or no."), "kinds": N_("This must be a list of choices."),
}  # fmt: skip


def option_said(name: str, text: str) -> Any:
    """An option as it is written in words: yes and no are flags, kinds stand between commas."""
    if OPTIONS.get(name) is _is_flag:
        return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(
            text.strip().lower(), text
        )
    return [one.strip() for one in text.split(",") if one.strip()] if OPTIONS.get(name) is _are_texts else text


def option_problems(options: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the options: names that are none, values that are of another kind."""
    for name, value in options.items():
        fits = OPTIONS.get(name)
        if fits is None:
            yield Problem("unknown_field", N_("This field is not known here."), field=str(name)[:80])
        elif (isinstance(value, dict | list) and name != "kinds") or not fits(value):
            yield Problem("unreadable", _WORDS.get(name, N_("This must be text.")), field=name)

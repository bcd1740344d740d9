"""Explanations as the pages' "why?" shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hetong.kernel.explain import Explained, Operand, Step, words_of
from hetong.kernel.fields import Text
from hetong.ui.values import NBSP


def why(
    explained: Explained[Any] | None, language: str, *, subject: Text, sentence: Text, titles: Mapping[str, str] | None = None,
    note: Text = "",
) -> dict[str, Any] | None:  # fmt: skip
    """What ``ui/_why.html`` draws; nothing where there is nothing to explain. ``titles``: of source records, by id."""
    if explained is None:
        return None
    rows = [row for step in explained.steps for row in _rows(step, language, titles or {})]
    rows[-1]["sum"] = True
    return {"subject": subject, "sentence": sentence, "steps": rows, "note": note}


def _operand(one: Operand, language: str) -> str:
    """Its name and value; a name that ends in a percent sign gives it to the value."""
    name, is_percent, _rest = str(one.label).partition(" %")
    unit = ("%" if language.startswith("zh") else f"{NBSP}%") if is_percent else ""
    return f"{name} {words_of(one.value, language)}{unit}"


def _rows(step: Step, language: str, titles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The steps a step rests on first, then itself."""
    for one in step.steps:
        yield from _rows(one, language, titles)
    if step.is_masked:
        yield {"label": step.label, "value": _("hidden from you"), "sum": False}
        return
    operands = ", ".join(_operand(one, language) for one in step.operands if one.value not in (None, ""))
    source = titles.get(step.source.id, "") if step.source else ""
    label = f"{source}: {operands}" if source else f"{step.label} ({operands})" if operands else str(step.label)
    yield {"label": label, "value": words_of(step.result, language), "sum": False}

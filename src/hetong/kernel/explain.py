"""Why this number: an amount together with the steps that led to it.

Steps are stored as codes and typed operands with the row that a rule computed, and worded in the
reader's language when they are shown. Every operand names the field it comes from, so that what a
reader may not see is left out here too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hetong.kernel import numerals
from hetong.kernel.dates import Period, Span
from hetong.kernel.money import Money
from hetong.kernel.rounding import Ratio
from hetong.kernel.scaled import Scaled

Value = Money | Scaled | Ratio | Fraction | Period | Span | date | str | int | None
T = TypeVar("T", bound=Value)
Label = str | Promise

_LABELS: Final[dict[str, Label]] = {}


def register_labels(labels: Mapping[str, Label]) -> None:
    """Give step, operand, convention and rounding codes their words; a code has one owner."""
    taken = sorted(code for code in labels if code in _LABELS and _LABELS[code] != labels[code])
    if taken:
        raise ValueError(f"explanation codes registered twice: {', '.join(taken)}")
    _LABELS.update(labels)


def label_of(code: str) -> Label:
    """The words of a code in the reader's language; a retired code stands for itself."""
    return _LABELS.get(code, code)


def registered_codes() -> frozenset[str]:
    """All codes that have words."""
    return frozenset(_LABELS)


def words_of(value: Value, language: str) -> str:
    """An operand's or result's value as a reader of the language writes it; nothing is empty text."""
    match value:
        case None:
            return ""
        case Money():
            return numerals.format_money(value, language)
        case Scaled() | int():
            return numerals.format_number(value, language)
        case Ratio() | Fraction():
            top = numerals.format_number(value.numerator, language)
            bottom = numerals.format_number(value.denominator, language)
            return top if value.denominator == 1 else f"{top}/{bottom}"
        case Period():
            return numerals.format_period(value, language)
        case Span():
            return numerals.format_span(value, language)
        case date():
            return numerals.format_date(value, language)
        case _:
            return value


@dataclass(frozen=True, slots=True)
class Source:
    """The record that an operand or a rule comes from."""

    noun: str
    id: str


@dataclass(frozen=True, slots=True)
class Operand:
    """One number that went into a step: the field it comes from, what it is, and its value."""

    field: str
    code: str
    value: Value

    @property
    def label(self) -> Label:
        """What the operand is, in the reader's language."""
        return label_of(self.code)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation, with the steps that led to it nested below.

    `convention` and `rounding` are codes too. A masked step keeps only its label: some operand of
    it, or of a step it rests on, is hidden from this reader.
    """

    code: str
    operands: tuple[Operand, ...] = ()
    result: Value = None
    convention: str = ""
    rounding: str = ""
    source: Source | None = None
    steps: tuple[Step, ...] = ()
    is_masked: bool = False

    @property
    def label(self) -> Label:
        """What the step does, in the reader's language."""
        return label_of(self.code)

    @property
    def convention_label(self) -> Label:
        """The convention's words, empty when there is none."""
        return label_of(self.convention)

    @property
    def rounding_label(self) -> Label:
        """The rounding's words, empty when nothing was rounded."""
        return label_of(self.rounding)

    def fields(self) -> frozenset[str]:
        """The fields that this step and those below it use."""
        own = frozenset(operand.field for operand in self.operands if operand.field)
        return own.union(*(step.fields() for step in self.steps))

    def visible_for(self, readable: Callable[[str], bool]) -> Step:
        """The step as a reader may see it; operands without a field are facts of the rule."""
        steps = tuple(step.visible_for(readable) for step in self.steps)
        hidden = any(operand.field and not readable(operand.field) for operand in self.operands)
        if hidden or self.is_masked or any(step.is_masked for step in steps):
            return Step(self.code, steps=steps, is_masked=True)
        return replace(self, steps=steps)


@dataclass(frozen=True, slots=True)
class Explained(Generic[T]):
    """A value that a rule computed, and the steps that explain it."""

    value: T
    steps: tuple[Step, ...] = ()

    def fields(self) -> frozenset[str]:
        """The names of all fields that the explanation uses."""
        return frozenset[str]().union(*(step.fields() for step in self.steps))

    def visible_for(self, readable: Callable[[str], bool]) -> Explained[T]:
        """The explanation with the steps that rest on hidden fields reduced to their labels.

        The value itself is a field of its own; whether it may be read is decided by the register.
        """
        return replace(self, steps=tuple(step.visible_for(readable) for step in self.steps))

    def to_json(self) -> dict[str, Any]:
        """The explanation as stored with its row; `from_json` gives back an equal one."""
        return {"value": _pack(self.value), "steps": [_pack_step(step) for step in self.steps]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Explained[Any]:
        """Read what `to_json` wrote."""
        steps = tuple(_unpack_step(step) for step in stored["steps"])
        return Explained(_unpack(stored["value"]), steps)


def _pack(value: Value) -> Any:
    """A typed value as JSON: text, whole numbers and nothing as they are, others under a tag."""
    match value:
        case None | str() | int():
            return value
        case Money():
            return {"money": [value.minor, value.currency]}
        case Scaled():
            return {"scaled": [value.units, value.exponent]}
        case Ratio() | Fraction():
            tag = "ratio" if isinstance(value, Ratio) else "fraction"
            return {tag: [value.numerator, value.denominator]}
        case Span():
            return {"span": value.iso}
        case Period():
            ends = value.ends.isoformat() if value.ends else None
            return {"period": [value.starts.isoformat(), ends]}
        case _:
            return {"date": value.isoformat()}


def _read_period(stored: list[Any]) -> Period:
    ends = date.fromisoformat(stored[1]) if stored[1] else None
    return Period(date.fromisoformat(stored[0]), ends)


_READERS: Final[Mapping[str, Callable[[Any], Value]]] = {
    "money": lambda stored: Money(*stored),
    "scaled": lambda stored: Scaled(*stored),
    "ratio": lambda stored: Ratio(*stored),
    "fraction": lambda stored: Fraction(*stored),
    "span": Span.parse,
    "period": _read_period,
    "date": date.fromisoformat,
}


def _unpack(stored: Any) -> Any:
    if not isinstance(stored, dict):
        return stored
    ((tag, content),) = stored.items()
    return _READERS[tag](content)


def _pack_step(step: Step) -> dict[str, Any]:
    """One step as JSON; what is empty is left out, since millions of rows carry these."""
    packed: dict[str, Any] = {
        "code": step.code,
        "operands": [[operand.field, operand.code, _pack(operand.value)] for operand in step.operands],
        "result": _pack(step.result),
        "convention": step.convention,
        "rounding": step.rounding,
        "source": [step.source.noun, step.source.id] if step.source else None,
        "steps": [_pack_step(one) for one in step.steps],
        "masked": step.is_masked,
    }
    idle: tuple[Any, ...] = (None, "", [], False)
    return {
        key: content
        for key, content in packed.items()
        if (key == "result" and content is not None) or content not in idle
    }


def _unpack_step(stored: Mapping[str, Any]) -> Step:
    source = stored.get("source")
    return Step(
        code=stored["code"],
        operands=tuple(Operand(field, code, _unpack(value)) for field, code, value in stored.get("operands", ())),
        result=_unpack(stored.get("result")),
        convention=stored.get("convention", ""),
        rounding=stored.get("rounding", ""),
        source=Source(*source) if source else None,
        steps=tuple(_unpack_step(one) for one in stored.get("steps", ())),
        is_masked=stored.get("masked", False),
    )


HALF_UP: Final = "rounding.half_up"
LARGEST_REMAINDER: Final = "rounding.largest_remainder"

register_labels(
    {
        "": "",
        HALF_UP: _("Rounded half up to the currency"),
        LARGEST_REMAINDER: _("Split without losing a unit"),
        "convention.actual_365": _("Actual days over 365"),
        "convention.actual_actual": _("Actual days over the days of the full period"),
        "convention.thirty_360": _("Thirty-day months over 360"),
        "convention.whole_months": _("Whole months and the days of the broken month"),
    }
)

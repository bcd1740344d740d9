"""What field rules are set for: the fields of every noun's register, and what higher apps rule as a whole.

Read from the running product, so that a new field, a new noun and a field that an administrator added are there
the day they appear. Kinds of document come from their own app through `install`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor, ActorKind, Grant, Level, RoleFacts
from hetong.kernel.fields import Choice, Field, Register, Text
from hetong.kernel.nouns import noun, nouns


@dataclass(frozen=True)
class Ruled:
    """One thing that a rule can be set for: a field, or a kind of document as a whole."""

    name: str
    label: Text
    group: Text = ""
    default_rule: Mapping[str, Level] = field(default_factory=dict)
    is_written: bool = False
    """Whether it takes input at all; else there is only hidden or read."""
    is_required: bool = False
    hides: tuple[Text, ...] = ()
    """What is hidden with it, because it could be worked out from what is shown."""

    def shipped(self, role: RoleFacts) -> Level:
        """What holds for the role where no rule is set."""
        return self.fit(role.shipped_level(self.default_rule))

    def fit(self, level: Level) -> Level:
        """The level as it can hold here: what takes no input is at most read."""
        return level if self.is_written else min(level, Level.READ)


@dataclass(frozen=True)
class Subject:
    """Everything of one noun that rules can be set for."""

    key: str
    label: Text
    rows: Mapping[str, Ruled]
    stages: Mapping[str, Text] = field(default_factory=dict)
    first_stage: str = ""
    can_add: str = ""
    """The permission of those who fill in its add form."""
    closed_with: Callable[[str, str], Iterable[Text]] | None = None
    """The rows that nobody reads who may not read that field of that noun."""


_extras: list[Callable[[], Iterable[Subject]]] = []


def install(*extras: Callable[[], Iterable[Subject]]) -> None:
    """Take from config what higher apps rule besides their registers; called once at start."""
    _extras[:] = extras


def subjects() -> list[Subject]:
    """All there is to rule, in the order of ``config/nouns.py``."""
    return [_of_noun(entry.key) for entry in nouns()] + [one for extra in _extras for one in extra()]


def subject(key: str) -> Subject:
    """The one of that key. Raises `NotFound`."""
    for extra in _extras:
        for one in extra():
            if one.key == key:
                return one
    return _of_noun(key)


def _of_noun(key: str) -> Subject:
    entry = noun(key)
    register = entry.register
    hides = _followers(register)
    rows = {
        one.name: Ruled(
            one.name, one.label, one.group, one.default_rule, one.write, one.required and one.write, hides.get(one.name, ())
        )
        for one in register
        if not one.is_retired and not one.of
    }  # fmt: skip
    return Subject(key, entry.labels[0], rows, stages_of(register), register.first_stage, entry.can_add)


def _followers(register: Register) -> dict[str, tuple[Text, ...]]:
    """By field, the labels of the fields that are hidden with it, however many steps away."""
    fields = register.all()

    def above(one: Field) -> Iterator[str]:
        for name in one.derived_from:
            yield name
            if name in fields:
                yield from above(fields[name])

    found: dict[str, list[Text]] = {}
    for one in fields.values():
        for name in dict.fromkeys(above(one)):
            found.setdefault(name, []).append(one.label)
    return {name: tuple(labels) for name, labels in found.items()}


def stages_of(register: Register) -> dict[str, Text]:
    """The stages that a record of the register passes, in order; those of the record it hangs on."""
    if register.stage_column is None:
        return {}
    model, column = register.stage_column
    for entry in nouns():
        if entry.model is model:
            for one in entry.register:
                if one.path == column and one.choices is not None:
                    return _labelled(one.choices())
    return {}


def _labelled(choices: Iterable[Choice]) -> dict[str, Text]:
    return {choice.code: choice.label for choice in choices}


def consequences(key: str, name: str) -> list[tuple[Text, list[Text]]]:
    """What else is hidden where that field is, by kind of record: asked of the registers themselves, so it is what holds."""
    role = RoleFacts("probe", rules={(key, name): Level.HIDDEN})
    probe = Actor(ActorKind.USER, None, "", (Grant(role),))
    found: list[tuple[Text, list[Text]]] = []
    for entry in nouns():
        levels = entry.register.levels(probe)
        gone = [
            one for one in entry.register if levels[one.name] is Level.HIDDEN and (entry.key, one.name) != (key, name)
        ]
        found += [(entry.labels[0], [one.label for one in gone])] if gone else []
    for table in (one for extra in _extras for one in extra()):
        closed = list(table.closed_with(key, name)) if table.closed_with else []
        found += [(table.label, closed)] if closed else []
    return found


CHANNELS: tuple[tuple[Text, Text], ...] = (
    (_("Pages"), _("cards, forms, side panels, the first page")),
    (_("Lists"), _("columns, filters, sorting, grouping, totals, counts")),
    (_("Changes"), _("forms, cells, bulk edits, background jobs")),
    (_("Files"), _("exports and what they hold")),
    (_("API"), _("reading and writing, with every token")),
    (_("Search"), _("hits and what is shown of them")),
    (_("History"), _("old and new values of the field")),
    (_("Refusals"), _("error messages never quote what is hidden")),
)
"""Where a rule holds; each is swept with a planted value by tests/access."""

"""A field rule as it is set and said: a level, and the stages at which reading and editing change places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from hetong.kernel.actors import Level
from hetong.kernel.errors import N_, Invalid, Problem

from .models import FieldRule, Role
from .queries import role_facts
from .subjects import Ruled, Subject

WORDS = {Level.HIDDEN: N_("Hidden"), Level.READ: N_("Read"), Level.EDIT: N_("Edit")}


@dataclass(frozen=True)
class Rule:
    """What holds for a field: ``level``; at the stages of ``switched``, edit instead of read or read instead of edit."""

    level: Level
    switched: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """As forms and addresses carry it: ``hidden``, ``read+draft``."""
        return self.level.name.lower() + "".join(f"+{stage}" for stage in sorted(self.switched))

    @property
    def other(self) -> Level:
        """The level that holds at the switched stages."""
        return Level.READ if self.level is Level.EDIT else Level.EDIT

    @property
    def stage_levels(self) -> dict[str, Level]:
        return dict.fromkeys(sorted(self.switched), self.other)


def read_code(code: str) -> Rule:
    """The rule of a code. Raises `Invalid`."""
    level, *stages = code.split("+")
    try:
        return Rule(Level[level.upper()], frozenset(stages))
    except KeyError:
        raise Invalid(problems=[Problem("no_level", N_("A field is hidden, read or edit."), field="level")]) from None


def said(rule: Rule, stages: Mapping[str, object]) -> str:
    """The rule in words."""
    if not rule.switched:
        return _(WORDS[rule.level])
    named = ", ".join(str(label) for stage, label in stages.items() if stage in rule.switched)
    if rule.level is Level.READ:
        return _("Edit only while: %(stages)s") % {"stages": named}
    return _("Edit, but not while: %(stages)s") % {"stages": named}


def cell_words(subject: Subject, name: str, rule: Rule) -> str:
    """One cell of the matrix in words, such as “Line · Unit cost: Hidden”."""
    return f"{subject.label} · {subject.rows[name].label}: {said(rule, subject.stages)}"


@dataclass(frozen=True)
class Held:
    """What holds for one role and one field now: the rule, and the one that would hold without an administrator's."""

    rule: Rule
    shipped: Rule

    @property
    def is_own(self) -> bool:
        return self.rule != self.shipped


def held_rules(subject: Subject, roles: Iterable[Role]) -> dict[tuple[UUID, str], Held]:
    """What holds for each role and each row of the subject."""
    found: dict[tuple[UUID, str], Held] = {}
    facts = role_facts(roles)
    for role in roles:
        for name, row in subject.rows.items():
            shipped = Rule(row.shipped(facts[role.pk]))
            level = facts[role.pk].rules.get((subject.key, name))
            switched = {
                stage for (noun, field, stage), one in facts[role.pk].stage_rules.items()
                if noun == subject.key and field == name and one is not level
            } if level else set()  # fmt: skip
            own = shipped if level is None else Rule(row.fit(level), frozenset(switched) & set(subject.stages))
            found[role.pk, name] = Held(own, shipped)
    return found


def stored(role: Role, subject: str, name: str, rule: Rule) -> list[FieldRule]:
    """The rows that keep the rule."""
    rows = [FieldRule(role=role, noun=subject, field=name, level=rule.level.value)]
    rows += [
        FieldRule(role=role, noun=subject, field=name, stage=stage, level=level.value)
        for stage, level in rule.stage_levels.items()
    ]
    return rows


def misfits(subject: Subject, row: Ruled, rule: Rule) -> list[Problem]:
    """What is wrong with the rule for that row."""
    field = f"{subject.key}.{row.name}"
    if rule.switched and rule.level is Level.HIDDEN:
        return [
            Problem(
                "stage_hides",
                N_("A stage only changes reading and editing: what is hidden is hidden at every stage."),
                field=field,
            )
        ]
    if rule.switched and not row.is_written:
        return [
            Problem(
                "never_written",
                N_("“%(field)s” is worked out by the product and takes no input at any stage."),
                {"field": row.label},
                field,
            )
        ]
    if unknown := sorted(rule.switched - set(subject.stages)):
        return [Problem("no_stage", N_("There is no stage “%(stage)s” here."), {"stage": unknown[0]}, field)]
    return []  # fmt: skip

"""Setting field rules: many cells of the matrix in one batch, all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from hetong.accounts.events import Act
from hetong.accounts.models import FieldRule, Role
from hetong.accounts.policy import Can, manages
from hetong.accounts.rules import Held, Rule, cell_words, held_rules, misfits, stored
from hetong.accounts.subjects import Subject, subject
from hetong.audit.services import Change, record_many
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import N_, Forbidden, Invalid, NotFound, Problem, Stale, refuse
from hetong.kernel.events import Fact
from hetong.kernel.fields import words
from hetong.kernel.rows import insert, locked

from .access import bump_policy

NOUN = "accounts.role"


@dataclass(frozen=True)
class Setting:
    """One cell as it is wanted. ``rule`` None: back to what was shipped. ``seen``: what the writer saw there, where told."""

    role: UUID
    noun: str
    field: str
    rule: Rule | None
    seen: Rule | None = None


class NeededButClosed(Invalid):
    """A rule closes a field that new records need; people of the role could add none. Say so, or mean it."""

    code = "needed_but_closed"
    text = N_("These rules close fields that new records need, so the role could not add any more.")
    then = N_("Change the rules, or confirm that this is meant.")


@transaction.atomic
def set_field_rules(actor: Actor, wanted: Sequence[Setting], *, reason: str = "", is_meant: bool = False) -> list[Role]:
    """Set what roles may do with fields; returns the roles that changed. It counts from the next request of everybody.

    ``is_meant`` confirms rules that close a field needed for new records. Raises `Forbidden`, `NotFound` for a role
    that is not there, `Invalid` naming every cell that does not fit, `NeededButClosed`, `Stale` where somebody else
    set a cell since the writer saw it.
    """
    must_manage_roles(actor)
    roles = {role.pk: role for role in locked(Role.objects.filter(is_active=True), {one.role for one in wanted})}
    tables = _tables(wanted)
    refuse(_problems(wanted, tables))
    held = {key: held_rules(table, list(roles.values())) for key, table in tables.items()}
    moves = [move for one in wanted if (move := _move(one, held[one.noun], tables[one.noun])) is not None]
    if not is_meant and (closed := [p for move in moves for p in _closes(roles[move.role], move, tables[move.noun])]):
        raise NeededButClosed(problems=closed)
    _store(roles, moves)
    changed = [role for role in roles.values() if any(move.role == role.pk for move in moves)]
    changes = [_change(role, [m for m in moves if m.role == role.pk], tables) for role in changed]
    if changes:
        record_many(actor, Act.RULES_SET, changes, reason=reason)
        bump_policy(actor, tuple(Fact(NOUN, role.pk) for role in changed))
    return changed


def must_manage_roles(actor: Actor) -> None:
    """Raise `Forbidden` unless the actor manages roles in all companies: a role holds in each of them."""
    if not manages(actor, Can.MANAGE_ROLES, None):
        raise Forbidden(can=Can.MANAGE_ROLES)


def _tables(wanted: Iterable[Setting]) -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for key in {one.noun for one in wanted}:
        try:
            found[key] = subject(key)
        except NotFound:
            raise Invalid(
                problems=[Problem("no_noun", N_("There is no kind of record “%(key)s”."), {"key": key[:80]}, "noun")]
            ) from None
    return found  # fmt: skip


def _problems(wanted: Iterable[Setting], tables: dict[str, Subject]) -> list[Problem]:
    problems: list[Problem] = []
    for one in wanted:
        row = tables[one.noun].rows.get(one.field)
        if row is None:
            text = N_("There is no field “%(field)s” here.")
            problems.append(Problem("no_field", text, {"field": one.field[:80]}, f"{one.noun}.{one.field}"[:160]))
        elif one.rule is not None:
            problems += misfits(tables[one.noun], row, one.rule)
    return problems


@dataclass(frozen=True)
class _Move:
    role: UUID
    noun: str
    field: str
    before: Rule
    after: Rule
    shipped: Rule


def _move(one: Setting, held: dict[tuple[UUID, str], Held], table: Subject) -> _Move | None:
    """The change that the setting makes; None where it makes none. Raises `Stale`."""
    now, row = held[one.role, one.field], table.rows[one.field]
    after = now.shipped if one.rule is None else Rule(row.fit(one.rule.level), one.rule.switched)
    if after == now.rule:
        return None
    if one.seen is not None and one.seen != now.rule:
        raise Stale(field=f"{one.noun}.{one.field}")
    return _Move(one.role, one.noun, one.field, now.rule, after, now.shipped)


def _closes(role: Role, move: _Move, table: Subject) -> list[Problem]:
    """A problem where the role adds such records and the change takes a field away that each of them needs."""
    row = table.rows[move.field]
    if not row.is_required or table.can_add not in role.permissions:
        return []
    if _at_start(move.after, table) is Level.EDIT or _at_start(move.before, table) is not Level.EDIT:
        return []
    text = N_("“%(field)s” is needed to add a record (%(noun)s), and %(role)s adds them.")
    params = {"field": row.label, "noun": table.label, "role": words(role.labels, translation.get_language() or "en")}
    return [Problem("needed", text, params, f"{move.noun}.{move.field}")]


def _at_start(rule: Rule, table: Subject) -> Level:
    return rule.other if table.first_stage in rule.switched else rule.level


def _store(roles: dict[UUID, Role], moves: Iterable[_Move]) -> None:
    rows: list[FieldRule] = []
    for move in moves:
        FieldRule.objects.filter(role=move.role, noun=move.noun, field=move.field).delete()
        if move.after != move.shipped:
            rows += stored(roles[move.role], move.noun, move.field, move.after)
    insert(rows)


def _change(role: Role, moves: Sequence[_Move], tables: dict[str, Subject]) -> Change:
    """What the journal keeps: each cell in words, in every language, so that it can be read when the field is gone."""

    def cells(pick: Callable[[_Move], Rule]) -> dict[str, Any]:
        return {"rules": [in_languages(partial(cell_words, tables[m.noun], m.field, pick(m))) for m in moves]}

    before, after = cells(lambda move: move.before), cells(lambda move: move.after)
    return Change(NOUN, role.pk, words(role.labels, "en"), None, before, after)


def in_languages(say: Callable[[], Any]) -> dict[str, str]:
    """The words in each language of the interface."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = str(say())
    return found

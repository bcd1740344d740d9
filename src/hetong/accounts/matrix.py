"""The matrix of field rules as the settings page draws and reads it: roles across, fields down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hetong.kernel.actors import Level
from hetong.kernel.errors import N_, Invalid, Problem, refuse
from hetong.kernel.fields import Text, words
from hetong.kernel.text import fold

from .models import Role
from .rules import Held, Rule, held_rules, read_code, said
from .services.field_rules import Setting
from .subjects import Ruled, Subject

HIDDEN, READ, EDIT = Rule(Level.HIDDEN), Rule(Level.READ), Rule(Level.EDIT)


@dataclass(frozen=True)
class Cell:
    """What one role may do with one field: the name of its control, its code, and what may be chosen."""

    name: str
    role: str
    code: str
    options: tuple[tuple[str, str], ...]
    is_own: bool
    shipped: str


@dataclass(frozen=True)
class Line:
    """One field with its cells; ``hides`` names what disappears with it."""

    name: str
    label: Text
    hides: str
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Block:
    """The fields of one group of one noun."""

    noun: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Asked:
    """What part of the matrix is asked for."""

    noun: str = ""
    text: str = ""
    role: str = ""
    other: str = ""
    is_own: bool = False

    def takes(self, table: Subject, row: Ruled) -> bool:
        """Whether the words looked for occur in what the row, its group or its noun is called."""
        called = fold(f"{row.label} {row.group} {table.label} {row.name}")
        return all(word in called for word in fold(self.text).split())


def shown_roles(roles: Sequence[Role], asked: Asked) -> list[Role]:
    """The roles across: one, two to compare, or all."""
    wanted = {key for key in (asked.role, asked.other) if key}
    found = [role for role in roles if role.key in wanted]
    return found or list(roles)


def blocks(tables: Iterable[Subject], roles: Sequence[Role], asked: Asked, sent: Mapping[str, str]) -> list[Block]:
    """The matrix; ``sent`` are codes that were typed and not saved, which stand in the place of those that hold."""
    found: dict[tuple[str, str], list[Line]] = {}
    for table in tables:
        held = held_rules(table, roles)
        for row in table.rows.values():
            if not asked.takes(table, row):
                continue
            cells = tuple(_cell(table, row, role, held[role.pk, row.name], sent) for role in roles)
            if asked.is_own and not any(cell.is_own for cell in cells):
                continue
            if asked.other and len({cell.code for cell in cells}) == 1:
                continue
            label = " · ".join(str(part) for part in (table.label, row.group) if part)
            found.setdefault((table.key, label), []).append(_line(table, row, cells))
    return [Block(key, label, tuple(lines)) for (key, label), lines in found.items()]


def _line(table: Subject, row: Ruled, cells: tuple[Cell, ...]) -> Line:
    url = f"/settings/field-rules/{table.key}/{row.name}/"
    return Line(row.name, row.label, ", ".join(str(label) for label in row.hides), url, cells)


def _cell(table: Subject, row: Ruled, role: Role, held: Held, sent: Mapping[str, str]) -> Cell:
    name = f"{table.key}:{row.name}:{role.key}"
    code = sent.get(name, held.rule.code)
    options = dict.fromkeys(rule.code for rule in (*offered(table, row), held.rule))
    named = tuple((one, said(read_code(one), table.stages)) for one in options)
    return Cell(name, words(role.labels, _language()), code, named, held.is_own, said(held.shipped, table.stages))


def offered(table: Subject, row: Ruled) -> list[Rule]:
    """What may be chosen in a cell at once; other stages are chosen on the field's own page."""
    if not row.is_written:
        return [HIDDEN, READ]
    first = [Rule(Level.READ, frozenset({table.first_stage}))] if table.first_stage in table.stages else []
    return [HIDDEN, READ, *first, EDIT]


def _language() -> str:
    return get_language() or "en"


def seen_codes(tables: Iterable[Subject], roles: Sequence[Role]) -> str:
    """The cells that differ from what was shipped, as the page carries them to tell what its reader saw."""
    return json.dumps(
        {
            f"{table.key}:{name}:{role.key}": held.rule.code
            for table in tables
            for role in roles
            for (pk, name), held in held_rules(table, [role]).items()
            if pk == role.pk and held.is_own
        },
        separators=(",", ":"),
    )


def read_sent(
    posted: Mapping[str, Any], tables: Sequence[Subject], roles: Sequence[Role]
) -> tuple[list[Setting], dict[str, str]]:
    """The cells that the sender changed, and all codes that were sent. Raises `Invalid` for what is no code or no cell."""
    by_key, by_name = {table.key: table for table in tables}, {role.key: role for role in roles}
    seen = _seen(posted)
    held: dict[str, dict[tuple[UUID, str], Held]] = {}
    settings, codes = [], {}
    cells = {name: name.split(":", 2) for name in posted if name.count(":") == 2}
    refuse([one for key, field, role in cells.values() for one in _no_cell(by_key.get(key), field, role in by_name)])
    for name, (key, field, role) in cells.items():
        code = posted[name]
        codes[name] = str(code)
        if key not in held:
            held[key] = held_rules(by_key[key], roles)
        was = read_code(seen[name]) if name in seen else held[key][by_name[role].pk, field].shipped
        if code != was.code:
            settings.append(Setting(by_name[role].pk, key, field, read_code(str(code)), was))
    return settings, codes


def _no_cell(table: Subject | None, field: str, is_role: bool) -> Iterator[Problem]:
    """What is wrong with a cell that is not there (any more): a field that was retired while the page was open."""
    if table is None or field not in table.rows:
        yield Problem("no_field", N_("There is no field “%(field)s” here."), {"field": field[:80]})
    elif not is_role:
        yield Problem("no_role", N_("There is no such record, or you have no access to it."))


def _seen(posted: Mapping[str, Any]) -> dict[str, str]:
    try:
        found = json.loads(posted.get("seen") or "{}")
    except ValueError:
        raise Invalid() from None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise Invalid()
    return found


def stages_of_field(
    table: Subject, name: str, roles: Sequence[Role], sent: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """The page of one field: for each role its level, and the stages at which it may edit."""
    held = held_rules(table, roles)
    found = []
    for role in roles:
        rule, shipped = held[role.pk, name].rule, held[role.pk, name].shipped
        ticked = set(table.stages) - rule.switched if rule.level is Level.EDIT else set(rule.switched)
        level = "stages" if rule.switched else rule.level.name.lower()
        if sent is not None:
            level = str(sent.get(f"level:{role.key}", level))
            ticked = set(sent.getlist(f"stage:{role.key}")) if hasattr(sent, "getlist") else ticked
        found.append({
            "key": role.key, "name": words(role.labels, _language()), "level": level, "said": said(rule, table.stages),
            "shipped": said(shipped, table.stages), "is_own": rule != shipped, "code": rule.code,
            "stages": [(code, label, code in ticked) for code, label in table.stages.items()],
        })  # fmt: skip
    return found


def read_field(posted: Any, table: Subject, name: str, roles: Sequence[Role]) -> list[Setting]:
    """What the page of one field was sent with. Raises `Invalid`."""
    settings = []
    for role in roles:
        level, seen = posted.get(f"level:{role.key}", ""), posted.get(f"seen:{role.key}", "")
        if not level or not seen:
            continue
        ticked = frozenset(posted.getlist(f"stage:{role.key}"))
        rule = Rule(Level.READ, ticked) if level == "stages" else read_code(level)
        if rule.code != seen:
            settings.append(Setting(role.pk, table.key, name, rule, read_code(seen)))
    return settings


def level_names(table: Subject, row: Ruled) -> list[tuple[str, str]]:
    """What may be chosen on the page of one field."""
    if not row.is_written:
        return [("hidden", _("Hidden")), ("read", _("Read"))]
    more = [("stages", _("Edit at some stages"))] if table.stages else []
    return [("hidden", _("Hidden")), ("read", _("Read")), *more, ("edit", _("Edit"))]

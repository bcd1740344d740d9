"""Adding, copying, editing, retiring roles. Whatever happens, somebody can still manage people and roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from hetong.accounts.events import Act
from hetong.accounts.models import FieldRule, Role
from hetong.accounts.rules import cell_words, held_rules
from hetong.accounts.shipped import shipped_role
from hetong.accounts.subjects import subjects
from hetong.accounts.wording import REACH_WORDS, all_permissions, permission_word
from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.kernel.actors import Actor, Level, Reach
from hetong.kernel.errors import N_, Conflict, Problem, UnknownField, refuse
from hetong.kernel.events import Fact
from hetong.kernel.fields import words
from hetong.kernel.ids import new_id
from hetong.kernel.labels import Labels
from hetong.kernel.nouns import nouns
from hetong.kernel.rows import insert, locked, write

from .access import bump_policy, must_keep_administrator
from .field_rules import NOUN, in_languages, must_manage_roles

Given = Mapping[str, Any]
Versions = Mapping[UUID, int] | None
COLUMNS = ("labels", "permissions", "reach", "usual")
STORED = (*COLUMNS, "base", "is_active", "is_changed")


class NotShipped(Conflict):
    """The role was made here, so there is nothing to set it back to."""

    code = "not_shipped"
    text = N_("“%(role)s” was made by an administrator; there is no shipped form of it.")
    then = N_("Change it, or retire it.")


@transaction.atomic
def add_roles(actor: Actor, givens: Sequence[Given], *, reason: str = "") -> list[Role]:
    """Add roles. One that names a role as ``copy_of`` starts as that one, field rules included, and differs in the rest given.

    Each given may hold ``labels``, ``permissions``, ``reach`` by noun or ``*``, and ``usual``: the level of every
    field that no rule speaks of. Raises `Forbidden`, `NotFound` for a role to copy, `Invalid`.
    """
    must_manage_roles(actor)
    wanted = {UUID(str(given["copy_of"])) for given in givens if given.get("copy_of")}
    originals = {role.pk: role for role in locked(Role.objects.all(), wanted)}
    roles, copies = [], []
    for given in givens:
        original = originals.get(UUID(str(given["copy_of"]))) if given.get("copy_of") else None
        role = _started(original)
        _assign(role, {name: value for name, value in given.items() if name != "copy_of"})
        if original is not None:
            copies += _copied_rules(original, role)
        roles.append(role)
    refuse([problem for role in roles for problem in _problems(role)])
    insert(roles)
    insert(copies)
    record_many(
        actor, Act.ROLE_ADDED, [Change(NOUN, r.pk, _name(r), None, {}, _as_kept(r)) for r in roles], reason=reason
    )
    bump_policy(actor, tuple(Fact(NOUN, role.pk) for role in roles))
    return roles


def _started(original: Role | None) -> Role:
    role = Role(key=f"role_{new_id().hex}", usual=Level.EDIT.value)
    if original is not None:
        role.permissions, role.reach, role.usual = list(original.permissions), dict(original.reach), original.usual
        role.base = original.base or original.key
    return role


def _copied_rules(original: Role, role: Role) -> list[FieldRule]:
    return [
        FieldRule(role=role, noun=rule.noun, field=rule.field, stage=rule.stage, level=rule.level)
        for rule in FieldRule.objects.filter(role=original)
    ]


@transaction.atomic
def edit_roles(
    actor: Actor, ids: Collection[UUID], given: Given, *, versions: Versions = None, reason: str = ""
) -> list[Role]:
    """Change roles; it counts from the next request of everybody who holds them.

    Raises `Forbidden`, `NotFound`, `Stale`, `Invalid`, `LastAdministrator`.
    """
    must_manage_roles(actor)
    roles = locked(Role.objects.all(), ids)
    check_versions(roles, versions)
    before = {role.pk: _as_kept(role) for role in roles}
    for role in roles:
        _assign(role, given)
        role.is_changed = role.is_changed or (shipped_role(role.key) is not None and _as_kept(role) != before[role.pk])
    refuse([problem for role in roles for problem in _problems(role)])
    _save(actor, Act.ROLE_EDITED, [r for r in roles if _as_kept(r) != before[r.pk]], before, reason)
    return roles


@transaction.atomic
def retire_roles(actor: Actor, ids: Collection[UUID], *, versions: Versions = None, reason: str = "") -> list[Role]:
    """Take roles out of use: they are no longer offered, and who holds one loses with the next request what it gave."""
    return _switch(actor, ids, Act.ROLE_RETIRED, versions, is_active=False, reason=reason)


@transaction.atomic
def restore_roles(actor: Actor, ids: Collection[UUID], *, versions: Versions = None, reason: str = "") -> list[Role]:
    """Take retired roles into use again; who held one holds it again."""
    return _switch(actor, ids, Act.ROLE_RESTORED, versions, is_active=True, reason=reason)


def _switch(
    actor: Actor, ids: Collection[UUID], code: Act, versions: Versions, *, is_active: bool, reason: str
) -> list[Role]:
    must_manage_roles(actor)
    roles = locked(Role.objects.all(), ids)
    check_versions(roles, versions)
    before = {role.pk: _as_kept(role) for role in roles}
    changed = [role for role in roles if role.is_active != is_active]
    for role in changed:
        role.is_active = is_active
    _save(actor, code, changed, before, reason)
    return roles


@transaction.atomic
def reset_roles(actor: Actor, ids: Collection[UUID], *, versions: Versions = None, reason: str = "") -> list[Role]:
    """Set shipped roles back to what was shipped: words, permissions, reach, field rules. Upgrades reach them again.

    Raises `NotShipped`, `LastAdministrator`.
    """
    must_manage_roles(actor)
    roles = locked(Role.objects.all(), ids)
    check_versions(roles, versions)
    before = {role.pk: _as_kept(role) | {"rules": own_rules(role)} for role in roles}
    for role in roles:
        shipped = shipped_role(role.key)
        if shipped is None:
            raise NotShipped(role=_name(role, actor.language))
        facts, labels = shipped
        role.labels, role.permissions, role.usual = dict(labels), sorted(facts.permissions), facts.usual.value
        role.reach = {noun: reach.name for noun, reach in facts.reach.items()}
        role.is_changed, role.is_active = False, True
    FieldRule.objects.filter(role__in=roles).delete()
    _save(actor, Act.ROLE_RESET, roles, before, reason, rules=True)
    return roles


def own_rules(role: Role) -> list[dict[str, str]]:
    """The rules that an administrator set for the role, in words, in every language."""
    found = []
    for table in subjects():
        for (_, name), held in held_rules(table, [role]).items():
            if held.is_own:
                found.append(in_languages(partial(cell_words, table, name, held.rule)))
    return found


def _save(
    actor: Actor, code: Act, roles: Sequence[Role], before: Mapping[UUID, Given], reason: str, *, rules: bool = False
) -> None:
    if not roles:
        return
    write(roles, STORED)
    must_keep_administrator()
    after = {role.pk: _as_kept(role) | ({"rules": []} if rules else {}) for role in roles}
    changes = [Change(NOUN, role.pk, _name(role), None, before[role.pk], after[role.pk]) for role in roles]
    record_many(actor, code, changes, reason=reason)
    bump_policy(actor, tuple(Fact(NOUN, role.pk) for role in roles))


# -- input ---------------------------------------------------------------------------------------


def _assign(role: Role, given: Given) -> None:
    """Set what was given. Raises `UnknownField`, `Invalid`."""
    if strange := sorted(set(given) - set(COLUMNS)):
        raise UnknownField(fields=", ".join(strange))
    refuse(_misshapen(given))
    if "labels" in given:
        role.labels = Labels(given["labels"]).clean()
    if "permissions" in given:
        role.permissions = sorted(set(given["permissions"]))
    if "reach" in given:
        role.reach = dict(given["reach"])
    if "usual" in given:
        role.usual = Level[given["usual"].upper()].value


def _misshapen(given: Given) -> list[Problem]:
    problems = []
    labels = given.get("labels", {})
    if not isinstance(labels, Mapping) or not _are_texts([*labels, *labels.values()]):
        problems.append(Problem("shape", N_("Give a text per language."), field="labels"))
    if not _are_texts(given.get("permissions", [])):
        problems.append(Problem("shape", N_("Give a list of permissions."), field="permissions"))
    reach = given.get("reach", {})
    if not isinstance(reach, Mapping) or not _are_texts([*reach, *reach.values()]):
        problems.append(Problem("shape", N_("Give a reach per kind of record."), field="reach"))
    usual = given.get("usual", "edit")
    if not isinstance(usual, str) or usual.upper() not in Level.__members__:
        problems.append(Problem("no_level", N_("A field is hidden, read or edit."), field="usual"))
    return problems


def _are_texts(values: Any) -> bool:
    return isinstance(values, Sequence) and not isinstance(values, str) and all(isinstance(one, str) for one in values)


def _problems(role: Role) -> list[Problem]:
    """What is wrong with the role as it would be saved."""
    problems = []
    if not role.labels:
        problems.append(Problem("required", N_("Give the role a name in at least one language."), field="labels"))
    if strange := sorted(set(role.permissions) - set(all_permissions())):
        text = N_("There is no permission “%(can)s”.")
        problems.append(Problem("no_permission", text, {"can": strange[0][:80]}, "permissions"))
    known = {"*", *(entry.key for entry in nouns())}
    if strange := sorted(set(role.reach) - known):
        text = N_("There is no kind of record “%(key)s”.")
        problems.append(Problem("no_noun", text, {"key": strange[0][:80]}, "reach"))
    if strange := sorted({far for far in role.reach.values() if far not in Reach.__members__}):
        text = N_("“%(reach)s” is not a reach.")
        problems.append(Problem("no_reach", text, {"reach": strange[0][:40]}, "reach"))
    return problems


# -- the journal ---------------------------------------------------------------------------------


def _name(role: Role, language: str = "en") -> str:
    return words(role.labels, language)


def _as_kept(role: Role) -> dict[str, Any]:
    """The role as the journal keeps it: in words, in every language."""
    plurals = {entry.key: entry.labels[1] for entry in nouns()}

    def reach(key: str, far: str) -> str:
        named = gettext("everything else") if key == "*" else plurals.get(key, key)
        return f"{named}: {gettext(REACH_WORDS[Reach[far]])}"

    return {
        "name": dict(role.labels),
        "permissions": [in_languages(partial(permission_word, can)) for can in role.permissions],
        "reach": [in_languages(partial(reach, key, far)) for key, far in sorted(role.reach.items())],
        "usual": Level(role.usual).name.lower(),
        "is_active": role.is_active,
    }

"""Reading the definition of an added field: what an administrator or a program gives, checked word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from hetong.kernel.actors import Level
from hetong.kernel.errors import N_, DomainError, Problem
from hetong.kernel.labels import Labels

from .models import CustomField, FieldKind, Role

GIVEN = frozenset({
    "noun", "key", "kind", "labels", "group", "help", "choices", "decimals", "required_from", "is_material", "is_indexed",
    "is_personal", "rules", "position",
})  # fmt: skip
ONCE = frozenset({"noun", "key"})
"""What is said when the field is added, and never again."""
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
MOST_CHOICES, MOST_DECIMALS, LAST_POSITION = 200, 6, 10_000
NEEDED = frozenset({"noun", "key", "kind"})
BAD_KEY = N_("A key is up to 40 small letters, digits and underscores, and begins with a letter.")
FLAGS = ("is_material", "is_indexed", "is_personal")


def assign(row: CustomField, given: Mapping[str, Any], *, is_new: bool) -> list[Problem]:
    """Put what is given on the definition; returns everything that cannot be read."""
    problems = [
        Problem("immutable", N_("This is said once, when the field is added."), field=name)
        for name in sorted(ONCE & set(given))
        if not is_new and given[name] != getattr(row, name)
    ]
    problems += _assign_plain(row, given, is_new=is_new)
    for name in ("labels", "group", "help"):
        if name in given or (is_new and name == "labels"):
            problems += _assign_words(row, name, given.get(name))
    if "choices" in given:
        problems += _assign_choices(row, given["choices"])
    if "rules" in given:
        problems += _assign_rules(row, given["rules"])
    return problems


class _Wrong(Exception):
    """What is given cannot be read; carries why."""

    def __init__(self, code: str, text: str, **params: Any) -> None:
        super().__init__(code)
        self.problem = Problem(code, text, params)


def _assign_plain(row: CustomField, given: Mapping[str, Any], *, is_new: bool) -> list[Problem]:
    problems = []
    for name, read in _READERS.items():
        if name in ONCE and not is_new:
            continue
        if name in given or (is_new and name in NEEDED):
            try:
                setattr(row, name, read(given.get(name)))
            except _Wrong as wrong:
                problems.append(replace(wrong.problem, field=name))
    if row.kind != FieldKind.NUMBER:
        row.decimals = 0
    return problems


def _noun(given: Any) -> str:
    return given if isinstance(given, str) else ""


def _key(given: Any) -> str:
    if given in (None, ""):
        return ""
    if not isinstance(given, str) or not KEY.match(given):
        raise _Wrong("bad_key", BAD_KEY)
    return given


def _kind(given: Any) -> str:
    if given not in FieldKind.values:
        raise _Wrong("no_kind", N_("Choose what the field holds."))
    return str(given)


def _count(most: int) -> Callable[[Any], int]:
    def read(given: Any) -> int:
        if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= most:
            raise _Wrong("range", N_("Choose between 0 and %(most)s."), most=most)
        return given

    return read


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise _Wrong("unreadable", N_("This must be yes or no."))
    return given


def _stage(given: Any) -> str:
    stage = "" if given is None else given
    if not isinstance(stage, str) or len(stage) > 20:
        raise _Wrong("unreadable", N_("This must be text."))
    return stage


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "noun": _noun, "key": _key, "kind": _kind, "decimals": _count(MOST_DECIMALS), "position": _count(LAST_POSITION),
    **dict.fromkeys(FLAGS, _flag), "required_from": _stage,
}  # fmt: skip


def _assign_words(row: CustomField, name: str, given: Any) -> list[Problem]:
    """A text per language; a plain text is English. Only what the field is called must be there."""
    try:
        texts = Labels({"en": given} if isinstance(given, str) else given or {})
        found = {} if name != "labels" and not any(map(str.strip, texts.values())) else texts.clean()
    except DomainError as broken:
        return [Problem(broken.code, broken.text, broken.params, name)]
    except (TypeError, ValueError):
        return [Problem("unreadable", N_("Give a text per language."), field=name)]
    setattr(row, name, found)
    return []


def _assign_choices(row: CustomField, given: Any) -> list[Problem]:
    """The choices in their order. One that is no longer given is retired where it stood: records may hold it."""
    if not isinstance(given, list) or len(given) > MOST_CHOICES:
        return [
            Problem("unreadable", N_("Give a list of at most %(most)s choices."), {"most": MOST_CHOICES}, "choices")
        ]
    known = {one["code"]: one for one in row.choices}
    found: dict[str, dict[str, Any]] = {}
    for one in given:
        try:
            choice = _choice(one if isinstance(one, Mapping) else {"labels": one}, {*known}, {*found})
        except _Wrong as wrong:
            return [replace(wrong.problem, field="choices")]
        found[choice["code"]] = choice
    gone = [one | {"is_active": False} for code, one in known.items() if code not in found]
    row.choices = [*found.values(), *gone]
    return []


def _choice(given: Mapping[str, Any], known: set[str], found: set[str]) -> dict[str, Any]:
    """One choice as it is kept; a code that is not given is made of the words."""
    texts, code = given.get("labels"), given.get("code")
    try:
        labels = Labels({"en": texts} if isinstance(texts, str) else texts or {}).clean()
    except DomainError as broken:
        raise _Wrong(broken.code, broken.text, **broken.params) from broken
    except (TypeError, ValueError) as broken:
        raise _Wrong("unreadable", N_("Give a text per language.")) from broken
    if code is not None and not (isinstance(code, str) and (code in known or KEY.match(code))):
        raise _Wrong("bad_key", BAD_KEY)
    code = code or code_for(labels, known | found)
    if code in found:
        raise _Wrong("twice", N_("“%(choice)s” is there twice."), choice=code)
    return {"code": code, "labels": labels, "is_active": given.get("is_active", True) is True}


def _assign_rules(row: CustomField, given: Any) -> list[Problem]:
    """Levels by role key, where nothing else is set; an empty one leaves it to the role."""
    if not isinstance(given, Mapping):
        return [Problem("unreadable", N_("Give a level per role."), field="rules")]
    known = set(Role.objects.values_list("key", flat=True))
    found = {}
    for key, level in given.items():
        if key not in known:
            return [Problem("no_role", N_("There is no role “%(role)s”."), {"role": str(key)[:80]}, "rules")]
        if level in (None, ""):
            continue
        if not isinstance(level, str) or level.upper() not in Level.__members__:
            return [Problem("no_level", N_("A field is hidden, read or edit."), field="rules")]
        found[key] = level.upper()
    row.rules = found
    return []


def key_for(row: CustomField, *, taken: Collection[str]) -> str:
    """A key made of the name: its Latin letters, else a number; one that is still free."""
    used = {*taken, *CustomField.objects.filter(noun=row.noun).values_list("key", flat=True)}
    return code_for(row.labels, used, instead="field")


def code_for(labels: Mapping[str, str], used: Collection[str], instead: str = "choice") -> str:
    """A free code made of the words."""
    for text in (labels.get("en"), labels.get("sv"), *labels.values()):
        plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:32]
        if KEY.match(base):
            break
    else:
        base = instead
    number, found = 1, base
    while found in used:
        number += 1
        found = f"{base}_{number}"
    return found

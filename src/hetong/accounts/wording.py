"""Permissions and reaches in words; the words of permissions come from config, which knows every app."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext

from hetong.kernel.actors import Reach
from hetong.kernel.errors import N_
from hetong.kernel.fields import Text
from hetong.kernel.nouns import nouns

REACH_WORDS = {
    Reach.NONE: N_("nothing"),
    Reach.OWN: N_("own records"),
    Reach.TEAM: N_("records of the team"),
    Reach.TEAM_AND_BELOW: N_("records of the team and the teams below"),
    Reach.COMPANY: N_("all records of the company"),
    Reach.ALL: N_("all records"),
}
_groups: dict[str, Text] = {}
_words: dict[str, Text] = {}


def install(groups: Mapping[str, Text], words: Mapping[str, Text]) -> None:
    """Take config's words; called once at start."""
    _groups.clear()
    _groups.update(groups)
    _words.clear()
    _words.update({str(code): text for code, text in words.items()})


def all_permissions() -> tuple[str, ...]:
    """Every permission there is, in the order in which they are shown."""
    return tuple(_words)


def group_keys() -> tuple[str, ...]:
    """The apps that have permissions, in the order in which they are shown."""
    return tuple(_groups)


def permission_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every permission with its words, by group with its name."""
    by_app: dict[str, list[tuple[str, str]]] = {app: [] for app in _groups}
    for can in _words:
        by_app.setdefault(can.partition(".")[0], []).append((can, permission_word(can)))
    return [(str(_groups.get(app, app)), found) for app, found in by_app.items() if found]


def permission_word(can: str) -> str:
    """What a permission is called; one without words is shown as it is."""
    return str(_words.get(can, can))


def offered(permissions: Collection[str]) -> list[tuple[str, str]]:
    """Permissions with their words, in the order of config's table."""
    place = {code: position for position, code in enumerate(_words)}
    return [
        (can, permission_word(can)) for can in sorted(permissions, key=lambda one: (place.get(one, len(place)), one))
    ]


def permission_words(permissions: Collection[str]) -> list[dict[str, Any]]:
    """Permissions in words, by group, in the order of config's table."""
    by_app: dict[str, list[str]] = {app: [] for app in _groups}
    for can, word in offered(permissions):
        by_app.setdefault(can.partition(".")[0], []).append(word)
    return [{"app": str(_groups.get(app, app)), "words": words} for app, words in by_app.items() if words]


def reach_words(reach: Mapping[str, str]) -> list[dict[str, str]]:
    """How far a role sees, in words: the nouns that are said apart, then all others."""
    known = {entry.key: str(entry.labels[1]) for entry in nouns()}
    apart = sorted((known[key], Reach[far]) for key, far in reach.items() if key in known)
    others = (
        [(gettext("everything else") if apart else gettext("everything"), Reach[reach["*"]])] if "*" in reach else []
    )
    return [{"noun": noun, "reach": gettext(REACH_WORDS[far])} for noun, far in [*apart, *others]]

"""Pages of the documentation that are printed from the tables of the code, so that they cannot be out of date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from hetong.contracts.fields import words
from hetong.contracts.policy import NEEDS
from hetong.contracts.states import EDITABLE, LIFECYCLE, NEED_REASON, OFFERED, OVER, Stage
from hetong.kernel.actors import Level, Reach
from hetong.kernel.nouns import noun, nouns
from hetong.kernel.routes import Open, Route

from .permissions import GROUPS, PERMISSIONS
from .policy import all_routes
from .roles import ROLES

REACHES: Mapping[Reach, str] = {
    Reach.NONE: "–",
    Reach.OWN: "own",
    Reach.TEAM: "team",
    Reach.TEAM_AND_BELOW: "team and below",
    Reach.COMPANY: "company",
    Reach.ALL: "all",
}
CONVERTER = re.compile(r"<\w+:")
WHO: Mapping[Open, str] = {Open.STAFF: "signed in", Open.PORTAL: "signed in, portal too", Open.ANYONE: "anyone"}
PRINTED = "Printed by `hetong describe {page}` and rewritten by `make snap`; change the code, not this page."


def policy_page() -> str:
    """Who may do what: roles with their permissions and reach, fields with their rules, addresses with their policy."""
    with translation.override("en"):
        parts = [
            "# Who may do what",
            PRINTED.format(page="policy"),
            *_roles(),
            *_reaches(),
            *_fields(),
            *_addresses(),
        ]
    return "\n\n".join(parts) + "\n"


def lifecycle_page() -> str:
    """The stages of a contract and what leads from one to another."""
    with translation.override("en"):
        parts = [
            "# The lifecycle of a contract",
            PRINTED.format(page="lifecycle"),
            *_drawing(),
            *_verbs(),
            *_stages(),
        ]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


# -- policy --------------------------------------------------------------------------------------


def _roles() -> Iterator[str]:
    yield "## Roles and permissions"
    yield (
        "What the shipped roles may do. A permission holds in the companies for which its role was granted, and for the records that "
        "the role reaches."
    )
    for group, label in GROUPS.items():
        permissions = [(can, what) for can, what in PERMISSIONS.items() if can.partition(".")[0] == group]
        rows = [[what, f"`{can}`", *_ticks(can)] for can, what in permissions]
        yield f"### {label}"
        yield table(["may", "permission", *_role_names()], rows)


def _role_names() -> list[str]:
    return [labels["en"] for _, labels in ROLES.values()]


def _ticks(can: str) -> list[str]:
    return ["✓" if can in facts.permissions else "" for facts, _ in ROLES.values()]


def _reaches() -> Iterator[str]:
    yield "## How far a role sees"
    yield (
        "Own includes what one takes part in or was given a share of. Records that belong to another (lines, contacts, documents) are "
        "as visible as that one."
    )
    named = list(dict.fromkeys(key for facts, _ in ROLES.values() for key in facts.reach if key != "*"))
    rows = [[_plural(key), *(REACHES[facts.reach_of(key)] for facts, _ in ROLES.values())] for key in ["*", *named]]
    yield table(["records", *_role_names()], rows)


def _plural(key: str) -> str:
    return "everything else" if key == "*" else str(noun(key).labels[1])


def _fields() -> Iterator[str]:
    yield "## Fields that start out hidden"
    yield (
        "Every other field is open to every role but the portal's, until an administrator's rule hides or closes it; "
        f"only to read it is for: {_readers()}. A copy of a role starts with the same. "
        "A field is hidden, too, where one that it would give away is."
    )
    rows = [
        [entry.labels[0], one.label, ", ".join(sorted(ROLES[role][1]["en"] for role in hidden))]
        for entry in nouns()
        for one in entry.register
        if (hidden := [role for role, level in one.default_rule.items() if level is Level.HIDDEN and role in ROLES])
    ]
    yield table(["record", "field", "hidden from"], rows)


def _readers() -> str:
    return ", ".join(labels["en"] for facts, labels in ROLES.values() if facts.usual is Level.READ)


def _addresses() -> Iterator[str]:
    yield "## Addresses"
    yield (
        "An address without a line here is closed; programs sign in with a token. "
        "Another method is answered 405; nobody signed in is led to sign-in (API: 401); "
        "a customer's account elsewhere than the portal 404; a missing permission 403; a record out of reach 404; the wrong stage 409. "
        "Where several permissions are named, one is enough, in any company; the service asks again for the very record."
    )
    policies: dict[str, list[Route]] = {}
    for route in all_routes():
        policies.setdefault(route.name, []).append(route)
    rows = [_address(path, route) for path, name in sorted(set(_paths())) for route in policies.get(name, ())]
    yield table(["address", "methods", "permission", "a record of", "open to"], rows)


def _address(path: str, route: Route) -> list[str]:
    can = " or ".join(f"`{one}`" for one in route.can)
    return [
        f"`/{path}`",
        " ".join(route.methods),
        can,
        str(noun(route.noun).labels[0]) if route.noun else "",
        WHO[route.open_to],
    ]


def _paths(found: Sequence[Any] | None = None, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Every address with the full name of its view."""
    for one in get_resolver().url_patterns if found is None else found:
        path = before + CONVERTER.sub("<", str(one.pattern))
        if isinstance(one, URLResolver):
            yield from _paths(one.url_patterns, path, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield path, f"{space}{one.name}"


# -- lifecycle -----------------------------------------------------------------------------------


def _drawing() -> Iterator[str]:
    names = {stage: str(words.STAGES[stage]) for stage in Stage}
    lines = ["```mermaid", "stateDiagram-v2", *(f'    state "{names[stage]}" as {stage}' for stage in Stage)]
    lines.append(f"    [*] --> {Stage.DRAFT}")
    for verb, (sources, target) in LIFECYCLE.moves.items():
        lines += [f"    {source} --> {target}: {_spoken(verb)}" for source in Stage if source in sources]
    yield "\n".join([*lines, "```"])


def _spoken(verb: str) -> str:
    return verb.replace("_", " ")


def _verbs() -> Iterator[str]:
    yield "## What leads from one stage to another"
    yield (
        "Every step is kept with who took it, when and why. Steps that are not offered yet come with the approval, signing and "
        "delivery of contracts; nothing else changes a stage."
    )
    rows = [
        [
            _spoken(verb),
            ", ".join(str(words.STAGES[stage]) for stage in Stage if stage in sources),
            words.STAGES[target],
            f"`{NEEDS[verb]}`" if verb in OFFERED else "",
            "needed" if verb in NEED_REASON else "",
            "yes" if verb in OFFERED else "",
        ]
        for verb, (sources, target) in LIFECYCLE.moves.items()
    ]
    yield table(["step", "from", "to", "permission", "reason", "offered today"], rows)


def _stages() -> Iterator[str]:
    yield "## The stages"
    yield "Statuses that administrators make map to one of these stages and move within it."
    rows = [
        [
            words.STAGES[stage],
            f"`{stage}`",
            "yes" if stage in EDITABLE else "",
            "" if stage in OVER else "yes",
            ", ".join(_spoken(verb) for verb in LIFECYCLE.verbs_from(stage)),
        ]
        for stage in Stage
    ]
    yield table(
        ["stage", "in addresses and the API", "terms may be edited", "dates lie ahead", "steps from here"], rows
    )

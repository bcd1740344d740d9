"""Finding the records that a file names in words: people, teams, types, projects, contracts, parties. Many at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from hetong.contracts.models import Contract
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, DomainError, Problem
from hetong.kernel.fields import words
from hetong.kernel.nouns import noun
from hetong.kernel.text import fold
from hetong.parties.identifiers import compact
from hetong.parties.models import Party, PartyId, PartyTerms

Found = dict[str, list[UUID]]
"""Text as it was given → the records it may mean."""

NOT_THERE = N_("There is no “%(given)s”, or you have no access to it.")
NOT_AMONG = N_("There is no “%(given)s”. There are: %(known)s.")
NO_PARTY = N_("There is no party “%(given)s” that you may see. Import parties first, or let missing ones be added.")
SEVERAL = N_("“%(given)s” can mean several records. Name it by its number.")


def resolve(actor: Actor, company: UUID, key: str, texts: Collection[str]) -> Found:
    """What the texts name among the records of a noun that the actor may see."""
    resolver = _RESOLVERS.get(key)
    wanted = {text for text in texts if text}
    return resolver(actor, company, wanted) if resolver and wanted else {}


def only(found: Sequence[UUID], given: str, field: str) -> UUID | Problem:
    """The one record that is meant, or why there is none."""
    if len(found) == 1:
        return found[0]
    return Problem("ambiguous" if found else "not_there", SEVERAL if found else NOT_THERE, {"given": given[:80]}, field)


def named_problem(actor: Actor, company: UUID, key: str, problem: Problem) -> Problem:
    """The problem of a name that names nothing, with the names there are where they are few."""
    if problem.code != "not_there" or key not in _LISTED:
        return problem
    known = _LISTED[key](actor, company)
    return replace(problem, text=NOT_AMONG, params={**problem.params, "known": ", ".join(known)}) if known else problem


def _by_keys(rows: Iterable[tuple[Any, ...]], texts: Collection[str]) -> Found:
    """``rows``: (id, folded text, …): every text that folds to one of them means that record."""
    by_key: dict[str, set[UUID]] = {}
    for pk, *keys in rows:
        for one in keys:
            if one:
                by_key.setdefault(one, set()).add(pk)
    return {text: sorted(by_key.get(fold(text), ())) for text in texts}


def _users(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    folded = {fold(text) for text in texts}
    rows = noun("accounts.user").visible_to(actor).filter(Q(email__in=folded) | Q(name_key__in=folded), is_active=True)
    return _by_keys(rows.values_list("pk", "email", "name_key"), texts)


def _teams(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    rows = noun("accounts.team").visible_to(actor).filter(company=company, name_key__in={fold(text) for text in texts})
    return _by_keys(rows.values_list("pk", "name_key"), texts)


def _types(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    rows = noun("contracts.type").visible_to(actor).filter(is_active=True).values_list("pk", "labels")
    return _by_keys(((pk, *(fold(label) for label in labels.values())) for pk, labels in rows), texts)


def _projects(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    folded = {fold(text) for text in texts}
    rows = noun("contracts.project").visible_to(actor).filter(company=company, name_key__in=folded)
    return _by_keys(rows.values_list("pk", "name_key"), texts)


def contracts_named(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    """Contracts by their number, else by the counterparty's number for them."""
    folded = {fold(text) for text in texts}
    rows = Contract.objects.visible_to(actor).filter(company=company)
    found = _by_keys(rows.filter(number_key__in=folded).values_list("pk", "number_key"), texts)
    left = {text for text in texts if not found[text]}
    if left:
        keys = {fold(text) for text in left}
        found |= _by_keys(rows.filter(reference_key__in=keys).values_list("pk", "reference_key"), left)
    return found


def contracts_called(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    """Contracts as `contracts_named` finds them, else by their title, which is how lists name them."""
    found = dict(contracts_named(actor, company, texts))
    left = {text for text in texts if not found[text]}
    if left:
        rows = Contract.objects.visible_to(actor).filter(company=company, title_key__in={fold(text) for text in left})
        found |= _by_keys(rows.values_list("pk", "title_key"), left)
    return found


def parties_numbered(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    """Parties by a number in use: one that a register gave, or their own with that company of ours."""
    bare = {text: _bare(text) for text in texts}
    folded = {text: fold(text) for text in texts}
    held: dict[str, set[UUID]] = {}
    numbers = PartyId.objects.filter(is_active=True, normalised__in=set(bare.values()))
    for number, party in numbers.values_list("normalised", "party"):
        held.setdefault(f"id:{number}", set()).add(party)
    own = PartyTerms.objects.filter(company=company, number_key__in=set(folded.values()))
    for number, party in own.values_list("number_key", "party"):
        held.setdefault(f"no:{number}", set()).add(party)
    visible = _visible(actor, {pk for pks in held.values() for pk in pks})
    return {
        text: sorted((held.get(f"id:{bare[text]}", set()) | held.get(f"no:{folded[text]}", set())) & visible) for text in texts
    }  # fmt: skip


def parties_called(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    """Parties by their name, in either script; one that is called so exactly."""
    folded = {fold(text) for text in texts}
    rows = list(
        Party.objects.filter(Q(name_key__in=folded) | Q(local_name_key__in=folded), is_active=True)
        .values_list("pk", "name_key", "local_name_key")
    )  # fmt: skip
    visible = _visible(actor, {pk for pk, *_keys in rows})
    return _by_keys((row for row in rows if row[0] in visible), texts)


def _visible(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(Party.objects.visible_among(actor).filter(pk__among=ids).values_list("pk", flat=True)) if ids else set()


def _bare(text: str) -> str:
    try:
        return compact(text[:60])
    except DomainError:
        return ""


def _parties(actor: Actor, company: UUID, texts: Collection[str]) -> Found:
    found = parties_numbered(actor, company, texts)
    left = {text for text in texts if not found[text]}
    return found | (parties_called(actor, company, left) if left else {})


def _type_names(actor: Actor, company: UUID) -> list[str]:
    rows = noun("contracts.type").visible_to(actor).filter(is_active=True).order_by("position")[: MOST_LISTED + 1]
    return _few([words(labels, actor.language) for labels in rows.values_list("labels", flat=True)])


def _team_names(actor: Actor, company: UUID) -> list[str]:
    rows = noun("accounts.team").visible_to(actor).filter(company=company).order_by("name_key")[: MOST_LISTED + 1]
    return _few(rows.values_list("name", flat=True))


def _few(names: Iterable[str]) -> list[str]:
    """The names, with an ellipsis where there are more than are listed."""
    found = list(names)
    return found if len(found) <= MOST_LISTED else [*found[:MOST_LISTED], "…"]


MOST_LISTED = 12
_LISTED: Mapping[str, Callable[[Actor, UUID], list[str]]] = {
    "contracts.type": _type_names,
    "accounts.team": _team_names,
}
_RESOLVERS: Mapping[str, Callable[[Actor, UUID, Collection[str]], Found]] = {
    "accounts.user": _users, "accounts.team": _teams, "contracts.type": _types, "contracts.project": _projects,
    "contracts.contract": contracts_named, "parties.party": _parties,
}  # fmt: skip

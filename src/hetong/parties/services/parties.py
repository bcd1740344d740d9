from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.audit.services import changes, record_many
from hetong.audit.services.editing import add_rows, check_versions, edit_rows
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor, require
from hetong.kernel.bulk import made
from hetong.kernel.errors import N_, Invalid, Problem, UnknownField
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked, write
from hetong.kernel.text import name_key
from hetong.parties.events import Act, PartiesAdded, PartiesEdited
from hetong.parties.fields import PARTY
from hetong.parties.fields.beside import WITH_TERMS
from hetong.parties.fields.party import OF_TERMS
from hetong.parties.models import Party
from hetong.parties.policy import Can
from hetong.parties.queries.parties import must_edit
from hetong.parties.services.checks import constraints_as_conflict, ways_to_reach
from hetong.parties.services.hangings import Hangings
from hetong.parties.services.naming import NAMES, keep_names
from hetong.parties.services.reader_terms import NewTerms, edit_reader_terms, own_terms

Given = Mapping[str, Any]


def _rules(row: Party) -> Iterable[Problem]:
    """The rules of a party's own columns; keeps the folded name beside the name."""
    row.similar_key = name_key(row.name)[:200]
    yield from ways_to_reach(row)
    if row.parent_id == row.pk or (row.parent_id and is_above(row.pk, row.parent_id)):
        yield Problem("parent_loop", N_("A party cannot belong to itself."), field="parent")


def is_above(id: UUID, start: UUID) -> bool:
    """Whether ``id`` is among the parties that ``start`` belongs to."""
    seen: set[UUID] = set()
    up: UUID | None = start
    while up is not None and up not in seen:
        if up == id:
            return True
        seen.add(up)
        up = Party.objects.filter(pk=up).values_list("parent", flat=True).first()
    return False


@transaction.atomic
def add_parties(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[Party]:
    """Add parties, each with its terms with one of the actor's companies, its numbers and its registered address.

    Without a company the actor's own is taken; without an owner the actor owns it. Numbers that another
    party has are refused; likeness of names is a warning of the pages, not a refusal.
    """
    terms, hangings = NewTerms(actor, givens), Hangings(actor, are_new=True, givens=givens)

    def prepare(row: Party, values: Mapping[str, Any]) -> list[Problem]:
        return [*_rules(row), *hangings.read(row, values), *terms.read(row, values)]

    def after_insert(rows: Sequence[Party], parsed: Sequence[Mapping[str, Any]]) -> None:
        keep_names(rows, are_new=True)
        hangings.store(rows, parsed)
        terms.store()

    with constraints_as_conflict():
        return add_rows(
            PARTY, actor, givens, can=Can.ADD, code=Act.PARTY_ADDED, event=PartiesAdded, make=lambda values: made(Party), locale=locale,
            prepare=prepare, after_insert=after_insert,
        )  # fmt: skip


@transaction.atomic
def edit_parties(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Party]:
    """Change parties, and with them the terms that the actor sees them through; all or none."""
    rows = locked(Party.objects.visible_to(actor), ids)
    must_edit(actor, ids)
    terms = own_terms(given)
    own = {name: value for name, value in given.items() if name not in OF_TERMS and not WITH_TERMS.own({name: value})}
    hangings = Hangings(actor, are_new=False)

    def prepare(row: Party, values: Mapping[str, Any]) -> list[Problem]:
        return [*_rules(row), *hangings.read(row, values)]

    def after_write(changed: Sequence[Party], values: Mapping[str, Any]) -> None:
        if NAMES & set(values):
            keep_names(changed)
        hangings.store(changed, [values] * len(changed))

    problems: list[Problem] = []
    with constraints_as_conflict():
        try:
            edit_rows(
                PARTY, actor, rows, own, can=Can.EDIT, code=Act.PARTY_EDITED, event=PartiesEdited, locale=locale, versions=versions,
                reason=reason, prepare=prepare, also={"similar_key", "website"}, after_write=after_write,
            )  # fmt: skip
        except UnknownField:
            raise
        except Invalid as invalid:
            problems += invalid.problems
        problems += edit_reader_terms(actor, rows, terms, locale=locale, reason=reason) if terms else []
        if problems:
            raise Invalid(problems=problems)
    return rows


def _switch(
    actor: Actor, ids: Collection[UUID], versions: Mapping[UUID, int] | None, reason: str, *, is_active: bool
) -> list[Party]:
    rows = locked(Party.objects.visible_to(actor), ids)
    require(actor, Can.EDIT, rows)
    must_edit(actor, ids)
    check_versions(rows, versions)
    moved = [row for row in rows if row.is_active != is_active]
    before = PARTY.snapshot(moved, {"name", "is_active"})
    for row in moved:
        row.is_active = is_active
    write(moved, {"is_active"})
    what = changes(PARTY, before, PARTY.snapshot(moved, {"name", "is_active"}), {})
    record_many(actor, Act.PARTY_RESTORED if is_active else Act.PARTY_RETIRED, what, reason=reason)
    publish(PartiesEdited(actor, tuple(Fact(PARTY.noun, row.pk) for row in moved)))
    return rows


@transaction.atomic
def retire_parties(
    actor: Actor, ids: Collection[UUID], *, versions: Mapping[UUID, int] | None = None, reason: str = ""
) -> list[Party]:
    """Stop offering parties for new contracts; what refers to them stays as it is."""
    return _switch(actor, ids, versions, reason, is_active=False)


@transaction.atomic
def restore_parties(
    actor: Actor, ids: Collection[UUID], *, versions: Mapping[UUID, int] | None = None, reason: str = ""
) -> list[Party]:
    """Offer retired parties again."""
    return _switch(actor, ids, versions, reason, is_active=True)

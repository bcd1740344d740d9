"""Making one party out of two records of it: the one that stays takes over everything, the other leads there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from hetong.accounts.services import move_shares
from hetong.accounts.services.holds import keep_free
from hetong.audit.services import Change, changes, record_many, repoint
from hetong.audit.services.editing import check_versions
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.collisions import once_more
from hetong.kernel.errors import N_, Conflict, Invalid, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.fields import Field, Kind
from hetong.kernel.ids import new_id
from hetong.kernel.input import check_names
from hetong.kernel.joined import index
from hetong.kernel.kept import COLUMN
from hetong.kernel.merging import merging_of, named_by
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_text, name_key
from hetong.parties.events import Act, PartiesMerged
from hetong.parties.fields import PARTY
from hetong.parties.models import MergedParty, Party, PartyTerms
from hetong.parties.policy import Can
from hetong.parties.queries.merging import CHOSEN_WHOLE, choosable
from hetong.parties.queries.parties import must_edit
from hetong.parties.services.naming import keep_names
from hetong.parties.services.parties import is_above
from hetong.parties.services.uniting import Uniting

MOST_NAMES = 500


class SameParty(Invalid):
    """A party cannot be merged into itself."""

    code = "same_party"
    text = N_("This is one and the same record.")
    then = N_("Choose the other record of the party.")


class CannotMerge(Conflict):
    """Two rows would say the same of one party."""

    code = "cannot_merge"
    text = N_(
        "The two cannot be merged: something that may stand only once stands on both, or was added at this moment."
    )
    then = N_("Nothing was changed. Look at both again.")


@once_more
@transaction.atomic
def merge_parties(
    actor: Actor,
    into: UUID,
    other: UUID,
    *,
    take: Collection[str] = (),
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> Party:
    """Merge the party ``other`` into the party ``into``, all or nothing; it cannot be undone.

    ``take`` names the fields that shall say what ``other`` says; the rest says what ``into`` says, or ``other`` where that
    is empty. Everything that names ``other`` names ``into`` from then on; what was signed or sent stays as it was.
    Raises `NotFound`, `Forbidden`, `SameParty`, `Stale`, `HeldForCase`, `Invalid`, `CannotMerge`.
    """
    if into == other:
        raise SameParty
    this, gone = locked(Party.objects.visible_to(actor), [into, other])
    companies = set(PartyTerms.objects.filter(party__in=[into, other]).values_list("company", flat=True))
    actor.require(Can.MERGE, companies or (None,))
    must_edit(actor, [into, other])
    check_versions([this, gone], versions)
    _check_names(actor, take)
    acting = actor if actor.batch else replace(actor, batch=new_id())
    why = clean_text(reason, max_length=500)
    try:
        with transaction.atomic():
            facts = _merge(acting, this, gone, frozenset(take), why)
            _settle()
    except IntegrityError as refused:
        raise CannotMerge from refused
    publish(
        PartiesMerged(acting, (Fact(PARTY.noun, into, facts={"from": str(other)}), Fact(PARTY.noun, other), *facts))
    )
    return this


def _settle() -> None:
    """Let the database look at what others added to the party in the meantime, before this says that it is done."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _check_names(actor: Actor, take: Collection[str]) -> None:
    names = [name for name in take if name not in CHOSEN_WHOLE]
    check_names(PARTY, actor, names)
    known = {one.name for one in choosable()}
    refuse([
        Problem("not_chosen", N_("This is not chosen: it is kept from both."), field=name) for name in names if name not in known
    ])  # fmt: skip


def _merge(actor: Actor, this: Party, gone: Party, take: frozenset[str], reason: str) -> list[Fact]:
    held = [
        (entry.key, id) for entry, rows in named_by(PARTY.noun, gone.pk) for id in rows.values_list("pk", flat=True)
    ]
    keep_free((PARTY.noun, this.pk), (PARTY.noun, gone.pk), *held)
    for check in merging_of(PARTY.noun).checks:
        check(gone.pk, this.pk)
    before = PARTY.snapshot([this, gone])
    facts = Uniting(actor, this, gone, take, reason).unite()
    Party.objects.filter(pk=this.pk, parent=gone.pk).update(parent=None)  # what it belongs to is chosen below
    move_shares(actor, PARTY.noun, gone.pk, this.pk)
    facts += repoint(actor, PARTY.noun, gone.pk, this.pk, code=Act.MOVED_ALONG, reason=reason)
    this.refresh_from_db(fields=["parent", "version"])
    _take_values(this, gone, take)
    Party.objects.filter(pk=gone.pk).delete()
    insert([MergedParty(id=gone.pk, into=this, at=clock.now(), by=actor.id, by_label=actor.label[:200])])
    _tell(actor, this, gone, before, reason)
    return [fact for fact in facts if fact.id not in (this.pk, gone.pk)]


def _take_values(this: Party, gone: Party, take: frozenset[str]) -> None:
    """Write the chosen values, and keep every name that was not chosen among the other names."""
    names = [
        this.name,
        this.local_name,
        *this.other_names.splitlines(),
        gone.name,
        gone.local_name,
        *gone.other_names.splitlines(),
    ]
    for one in choosable():
        _take(this, gone, one, is_taken=one.name in take)
    if this.parent_id in (this.pk, gone.pk) or (this.parent_id and is_above(this.pk, this.parent_id)):
        this.parent = None
    this.similar_key = name_key(this.name)[:200]
    this.other_names = _other_names(names, {this.name, this.local_name})
    columns = {one.path.removesuffix("_id") for one in choosable() if isinstance(one.path, str)}
    write([this], {*columns, "similar_key", "other_names", COLUMN})
    keep_names([this])
    index(PARTY, [this], [one.name for one in choosable() if one.kept])


def _other_names(names: list[str], shown: set[str]) -> str:
    found = ""
    for name in dict.fromkeys(one.strip() for one in names):
        longer = f"{found}\n{name}".strip()
        if name and name not in shown and len(longer) <= MOST_NAMES:
            found = longer
    return found


def _take(this: Party, gone: Party, one: Field, *, is_taken: bool) -> None:
    """The other's value where it was chosen, or where ours says nothing."""
    if one.kept:
        ours, theirs = dict(this.custom or {}), gone.custom or {}
        if one.name in theirs and (is_taken or one.name not in ours):
            ours[one.name] = theirs[one.name]
        elif is_taken:
            ours.pop(one.name, None)
        this.custom = ours
    elif isinstance(one.path, str) and (
        is_taken or (one.kind is not Kind.FLAG and getattr(this, one.path) in (None, ""))
    ):
        setattr(this, one.path, getattr(gone, one.path))


def _tell(actor: Actor, this: Party, gone: Party, before: Mapping[UUID, Mapping[str, Any]], reason: str) -> None:
    """One entry on either record: what the one says now, and all that the other said."""
    [now] = changes(PARTY, {this.pk: before[this.pk]}, PARTY.snapshot([this]), {})
    record_many(actor, Act.PARTY_MERGED, [now], reason=reason, params={"from": str(gone.pk)})
    went = Change(PARTY.noun, gone.pk, gone.name, None, before[gone.pk])
    record_many(actor, Act.PARTY_MERGED_AWAY, [went], reason=reason, params={"into": str(this.pk)})


def leads_to(id: UUID) -> UUID | None:
    """The party that a party which is no more was merged into."""
    found: UUID | None = MergedParty._default_manager.filter(pk=id).values_list("into", flat=True).first()
    return found


def formerly(id: UUID) -> QuerySet[MergedParty, UUID]:
    """The ids of the parties that were merged into that one."""
    return MergedParty._default_manager.filter(into=id).values_list("pk", flat=True)

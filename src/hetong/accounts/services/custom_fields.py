"""Adding, changing, retiring the fields that administrators add; and the index of their values.

Values are never lost: a retired field keeps them and can be taken back into use, and what a field holds never changes
its kind once there is a value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from hetong.accounts.custom import MOST_FIELDS, MOST_INDEXED, Place, find_place
from hetong.accounts.custom_given import GIVEN, assign, key_for
from hetong.accounts.events import Act, CustomFieldsChanged
from hetong.accounts.models import CustomField, CustomIndex, FieldKind, PolicyState
from hetong.accounts.policy import Can, manages
from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.jobs.services import publish
from hetong.kernel import clock, kept
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Forbidden, Problem, UnknownField, refuse
from hetong.kernel.events import Fact
from hetong.kernel.fields import Field, Kind, words
from hetong.kernel.ids import new_id
from hetong.kernel.joined import joined, see
from hetong.kernel.money import Money
from hetong.kernel.nouns import noun
from hetong.kernel.rows import insert, locked, write

from .access import bump_policy, hold_policy

NOUN = "accounts.custom_field"
Given = Mapping[str, Any]
Versions = Mapping[UUID, int] | None
CHUNK = 1000


class KindIsFixed(Conflict):
    """Values are there, and they mean what the kind says."""

    code = "kind_is_fixed"
    text = N_("“%(field)s” holds values already, so neither its kind nor its decimals can change.")
    then = N_("Add another field of the kind that you need, and retire this one. Its values stay.")


@transaction.atomic
def add_custom_fields(actor: Actor, givens: Sequence[Given], *, reason: str = "") -> list[CustomField]:
    """Add fields to kinds of record; they are there for everybody with the next request.

    Each given holds ``noun``, ``kind`` and ``labels``, and may hold ``key``, ``group``, ``help``, ``choices``,
    ``decimals``, ``required_from``, ``is_material``, ``is_indexed``, ``is_personal``, ``rules`` (level by role key) and
    ``position``. Raises `Forbidden`, `UnknownField`, `Invalid` naming everything that does not fit.
    """
    must_manage(actor)
    hold_policy()
    rows: list[CustomField] = []
    problems: list[Problem] = []
    for given in givens:
        row = CustomField(created_at=clock.now(), rules={"agent": "HIDDEN"})
        wrong = _check_names(given) or assign(row, given, is_new=True)
        row.key = row.key or key_for(row, taken={one.key for one in rows if one.noun == row.noun})
        problems += wrong or list(_misfits(row, rows))
        rows.append(row)
    refuse(problems)
    insert(rows)
    what = [Change(NOUN, row.pk, words(row.labels, "en"), None, {}, as_kept(row)) for row in rows]
    record_many(actor, Act.CUSTOM_FIELD_ADDED, what, reason=reason)
    _tell(actor, rows)
    return rows


@transaction.atomic
def edit_custom_fields(
    actor: Actor, ids: Collection[UUID], given: Given, *, versions: Versions = None, reason: str = ""
) -> list[CustomField]:
    """Change what fields are called, ask for and hold. Raises `KindIsFixed` where values are there already, else as adding."""
    must_manage(actor)
    hold_policy()
    rows = locked(CustomField.objects.all(), ids)
    check_versions(rows, versions)
    before = {row.pk: as_kept(row) for row in rows}
    shape = {row.pk: (row.kind, row.decimals) for row in rows}
    indexed = {row.pk for row in rows if row.is_indexed}
    problems: list[Problem] = []
    for row in rows:
        problems += _check_names(given) or assign(row, given, is_new=False) or list(_misfits(row, []))
    refuse(problems)
    for row in rows:
        if (row.kind, row.decimals) != shape[row.pk] and count_values(row):
            raise KindIsFixed(field=words(row.labels, actor.language))
    _save(actor, Act.CUSTOM_FIELD_EDITED, rows, before, reason)
    for row in rows:
        if row.is_indexed != (row.pk in indexed):
            _index_all(row)
    return rows


@transaction.atomic
def retire_custom_fields(
    actor: Actor, ids: Collection[UUID], *, versions: Versions = None, reason: str = ""
) -> list[CustomField]:
    """Take fields out of use: no form asks for them and no list offers them; their values and history stay."""
    return _switch(actor, ids, Act.CUSTOM_FIELD_RETIRED, versions, reason, is_active=False)


@transaction.atomic
def restore_custom_fields(
    actor: Actor, ids: Collection[UUID], *, versions: Versions = None, reason: str = ""
) -> list[CustomField]:
    """Take retired fields into use again, with all that they hold."""
    return _switch(actor, ids, Act.CUSTOM_FIELD_RESTORED, versions, reason, is_active=True)


def _switch(
    actor: Actor, ids: Collection[UUID], code: Act, versions: Versions, reason: str, *, is_active: bool
) -> list[CustomField]:
    must_manage(actor)
    hold_policy()
    rows = locked(CustomField.objects.all(), ids)
    check_versions(rows, versions)
    before = {row.pk: as_kept(row) for row in rows}
    moved = [row for row in rows if row.is_active != is_active]
    for row in moved:
        row.is_active = is_active
    refuse([problem for row in moved for problem in _misfits(row, [])] if is_active else [])
    _save(actor, code, moved, before, reason)
    return rows


def must_manage(actor: Actor) -> None:
    """Raise `Forbidden` unless the actor manages fields in all companies: a field is there in each of them."""
    if not manages(actor, Can.MANAGE_FIELDS, None):
        raise Forbidden(can=Can.MANAGE_FIELDS)


def _check_names(given: Given) -> list[Problem]:
    if strange := sorted(set(given) - GIVEN):
        raise UnknownField(fields=", ".join(strange))
    return []


def _misfits(row: CustomField, beside: Sequence[CustomField]) -> Iterator[Problem]:
    """What is wrong with a definition among the others of its kind of record; ``beside`` are added together with it."""
    place = find_place(row.noun)
    if place is None:
        yield Problem(
            "no_noun", N_("There is no kind of record “%(key)s” that takes fields."), {"key": row.noun[:80]}, "noun"
        )
        return
    others = [
        one for one in (*CustomField.objects.filter(noun=row.noun).exclude(pk=row.pk), *beside) if one.noun == row.noun
    ]
    if any(one.key == row.key for one in others):
        yield Problem(
            "taken",
            N_("There is a field with the key “%(key)s” already, perhaps a retired one."),
            {"key": row.key},
            "key",
        )
    if len(others) >= MOST_FIELDS:
        text = N_("A kind of record takes at most %(most)s fields of yours, retired ones included.")
        yield Problem("too_many", text, {"most": MOST_FIELDS}, "noun")
    if row.is_indexed and row.is_active and sum(one.is_indexed and one.is_active for one in others) >= MOST_INDEXED:
        text = N_("At most %(most)s fields of a kind of record can be searched fast. Take one of the others out first.")
        yield Problem("too_many_indexed", text, {"most": MOST_INDEXED}, "is_indexed")
    yield from _unfit(row, place)


def _unfit(row: CustomField, place: Place) -> Iterator[Problem]:
    """What does not go with the kind of field or of record."""
    if row.required_from and row.required_from not in place.required_from:
        yield Problem(
            "no_stage", N_("There is no stage “%(stage)s” here."), {"stage": row.required_from[:40]}, "required_from"
        )
    if row.required_from and row.kind == FieldKind.FLAG:
        yield Problem(
            "flag_required",
            N_("A yes-or-no field always has a value, so it cannot be required."),
            field="required_from",
        )
    if row.is_material and not place.may_be_material:
        text = N_("Only contracts and what belongs to them are agreed on, so this cannot be part of what is agreed.")
        yield Problem("not_material", text, field="is_material")
    if row.is_indexed and row.kind == FieldKind.FLAG:
        yield Problem("flag_indexed", N_("A yes-or-no field is found fast enough as it is."), field="is_indexed")
    if row.kind == FieldKind.CHOICE and not any(one.get("is_active", True) for one in row.choices):
        yield Problem("no_choices", N_("Give at least one choice."), field="choices")


# -- values --------------------------------------------------------------------------------------


def count_values(row: CustomField) -> int:
    """How many records hold a value of the field."""
    return int(noun(row.noun).model._default_manager.filter(**{f"{kept.COLUMN}__has_key": row.name}).count())


def keep_index(key: str, rows: Collection[Model]) -> None:  # allow: journal — an index is no change of a record
    """Write the rows' values of indexed fields to the index again."""
    fields = [one for one in joined().by_noun.get(key, ()) if one.is_fast]
    CustomIndex.objects.filter(
        noun=key, record__in=[row.pk for row in rows], field__in=[f.name for f in fields]
    ).delete()
    insert([entry for row in rows for one in fields if (entry := _entry(key, one, row.pk, getattr(row, kept.COLUMN)))])


def _index_all(row: CustomField) -> None:
    """Write the index of one field anew; nothing of it where the field is not indexed any more."""
    CustomIndex.objects.filter(noun=row.noun, field=row.name).delete()
    if not row.is_indexed:
        return
    one = noun(row.noun).register.all()[row.name]
    rows = noun(row.noun).model._default_manager.filter(**{f"{kept.COLUMN}__has_key": row.name})
    waiting: list[CustomIndex] = []
    for pk, held in rows.values_list("pk", kept.COLUMN).iterator(CHUNK):
        if entry := _entry(row.noun, one, pk, held):
            waiting.append(entry)
        if len(waiting) >= CHUNK:
            insert(waiting)
            waiting = []
    insert(waiting)


def _entry(key: str, one: Field, record: UUID, held: Mapping[str, Any]) -> CustomIndex | None:
    value = kept.taken(one, {kept.COLUMN: held})
    if value is None:
        return None
    entry = CustomIndex(noun=key, field=one.name, record=record)
    if isinstance(value, Money):
        entry.integer, entry.text = value.minor, value.currency
    elif one.kind is Kind.TEXT:
        entry.text = held[one.name]["key"]
    elif one.kind is Kind.DATE:
        entry.date = value
    elif one.kind in (Kind.CHOICE, Kind.REFERENCE):
        entry.text = str(value)
    else:
        entry.integer = int(value)
    return entry


# -- telling -------------------------------------------------------------------------------------


def as_kept(row: CustomField) -> dict[str, Any]:
    """The definition as the journal keeps it."""
    names = (
        "noun", "name", "kind", "labels", "group", "help", "choices", "decimals", "required_from", "is_material", "is_indexed",
        "is_personal", "rules", "position", "is_active",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _save(actor: Actor, code: Act, rows: Sequence[CustomField], before: Mapping[UUID, Given], reason: str) -> None:
    changed = [row for row in rows if as_kept(row) != before[row.pk]]
    if not changed:
        return
    write(changed, GIVEN - {"key", "noun"} | {"is_active"})
    what = [Change(NOUN, row.pk, words(row.labels, "en"), None, before[row.pk], as_kept(row)) for row in changed]
    record_many(actor, code, what, reason=reason)
    _tell(actor, changed)


def _tell(actor: Actor, rows: Sequence[CustomField]) -> None:
    """From the next request on every process reads the fields as they are now; this one at once."""
    facts = tuple(Fact(NOUN, row.pk) for row in rows)
    stamp = new_id()
    bump_policy(actor, facts)
    PolicyState.objects.filter(pk=1).update(fields=stamp)
    see(stamp)
    publish(CustomFieldsChanged(actor, facts))

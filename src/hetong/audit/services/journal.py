"""Writing the journal: entries of acts, the access log, and blanking values of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from hetong.audit.digests import OWN, Changes, Signing, canonical_text, differ
from hetong.audit.events import ERASED
from hetong.audit.models import AccessLog, Entry, EntryValues
from hetong.audit.values import blank, holding
from hetong.audit.wording import PEOPLE
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.bulk import insert_values, ready
from hetong.kernel.events import Event
from hetong.kernel.fields import Register
from hetong.kernel.ids import new_id, new_ids
from hetong.kernel.nouns import known_noun
from hetong.kernel.rows import insert

T = TypeVar("T")
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What an act did to one record: journal values by field before and after (absent before = created)."""

    noun: str
    id: UUID | None
    label: str = ""
    company: UUID | None = None
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)

    def fields(self) -> list[tuple[str, Any, Any]]:
        """The fields that differ, as (name, before, after)."""
        names = dict.fromkeys((*self.before, *self.after))
        pairs = ((n, self.before.get(n), self.after.get(n)) for n in names)
        return [(n, b, a) for n, b, a in pairs if differ(b, a)]


def changes(
    register: Register,
    before: Mapping[UUID, Values],
    after: Mapping[UUID, Values],
    companies: Mapping[UUID, UUID | None],
) -> list[Change]:
    """One `Change` per row out of two register snapshots."""
    found = []
    for id, now in after.items():
        heading = now.get(register.heading) or before.get(id, {}).get(register.heading)
        found.append(Change(register.noun, id, _label(heading), companies.get(id), before.get(id, {}), now))
    return found


def _label(heading: Any) -> str:
    """What a record is called in an entry, out of its heading in journal form."""
    label = heading["title"] if isinstance(heading, dict) and "title" in heading else str(heading or "")
    return label[:300]


@dataclass(frozen=True)
class Added:
    """Records of one noun that an act brought into being: their journal values a field at a time."""

    noun: str
    ids: Sequence[UUID]
    labels: Sequence[str]
    companies: Sequence[UUID | None]
    values: Mapping[str, Sequence[Any]]

    def at(self, places: Sequence[int]) -> Added:
        """Those of them at these places."""
        if len(places) == len(self.ids):
            return self

        def chosen(of: Sequence[T]) -> list[T]:
            return [of[place] for place in places]

        values = {name: chosen(column) for name, column in self.values.items()}
        return Added(self.noun, chosen(self.ids), chosen(self.labels), chosen(self.companies), values)


def added(register: Register, rows: Sequence[Model]) -> Added:
    """New rows as they are in memory, for `record_added`."""
    values = register.held_columns(rows)
    headings = values.get(register.heading, [""] * len(rows))
    companies = [getattr(row, "company_id", None) for row in rows]
    return Added(register.noun, [row.pk for row in rows], list(map(_label, headings)), companies, values)


def record_added(actor: Actor, code: str, what: Added, *, reason: str = "") -> list[UUID]:
    """Record that these records came into being, as `record_many` does for changes of any kind."""
    nothing = [None] * len(what.ids)
    texts = _texts(what.noun, {name: (nothing, now) for name, now in what.values.items()}, len(what.ids))
    labels = [""] * len(what.ids) if _is_nameless(what.noun) else what.labels
    of = zip([what.noun] * len(what.ids), what.ids, labels, what.companies, strict=True)
    return _record(actor, code, list(of), texts, reason=reason)


def record_many(
    actor: Actor, code: str, what: Iterable[Change], *, reason: str = "", params: Values | None = None
) -> list[UUID]:
    """Record one act on many records, in the caller's transaction, in two statements; returns the ids of the entries.

    ``params`` are facts for the code's sentence and hold no field values: those obey field rules. People are named in
    them by `people`, and a record about a person keeps no label: pages show the name of today, and erasing it reaches all.
    """
    changed = list(what)
    texts = _written(changed)
    subjects = [(one.noun, one.id, "" if _is_nameless(one.noun) else one.label, one.company) for one in changed]
    return _record(actor, code, subjects, texts, reason=reason, params=params)


Subject = tuple[str, UUID | None, str, UUID | None]
"""Noun and id of a record, what it is called, and its company."""


def _record(
    actor: Actor, code: str, subjects: Sequence[Subject], texts: Sequence[tuple[str, str]], *, reason: str, params: Values | None = None
) -> list[UUID]:  # fmt: skip
    """Store an entry for each record. ``texts``: of each its digests and its values."""
    actor.must_act()
    shared = {
        "at": clock.now(), "actor_kind": actor.kind.value, "actor_id": actor.id, "actor_label": actor.label[:200],
        "cause": _cause(actor), "code": code, "params": dict(params or {}), "reason": reason, "via": actor.via,
        "batch": actor.batch or (new_id() if len(subjects) > 1 else None),
    }  # fmt: skip
    signing, stored, ids = Signing(shared), tuple(ready(Entry, shared).values()), new_ids(len(subjects))
    entries, held, company, company_text, company_hex = [], [], None, canonical_text(None), None
    for id, (noun, subject, label, of), (fields, values) in zip(ids, subjects, texts, strict=True):
        if of is not company:
            company, company_text, company_hex = of, canonical_text(of), _hex(of)
        mac = signing.mac(f'"{id}"', *map(canonical_text, (noun, subject, label)), company_text, fields)
        entries.append((id.hex, noun, _hex(subject), label, company_hex, fields, mac, *stored))
        if values != "{}":
            held.append((id.hex, values))
    insert_values(Entry, (*OWN, "mac", *shared), entries)
    insert_values(EntryValues, ("entry", "held"), held)
    return ids


def _written(changed: Sequence[Change]) -> list[tuple[str, str]]:
    """The digests and the values of each change as text."""
    written: dict[int, tuple[str, str]] = {}
    for noun in {one.noun for one in changed}:
        rows = [one for one in changed if one.noun == noun]
        before, after = [one.before for one in rows], [one.after for one in rows]
        names = dict.fromkeys(name for values in (*before, *after) for name in values)
        columns = {name: ([was.get(name) for was in before], [now.get(name) for now in after]) for name in names}
        written.update(zip(map(id, rows), _texts(noun, columns, len(rows)), strict=True))
    return [written[id(one)] for one in changed]


def _texts(noun: str, columns: Mapping[str, tuple[Sequence[Any], Sequence[Any]]], count: int) -> list[tuple[str, str]]:
    register = _register(noun)
    erasable = {one.name for one in register if one.personal or one.kept} if register else columns
    return Changes().written(columns, count, erasable=erasable)


def _is_nameless(noun: str) -> bool:
    """Whether records of the noun are people, who are named in no label."""
    register = _register(noun)
    return register is not None and register.is_of_a_person


def _register(noun: str) -> Register | None:
    entry = known_noun(noun)
    return entry.register if entry else None


def _hex(id: UUID | None) -> str | None:
    return id.hex if id is not None else None


def people(ids: Iterable[UUID]) -> dict[str, list[str]]:
    """Users as a fact of a sentence: kept by id, read under the names they have then."""
    return {PEOPLE: [str(id) for id in ids]}


def _cause(actor: Actor) -> dict[str, Any] | None:
    if actor.cause is None:
        return None
    return {
        "kind": actor.cause.kind.value,
        "id": str(actor.cause.id) if actor.cause.id else None,
        "label": actor.cause.label,
    }


def record(actor: Actor, code: str, noun: str = "", id: UUID | None = None, **more: Any) -> UUID:
    """Record one act that is not a change of fields (a sign-in, a token shown, a run)."""
    change = Change(noun, id, more.pop("label", ""), more.pop("company", None))
    return record_many(actor, code, [change], reason=more.pop("reason", ""), params=more)[0]


def log_access(actor: Actor, act: str, noun: str, id: UUID, detail: str = "") -> None:
    """Note that the actor viewed or downloaded something; the sealer seals these in batches. In a preview it was the viewer."""
    who = actor.viewer or actor
    row = AccessLog(
        at=clock.now(), actor_kind=who.kind.value, actor_id=who.id, actor_label=who.label[:200],
        act=act, noun=noun, subject=id, detail=detail[:300], via=actor.via,
    )  # fmt: skip
    insert([row])


def log_exports(actor: Actor, event: Event) -> None:
    """Note which rows left as a file: how many, in what form, by which question."""
    for fact in event.rows:
        facts = fact.facts
        log_access(actor, "export", fact.noun, fact.id, f"{facts['rows']} rows, {facts['kind']}, {facts['query']}")


@transaction.atomic
def erase(actor: Actor, noun: str, id: UUID, names: Collection[str], *, reason: str) -> int:
    """Blank the journal's values of these fields of one record; the chain stays whole. Returns how many.

    The caller has decided that the law allows it. The act itself is an entry that names the blanked ones.
    """
    entries = Entry.objects.filter(noun=noun, subject=id).values_list("pk", flat=True)
    found = holding(list(entries), names)
    blanked = [[str(row.entry), name] for row, kept in found for name in kept]
    if blanked:
        record_many(actor, ERASED, [Change(noun, id)], reason=reason, params={"blanked": blanked})
        blank(found)
    return len(blanked)

"""Writing the journal: entries of acts, the access log, and blanking values of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

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
        heading = now.get(register.heading) or before.get(id, {}).get(register.heading) or ""
        label = heading["title"] if isinstance(heading, dict) and "title" in heading else str(heading)
        found.append(Change(register.noun, id, label[:300], companies.get(id), before.get(id, {}), now))
    return found


def record_many(
    actor: Actor, code: str, what: Iterable[Change], *, reason: str = "", params: Values | None = None
) -> list[UUID]:
    """Record one act on many records, in the caller's transaction, in two statements; returns the ids of the entries.

    ``params`` are facts for the code's sentence and hold no field values: those obey field rules. People are named in
    them by `people`, and a record about a person keeps no label: pages show the name of today, and erasing it reaches all.
    """
    actor.must_act()
    changed = list(what)
    shared = {
        "at": clock.now(), "actor_kind": actor.kind.value, "actor_id": actor.id, "actor_label": actor.label[:200],
        "cause": _cause(actor), "code": code, "params": dict(params or {}), "reason": reason, "via": actor.via,
        "batch": actor.batch or (new_id() if len(changed) > 1 else None),
    }  # fmt: skip
    signing, stored, ids = Signing(shared), ready(Entry, shared), new_ids(len(changed))
    entries, held, company, company_text = [], [], None, canonical_text(None)
    for id, (one, label, fields, values) in zip(ids, _written(changed), strict=True):
        if one.company is not company:
            company, company_text = one.company, canonical_text(one.company)
        mac = signing.mac(f'"{id}"', *map(canonical_text, (one.noun, one.id, label)), company_text, fields)
        entries.append((id.hex, one.noun, _hex(one.id), label, _hex(one.company), fields, mac, *stored.values()))
        if values != "{}":
            held.append((id.hex, values))
    insert_values(Entry, (*OWN, "mac", *stored), entries)
    insert_values(EntryValues, ("entry", "held"), held)
    return ids


def _written(changed: Sequence[Change]) -> list[tuple[Change, str, str, str]]:
    """Each change with its label, its digests and its values as text; people are named in no label."""
    texts = Changes()
    written: dict[int, tuple[Change, str, str, str]] = {}
    for noun in {one.noun for one in changed}:
        rows, register = [one for one in changed if one.noun == noun], _register(noun)
        erasable = {one.name for one in register if one.personal or one.kept} if register else ()
        is_nameless = register is not None and register.is_of_a_person
        of = texts.written([one.before for one in rows], [one.after for one in rows], erasable=erasable)
        written.update(
            (id(one), (one, "" if is_nameless else one.label, *said)) for one, said in zip(rows, of, strict=True)
        )
    return [written[id(one)] for one in changed]


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

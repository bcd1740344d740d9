"""Writing the journal: entries of acts, the access log, and blanking values of a person."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from hetong.audit.digests import canonical_text, entry_mac, text_digest
from hetong.audit.events import ERASED
from hetong.audit.models import AccessLog, Entry, EntryValue
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.bulk import insert_values
from hetong.kernel.events import Event
from hetong.kernel.fields import Register
from hetong.kernel.ids import new_id, new_ids
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
        return [(n, b, a) for n, b, a in pairs if b != a and not (b in (None, "", []) and a in (None, "", []))]


def changes(
    register: Register,
    before: Mapping[UUID, Values],
    after: Mapping[UUID, Values],
    companies: Mapping[UUID, UUID | None],
) -> list[Change]:
    """One `Change` per row out of two register snapshots."""
    found = []
    for id, now in after.items():
        named = now.get(register.heading) or before.get(id, {}).get(register.heading) or ""
        heading = "" if register.fields[register.heading].personal else named  # a label cannot be erased, a value can
        label = heading["title"] if isinstance(heading, dict) and "title" in heading else str(heading)
        found.append(Change(register.noun, id, label[:300], companies.get(id), before.get(id, {}), now))
    return found


def record_many(
    actor: Actor, code: str, what: Iterable[Change], *, reason: str = "", params: Values | None = None
) -> list[Entry]:
    """Record one act on many records, in the caller's transaction, in two statements.

    ``params`` are facts for the code's sentence and hold no field values: those obey field rules.
    """
    actor.must_act()
    changed = list(what)
    batch = actor.batch or (new_id() if len(changed) > 1 else None)
    now = clock.now()
    entries: list[Entry] = []
    values: list[tuple[UUID, str, str, str, str]] = []
    for one in changed:
        entry = Entry(
            at=now, actor_kind=actor.kind.value, actor_id=actor.id, actor_label=actor.label[:200], cause=_cause(actor),
            code=code, params=dict(params or {}), noun=one.noun, subject=one.id, label=one.label, company=one.company,
            reason=reason, via=actor.via, batch=batch,
        )  # fmt: skip
        said = [(name, canonical_text(before), canonical_text(after)) for name, before, after in one.fields()]
        salts = _salts(len(said))
        entry.fields = [
            [name, text_digest(salt, before, after)] for salt, (name, before, after) in zip(salts, said, strict=True)
        ]
        entry.mac = entry_mac(entry)
        entries.append(entry)
        values += [(entry.pk, *what, salt) for what, salt in zip(said, salts, strict=True)]
    insert(entries)
    _insert_values(values)
    return entries


def _salts(count: int) -> list[str]:
    """So many salts of 16 random bytes, in hex."""
    drawn = secrets.token_hex(16 * count)
    return [drawn[32 * n : 32 * n + 32] for n in range(count)]


def _as_hex(id: UUID) -> str:
    return id.hex


def _as_it_is(id: UUID) -> UUID:
    return id


def _insert_values(told: Sequence[tuple[UUID, str, str, str, str]]) -> None:
    """The values of entries: (entry, field, before, after, salt), the two in the middle as canonical JSON."""
    if not told:
        return
    key = _as_hex if connection.vendor == "sqlite" else _as_it_is
    rows = [
        (
            key(id),
            key(entry),
            field,
            None if before == "null" else before,
            None if after == "null" else after,
            salt,
            False,
        )
        for id, (entry, field, before, after, salt) in zip(new_ids(len(told)), told, strict=True)
    ]
    insert_values(EntryValue, ("id", "entry", "field", "before", "after", "salt", "is_blank"), rows)


def _cause(actor: Actor) -> dict[str, Any] | None:
    if actor.cause is None:
        return None
    return {
        "kind": actor.cause.kind.value,
        "id": str(actor.cause.id) if actor.cause.id else None,
        "label": actor.cause.label,
    }


def record(actor: Actor, code: str, noun: str = "", id: UUID | None = None, **more: Any) -> Entry:
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
    values = EntryValue.objects.filter(entry__in=list(entries), field__in=names, is_blank=False)
    blanked = [[str(v.entry), v.field] for v in values]
    if blanked:
        record_many(actor, ERASED, [Change(noun, id)], reason=reason, params={"blanked": blanked})
        values.update(before=None, after=None, salt="", is_blank=True)
    return len(blanked)

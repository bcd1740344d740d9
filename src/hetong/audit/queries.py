"""Reading the journal. Rights on an entry are the rights on its record; its values obey field rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Q, QuerySet, Value
from django.utils.translation import gettext

from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import Field, Kind, Register, Text
from hetong.kernel.known import asked
from hetong.kernel.labels import Labels
from hetong.kernel.money import Money
from hetong.kernel.nouns import known_noun, must_see, noun, nouns
from hetong.kernel.numerals import format_money, format_number
from hetong.kernel.scaled import Scaled
from hetong.kernel.values import PERCENT_SCALE, choice_of, is_unnamed

from .events import FOUND_BROKEN, VERIFIED
from .models import Entry, Link
from .values import FieldValue, values_of_entries
from .wording import PEOPLE, USER, sentence

MOST_DETAILS = 500
"""Details of one record whose history stands in the record's own; the newest count."""


@dataclass(frozen=True)
class FieldChange:
    """One field's change as the reader may see it; the texts are in the reader's language."""

    name: str
    label: Text
    before: Any
    after: Any
    is_blank: bool = False
    before_text: str = ""
    after_text: str = ""


def said(value: Any, field: Field | None, actor: Actor) -> str:
    """A journal value in words: amounts and numbers as the reader writes them, choices by their present label.

    References and admin-made words are said as on the day of the entry.
    """
    match value:
        case None | "" | []:
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case {"amount": str(amount), "currency": str(currency)}:
            return format_money(Money.of(amount, currency), actor.language)
        case {"title": title}:
            return str(title)
        case dict() if all(isinstance(part, str) for part in value.values()):
            return str(Labels(value).text(actor.language))
        case dict():
            return ", ".join(f"{name}: {said(part, None, actor)}" for name, part in value.items())
        case list():
            return ", ".join(said(v, field, actor) for v in value)
        case _:
            return _said_plain(value, field, actor)


def _said_plain(value: Any, field: Field | None, actor: Actor) -> str:
    kind = field.kind if field else None
    if field is not None and field.choices is not None and isinstance(value, str):
        return str(choice_of(field, value))
    if kind in (Kind.NUMBER, Kind.PERCENT) and isinstance(value, str | int):
        scale = PERCENT_SCALE if kind is Kind.PERCENT else field.scale if field else 0
        return format_number(Scaled.of(str(value), scale), actor.language)
    if kind is Kind.INSTANT and isinstance(value, str):
        return dt.datetime.fromisoformat(value).astimezone(ZoneInfo(actor.zone)).strftime("%Y-%m-%d %H:%M")
    return str(value)


def is_trivial(before: Any, after: Any) -> bool:
    """Whether a new record's value says nothing: no flag, no amount."""
    return before is None and (
        after is False
        or (isinstance(after, dict) and after.get("amount", "").strip("0.,-") == "" and "amount" in after)
    )


@dataclass(frozen=True)
class Happening:
    """One journal entry as one reader may see it."""

    id: UUID
    at: dt.datetime
    who: str
    because_of: str
    code: str
    sentence: str
    reason: str
    via: str
    changes: tuple[FieldChange, ...]
    is_sealed: bool
    noun: str
    subject: UUID | None
    label: str
    batch: UUID | None = None
    seq: int = 0
    """Its place in the sealed chain; 0 where it is not sealed yet."""

    @property
    def url(self) -> str:
        """The page of its record; empty where it has none."""
        entry = known_noun(self.noun)
        return entry.url(self.subject) if entry is not None and self.subject else ""

    @property
    def kind(self) -> Text:
        """What kind of record it is about."""
        entry = known_noun(self.noun)
        return entry.labels[0] if entry is not None else self.noun


def find_history(actor: Actor, key: str, id: UUID, *, limit: int = 50, before: UUID | None = None) -> list[Happening]:
    """What happened to one record and to what hangs on it, newest first, without what the reader may not read.

    Raises `NotFound`.
    """
    must_see(actor, key, id)
    return latest_of_seen(actor, key, id, limit=limit, before=before)


def latest_of_seen(actor: Actor, key: str, id: UUID, *, limit: int, before: UUID | None = None) -> list[Happening]:
    """The same of a record that the caller has found to be open to the actor."""
    entries = Entry.objects.filter(_about(actor, key, id)).order_by("-pk")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return worded(actor, list(entries[:limit]))


def _about(actor: Actor, key: str, id: UUID) -> Q:
    """The entries of a record, of what was merged into it, and of its details (lines, contacts ...) that the actor may know of."""
    about, merged = Q(noun=key, subject=id), noun(key).formerly
    if merged is not None:
        about |= Q(noun=key, subject__in=merged(id))
    for child, details in _details_of(actor, key, id).items():
        about |= Q(noun=child, subject__in=details)
    return about


def _details_of(actor: Actor, key: str, id: UUID) -> dict[str, list[UUID]]:
    """The newest details of a record that the actor may know of, by noun; one query however many nouns there are."""

    def written(of: UUID) -> QuerySet[Any, Any] | None:
        parts = []
        for child in nouns():
            path, parent = child.register.parent or ("", "")
            if parent == key:
                mine = child.visible_to(actor).filter(**{path: of}).order_by()
                parts.append(mine.values_list(Value(child.key, CharField()), "pk"))
        return parts[0].union(*parts[1:], all=True).order_by("-pk")[:MOST_DETAILS] if parts else None

    found: dict[str, list[UUID]] = {}
    for noun_key, pk in asked(actor, ("audit.details", key), written, id):
        found.setdefault(noun_key, []).append(UUID(str(pk)))
    return found


def find_touched(actor: Actor, *, limit: int = 20) -> list[tuple[str, UUID, dt.datetime]]:
    """The records the actor acted on last, newest first, each once: (noun, id, when).

    Whoever calls asks what of them is still visible.
    """
    if actor.id is None:
        return []
    mine = Entry.objects.filter(actor_id=actor.id, subject__isnull=False).exclude(noun="").order_by("-pk")
    touched: dict[tuple[str, UUID], dt.datetime] = {}
    for key, subject, at in mine.values_list("noun", "subject", "at")[: limit * 10]:
        if subject is not None:  # as the filter has said; this tells the types
            touched.setdefault((key, subject), at)
    return [(key, subject, at) for (key, subject), at in touched.items()][:limit]


def last_change(key: str, id: UUID) -> tuple[str, dt.datetime] | None:
    """Who changed a record last, and when; the caller has checked that the reader sees the record."""
    return Entry.objects.filter(noun=key, subject=id).order_by("-pk").values_list("actor_label", "at").first()


def worded(actor: Actor, entries: list[Entry]) -> list[Happening]:
    """The entries for this reader; one whose every changed field is hidden from them is left out."""
    ids = [entry.pk for entry in entries]
    values = values_of_entries(entries)
    sealed = dict(Link.objects.filter(entry__in=ids).values_list("entry", "seq"))
    happenings, choices, names = [], ChoicesOnce(), _personal_names(actor, entries, values)
    for entry in entries:
        own = values[entry.pk]
        known = known_noun(entry.noun)
        register = known.register if known is not None else None
        shown = tuple(_readable(actor, register, entry.company, own, choices, names)) if register else ()
        if own and not shown:
            continue
        shown = tuple(change for change in shown if change.is_blank or not is_trivial(change.before, change.after))
        is_named = register is None or _is_named(actor, register, entry.company)
        now = names.get((entry.noun, entry.subject), "") if register and register.is_of_a_person else entry.label
        facts = {name: _fact(value, names, actor) for name, value in entry.params.items()}
        happenings.append(_happening(entry, shown, sealed.get(entry.pk, 0), now if is_named else "", facts))
    return happenings


Names = Mapping[tuple[str, UUID | None], str]
"""What people are called now, by noun and id."""


def _personal_names(actor: Actor, entries: Sequence[Entry], values: Mapping[UUID, Sequence[FieldValue]]) -> Names:
    """What people are called now, as far as the reader may read it; nothing after an erasure, whatever the entry kept."""
    wanted: dict[str, set[UUID]] = {}
    for entry in entries:
        for to, named in _people_in(entry, values[entry.pk]):
            wanted.setdefault(to, set()).update(named)
    found: dict[tuple[str, UUID | None], str] = {}
    for key, ids in wanted.items():
        known = known_noun(key)
        if known is not None and known.register.is_of_a_person:
            rows = known.register.show(actor, known.among(actor).filter(pk__in=ids), (known.register.heading,))
            found |= {(key, row.id): row.title for row in rows}
    return found


def _people_in(entry: Entry, values: Iterable[FieldValue]) -> Iterator[tuple[str, list[UUID]]]:
    """The records that an entry is about, in its sentence or in its values, by noun; people among them."""
    if entry.subject is not None:
        yield entry.noun, [entry.subject]
    for fact in entry.params.values():
        if isinstance(fact, dict) and PEOPLE in fact:
            yield USER, [UUID(id) for id in fact[PEOPLE]]
    for value in values:
        if to := _person_of(entry.noun, value.field):
            yield to, [UUID(one["id"]) for one in (*_referred(value.before), *_referred(value.after))]


def _person_of(noun: str, field: str) -> str:
    """The noun of the people that a field names; empty where it names none."""
    known = known_noun(noun)
    to = known.register.all()[field].to if known is not None and field in known.register.all() else ""
    person = known_noun(to) if to else None
    return to if person is not None and person.register.is_of_a_person else ""


def _referred(value: Any) -> list[dict[str, Any]]:
    """The records that a value names, as the journal keeps them."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict) and one.get("id")]


def _of_today(value: Any, to: str, names: Names) -> Any:
    """A value that names people with the names they have now."""
    if isinstance(value, list):
        return [_of_today(one, to, names) for one in value]
    if not _referred(value):
        return value
    return {**value, "title": names.get((to, UUID(value["id"])), value.get("title")) or "—"}


def _fact(value: Any, names: Names, actor: Actor) -> Any:
    """A fact of a sentence as it is read: words in the reader's language, people by their names of today, an erased one as a dash."""
    if not isinstance(value, dict):
        return value
    if PEOPLE not in value:
        return said(value, None, actor)
    return ", ".join(names.get((USER, UUID(id)), "") or "—" for id in value[PEOPLE])


class ChoicesOnce:
    """Fields whose choices are asked for once, however many entries name one of them."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Field] = {}

    def of(self, register: Register, field: Field) -> Field:
        """The field, with its choices at hand."""
        key = (register.noun, field.name)
        if field.choices is not None and key not in self._held:
            offered = tuple(field.choices())
            self._held[key] = replace(field, choices=lambda: offered)
        return self._held.get(key, field)


def _readable(
    actor: Actor,
    register: Register,
    company: UUID | None,
    values: Iterable[FieldValue],
    choices: ChoicesOnce,
    names: Names,
) -> Iterable[FieldChange]:
    fields = register.all()
    for value in values:
        if value.field not in fields or not _may_read(actor, register, value.field, company):
            continue
        field, before, after = fields[value.field], value.before, value.after
        if is_unnamed(field.to, actor):
            before, after = _nameless(before), _nameless(after)
        elif person := _person_of(register.noun, value.field):
            before, after = _of_today(before, person, names), _of_today(after, person, names)
        told = choices.of(register, field)
        texts = (said(before, told, actor), said(after, told, actor))
        yield FieldChange(value.field, field.label, before, after, value.is_blank, *texts)


def _may_read(actor: Actor, register: Register, name: str, company: UUID | None) -> bool:
    """Whether the reader may read a field of an entry; one that keeps no company goes by the strictest of the reader's."""
    companies = actor.companies()
    if company is not None or not register.company or companies is None:
        return register.level(actor, name, company) > Level.HIDDEN
    return all(register.level(actor, name, one) > Level.HIDDEN for one in companies)


def _is_named(actor: Actor, register: Register, company: UUID | None) -> bool:
    """Whether the reader may read what the record of an entry is called."""
    heading = register.fields[register.heading]
    return _may_read(actor, register, heading.name, company) and not is_unnamed(heading.to, actor)


def _nameless(value: Any) -> Any:
    """A journal value without the names of the records it refers to, which the reader may not read."""
    if isinstance(value, list):
        return [_nameless(one) for one in value]
    return {**value, "title": ""} if isinstance(value, dict) and "title" in value else value


def _happening(
    entry: Entry, shown: tuple[FieldChange, ...], seq: int, label: str, facts: Mapping[str, Any]
) -> Happening:
    because = (entry.cause or {}).get("label", "")
    return Happening(
        entry.pk, entry.at, entry.actor_label, because, entry.code, sentence(entry.code, {**facts, "label": label}),
        entry.reason, entry.via, shown, seq > 0, entry.noun, entry.subject, label, entry.batch, seq,
    )  # fmt: skip


def last_verification(actor: Actor) -> Happening | None:
    """The newest check of the chain that somebody asked for."""
    newest = Entry.objects.filter(code__in=(VERIFIED, FOUND_BROKEN)).order_by("-pk")[:1]
    return next(iter(worded(actor, list(newest))), None)


def values_since(key: str, id: UUID, version_at: dt.datetime) -> dict[str, tuple[Any, Any, str]]:
    """What changed in a record since an instant: field to (first before, last after, last actor). For the 409 view."""
    changed: dict[str, tuple[Any, Any, str]] = {}
    entries = list(Entry.objects.filter(noun=key, subject=id, at__gt=version_at).order_by("pk"))
    values = values_of_entries(entries)
    for entry in entries:
        for value in values[entry.pk]:
            first = changed[value.field][0] if value.field in changed else value.before
            changed[value.field] = (first, value.after, entry.actor_label)
    return changed

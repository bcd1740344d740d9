"""What a decision card shows of any record: its facts, what it consists of, what changed since the last time, its papers.

Everything is read through the record's own registers with the reader's rights; the round's kept content
is only compared, and only in fields that the reader may read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hetong.approvals.models import Round
from hetong.audit.queries import said
from hetong.documents.fields import DOCUMENT
from hetong.documents.policy import Can as Documents
from hetong.documents.queries import find_documents
from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import Field, Kind, Row, Text
from hetong.kernel.nouns import noun

Beside = Callable[[Any, str, UUID], Mapping[str, Any]]
"""What a higher app, or one beside this, shows on a decision card: context by request, noun and id of the record."""


@dataclass(frozen=True)
class Face:
    """How records of one noun look to who decides on them: names of fields of its register.

    ``parts``: for each list in the content, the noun of its items and the fields that stand beside an item's title.
    ``cautions``: what has to be known before a decision and is not in the content, of a shown record.
    """

    party: str = ""
    amount: str = ""
    about: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    cautions: Callable[[Actor, Row], Sequence[str]] = lambda actor, row: ()


_faces: dict[str, Face] = {}
_beside: list[Beside] = []


def install_faces(faces: Mapping[str, Face]) -> None:
    """Take config's table; called once at start."""
    _faces.clear()
    _faces.update(faces)


def install_beside(beside: Beside) -> None:
    """Take the one that shows the record's discussion; called once at start."""
    _beside[:] = [beside]


def talk_beside(request: Any, key: str, id: UUID) -> Mapping[str, Any]:
    """The discussion of a record, for the card; nothing for who may not read it."""
    return next((beside(request, key, id) for beside in _beside), {})


def face_of(key: str) -> Face:
    """The face of a noun's records; a plain one where none is set."""
    return _faces.get(key, Face())


def subjects_of(actor: Actor, tasks: Collection[Row]) -> dict[UUID, dict[str, Any]]:
    """For each task the record it is about, with its party and amount, as far as the reader may read them."""
    found: dict[UUID, dict[str, Any]] = {}
    for key in {str(task.get("noun")) for task in tasks}:
        entry, face = noun(key), face_of(key)
        names = [name for name in (entry.register.heading, "number", face.party, face.amount) if name]
        ids = {task.get("subject") for task in tasks if task.get("noun") == key}
        rows = {row.id: row for row in entry.register.show(actor, entry.visible_to(actor).filter(pk__in=ids), names)}
        for task in tasks:
            row = rows.get(task.get("subject")) if task.get("noun") == key else None
            if row is not None:
                found[task.id] = {
                    "row": row,
                    "party": row.get(face.party),
                    "amount": face.amount if face.amount in row else "",
                }
    return found


@dataclass(frozen=True)
class Changed:
    """One thing that is otherwise than in the round before."""

    label: Text
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Part:
    """One list of what the record consists of, as it is now."""

    label: Text
    rows: Sequence[Row]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """All that a decision card shows beside the task itself."""

    row: Row
    face: Face
    facts: Sequence[Field] = ()
    parts: Sequence[Part] = ()
    changed: Sequence[Changed] = ()
    before: Round | None = None
    papers: Sequence[Row] = ()
    cautions: Sequence[str] = ()


def decision_of(actor: Actor, of: Round) -> Decision | None:
    """The card of one round; None where the reader does not see the record."""
    entry, face = noun(of.noun), face_of(of.noun)
    rows = entry.register.show(actor, entry.visible_to(actor).filter(pk=of.subject))
    if not rows:
        return None
    row = rows[0]
    facts = [entry.register.fields[name] for name in face.facts if name in row]
    earlier = Round.objects.visible_to(actor).filter(noun=of.noun, subject=of.subject, number__lt=of.number)
    before = earlier.order_by("-number").first()
    changed = list(_changes(actor, before, of, row)) if before else []
    parts = [one for one in (_part(actor, of, *part) for part in face.parts.values()) if one.rows]
    return Decision(row, face, facts, parts, changed, before, _papers(actor, of), face.cautions(actor, row))


def _part(actor: Actor, of: Round, key: str, names: tuple[str, ...]) -> Part:
    entry = noun(key)
    parent = entry.register.parent[0] if entry.register.parent else "pk"
    rows = entry.visible_to(actor).filter(**{parent: of.subject}).order_by("position", "pk")
    return Part(entry.labels[1], entry.register.show(actor, rows, (entry.register.heading, *names)), names)


def _papers(actor: Actor, of: Round) -> list[Row]:
    if not actor.may(Documents.VIEW):
        return []
    return DOCUMENT.show(actor, find_documents(actor, of.noun, of.subject).filter(is_retired=False))


def _changes(actor: Actor, before: Round, now: Round, row: Row) -> Iterator[Changed]:
    """What differs between two contents, field by field, and which lists do."""
    register = noun(now.noun).register
    old, new = before.content.get("fields", {}), now.content.get("fields", {})
    for name in dict.fromkeys((*new, *old)):
        one = register.all().get(name)
        if one is None or row.levels.get(name, Level.HIDDEN) is Level.HIDDEN or old.get(name) == new.get(name):
            continue
        is_named = one.kind is not Kind.REFERENCE  # the content keeps references by id, whose names change
        yield Changed(
            one.label, *((said(old.get(name), one, actor), said(new.get(name), one, actor)) if is_named else ("", ""))
        )
    yield from _part_changes(actor, before, now)


def _part_changes(actor: Actor, before: Round, now: Round) -> Iterator[Changed]:
    for name, (key, _names) in face_of(now.noun).parts.items():
        entry = noun(key)
        if entry.register.level(actor, entry.register.heading, now.company_id) is Level.HIDDEN:
            continue
        old, new = (_by_title(one.content.get(name), entry.register.heading) for one in (before, now))
        for title in dict.fromkeys((*new, *old)):
            if old.get(title) != new.get(title):
                yield (
                    Changed(entry.labels[0], "" if title in new else title, title if title not in old else "")
                    if (title not in old or title not in new)
                    else Changed(f"{entry.labels[0]}: {title}")
                )


def _by_title(items: Any, heading: str) -> dict[str, Any]:
    return {str(one.get(heading, "")): one for one in items or () if isinstance(one, dict)}

"""Reading documents and versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet

from hetong.files.models import DerivedText, PageImage
from hetong.files.queries import has_pages
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Row
from hetong.kernel.known import asked
from hetong.kernel.labels import Labels
from hetong.kernel.nouns import must_see, noun

from .fields import DOCUMENT, VERSION
from .models import Document, DocumentKind, Version, kind_facts
from .policy import NOUN, Can


@dataclass(frozen=True)
class Paper:
    """A document as a reader sees it, with its versions: the current one, those that wait, those before."""

    document: Row
    current: Row | None
    proposed: tuple[Row, ...]
    earlier: tuple[Row, ...]


@dataclass(frozen=True)
class Shelf:
    """The papers of one kind on a record."""

    kind: str
    papers: tuple[Paper, ...]


def find_documents(actor: Actor, key: str, subject: UUID) -> QuerySet[Document]:
    """The documents of one record, retired ones last. Raises `NotFound` when the record is not visible."""
    must_see(actor, key, subject)
    found = Document.objects.visible_to(actor, key).filter(subject=subject)
    return found.order_by("is_retired", "kind__position", "kind__key", "title_key", "pk")


def get_document(actor: Actor, id: UUID) -> Document:
    """A document the actor sees, or `NotFound`."""
    document = Document.objects.visible_to(actor).filter(pk=id).first()
    if document is None:
        raise NotFound(noun=NOUN, id=str(id))
    return document


def get_version(actor: Actor, document: UUID, which: str) -> Version:
    """A version by its number, its id, or ``current``; with its file. Raises `NotFound`."""
    versions = Version.objects.visible_to(actor).select_related("blob", "document").filter(document=document)
    if which == "current":
        versions = versions.filter(state="current")
    elif which.isdecimal() and len(which) < 6:
        versions = versions.filter(number=int(which))
    else:
        versions = versions.filter(pk=_id(which))
    version = versions.first()
    if version is None:
        raise NotFound(noun="documents.version", id=which)
    return version


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as broken:
        raise NotFound(noun="documents.version", id=text) from broken


def get_papers(actor: Actor, documents: QuerySet[Document]) -> list[tuple[str, Paper]]:
    """Documents with all their versions, in the order given, each beside what its kind is called."""
    kinds = {pk: Labels(labels).text(actor.language) for pk, labels in documents.values_list("pk", "kind__labels")}
    # allow: visibility — the documents are narrowed already, and their versions share their rights
    versions = Version.objects.filter(document__in=list(kinds)).order_by(F("number").desc(nulls_last=True), "-pk")
    owners = dict(versions.values_list("pk", "document_id"))
    by_document: dict[UUID, list[Row]] = {}
    for row in VERSION.show(actor, versions):
        by_document.setdefault(owners[row.id], []).append(row)
    return [(kinds[row.id], _paper(row, by_document.get(row.id, []))) for row in DOCUMENT.show(actor, documents)]


def _paper(document: Row, versions: Sequence[Row]) -> Paper:
    def those(*states: str) -> tuple[Row, ...]:
        return tuple(row for row in versions if getattr(row.get("state"), "code", "") in states)

    current = those("current")
    return Paper(document, current[0] if current else None, those("proposed"), those("superseded", "rejected"))


def get_shelves(actor: Actor, key: str, subject: UUID) -> list[Shelf]:
    """Everything on a record's documents page: papers by kind, retired ones on a shelf of their own at the end."""
    shelves: dict[str, list[Paper]] = {}
    for kind, paper in get_papers(actor, find_documents(actor, key, subject)):
        name = "" if paper.document.get("state").code == "retired" else kind
        shelves.setdefault(name, []).append(paper)
    return [Shelf(name, tuple(found)) for name, found in shelves.items()]


def count_documents(actor: Actor, ids: Sequence[UUID], *, key: str) -> dict[UUID, int]:
    """How many documents in use each record of the noun ``key`` holds, for the tab; a record without any is left out."""
    if not actor.may(Can.VIEW):
        return {}
    kinds = kind_facts()

    def written(id: UUID) -> QuerySet[Any, Any]:
        # allow: visibility — it is asked, with the kinds that are known
        found = Document.objects.visible_by(actor, kinds, key).filter(subject=id, is_retired=False).order_by()
        return found.values("subject").annotate(count=Count("pk")).values_list("count")

    counts = {id: asked(actor, ("documents.count", key, kinds), written, id) for id in ids}
    return {id: found[0][0] for id, found in counts.items() if found}


def find_kinds(actor: Actor) -> QuerySet[DocumentKind]:
    """The kinds the actor may give a document."""
    return DocumentKind.objects.visible_to(actor).filter(is_active=True).order_by("position", "key")


def subject_of(actor: Actor, document: Document) -> Row | None:
    """The record that holds the document, as the actor may see it; None where only the document is shared."""
    entry = noun(document.noun)
    names = (entry.register.heading,)
    return next(iter(entry.register.show(actor, entry.visible_to(actor).filter(pk=document.subject), names)), None)


@dataclass(frozen=True)
class Preview:
    """What can be shown of a version without its program."""

    state: str
    """``done``, ``protected``, ``failed``, or ``quarantined``."""
    text: str
    pages: int
    warnings: tuple[str, ...]

    @property
    def numbers(self) -> range:
        """The pages, counted from 1."""
        return range(1, self.pages + 1)


def preview_of(version: Version, derived: DerivedText) -> Preview:
    """What a version's text and facts give for its page."""
    state = "quarantined" if version.blob.state == "quarantined" else derived.state
    marks = set(version.blob.facts.get("marks", ()))
    found = {"javascript"} if derived.facts.get("scripts") else set()
    found |= {"attachments"} if derived.facts.get("attachments") else set()
    pages = derived.pages if state == "done" and has_pages(version.blob.media_type) else 0
    return Preview(state, derived.text, pages, tuple(sorted((marks | found) - {"encrypted"})))


def picture_of(page: PageImage | None) -> PageImage:
    """The page, or `NotFound` where it could not be drawn."""
    if page is None or page.image is None:
        raise NotFound(noun="files.page")
    return page

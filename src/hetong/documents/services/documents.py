"""Adding documents to a record, renaming and retiring them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, changes, edit_rows, record_many
from hetong.documents.events import (
    Act,
    DocumentsAdded,
    DocumentsChanged,
    DocumentsEdited,
    DocumentsRestored,
    DocumentsRetired,
)
from hetong.documents.fields import DOCUMENT
from hetong.documents.models import Document, Version, holds_documents
from hetong.documents.policy import NOUN, Can
from hetong.documents.states import VersionState
from hetong.files.models import Blob
from hetong.files.names import safe_name
from hetong.files.services import store, want_texts
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.batch import Batch
from hetong.kernel.errors import N_, Forbidden, Invalid, NotFound, Problem
from hetong.kernel.events import Fact
from hetong.kernel.input import assign, parse
from hetong.kernel.joined import index
from hetong.kernel.nouns import all_editable, noun
from hetong.kernel.rows import insert, locked, write

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file as it came: what it calls itself, and its bytes."""

    name: str
    stream: BinaryIO


def company_of(actor: Actor, key: str, subject: UUID) -> UUID | None:
    """The company of the record. Raises `NotFound` when the actor may not know of it."""
    entry = noun(key)
    if not holds_documents(entry):
        raise NotFound(noun=key, id=str(subject))
    path = entry.register.company or "pk"
    found = list(entry.visible_to(actor).filter(pk=subject).values_list(path, flat=True)[:1])
    if not found:
        raise NotFound(noun=key, id=str(subject))
    company: UUID | None = found[0] if entry.register.company else None
    return company


class OnlyShared(Forbidden):
    """The record that holds the documents is open to the actor for reading only."""

    code = "only_shared"
    text = N_("This record was shared with you for reading only.")
    then = N_("Ask its owner for the right to edit it.")


def must_write(actor: Actor, key: str, subjects: Collection[UUID]) -> None:
    """Raise `OnlyShared` where one of the records is merely shared for reading: its documents are, too.

    What rests with its record (an archive) is refused in the record's own words.
    """
    if actor.is_system:
        return
    if not all_editable(actor, key, subjects):
        raise OnlyShared
    check = noun(key).check_writable
    if check is not None:
        check(subjects)


def writable(actor: Actor, ids: Collection[UUID]) -> list[Document]:
    """The documents, locked, that the actor may write. Raises `NotFound`, `OnlyShared`."""
    rows = locked(Document.objects.visible_to(actor), ids)
    for key in {row.noun for row in rows}:
        must_write(actor, key, {row.subject for row in rows if row.noun == key})
    return rows


def add_documents(
    actor: Actor,
    key: str,
    subject: UUID,
    uploads: Sequence[Upload],
    *,
    kind: Any,
    title: str = "",
    note: str = "",
    valid_until: Any = "",
    licence_number: str = "",
    added: Given | None = None,
    locale: str = "",
) -> list[Document]:
    """Put files on a record, each as a document of its own with its first version, all or none.

    Version 1 is current at once where the actor may accept versions there, else it waits as proposed, and with it the
    day until which it is valid. A title and a number are for a single file; several are called after their files.
    ``added`` is what was typed in the fields that the house added, the same for each; None where nobody was asked.
    Raises `RefusedFile`, `Invalid`.
    """
    company = company_of(actor, key, subject)
    actor.require(Can.ADD, (company,))
    must_write(actor, key, [subject])
    if not uploads:
        raise Invalid(problems=[Problem("required", N_("Choose a file."), field="file")])
    more = {**(added or {}), "kind": kind} | ({"valid_until": valid_until} if valid_until else {})
    given: list[dict[str, Any]] = [{**more, "title": _title_of(one.name)} for one in uploads]
    if len(uploads) == 1:
        own = {"title": title.strip(), "licence_number": licence_number.strip()}
        given[0] |= {name: text for name, text in own.items() if text}
    batch = Batch(DOCUMENT, actor, asks_added=added is not None)
    values = [parse(DOCUMENT, actor, one, company=company, locale=locale, partial=False, batch=batch) for one in given]
    # The files are written before the rows are locked: an upload never holds up anybody else's work.
    blobs = [store(one.stream, one.name) for one in uploads]
    with transaction.atomic():
        return _add(actor, (key, subject, company), values, list(zip(uploads, blobs, strict=True)), note.strip())


def _title_of(name: str) -> str:
    """What a document is called after its file, without the ending."""
    safe = safe_name(name)
    return (safe.rpartition(".")[0] or safe)[:200]


def _add(
    actor: Actor,
    place: tuple[str, UUID, UUID | None],
    values: Sequence[Given],
    files: Sequence[tuple[Upload, Blob]],
    note: str,
) -> list[Document]:
    key, subject, company = place
    now = clock.now()
    documents = [Document(noun=key, subject=subject, company_id=company, created_at=now) for _one in values]
    for document, one in zip(documents, values, strict=True):
        # its day comes with the version, once that is accepted
        assign(DOCUMENT, document, {name: value for name, value in one.items() if name != "valid_until"})
    insert(documents)
    index(DOCUMENT, documents, {name for one in values for name in one})
    is_accepted = actor.may(Can.ACCEPT, company)
    versions = [
        new_version(actor, document, upload.name, blob, note=note, valid_until=v.get("valid_until"))
        for document, v, (upload, blob) in zip(documents, values, files, strict=True)
    ]
    for version in versions:
        if is_accepted:
            version.state, version.number, version.decided_at = VersionState.CURRENT.value, 1, now
            version.decided_by_label = actor.label[:200]
    insert(versions)
    want_texts(blob for _upload, blob in files)
    if is_accepted:
        for document, version in zip(documents, versions, strict=True):
            document.current, document.valid_until = version, version.valid_until
        write(documents, {"current", "valid_until"}, version=False)
    tell(actor, Act.ADDED, DocumentsAdded, documents, {}, versions=versions)
    record_many(actor, Act.ADDED_HERE, [Change(key, subject, "", company)])
    return documents


def new_version(
    actor: Actor, document: Document, name: str, blob: Blob, *, note: str, valid_until: dt.date | None = None
) -> Version:
    """A version that is not saved yet: proposed, without a number."""
    return Version(
        document=document,
        state=VersionState.PROPOSED.value,
        blob=blob,
        name=safe_name(name),
        note=_note(note),
        valid_until=valid_until,
        sha256=blob.sha256,
        by=actor.id,
        by_label=actor.label[:200],
        at=clock.now(),
    )


def _note(note: str) -> str:
    if len(note) > 500:
        problem = Problem("too_long", N_("This is too long: %(length)s characters, at most %(limit)s fit."),
                          {"length": len(note), "limit": 500}, field="note")  # fmt: skip
        raise Invalid(problems=[problem])
    return " ".join(note.replace("\x00", "").split())


def tell(
    actor: Actor,
    code: str,
    event: type[DocumentsChanged],
    documents: Sequence[Document],
    before: Mapping[UUID, Given],
    *,
    versions: Sequence[Version] = (),
    reason: str = "",
    params: Given | None = None,
) -> None:
    """Record an act on documents and publish it, with the version that is meant."""
    after = DOCUMENT.snapshot(documents)
    companies = {document.pk: document.company_id for document in documents}
    record_many(actor, code, changes(DOCUMENT, before, after, companies), reason=reason, params=params)
    meant = {version.document_id: str(version.pk) for version in versions}
    facts = tuple(
        Fact(NOUN, d.pk, d.company_id, {"noun": d.noun, "subject": str(d.subject), "version": meant.get(d.pk, "")})
        for d in documents
    )
    publish(event(actor, facts))


@transaction.atomic
def edit_documents(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Document]:
    """Give documents another title, kind, last day or number; their versions stay as they are."""
    rows = writable(actor, ids)
    return edit_rows(
        DOCUMENT,
        actor,
        rows,
        given,
        can=Can.ADD,
        code=Act.EDITED,
        event=DocumentsEdited,
        locale=locale,
        versions=versions,
        reason=reason,
    )


@transaction.atomic
def retire_documents(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> list[Document]:
    """Take documents out of use; they stay readable, and nothing of them is deleted."""
    return _set_retired(actor, ids, Act.RETIRED, DocumentsRetired, is_retired=True, reason=reason)


@transaction.atomic
def restore_documents(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> list[Document]:
    """Take retired documents back into use."""
    return _set_retired(actor, ids, Act.RESTORED, DocumentsRestored, is_retired=False, reason=reason)


def _set_retired(
    actor: Actor, ids: Collection[UUID], code: str, event: type[DocumentsChanged], *, is_retired: bool, reason: str
) -> list[Document]:
    rows = writable(actor, ids)
    require(actor, Can.ADD, rows)
    changed = [row for row in rows if row.is_retired != is_retired]
    before = DOCUMENT.snapshot(changed)
    for row in changed:
        row.is_retired = is_retired
    write(changed, {"is_retired"})
    if changed:
        tell(actor, code, event, changed, before, reason=reason)
    return rows


@transaction.atomic
def move_documents(actor: Actor, key: str, olds: Collection[UUID], new: UUID) -> int:
    """Let one record hold the documents of others that became part of it; returns how many moved.

    For merging, whose service has asked for the right on the records: papers that the actor may not read
    move too, or they would be lost to those who may.
    """
    moving = list(Document.objects.filter(noun=key, subject__in=olds).exclude(subject=new).order_by("pk"))
    for document in moving:
        document.subject = new
    write(moving, {"subject"})
    if moving:
        record_many(actor, Act.MOVED, [Change(NOUN, d.pk, d.title, d.company_id) for d in moving])
        facts = tuple(Fact(NOUN, d.pk, d.company_id, {"noun": key, "subject": str(new), "version": ""}) for d in moving)
        publish(DocumentsEdited(actor, facts))
    return len(moving)

"""New versions of a document: proposed, accepted, rejected."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from hetong.documents.events import Act, VersionsAccepted, VersionsProposed, VersionsRejected
from hetong.documents.fields import DOCUMENT
from hetong.documents.models import Document, Version
from hetong.documents.policy import Can
from hetong.documents.queries import get_document, get_version
from hetong.documents.states import LIFECYCLE, VersionState
from hetong.files.models import Blob
from hetong.files.services import store, want_texts
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, Invalid, Problem
from hetong.kernel.input import parse
from hetong.kernel.rows import insert, locked, write

from .documents import Upload, must_write, new_version, tell, writable


class RetiredDocument(Conflict):
    """The document is out of use."""

    code = "retired_document"
    text = N_("This document is retired, so it takes no new version.")
    then = N_("Take it back into use first.")


class SameContent(Conflict):
    """The file is byte for byte the current version."""

    code = "same_content"
    text = N_("This file is exactly the current version.")
    then = N_("Nothing needs to be added.")


def propose_version(
    actor: Actor, document_id: UUID, upload: Upload, *, note: str = "", valid_until: Any = "", locale: str = ""
) -> Version:
    """Add a new content that waits for acceptance, with a new last day where it has one; what is current stays.

    Raises `RefusedFile`, `Invalid`.
    """
    blob, until = _stored(actor, document_id, upload, valid_until, locale)
    with transaction.atomic():
        return _propose(actor, document_id, upload, blob, note, until)


def add_version(
    actor: Actor, document_id: UUID, upload: Upload, *, note: str = "", valid_until: Any = "", locale: str = ""
) -> Version:
    """Add a new content: it becomes current at once where the actor may accept, else it waits; as `propose_version`."""
    blob, until = _stored(actor, document_id, upload, valid_until, locale)
    with transaction.atomic():
        version = _propose(actor, document_id, upload, blob, note, until)
        if actor.may(Can.ACCEPT, version.document.company_id):
            return accept_version(actor, version.pk)
        return version


def _stored(
    actor: Actor, document_id: UUID, upload: Upload, valid_until: Any, locale: str
) -> tuple[Blob, dt.date | None]:
    """The file, kept before any row is locked: an upload never holds up anybody else's work; and the day that came with it."""
    document = get_document(actor, document_id)
    require(actor, Can.ADD, [document])
    must_write(actor, document.noun, [document.subject])
    given = {"valid_until": valid_until} if valid_until else {}
    until = parse(DOCUMENT, actor, given, company=document.company_id, locale=locale).get("valid_until")
    return store(upload.stream, upload.name), until


def _propose(actor: Actor, document_id: UUID, upload: Upload, blob: Blob, note: str, until: dt.date | None) -> Version:
    document = _in_use(actor, document_id)
    if document.current is not None and document.current.sha256 == blob.sha256:
        raise SameContent
    before = DOCUMENT.snapshot([document])
    version = new_version(actor, document, upload.name, blob, note=note.strip(), valid_until=until)
    insert([version])
    want_texts([blob])
    tell(actor, Act.PROPOSED, VersionsProposed, [document], before, versions=[version], reason=version.note)
    return version


def _in_use(actor: Actor, document_id: UUID) -> Document:
    """The locked document, or `RetiredDocument`."""
    [document] = locked(Document.objects.visible_to(actor), [document_id])
    if document.is_retired:
        raise RetiredDocument
    return document


def _decide(actor: Actor, version_id: UUID, verb: str) -> tuple[Document, Version, VersionState]:
    """The locked document, its proposed version, and the state that the verb leads to."""
    owner = Version.objects.visible_to(actor).filter(pk=version_id).values_list("document_id", flat=True)
    [document] = writable(actor, list(owner) or [version_id])
    require(actor, Can.ACCEPT, [document])
    if document.is_retired:
        raise RetiredDocument
    version = get_version(actor, document.pk, str(version_id))
    target = LIFECYCLE.after(VersionState(version.state), verb)
    version.decided_by_label, version.decided_at = actor.label[:200], clock.now()
    return document, version, target


@transaction.atomic
def accept_version(actor: Actor, version_id: UUID) -> Version:
    """Make a proposed version the current one, with the next number; the one before is superseded."""
    document, version, target = _decide(actor, version_id, "accept")
    before = DOCUMENT.snapshot([document])
    # First the old one steps back: never are two current, not even inside the transaction.
    old = document.current
    if old is not None:
        old.state = LIFECYCLE.after(VersionState(old.state), "supersede").value
        write([old], {"state"}, version=False)
    last = Version.objects.filter(document=document).aggregate(last=Max("number"))["last"] or 0
    version.state, version.number = target.value, last + 1
    write([version], {"state", "number", "decided_by_label", "decided_at"}, version=False)
    document.current, document.valid_until = version, version.valid_until or document.valid_until
    write([document], {"current", "valid_until"})
    params = {"number": version.number}
    tell(actor, Act.ACCEPTED, VersionsAccepted, [document], before, versions=[version], params=params)
    return version


@transaction.atomic
def reject_version(actor: Actor, version_id: UUID, *, reason: str) -> Version:
    """Turn a proposed version down, with a reason that its author reads; what is current stays."""
    said = " ".join(reason.replace("\x00", "").split())[:500]
    if not said:
        raise Invalid(problems=[Problem("required", N_("Say why, so that the author knows."), field="reason")])
    document, version, target = _decide(actor, version_id, "reject")
    before = DOCUMENT.snapshot([document])
    version.state, version.reason = target.value, said
    write([version], {"state", "reason", "decided_by_label", "decided_at"}, version=False)
    tell(actor, Act.REJECTED, VersionsRejected, [document], before, versions=[version], reason=said)
    return version

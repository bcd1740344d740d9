"""For tests of higher floors: documents on any record, without going through a page."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from hetong.files.testing import make_pdf
from hetong.kernel.actors import Actor

from .models import Document, DocumentKind
from .services import Upload, add_documents, seed_kinds


def make_upload(text: str = "Hello", name: str = "contract.pdf") -> Upload:
    """A small PDF as it would come from a browser."""
    return Upload(name, io.BytesIO(make_pdf(text)))


def kind_of(key: str) -> UUID:
    """The id of a shipped kind."""
    seed_kinds()
    id: UUID = DocumentKind.objects.get(key=key).pk
    return id


def make_document(actor: Actor, noun: str, subject: UUID, *, kind: str = "annex", **over: Any) -> Document:
    """A document with one version of its own content."""
    title = over.pop("title", "Annex A")
    upload = over.pop("upload", None) or make_upload(title)
    return add_documents(actor, noun, subject, [upload], kind=kind_of(kind), title=title, **over)[0]

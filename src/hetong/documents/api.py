"""Documents and their versions in the API: metadata as JSON, files as multipart in and as bytes out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from ninja import Router
from pydantic import BaseModel

from hetong.audit.services import log_access
from hetong.audit.services.editing import check_versions
from hetong.files.responses import serve
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, Problem, UnknownField
from hetong.kernel.nouns import noun_of_section
from hetong.kernel.schemas import ADDED, ADDED_NAME, out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    OtherType,
    act_answer,
    as_json,
    body_of,
    describes_act,
    describes_edit,
    describes_list,
    edit_answer,
    list_answer,
    show_answer,
    takes_no_question,
    texts_of,
)

from . import queries, services
from .fields import DOCUMENT, KIND, VERSION
from .models import Document as DocumentRow
from .models import Version as VersionRow
from .policy import NOUN

router = Router(tags=["documents"])
Document, Version, DocumentKind = (
    out_schema(DOCUMENT, "Document"),
    out_schema(VERSION, "DocumentVersion"),
    out_schema(KIND, "DocumentKind"),
)
MULTIPART = "multipart/form-data"


class DocumentsAdded(BaseModel):
    """What was put on the record."""

    items: list[Document]  # type: ignore[valid-type]  # a type made at run time


class Versions(BaseModel):
    """All versions of a document, newest first."""

    items: list[Version]  # type: ignore[valid-type]  # a type made at run time
    next: str


def takes_files(*, makes_documents: bool = False, **texts: str) -> dict[str, Any]:
    """``openapi_extra`` of an operation that takes a form with files."""
    file = {"type": "string", "format": "binary"}
    properties: dict[str, Any] = {"file": {"type": "array", "items": file, "description": "One file or several."}}
    properties |= {name: {"type": "string", "description": text} for name, text in texts.items()}
    schema: dict[str, Any] = {"type": "object", "required": ["file"], "properties": properties}
    if makes_documents:
        schema["patternProperties"] = {ADDED_NAME: {"type": "string", "description": ADDED}}
    return {"requestBody": {"required": True, "content": {MULTIPART: {"schema": schema}}}}


def _form(
    request: Request, *texts: str, takes_added: bool = False
) -> tuple[list[services.Upload], dict[str, str], dict[str, str]]:
    """The files, the texts and the added fields of the form. Raises `OtherType`, `UnknownField` for what is not taken here."""
    if request.content_type != MULTIPART:
        raise OtherType(wanted=MULTIPART)
    added = {n: str(value) for n, value in request.POST.items() if takes_added and re.search(ADDED_NAME, n)}
    strange = sorted((set(request.POST) - {*texts, *added, "once_key"}) | (set(request.FILES) - {"file"}))
    if strange:
        raise UnknownField(fields=", ".join(strange))
    files: Sequence[Any] = request.FILES.getlist("file")
    if not files:
        raise Invalid(problems=[Problem("required", N_("Choose a file."), field="file")])
    uploads = [services.Upload(one.name or "", one) for one in files]
    return uploads, {name: request.POST.get(name, "") for name in texts}, added


@router.get(
    "/documents",
    url_name="documents",
    response=page_schema(Document, "DocumentPage"),
    openapi_extra=describes_list(DOCUMENT),
)
def documents_list(request: Request) -> HttpResponse:
    """Documents of every record that you may see."""
    return list_answer(request, NOUN)


@router.get(
    "/document-kinds",
    url_name="document_kinds",
    response=page_schema(DocumentKind, "DocumentKindPage"),
    openapi_extra=describes_list(KIND),
)
def document_kinds_list(request: Request) -> HttpResponse:
    """The kinds a document can be of."""
    return list_answer(request, "documents.kind")


@router.get(
    "/{section}/{uuid:subject_id}/documents", url_name="subject_documents", response=page_schema(Document, "SubjectDocumentPage"),
    openapi_extra=describes_list(DOCUMENT),
)  # fmt: skip
def subject_documents_list(request: Request, section: str, subject_id: UUID) -> HttpResponse:
    """The documents of one record; the section is that of its address: contracts, parties, projects."""
    key = noun_of_section(section).key
    queries.find_documents(request.actor, key, subject_id)
    rows = DocumentRow.objects.visible_to(request.actor, key).filter(subject=subject_id)
    return list_answer(request, NOUN, rows=rows)


@router.post(
    "/{section}/{uuid:subject_id}/documents", url_name="subject_documents", response={201: DocumentsAdded},
    openapi_extra=takes_files(
        kind="The id of the kind.", title="For a single file; else it is called after its file.", note="On the version.",
        valid_until="The last day on which it is good; empty where it does not lapse.",
        licence_number="What whoever issued it calls it; for a single file.",
        makes_documents=True,
    ),
)  # fmt: skip
def document_add(request: Request, section: str, subject_id: UUID) -> HttpResponse:
    """Put files on a record, each as a document with its first version."""
    uploads, texts, added = _form(request, "kind", "title", "note", "valid_until", "licence_number", takes_added=True)
    key = noun_of_section(section).key
    made = services.add_documents(request.actor, key, subject_id, uploads, **texts, added=added)
    rows = DOCUMENT.show(
        request.actor, DocumentRow.objects.visible_to(request.actor).filter(pk__in=[one.pk for one in made])
    )
    return JsonResponse({"items": [as_json(row) for row in rows]}, status=201)


@router.get("/documents/{uuid:document_id}", url_name="document", response=Document)
def document_show(request: Request, document_id: UUID) -> HttpResponse:
    """One document, with the facts of its current version."""
    return show_answer(request, NOUN, document_id)


@router.patch(
    "/documents/{uuid:document_id}",
    url_name="document",
    response=Document,
    openapi_extra=describes_edit(DOCUMENT, "DocumentChange"),
)
def document_edit(request: Request, document_id: UUID) -> HttpResponse:
    """Another title or kind; the versions stay as they are."""
    return edit_answer(request, NOUN, document_id)


@router.post(
    "/documents/{uuid:document_id}/retire",
    url_name="document_retire",
    response=Document,
    openapi_extra=describes_act("reason"),
)
def document_retire(request: Request, document_id: UUID) -> HttpResponse:
    """Take a document out of use; it stays readable."""
    return act_answer(request, NOUN, document_id, _retire, takes=("reason",))


@router.post(
    "/documents/{uuid:document_id}/restore",
    url_name="document_restore",
    response=Document,
    openapi_extra=describes_act("reason"),
)
def document_restore(request: Request, document_id: UUID) -> HttpResponse:
    """Take a retired document back into use."""
    return act_answer(request, NOUN, document_id, _restore, takes=("reason",))


def _retire(
    actor: Actor, ids: Sequence[UUID], *, reason: str = "", versions: Mapping[UUID, int] | None = None
) -> Sequence[object]:
    check_versions(list(DocumentRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
    return services.retire_documents(actor, ids, reason=reason)


def _restore(
    actor: Actor, ids: Sequence[UUID], *, reason: str = "", versions: Mapping[UUID, int] | None = None
) -> Sequence[object]:
    check_versions(list(DocumentRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
    return services.restore_documents(actor, ids, reason=reason)


@router.get("/documents/{uuid:document_id}/versions", url_name="document_versions", response=Versions)
def versions_list(request: Request, document_id: UUID) -> HttpResponse:
    """Every version of a document that you may see."""
    takes_no_question(request)
    queries.get_document(request.actor, document_id)
    rows = VERSION.show(
        request.actor, VersionRow.objects.visible_to(request.actor).filter(document=document_id).order_by("-pk")
    )
    return JsonResponse({"items": [as_json(row) for row in rows], "next": ""})


@router.post(
    "/documents/{uuid:document_id}/versions",
    url_name="document_versions",
    response={201: Version},
    openapi_extra=takes_files(note="On the version.", valid_until="The new last day, where it has another."),
)
def version_add(request: Request, document_id: UUID) -> HttpResponse:
    """A new content: current at once where you may accept, else proposed."""
    uploads, texts, _added = _form(request, "note", "valid_until")
    if len(uploads) > 1:
        raise Invalid(problems=[Problem("one_file", N_("A version is one file."), field="file")])
    queries.get_document(request.actor, document_id)
    version = services.add_version(request.actor, document_id, uploads[0], **texts)
    return JsonResponse(as_json(VERSION.show(request.actor, [version])[0]), status=201)


WHICH = "/documents/{uuid:document_id}/versions/{which}"


@router.get(
    WHICH + "/file",
    url_name="document_file",
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {}}}}},
)
def version_download(request: Request, document_id: UUID, which: str) -> HttpResponseBase:
    """The file of a version: its number, its id, or `current`."""
    version = queries.get_version(request.actor, document_id, which)
    answer = serve(version.blob, version.name)
    log_access(request.actor, "downloaded", NOUN, document_id, f"{version.number or 'proposed'}: {version.name}")
    return answer


@router.post(WHICH + "/accept", url_name="document_accept", response=Version, openapi_extra=describes_act())
def version_accept(request: Request, document_id: UUID, which: str) -> HttpResponse:
    """Make a proposed version the current one."""
    texts_of(body_of(request), ())
    version = services.accept_version(request.actor, queries.get_version(request.actor, document_id, which).pk)
    return JsonResponse(as_json(VERSION.show(request.actor, [version])[0]))


@router.post(WHICH + "/reject", url_name="document_reject", response=Version, openapi_extra=describes_act("reason"))
def version_reject(request: Request, document_id: UUID, which: str) -> HttpResponse:
    """Turn a proposed version down, with a reason."""
    reason = texts_of(body_of(request), ("reason",)).get("reason", "")
    version = services.reject_version(
        request.actor, queries.get_version(request.actor, document_id, which).pk, reason=reason
    )
    return JsonResponse(as_json(VERSION.show(request.actor, [version])[0]))

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.audit.services import log_access
from hetong.files.responses import serve
from hetong.files.services import make_page, make_text
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid
from hetong.kernel.nouns import noun_of_section
from hetong.ui.cards import card_frame, shown_row
from hetong.ui.forms import add_page, edit_page
from hetong.ui.http import Request
from hetong.ui.lists import list_page

from . import queries, services
from .fields import VERSION
from .forms import AddForm, RejectForm, VersionForm
from .models import subject_nouns
from .policy import NOUN, Can
from .tables import DOCUMENTS, KINDS

KIND_FIELDS = ("labels", "is_contract_text", "states_value", "is_confidential", "is_qualification", "position")
EDITED = ("title", "kind", "valid_until", "licence_number")
KINDS_ADDRESS = "/settings/document-kinds/"


def document_list(request: Request) -> HttpResponseBase:
    """Every document the reader may know of; where there is none, the way to the records that hold them."""
    return list_page(request, DOCUMENTS, context=_where_papers_are_added(request.actor))


def _where_papers_are_added(actor: Actor) -> dict[str, Any]:
    """The list of the records most papers belong to: those that run through stages, or the first the reader may open."""
    open_to = [entry for entry in subject_nouns() if entry.section and entry.may_view(actor)]
    found = next((entry for entry in open_to if entry.register.stage), next(iter(open_to), None))
    if found is None:
        return {}
    return {
        "elsewhere_url": f"/{found.section}/",
        "elsewhere_text": _("Papers are added on the record they belong to."),
        "elsewhere": _("Go to: %(nouns)s") % {"nouns": found.labels[1]},
    }


def document_panel(request: Request, section: str, id: UUID) -> HttpResponse:
    """The papers of one record, by kind, with the form that adds more."""
    return _panel(request, section, id, None)


def _panel(request: Request, section: str, id: UUID, form: AddForm | None, status: int = 200) -> HttpResponse:
    key = noun_of_section(section).key
    context = card_frame(request.actor, key, id, "documents")
    context["shelves"] = queries.get_shelves(request.actor, key, id)
    if request.actor.may(Can.ADD, context["row"].company):
        context["form"] = form or AddForm(request.actor, company=context["row"].company)
        context["is_accepted_at_once"] = request.actor.may(Can.ACCEPT, context["row"].company)
    return render(request, "documents/panel.html", context, status=status)


def document_add(request: Request, section: str, id: UUID) -> HttpResponse:
    """Take files for a record."""
    key = noun_of_section(section).key
    company = services.company_of(request.actor, key, id)
    form = AddForm(request.actor, request.POST or None, request.FILES or None, company=company)
    if request.method != "POST" or not form.is_valid():
        return _panel(request, section, id, form, status=422 if form.is_bound else 200)
    added = form.added.given() if form.added else {}
    try:
        made = services.add_documents(
            request.actor, key, id, form.uploads(), **form.texts(), added=added, locale=request.actor.language
        )
    except Invalid as refused:
        form.refuse(refused)
        return _panel(request, section, id, form, status=refused.status)
    messages.success(request, _("Added: %(titles)s") % {"titles": ", ".join(one.title for one in made)[:200]})
    return redirect("documents:panel", section, id)


def document_card(request: Request, id: UUID) -> HttpResponse:
    """One document with all its versions."""
    return render(request, "documents/card.html", _card(request, id))


def _card(request: Request, id: UUID) -> dict[str, Any]:
    document = queries.get_document(request.actor, id)
    subject = queries.subject_of(request.actor, document)
    [(_kind, paper)] = queries.get_papers(request.actor, type(document).objects.visible_to(request.actor).filter(pk=id))
    frame = card_frame(request.actor, NOUN, id, "versions")
    return frame | {"paper": paper, "subject": subject, "crumbs": _crumbs(subject, paper.document)}


def _crumbs(subject: Any, document: Any) -> list[dict[str, str]]:
    own = {"label": document.title, "url": document.url}
    if subject is None:
        return [own]
    return [
        {"label": subject.title, "url": subject.url}, {"label": _("Documents"), "url": f"{subject.url}documents/"}, own,
    ]  # fmt: skip


def document_edit(request: Request, id: UUID) -> HttpResponse:
    """Another title, kind, last day or number."""
    return edit_page(request, NOUN, id, names=EDITED, title=_("Edit document"))


def document_retire(request: Request, id: UUID) -> HttpResponse:
    """Take a document out of use."""
    services.retire_documents(request.actor, [id], reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("Retired."), extra_tags=f"undo /documents/{id}/restore/")
    return redirect("documents:card", id)


def document_restore(request: Request, id: UUID) -> HttpResponse:
    """Take a retired document back into use."""
    services.restore_documents(request.actor, [id])
    messages.success(request, _("Taken back into use."))
    return redirect("documents:card", id)


def version_add(request: Request, id: UUID) -> HttpResponse:
    """A new content for a document."""
    form = VersionForm(request.actor, request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _version_form(request, id, form, status=422 if form.is_bound else 200)
    try:
        version = services.add_version(
            request.actor, id, form.uploads()[0], **form.texts(), locale=request.actor.language
        )
    except Invalid as refused:
        form.refuse(refused)
        return _version_form(request, id, form, status=refused.status)
    said = (
        _("Version %(number)s is now the current one.") if version.number else _("Proposed. It waits for acceptance.")
    )
    messages.success(request, said % {"number": version.number})
    return redirect("documents:card", id)


def _version_form(request: Request, id: UUID, form: VersionForm, status: int) -> HttpResponse:
    row = shown_row(request.actor, NOUN, id)
    context = {"row": row, "form": form, "accepts": request.actor.may(Can.ACCEPT, row.company)}
    return render(request, "documents/version_add.html", context, status=status)


def version_preview(request: Request, id: UUID, which: str) -> HttpResponse:
    """A version without its program: pictures of its pages, and its text."""
    version = queries.get_version(request.actor, id, which)
    log_access(request.actor, "viewed", NOUN, id, f"{version.number or 'proposed'}: {version.name}")
    shown = VERSION.show(request.actor, [version])[0]
    preview = queries.preview_of(version, make_text(version.blob))
    return render(request, "documents/preview.html", _card(request, id) | {"version": shown, "preview": preview})


def version_page(request: Request, id: UUID, which: str, number: int) -> HttpResponseBase:
    """The picture of one page of a version."""
    version = queries.get_version(request.actor, id, which)
    page = queries.picture_of(make_page(version.blob, number))
    assert page.image is not None  # noqa: S101 - picture_of has seen to it; this tells the type checker
    return serve(page.image, f"{number}.png", inline=True)


def version_download(request: Request, id: UUID, which: str) -> HttpResponseBase:
    """The file of a version, to be saved."""
    version = queries.get_version(request.actor, id, which)
    answer = serve(version.blob, version.name)
    log_access(request.actor, "downloaded", NOUN, id, f"{version.number or 'proposed'}: {version.name}")
    return answer


def version_accept(request: Request, id: UUID, which: str) -> HttpResponse:
    """Make a proposed version the current one."""
    version = services.accept_version(request.actor, queries.get_version(request.actor, id, which).pk)
    messages.success(request, _("Version %(number)s is now the current one.") % {"number": version.number})
    return redirect("documents:card", id)


def version_reject(request: Request, id: UUID, which: str) -> HttpResponse:
    """Turn a proposed version down."""
    version = queries.get_version(request.actor, id, which)
    form = RejectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.reject_version(request.actor, version.pk, reason=form.cleaned_data["reason"])
        messages.success(request, _("Rejected."))
        return redirect("documents:card", id)
    shown = VERSION.show(request.actor, [version])[0]
    context = {"row": shown_row(request.actor, NOUN, id), "proposed": shown, "form": form}
    return render(request, "documents/reject.html", context, status=422 if form.is_bound else 200)


def kind_list(request: Request) -> HttpResponseBase:
    """The kinds of document and who reads them."""
    return list_page(request, KINDS)


def kind_add(request: Request) -> HttpResponse:
    """Another kind of document."""
    title = _("Add kind of document")
    return add_page(request, "documents.kind", names=KIND_FIELDS, title=title, submit=title, back=KINDS_ADDRESS)


def kind_edit(request: Request, kind_id: UUID) -> HttpResponse:
    """What a kind of document is called and who reads it."""
    return edit_page(request, "documents.kind", kind_id, names=(*KIND_FIELDS, "is_active"), back=KINDS_ADDRESS)

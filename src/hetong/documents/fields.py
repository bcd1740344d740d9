"""The registers of documents, their versions and their kinds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Case, Value, When
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.files.inspection.kinds import DOCX, GIF, JPEG, MAIL, ODP, ODS, ODT, PDF, PNG, PPTX, TEXT, TIFF, WEBP, XLSX
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Choice, Field, Kind, Raw, Register, Text, Verb

from .models import Document, DocumentKind, Version
from .policy import NOUN, Can
from .states import LIFECYCLE, VersionState


def media_choices() -> Sequence[Choice]:
    """The kinds of file that are kept, in words."""
    named: dict[str, Text] = {
        PDF: "PDF",
        DOCX: "Word",
        XLSX: "Excel",
        PPTX: "PowerPoint",
        ODT: "OpenDocument",
        ODS: "OpenDocument",
    }
    pictures: dict[str, Text] = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WebP", TIFF: "TIFF"}
    words: dict[str, Text] = {ODP: "OpenDocument", TEXT: _("Text"), MAIL: _("Mail")}
    return [Choice(code, label) for code, label in (named | pictures | words).items()]


def state_choices() -> Sequence[Choice]:
    """The states of a version, each with its shape and pigment."""
    return (
        Choice(VersionState.PROPOSED, _("Proposed"), "review", "indigo"),
        Choice(VersionState.CURRENT, pgettext_lazy("version", "Current"), "active", "malachite"),
        Choice(VersionState.SUPERSEDED, _("Superseded"), "closed", "faint"),
        Choice(VersionState.REJECTED, _("Rejected"), "void", "faint"),
    )


def document_states() -> Sequence[Choice]:
    """What a document is as a whole."""
    return (
        Choice("current", pgettext_lazy("document", "In use"), "active", "malachite"),
        Choice("proposed", _("Waiting for acceptance"), "review", "indigo"),
        Choice("retired", _("Retired"), "void", "faint"),
    )


SOON = timedelta(days=60)
"""So long before its last day a document is said to end soon: as early as its first reminder."""


def validities() -> Sequence[Choice]:
    """How a document that is good until a day stands today."""
    return (
        Choice("valid", pgettext_lazy("document", "Valid"), "active", "malachite"),
        Choice("soon", pgettext_lazy("document", "Ends soon"), "closing", "ochre"),
        Choice("lapsed", pgettext_lazy("document", "Lapsed"), "expired", "carmine"),
    )


def _validity(actor: Actor) -> Combinable:
    """How the document stands on the reader's day, for filters and order; `validity_of` says the same of a row."""
    today = clock.today(actor.zone)
    return Case(
        When(valid_until__lt=today, then=Value("lapsed")),
        When(valid_until__lte=today + SOON, then=Value("soon")),
        When(valid_until__isnull=False, then=Value("valid")),
    )


def validity_of(raw: Raw, actor: Actor) -> Choice | None:
    """How the document stands on the reader's day; None where it does not lapse."""
    until, today = raw["valid_until"], clock.today(actor.zone)
    if until is None:
        return None
    code = "lapsed" if until < today else "soon" if until <= today + SOON else "valid"
    return next(one for one in validities() if one.code == code)


def _document_verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    id, company = raw["pk"], raw["company_id"]
    if not actor.may(Can.ADD, company):
        return
    if raw["is_retired"]:
        yield Verb("restore", _("Take back into use"), reverse("documents:restore", args=[id]), "rotate-clockwise")
        return
    new = reverse("documents:version_add", args=[id])
    yield Verb("add_version", _("New version"), new, "upload", primary=True, asks="version")
    yield Verb("edit", _("Edit"), reverse("documents:edit", args=[id]), "pencil", asks="edit")
    yield Verb("retire", _("Retire"), reverse("documents:retire", args=[id]), "archive")


DOCUMENT = Register(
    NOUN,
    Document,
    [
        Field(
            "title", _("Title"), path="title", key="title_key", write=True, required=True, searchable=True, column=True,
            max_length=200,
        ),
        Field(
            "kind", _("Kind"), Kind.REFERENCE, path="kind_id", to="documents.kind", title="kind__labels", key="kind__key",
            write=True, required=True, column=True,
        ),
        Field(
            "state", _("State"), Kind.CHOICE, choices=document_states, column=True,
            path=Case(
                When(is_retired=True, then=Value("retired")), When(current__isnull=True, then=Value("proposed")),
                default=Value("current"),
            ),
        ),
        Field(
            "valid_until", _("Valid until"), Kind.DATE, path="valid_until", write=True, column=True,
            help=_("The last day on which it is good. Empty: it does not lapse."),
        ),
        Field(
            "validity", _("Validity"), Kind.CHOICE, path=_validity, choices=validities, column=True, derived_from=("valid_until",),
            compute=validity_of, needs=("valid_until",),
        ),
        Field(
            "licence_number", _("Licence or certificate no."), path="licence_number", key="licence_number_key", write=True,
            indexed=True, column=True, max_length=80, help=_("As whoever issued it wrote it."),
        ),
        Field("number", _("Version"), Kind.NUMBER, path="current__number", column=True),
        Field("file_name", _("File"), path="current__name", column=True, indexed=True),
        Field("type", _("Type"), Kind.CHOICE, path="current__blob__media_type", choices=media_choices),
        Field("size", _("Size"), Kind.NUMBER, path="current__blob__size"),
        Field("uploaded_by", _("Added by"), path="current__by_label", column=True, personal=True),
        Field("at", _("Added"), Kind.INSTANT, path="current__at", column=True),
        Field("created_at", _("First added"), Kind.INSTANT, path="created_at"),
    ],
    heading="title",
    facts=("is_retired", "current_id", "noun", "subject"),
    verbs=_document_verbs,
)  # fmt: skip


def _version_verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    place = [raw["document_id"], raw["pk"]]
    yield Verb("preview", _("Preview"), reverse("documents:preview", args=place), "eye", asks="page")
    yield Verb("download", _("Download"), reverse("documents:download", args=place), "download", asks="file")
    if not actor.may(Can.ACCEPT, raw["document__company_id"]) or raw["document__is_retired"]:
        return
    possible = LIFECYCLE.verbs_from(VersionState(raw["state"]))
    if "accept" in possible:
        yield Verb("accept", _("Accept"), reverse("documents:accept", args=place), "check", primary=True)
    if "reject" in possible:
        yield Verb("reject", _("Reject"), reverse("documents:reject", args=place), "x", asks="reason")


VERSION = Register(
    "documents.version",
    Version,
    [
        Field("name", _("File"), path="name", column=True),
        Field("number", _("Version"), Kind.NUMBER, path="number", column=True),
        Field("state", _("State"), Kind.CHOICE, path="state", choices=state_choices, column=True),
        Field("type", _("Type"), Kind.CHOICE, path="blob__media_type", choices=media_choices),
        Field("size", _("Size"), Kind.NUMBER, path="blob__size", column=True),
        Field("note", _("Note"), path="note", column=True),
        Field("valid_until", _("Valid until"), Kind.DATE, path="valid_until"),
        Field("by", _("Added by"), path="by_label", column=True, personal=True),
        Field("at", _("Added"), Kind.INSTANT, path="at", column=True),
        Field("decided_by", _("Decided by"), path="decided_by_label", personal=True),
        Field("decided_at", _("Decided"), Kind.INSTANT, path="decided_at"),
        Field("reason", _("Reason"), path="reason"),
        Field("sha256", _("SHA-256"), path="sha256"),
    ],
    heading="name",
    company="document__company_id",
    facts=("document_id", "document__is_retired", "state"),
    verbs=_version_verbs,
    parent=("document_id", NOUN),
    versioned=False,
)

KIND = Register(
    "documents.kind",
    DocumentKind,
    [
        Field("labels", _("Name"), Kind.LABELS, path="labels", write=True, required=True, column=True, sortable=False),
        Field("key", _("Key"), path="key", column=True),
        Field(
            "is_contract_text", _("Is the contract's text"), Kind.FLAG, path="is_contract_text", write=True, column=True
        ),
        Field(
            "states_value",
            _("States the value"),
            Kind.FLAG,
            path="states_value",
            write=True,
            column=True,
            help=_("Who may not read a record's value may not read documents of this kind on it."),
        ),
        Field(
            "is_confidential",
            _("Confidential"),
            Kind.FLAG,
            path="is_confidential",
            write=True,
            column=True,
            help=_("Agents and customers do not read it."),
        ),
        Field(
            "is_qualification",
            _("Proves a qualification"),
            Kind.FLAG,
            path="is_qualification",
            write=True,
            column=True,
            help=_("A licence, permit or certificate of whoever it is kept for."),
        ),
        Field("is_active", _("In use"), Kind.FLAG, path="is_active", write=True, column=True),
        Field("position", _("Place"), Kind.NUMBER, path="position", write=True),
    ],
    heading="labels",
    company="",
)

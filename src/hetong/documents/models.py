from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from hetong.accounts.scopes import shared_with
from hetong.kernel.known import condition, known
from hetong.kernel.nouns import Noun, noun, nouns
from hetong.kernel.rows import IdField, KeyField

from .policy import NOUN, Can, may_read_kind
from .states import VersionState

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

NOTHING = Q(pk__in=[])
SETTINGS = "settings/"
OUR_COMPANY = "accounts.company"


def holds_documents(entry: Noun) -> bool:
    """Whether the noun's records can hold documents: those with a page of their own, and our companies.

    Documents hold none themselves, nor does what is merely set (kinds, rates, people's accounts).
    """
    if not entry.section or entry.key == NOUN:
        return False
    return entry.key == OUR_COMPANY or not entry.section.startswith(SETTINGS)


class DocumentKindQuerySet(models.QuerySet["DocumentKind"]):
    def visible_to(self, actor: Actor) -> Self:
        """The kinds that the actor reads on some record, retired ones too."""
        if actor.is_system:
            return self
        holders = subject_nouns()
        seen = [k.pk for k in self.all() if any(may_read_kind(actor, k, entry.register, None) for entry in holders)]
        return self.filter(pk__in=seen)


class Facts(NamedTuple):
    """What of a kind decides about who reads documents."""

    pk: UUID
    key: str
    states_value: bool
    is_confidential: bool


def kind_facts() -> tuple[Facts, ...]:
    """Of every kind what decides about who reads documents."""
    return tuple(Facts(*kind) for kind in DocumentKind.objects.order_by("pk").values_list(*Facts._fields))


class DocumentKind(models.Model):
    """What a document is to us: contract text, signed copy, invoice; administrators add their own."""

    id = IdField()
    key = models.SlugField(max_length=40, unique=True)
    """Never changes: rules name the kind by it."""
    labels = models.JSONField(default=dict)
    is_contract_text = models.BooleanField(default=False)
    """Its current version is the text that is approved and signed."""
    states_value = models.BooleanField(default=False)
    """It states what the record is worth: who may not read that may not read it."""
    is_confidential = models.BooleanField(default=False)
    """Agents and customers do not read it, unless a rule says otherwise."""
    is_active = models.BooleanField(default=True)
    is_qualification = models.BooleanField(default=False)
    """It proves that its holder may or can do something: a licence, a permit, a certificate."""
    position = models.PositiveSmallIntegerField(default=0)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = DocumentKindQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.key


def subject_nouns() -> list[Noun]:
    """The nouns whose records can hold documents."""
    return [entry for entry in nouns() if holds_documents(entry)]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor, key: str = "") -> Self:
        """The documents on records that the actor sees or that are shared alone, of kinds the actor reads; on one noun's records or all."""
        if actor.is_system:
            return self.filter(noun=key) if key else self
        return self.visible_by(actor, kind_facts(), key) if actor.may(Can.VIEW) else self.none()

    def visible_by(self, actor: Actor, kinds: tuple[Facts, ...], key: str = "") -> Self:
        """The same for one who may view documents, where the kinds are known: without a look into the database."""
        return self.filter(condition(actor, (NOUN, "visible", key, kinds), Document, lambda: _scope(actor, kinds, key)))


def _scope(actor: Actor, kinds: tuple[Facts, ...], key: str) -> Q:
    wanted, shared = NOTHING, shared_with(actor, NOUN)
    for entry in [noun(key)] if key else subject_nouns():
        # asked row by row: documents are read of one record, or are few once their words are found; the noun first,
        # so that a database which looks at conditions in their order looks at the records of that noun alone
        seen = known(actor, entry, "subject") | shared
        wanted |= Q(noun=entry.key) & _readable(actor, entry, kinds) & seen
    return wanted


def _readable(actor: Actor, entry: Noun, kinds: Iterable[Facts]) -> Q:
    """The condition that a document's kind is readable in its company; without one where all are."""
    every = {kind.pk for kind in kinds}

    def open_in(company: UUID | None) -> set[UUID]:
        return {kind.pk for kind in kinds if may_read_kind(actor, kind, entry.register, company)}

    companies = actor.companies()
    if companies is None:
        open_kinds = open_in(None)
        return Q() if open_kinds == every else Q(kind__in=open_kinds)
    by_company = {company: open_in(company) for company in (None, *companies)}
    if all(open_kinds == every for open_kinds in by_company.values()):
        return Q(company__isnull=True) | Q(company__in=companies)
    either = Q(company__isnull=True, kind__in=by_company.pop(None))
    for company, open_kinds in by_company.items():
        either |= Q(company=company, kind__in=open_kinds)
    return either


class Document(models.Model):
    """A paper on a record: it has versions, of which at most one is current.

    ``noun`` and ``subject`` name the record; ``company`` is that of the record when the document came
    (null where the record has none). ``current`` is the version with that state, kept here for lists.
    ``valid_until`` is the last day on which it is good, null where it does not lapse; ``licence_number`` is
    what whoever issued it calls it.
    """

    id = IdField()
    noun = models.CharField(max_length=60)
    subject = models.UUIDField()
    company = models.ForeignKey("accounts.Company", models.PROTECT, null=True, blank=True)
    kind = models.ForeignKey(DocumentKind, models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    title_key = KeyField("title")
    current = models.OneToOneField("documents.Version", models.PROTECT, null=True, blank=True, related_name="+")
    valid_until = models.DateField(null=True, blank=True)
    licence_number = models.CharField(max_length=80, blank=True)
    licence_number_key = KeyField("licence_number", max_length=160)
    is_retired = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["noun", "subject", "id"], name="document_of_subject"),
            models.Index(fields=["title_key", "id"], name="document_by_title"),
            # all that searching reads, in one narrow copy
            models.Index(fields=["id", "title_key", "noun", "subject", "company", "kind"], name="document_words"),
            # few papers lapse: what is about to is found without looking at the others
            models.Index(
                fields=["valid_until", "id"], name="document_by_validity", condition=Q(valid_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, actor: Actor) -> Self:
        """The versions of documents that the actor sees."""
        return self.filter(document__in=Document.objects.visible_to(actor).values("pk"))


class Version(models.Model):
    """One state of a document's content. ``number`` counts accepted versions; proposed ones have none."""

    id = IdField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in VersionState])
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    """The day that came with this content: the document's own from its acceptance on. Null: the document keeps its day."""
    sha256 = models.CharField(max_length=64)
    """That of the content, so that an approval can name it whatever happens to the file."""
    by = models.UUIDField(null=True, blank=True)
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    decided_by_label = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document"], condition=Q(state="current"), name="document_one_current"),
            models.UniqueConstraint(fields=["document", "number"], name="document_version_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "rejected"], number__isnull=True)
                | Q(state__in=["current", "superseded"], number__gte=1),
                name="document_version_numbered_when_accepted",
            ),
        ]

    def __str__(self) -> str:
        return self.name

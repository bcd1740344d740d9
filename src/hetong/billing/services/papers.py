"""The PDF of an invoice or credit note: made once, stored as a document of its contract, never made anew."""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation

from hetong.audit.services import Change, record_many
from hetong.billing.events import Act, PapersWanted
from hetong.billing.models import Invoice
from hetong.billing.policy import INVOICE as NOUN
from hetong.billing.queries.paper import heading_of, paper_facts
from hetong.billing.states import Direction
from hetong.documents.models import DocumentKind, Version
from hetong.documents.queries import get_version
from hetong.documents.services import Upload, add_documents, seed_kinds
from hetong.files.services import receive_early
from hetong.files.typeset.press import TypesetJob, typeset
from hetong.files.typeset.writing import paper_language
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.events import Event
from hetong.kernel.rows import locked, write

CONTRACT = "contracts.contract"
KIND = "invoice"


def make_papers(actor: Actor, event: Event) -> None:
    """Make the PDF of each invoice that we issued and that has none; listens after invoices and credit notes.

    Setting type takes longer than a transaction should, so many at once become one consequence each.
    Raises `TypesetFailed`: then it is tried again, and shown on the contract if that fails too.
    """
    if len(event.rows) > 1:
        for fact in event.rows:
            publish(PapersWanted(actor, (fact,)))
        return
    for invoice in _papers_due(actor, [fact.id for fact in event.rows]):
        keep_paper(actor, invoice)


def _papers_due(actor: Actor, ids: list[UUID]) -> list[Invoice]:
    wanted = Invoice.objects.visible_to(actor).filter(pk__in=ids, direction=Direction.OUT, document=None)
    return list(wanted.select_related("contract", "company", "bill_type", "corrects"))


def get_paper(actor: Actor, invoice_id: UUID) -> Version:
    """The PDF of an invoice, made now where it is missing; of a received one, the file that came with it.

    Raises `NotFound` also where the actor may see the invoice but does not read documents of its kind.
    """
    invoice = Invoice.objects.visible_to(actor).filter(pk=invoice_id).first()
    if invoice is None:
        raise NotFound(noun=NOUN, id=str(invoice_id))
    if invoice.document_id is None:
        for missing in _papers_due(actor, [invoice_id]):
            invoice = keep_paper(Actor.system(cause=actor), missing)
    if invoice.document_id is None:
        raise NotFound(noun=NOUN, id=str(invoice_id))
    return get_version(actor, invoice.document_id, "current")


def keep_paper(actor: Actor, invoice: Invoice) -> Invoice:
    """Make the PDF and store it on the contract; who comes second finds the one that is there."""
    made = typeset(TypesetJob("billing/invoice", paper_facts(invoice)))
    with translation.override(paper_language(invoice.language)):
        file = ContentFile(made, name=f"{heading_of(invoice)} {invoice.number}.pdf")
    receive_early(file)
    with transaction.atomic():
        [row] = locked(Invoice.objects.visible_to(actor), [invoice.pk])
        if row.document_id is not None:
            return row
        upload = Upload(file.name or "", cast(BinaryIO, file))
        [document] = add_documents(actor, CONTRACT, row.contract_id, [upload], kind=str(_kind().pk), title=row.number)
        row.document = document
        write([row], {"document"}, version=False)
        params = {"sha256": document.current.sha256 if document.current else ""}
        record_many(actor, Act.PAPER_MADE, [Change(NOUN, row.pk, row.number, row.company_id)], params=params)
    return row


def _kind() -> DocumentKind:
    found = DocumentKind.objects.filter(key=KIND).first()
    if found is None:
        seed_kinds()
        found = DocumentKind.objects.get(key=KIND)
    return found

"""A contract's record as JSON: every noun that hangs on it through its register, as the system sees it, and its journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from hetong.approvals.fields import ROUND, TASK
from hetong.approvals.models import Round, Task
from hetong.audit.models import Entry, Link
from hetong.audit.values import FieldValue, values_of_entries
from hetong.billing.fields import ALLOCATION, DUE, INVOICE, INVOICE_LINE, PAYMENT
from hetong.billing.models import Allocation, Due, Invoice, InvoiceLine, Payment
from hetong.contracts.fields import CONTRACT, FLAG, INSTALMENT, LINE, LOAN, MEMBER, MILESTONE, ORIGINAL
from hetong.contracts.models import (
    AbnormalFlag,
    ContractParty,
    Instalment,
    Line,
    Loan,
    Member,
    Milestone,
    Original,
    StageMove,
)
from hetong.contracts.queries import get_contract
from hetong.documents.fields import DOCUMENT, VERSION
from hetong.documents.models import Document, Version
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Register
from hetong.signing.fields import ENVELOPE, SIGNATORY
from hetong.signing.models import Envelope, Signatory

Row = dict[str, Any]
CONTRACTS = CONTRACT.noun


@dataclass(frozen=True)
class Part:
    """One kind of record that hangs on contracts: its name in the file, its register, and the rows of one contract."""

    name: str
    register: Register
    rows: Callable[[Actor, UUID], QuerySet[Any]]


def _of_subject(actor: Actor, model: Any, id: UUID, prefix: str = "") -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.visible_to(actor).filter(
        **{f"{prefix}noun": CONTRACTS, f"{prefix}subject": id}
    )
    return found


def _money_of(actor: Actor, id: UUID) -> QuerySet[Payment]:
    """Payments of the contract, and those of others that settle something of it."""
    settling = Allocation.objects.visible_to(actor).filter(due__contract=id).values("payment")
    return Payment.objects.visible_to(actor).filter(Q(contract=id) | Q(pk__in=settling))


PARTS: tuple[Part, ...] = (
    Part("lines", LINE, lambda a, id: Line.objects.visible_to(a).filter(contract=id).order_by("position", "pk")),
    Part("milestones", MILESTONE, lambda a, id: Milestone.objects.visible_to(a).filter(contract=id)),
    Part("instalments", INSTALMENT, lambda a, id: Instalment.objects.visible_to(a).filter(contract=id)),
    Part("originals", ORIGINAL, lambda a, id: Original.objects.visible_to(a).filter(contract=id).order_by("pk")),
    Part("loans", LOAN, lambda a, id: Loan.objects.visible_to(a).filter(original__contract=id).order_by("pk")),
    Part("members", MEMBER, lambda a, id: Member.objects.visible_to(a).filter(contract=id).order_by("pk")),
    Part("flags", FLAG, lambda a, id: AbnormalFlag.objects.visible_to(a).filter(contract=id).order_by("pk")),
    Part("rounds", ROUND, lambda a, id: _of_subject(a, Round, id).order_by("pk")),
    Part("approvals", TASK, lambda a, id: _of_subject(a, Task, id, "round__").order_by("pk")),
    Part("envelopes", ENVELOPE, lambda a, id: _of_subject(a, Envelope, id).order_by("pk")),
    Part("signatories", SIGNATORY, lambda a, id: _of_subject(a, Signatory, id, "envelope__").order_by("pk")),
    Part("dues", DUE, lambda a, id: Due.objects.visible_to(a).filter(contract=id)),
    Part("invoices", INVOICE, lambda a, id: Invoice.objects.visible_to(a).filter(contract=id).order_by("pk")),
    Part(
        "invoice_lines", INVOICE_LINE,
        lambda a, id: InvoiceLine.objects.visible_to(a).filter(invoice__contract=id).order_by("invoice", "position"),
    ),
    Part("payments", PAYMENT, lambda a, id: _money_of(a, id).order_by("pk")),
    Part(
        "allocations", ALLOCATION,
        lambda a, id: Allocation.objects.visible_to(a).filter(due__contract=id).order_by("pk"),
    ),
    Part("documents", DOCUMENT, lambda a, id: _of_subject(a, Document, id).order_by("pk")),
    Part("versions", VERSION, lambda a, id: _of_subject(a, Version, id, "document__").order_by("pk")),
)  # fmt: skip


def record_of(actor: Actor, id: UUID) -> dict[str, Any]:
    """The whole record of one contract as JSON. For the system alone: it leaves nothing out. Raises `NotFound`."""
    contract = get_contract(actor, id)
    ids: dict[str, list[UUID]] = {CONTRACTS: [id]}
    record: dict[str, Any] = {"contract": _rows(CONTRACT, [id])[0]}
    for part in PARTS:
        keys = list(part.rows(actor, id).values_list("pk", flat=True))
        ids[part.register.noun] = keys
        record[part.name] = _rows(part.register, keys)
    record["parties"] = list(_parties(actor, contract.pk))
    record["moves"] = list(_moves(actor, contract.pk))
    record["journal"] = list(_journal(ids))
    return record


def _utc(moment: dt.datetime) -> str:
    """An instant in UTC, the same on both engines."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _rows(register: Register, ids: Sequence[UUID]) -> list[Row]:
    values = register.snapshot(list(ids))
    return [{"id": str(id), **values[id]} for id in ids]


def _parties(actor: Actor, id: UUID) -> Iterator[Row]:
    """The parties as they were when they were entered."""
    for one in ContractParty.objects.visible_to(actor).filter(contract=id).order_by("pk"):
        yield {"role": one.role, "party": str(one.party_id), "taken_at": _utc(one.taken_at), "as_of_then": one.snapshot}


def _moves(actor: Actor, id: UUID) -> Iterator[Row]:
    for one in StageMove.objects.visible_to(actor).filter(contract=id).order_by("pk"):
        yield {
            "verb": one.verb, "from": one.from_stage, "to": one.to_stage, "on": one.on.isoformat(), "at": _utc(one.at),
            "by": one.actor_label, "reason": one.reason,
        }  # fmt: skip


def _journal(ids: dict[str, list[UUID]]) -> Iterator[Row]:
    """Every entry about the contract and what hangs on it, oldest first, with its place in the chain.

    An entry that the sealer has not reached yet (it comes every few seconds) has no place; its ``mac`` stands for it.
    """
    about = Q(pk__in=[])
    for key, keys in ids.items():
        about |= Q(noun=key, subject__in=keys)
    entries = list(Entry.objects.filter(about).order_by("pk"))
    places = {link.entry: link for link in Link.objects.filter(entry__in=[one.pk for one in entries])}
    values = values_of_entries(entries)
    for entry in entries:
        link = places.get(entry.pk)
        yield {
            "id": str(entry.pk), "at": _utc(entry.at), "code": entry.code, "params": entry.params, "noun": entry.noun,
            "subject": str(entry.subject) if entry.subject else None, "label": entry.label, "by": entry.actor_label,
            "by_kind": entry.actor_kind, "cause": entry.cause, "reason": entry.reason, "via": entry.via, "fields": entry.fields,
            "values": [_value(one) for one in values[entry.pk]], "mac": entry.mac,
            "chain": {"seq": link.seq, "hash": link.hash} if link else None,
        }  # fmt: skip


def _value(one: FieldValue) -> Row:
    if one.is_blank:
        return {"field": one.field, "blank": True}
    return {"field": one.field, "before": one.before, "after": one.after, "salt": one.salt}

"""Lets the demo's contracts live: each act on its day, by the person whose it is, through the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from hetong.accounts.queries import actor_for
from hetong.approvals.models import Task
from hetong.approvals.services import decide
from hetong.billing import services as billing
from hetong.billing.models import Due, Invoice
from hetong.billing.policy import Can as Billing
from hetong.billing.services import DueShare, InvoiceOrder, PaymentReport, ReceivedInvoice, Wanted
from hetong.contracts import services as contracts
from hetong.contracts.models import Contract, Milestone
from hetong.contracts.policy import Can as Contracts
from hetong.contracts.states import Class
from hetong.documents.models import DocumentKind
from hetong.documents.policy import Can as Documents
from hetong.documents.services import add_documents
from hetong.kernel.actors import Actor
from hetong.parties.models import Contact
from hetong.signing.models import Envelope
from hetong.signing.policy import Can as Signing
from hetong.signing.services import Signer, record_signed_copy

from .agreement import paper_of
from .contracts import ContractFacts
from .lives import HALF, INVOICED, PARTLY, REPORTED, Life, StageFacts
from .made import Made

SUBMITTED, DECIDED, SENT, SIGNED = 2, 4, 5, 9
"""Days after the draft."""
LIVED = ("active", "terminated", "closed", "archived")
CONTRACT = "contracts.contract"


@dataclass(frozen=True)
class Act:
    """Something that happens on a day: days from the demo's day, and the order within it."""

    day: int
    order: int
    do: Callable[[], object]


class Living:
    """One contract's life, as acts in the order of their days."""

    def __init__(self, made: Made, facts: ContractFacts, life: Life, contract: Contract, as_of: dt.date) -> None:
        self.made, self.facts, self.life, self.as_of = made, facts, life, as_of
        self.id, self.company = contract.pk, contract.company_id
        self.owner = facts.owner
        self.stages: dict[str, UUID] = {}
        self.milestones: dict[str, UUID] = {}

    def able(self, can: str) -> Actor:
        """The owner, or whoever helps where the owner may not do it."""
        people = (self.made.actor(login) for login in (self.owner, "legal", "finance", "admin"))
        return next(actor for actor in people if actor.may(can, self.company))

    def contract(self) -> Contract:
        # allow: visibility — the demo's own
        return Contract.objects.select_related("company", "counterparty", "owner").get(pk=self.id)

    def day(self, shift: int) -> dt.date:
        return self.as_of + dt.timedelta(days=shift)

    # -- plan --------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Put the milestones and stages on the draft, and its text beside it."""
        actor = self.made.actor(self.owner, Contracts.ADD)
        givens = [
            {"contract": str(self.id), "title": m.title, "due_on": self.day(self.facts.starts + m.planned).isoformat()}
            for m in self.life.milestones
        ]
        if givens:
            rows = contracts.add_milestones(actor, givens)
            self.milestones = {row.title: row.pk for row in rows}
        if self.life.stages:
            rows_of = contracts.add_instalments(actor, [self._stage(one) for one in self.life.stages])
            self.stages = {row.title: row.pk for row in rows_of}
        self.file("contract_text", ())

    def _stage(self, one: StageFacts) -> dict[str, object]:
        given: dict[str, object] = {"contract": str(self.id), "title": one.title, "is_retention": one.retention}
        if one.share != "rest":
            given["percent"] = one.share.rstrip("%")
        if isinstance(one.when, int):
            return given | {"on": self.day(self.facts.starts + one.when).isoformat()}
        if one.when in self.milestones:
            return given | {"milestone": str(self.milestones[one.when]), "days_after": one.after}
        return given

    def file(self, kind: str, signed: tuple[tuple[str, str], ...]) -> None:
        """Put the contract's paper on it."""
        [document_kind] = DocumentKind.objects.filter(key=kind)
        add_documents(
            self.able(Documents.ADD), CONTRACT, self.id, [paper_of(self.contract(), signed)], kind=str(document_kind.pk),
            title=self.facts.title[:120],
        )  # fmt: skip

    # -- from draft to force -----------------------------------------------------------------------

    def acts(self) -> Iterable[Act]:
        """Everything that happened to the contract after it was drafted."""
        begun, until = -self.life.begun, self.life.until
        yield Act(begun, 1, self.plan)
        yield Act(begun + SUBMITTED, 2, self.submit)
        if until == "in_approval":
            return
        yield Act(begun + DECIDED, 3, self.decide)
        if until in ("rejected", "approved"):
            return
        yield Act(begun + SENT, 4, lambda: contracts.send_to_sign(self.able(Signing.SIGN), [self.id]))
        if until not in LIVED:
            return
        yield Act(begun + SIGNED, 5, lambda: self.sign(begun + SIGNED))
        yield from self._performed()
        yield from self._billed(begun + SIGNED)
        yield from self._ended()

    def submit(self) -> None:
        contracts.submit_contracts(self.able(Contracts.MOVE), [self.id])

    def decide(self) -> None:
        # allow: visibility — the demo knows whom it asked
        task = Task.objects.select_related("assignee").get(round__subject=self.id, state="waiting")
        is_rejected = self.life.until == "rejected"
        decide(
            actor_for(task.assignee, via="demo"), [task.pk], "reject" if is_rejected else "approve",
            comment=self.life.why if is_rejected else "",
        )  # fmt: skip

    def sign(self, shift: int) -> None:
        """Both have signed the paper, and it comes back."""
        contract = self.contract()
        # allow: visibility — the demo's own
        envelope = Envelope.objects.get(subject=self.id, state="open")
        contact = Contact.objects.filter(party=contract.counterparty_id, is_primary=True).first()
        theirs = contact.name if contact else contract.counterparty.name
        ours = self.made.users["executive" if self.facts.company == "shanghai" else "manager"].name
        names = ((ours, contract.company.name), (theirs, contract.counterparty.name))
        record_signed_copy(
            self.able(Signing.SIGN), envelope.pk, paper_of(contract, names, self.day(shift)),
            ours=Signer(ours, "", self.day(shift - 1)), theirs=Signer(theirs, contact.role if contact else "", self.day(shift)),
            same_text=True,
        )  # fmt: skip

    # -- in force ----------------------------------------------------------------------------------

    def _performed(self) -> Iterable[Act]:
        for one in self.life.milestones:
            if one.reached is not None:
                yield Act(self.facts.starts + one.reached, 6, lambda title=one.title: self.reach(title))  # type: ignore[misc]  # bound now

    def reach(self, title: str) -> None:
        # allow: visibility — the demo's own
        milestone = Milestone.objects.get(pk=self.milestones[title])
        contracts.reach_milestones(self.able(Contracts.PERFORM), [milestone.pk])

    def _billed(self, signed: int) -> Iterable[Act]:
        for one in self.life.stages:
            if one.fate:
                yield from self._billed_stage(one, max(self._due(one, signed), signed) + 1)

    def _due(self, one: StageFacts, signed: int) -> int:
        """The day a stage falls due, from the demo's day."""
        if isinstance(one.when, int):
            return self.facts.starts + one.when
        reached = {m.title: m.reached or 0 for m in self.life.milestones}
        return self.facts.starts + reached[one.when] + one.after if one.when in reached else signed

    def _billed_stage(self, one: StageFacts, billed: int) -> Iterable[Act]:
        yield Act(billed, 7, lambda: self.invoice(one))
        if one.fate in (INVOICED, HALF):
            return
        paid = min(billed + 26 + len(one.title) % 5, -2)
        yield Act(paid, 8, lambda: self.pay(one, paid))
        if one.fate != REPORTED:
            yield Act(paid + 1, 9, self.confirm)

    def invoice(self, one: StageFacts) -> None:
        """Bill a stage, or half of it."""
        finance = self.made.actor("finance")
        billing.open_planned_dues()
        due = self.due_of(one)
        share = DueShare(due.pk, due.gross_minor // 2 if one.fate == HALF else None)
        if self.is_income():
            billing.issue_invoices(finance, [InvoiceOrder([share])])
        else:
            number = f"{self.facts.party[:2].upper()}-{due.gross_minor % 9000 + 1000}-{due.position}"
            billing.register_invoices(finance, [ReceivedInvoice([share], number, self.made.today(self.company))])

    def pay(self, one: StageFacts, shift: int) -> None:
        """The money of a stage is there: told by the owner, or entered by finance where the owner may not."""
        # allow: visibility — the demo's own
        invoice = Invoice.objects.filter(lines__due=self.due_of(one).pk).distinct().get()
        minor = invoice.gross_minor * 6 // 10 if one.fate == PARTLY else invoice.gross_minor
        report = PaymentReport(
            direction="in" if self.is_income() else "out", amount=minor, currency=invoice.currency, on=self.day(shift - 1),
            contract=self.id, method="bank", reference=invoice.payment_reference or invoice.number or "",
            wanted=[Wanted(minor, invoice=invoice.pk)],
        )  # fmt: skip
        owner = self.made.actor(self.owner)
        if owner.may(Billing.REPORT, self.company) and self.owner != "finance":
            billing.report_payments(owner, [report])
        elif one.fate == REPORTED:
            billing.report_payments(self.made.actor("admin"), [report])
        else:
            billing.record_payments(self.made.actor("finance"), [report])

    def confirm(self) -> None:
        """Finance finds the money on the account."""
        # allow: visibility — the demo's own
        waiting = self.contract().payments.filter(state="reported").values_list("pk", flat=True)
        if waiting:
            billing.confirm_payments(self.made.actor("finance"), list(waiting))

    def due_of(self, one: StageFacts) -> Due:
        # allow: visibility — the demo's own
        return Due.objects.exclude(state="reversed").get(contract=self.id, instalment=self.stages[one.title])

    def is_income(self) -> bool:
        return self.contract().class_of == Class.INCOME

    # -- the end -----------------------------------------------------------------------------------

    def _ended(self) -> Iterable[Act]:
        until, ended = self.life.until, -self.life.ended
        run = self.able(Contracts.RUN)
        if self.life.lapses:
            yield Act(self.facts.starts + self.facts.days - 100, 10, lambda: contracts.decide_renewals(
                self.able(Contracts.MOVE), [self.id], "lapse", reason=self.life.lapses,
            ))  # fmt: skip
        if until == "terminated":
            yield Act(
                ended,
                10,
                lambda: contracts.terminate_contracts(run, [self.id], on=self.day(ended), reason=self.life.why),
            )
        if until in ("closed", "archived"):
            yield Act(ended - 6, 10, lambda: contracts.begin_closing(run, [self.id]))
            yield Act(ended, 11, lambda: contracts.close_contracts(run, [self.id]))
        if until == "archived":
            yield Act(ended + 3, 12, lambda: contracts.archive_contracts(
                self.able(Contracts.ARCHIVE), [self.id], place="Arkiv B, hylla 14", keep_until=self.day(ended + 3650),
            ))  # fmt: skip

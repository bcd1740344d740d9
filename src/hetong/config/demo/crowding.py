"""Lets the demo's many contracts live: in batches, on a few days of each month, through the services."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID
from zlib import crc32

from hetong.accounts.queries import actor_for
from hetong.approvals.models import Task
from hetong.approvals.services import decide
from hetong.billing import services as billing
from hetong.billing.models import Due, Invoice
from hetong.billing.services import DueShare, InvoiceOrder, PaymentReport, ReceivedInvoice, Wanted
from hetong.contracts import services as contracts
from hetong.contracts.policy import Can as Contracts
from hetong.jobs.services import settle_waiting
from hetong.jobs.worker import drain_outbox
from hetong.kernel.actors import Actor

from .crowd import LAST, REGISTER, STEP, TAKEN_OVER, TICKS, Deal
from .drafting import contract_given, line_givens
from .goods import STAGE_WORDS
from .living import Act
from .made import Made

CHUNK = 200
LATER = 30
"""After the acts of the contracts that have a life of their own, within a day."""
NEWS = ("notifications.services.telling:tell",)
TAKEN_WHY = "Signed on paper; taken over from the register of before."
MOVES, NOTICE = "Kunden flyttar sin anläggning; vilar tills vidare.", "Given notice by the customer."
NOT_PAID, PARTLY, LATE = 7, 12, 30
"""Of a hundred invoices: never paid so far, paid in part; the others that are paid a month late."""
T = TypeVar("T")


def chunks(rows: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The rows in parts of that size."""
    return (rows[first : first + size] for first in range(0, len(rows), size))


def share_of(text: str) -> int:
    """A number from 0 to 99 that the text stands for, the same every time."""
    return crc32(text.encode()) % 100


class Crowd:
    """Many contracts, by the stage they are to reach."""

    def __init__(self, made: Made, deals: Sequence[Deal], as_of: dt.date, languages: dict[str, str]) -> None:
        self.made, self.deals, self.as_of, self.languages = made, deals, as_of, languages
        self.ids: dict[int, UUID] = {}
        self.milestones: dict[int, UUID] = {}

    def acts(self) -> Iterator[Act]:
        """Everything that happens to them, in batches."""
        for tick in TICKS:
            yield Act(tick, LATER, lambda tick=tick: self.tick(tick))  # type: ignore[misc]  # bound now
        for day in (-44, -9):
            yield Act(day, LATER, lambda day=day: self.draft(day))  # type: ignore[misc]  # bound now
            yield Act(day + 2, LATER, lambda day=day: self.submit(day))  # type: ignore[misc]  # bound now
            yield Act(day + 4, LATER, lambda day=day: self.decide(day))  # type: ignore[misc]  # bound now
            yield Act(day + 5, LATER, lambda day=day: self.send(day))  # type: ignore[misc]  # bound now
        yield Act(-6, LATER, self.flag)

    def day(self, shift: int) -> dt.date:
        return self.as_of + dt.timedelta(days=shift)

    def settle(self) -> None:
        """Let follow what follows, but tell nobody: it is long ago for whoever looks at the demo."""
        drain_outbox(leave=(*self.made.leave, *NEWS))
        settle_waiting(NEWS)

    def chosen(self, fits: Callable[[Deal], bool]) -> list[int]:
        """The positions of the deals that fit, in their order."""
        return [n for n, deal in enumerate(self.deals) if fits(deal)]

    def by_owner(self, positions: Iterable[int]) -> Iterator[tuple[Actor, list[int]]]:
        """The positions by whose they are."""
        of: dict[str, list[int]] = defaultdict(list)
        for n in positions:
            of[self.deals[n].facts.owner].append(n)
        for login, own in of.items():
            yield self.made.actor(login, Contracts.ADD), own

    # -- taking over what was in force already -------------------------------------------------------

    def tick(self, tick: int) -> None:
        """A day of the back office."""
        self.take_over(tick)
        self.settle()
        self.reach(tick)
        self.settle()
        billing.open_planned_dues()
        self.invoice(tick)
        self.pay(tick)
        self.end(tick)
        self.settle()

    def take_over(self, tick: int) -> None:
        """Enter the contracts that came into force since the last time, and adopt them."""
        admin = self.made.actor("admin")
        new = self.chosen(lambda deal: deal.fate in TAKEN_OVER and deal.begun == tick)
        for some in chunks(new):
            self.add(admin, some, source=REGISTER)
            closed = [n for n in some if self.deals[n].fate in ("closed", "archived")]
            going = [n for n in some if self.deals[n].fate not in ("closed", "archived")]
            for positions, adopt in ((going, contracts.adopt_contracts), (closed, contracts.adopt_closed_contracts)):
                if positions:
                    adopt(admin, [self.ids[n] for n in positions], reason=TAKEN_WHY, signed_on=self.day(tick - 1))

    def add(self, actor: Actor, positions: Sequence[int], *, source: str = "") -> None:
        """The drafts with their lines, milestones and stages."""
        facts = [self.deals[n].facts for n in positions]
        rows = contracts.add_contracts(
            actor,
            [contract_given(self.made, one, self.as_of) | ({"source": source} if source else {}) for one in facts],
            lines=[line_givens(one) for one in facts],
        )
        self.ids |= {n: row.pk for n, row in zip(positions, rows, strict=True)}
        waiting = [n for n in positions if self.deals[n].delivered]
        if waiting:
            found = contracts.add_milestones(actor, [self._milestone(n) for n in waiting])
            self.milestones |= {n: row.pk for n, row in zip(waiting, found, strict=True)}
        stages = [stage for n in positions for stage in self._stages(n)]
        if stages:
            contracts.add_instalments(actor, stages)

    def _milestone(self, n: int) -> dict[str, object]:
        deal = self.deals[n]
        title = {"sv": "Levererat", "zh-hans": "到货验收", "zh-hant": "到貨驗收"}.get(self._language(n), "Delivered")
        on = self.day(deal.facts.starts + deal.delivered)
        return {"contract": str(self.ids[n]), "title": title, "due_on": on.isoformat()}

    def _language(self, n: int) -> str:
        return self.languages[self.deals[n].facts.party]

    def _stages(self, n: int) -> Iterator[dict[str, object]]:
        """Equal parts at equal distances; the last may wait for the milestone."""
        deal = self.deals[n]
        word = STAGE_WORDS[self._language(n)]
        for part in range(deal.parts):
            title = word.format(n=part + 1) if "{" in word else f"{word} {part + 1}"
            given: dict[str, object] = {"contract": str(self.ids[n]), "title": title}
            if part < deal.parts - 1:
                given["percent"] = str(100 // deal.parts)
            if part == deal.parts - 1 and n in self.milestones:
                given |= {"milestone": str(self.milestones[n]), "days_after": 10}
            else:
                given["on"] = self.day(deal.facts.starts + part * deal.every).isoformat()
            yield given

    # -- money -----------------------------------------------------------------------------------------

    def reach(self, tick: int) -> None:
        """Note the milestones that were reached since the last time; one in eight is late still."""

        def is_reached(deal: Deal) -> bool:
            on = deal.facts.starts + deal.delivered
            is_due = bool(deal.delivered) and max(on, deal.begun) <= tick < max(on, deal.begun) + STEP
            return is_due and deal.fate == "active" and share_of(deal.facts.title) % 8 > 0

        found = [self.milestones[n] for n in self.chosen(is_reached) if n in self.milestones]
        for some in chunks(found):
            contracts.reach_milestones(self.made.actor("admin"), some)

    def invoice(self, tick: int) -> None:
        """Bill what is open, and enter what suppliers billed; of late some is left for whoever tries the demo."""
        # allow: visibility — the demo's own
        dues = Due.objects.filter(contract__source=REGISTER, state="open", invoiced_minor=0, contract__stage="active")
        found = list(dues.select_related("contract", "company").order_by("on", "pk"))
        ready = [due for due in found if tick < LAST - STEP or share_of(f"{due.contract.title}{due.position}") % 4]
        finance = self.made.actor("finance")
        for some in chunks([due for due in ready if due.kind == "collect" and not due.contract.stops_invoicing]):
            billing.issue_invoices(finance, [InvoiceOrder([self._share(due)]) for due in some])
        for some in chunks([due for due in ready if due.kind == "pay"]):
            orders = [
                ReceivedInvoice(
                    [self._share(due)], f"F{due.contract.number}-{due.position}", self.made.today(due.company_id)
                )
                for due in some
            ]
            billing.register_invoices(finance, orders)

    @staticmethod
    def _share(due: Due) -> DueShare:
        is_half = share_of(f"half {due.contract.title}{due.position}") < 5
        return DueShare(due.pk, due.gross_minor // 2 if is_half and due.gross_minor > 1 else None)

    def pay(self, tick: int) -> None:
        """Book what came in and went out since the last time; some tell finance of money that finance has not found yet."""
        # allow: visibility — the demo's own
        unpaid = Invoice.objects.filter(contract__source=REGISTER, kind="invoice", settled_minor=0, credited_minor=0)
        due = [
            one for one in unpaid.filter(due_on__lte=self.day(tick - 1), payment_reference__isnull=False).order_by("due_on", "pk")
            if self._is_paid(one, tick)
        ]  # fmt: skip
        last = [one for one in due if tick == LAST and share_of(f"told {one.number}") < 15]
        told = {one.pk for one in last}
        finance = self.made.actor("finance")
        for some in chunks([one for one in due if one.pk not in told]):
            billing.record_payments(finance, [self._report(one, tick) for one in some])
        for some in chunks(last):
            billing.report_payments(self.made.actor("admin"), [self._report(one, tick) for one in some])

    def _is_paid(self, invoice: Invoice, tick: int) -> bool:
        share = share_of(f"paid {invoice.number}")
        is_late = NOT_PAID <= share < NOT_PAID + LATE and invoice.due_on > self.day(tick - STEP - 1)
        return share >= NOT_PAID and not is_late

    def _report(self, invoice: Invoice, tick: int) -> PaymentReport:
        is_part = NOT_PAID <= share_of(f"paid {invoice.number}") < PARTLY
        minor = invoice.gross_minor * 6 // 10 if is_part and invoice.gross_minor > 10 else invoice.gross_minor
        return PaymentReport(
            direction="in" if invoice.direction == "out" else "out", amount=minor, currency=invoice.currency, on=self.day(tick - 1),
            contract=invoice.contract_id, method="bank", reference=invoice.payment_reference or invoice.number or "",
            wanted=[Wanted(minor, invoice=invoice.pk)],
        )  # fmt: skip

    # -- ends --------------------------------------------------------------------------------------------

    def end(self, tick: int) -> None:
        """Whatever ends or rests from this day on."""
        admin = self.made.actor("admin")
        ends: tuple[tuple[str, Callable[[Collection[UUID]], object]], ...] = (
            (
                "suspended",
                lambda ids: contracts.suspend_contracts(
                    admin, ids, reason="Kunden flyttar sin anläggning; vilar tills vidare."
                ),
            ),
            (
                "terminated",
                lambda ids: contracts.terminate_contracts(
                    admin, ids, on=self.day(tick), reason="Given notice by the customer."
                ),
            ),
            ("superseded", lambda ids: contracts.supersede_contracts(admin, ids)),
            (
                "archived",
                lambda ids: contracts.archive_contracts(admin, ids, place="Arkiv B", keep_until=self.day(3650)),
            ),
        )
        for fate, act in ends:
            over = self.chosen(lambda deal: deal.fate == fate and deal.ended == tick)  # noqa: B023 - used at once
            for some in chunks([self.ids[n] for n in over if n in self.ids]):
                act(some)
        contracts.expire_ended()
        if tick == LAST:
            self.settle()
            for some in chunks([self.ids[n] for n in self.chosen(lambda deal: deal.fate == "closing")]):
                contracts.begin_closing(admin, some)

    # -- drafts, approval, signing -------------------------------------------------------------------------

    def draft(self, day: int) -> None:
        """What is being drafted these weeks, by those who sell it; the first steps it takes."""
        new = self.chosen(lambda deal: deal.fate not in TAKEN_OVER and deal.begun == day)
        for actor, own in self.by_owner(new):
            for some in chunks(own):
                self.add(actor, some)
        for verb, fates in (("review", ("in_review", "void")), ("discard", ("discarded",))):
            for actor, own in self.by_owner(n for n in new if self.deals[n].fate in fates):
                contracts.move_contracts(actor, [self.ids[n] for n in own], verb)
        void = [self.ids[n] for n in new if self.deals[n].fate == "void"]
        if void:
            contracts.move_contracts(
                self.made.actor("admin"), void, "void", reason="The customer chose another supplier."
            )

    def _in_approval(self, day: int, *fates: str) -> list[int]:
        return self.chosen(lambda deal: deal.begun == day and deal.fate in fates)

    def submit(self, day: int) -> None:
        for actor, own in self.by_owner(self._in_approval(day, "in_approval", "approved", "rejected", "signing")):
            contracts.submit_contracts(actor, [self.ids[n] for n in own])
        self.settle()

    def decide(self, day: int) -> None:
        """Those who were asked decide."""
        for fates, verdict in ((("approved", "signing"), "approve"), (("rejected",), "reject")):
            ids = [self.ids[n] for n in self._in_approval(day, *fates)]
            # allow: visibility — the demo knows whom it asked
            tasks = Task.objects.filter(round__subject__in=ids, state="waiting").select_related("assignee")
            asked: dict[UUID, list[Task]] = defaultdict(list)
            for task in tasks:
                asked[task.assignee_id].append(task)
            for own in asked.values():
                why = "Marginalen räcker inte; höj priset eller stryk en rad." if verdict == "reject" else ""
                decide(actor_for(own[0].assignee, via="demo"), [task.pk for task in own], verdict, comment=why)
        self.settle()

    def send(self, day: int) -> None:
        signing = [self.ids[n] for n in self._in_approval(day, "signing")]
        if signing:
            contracts.send_to_sign(self.made.actor("admin"), signing)
            self.settle()

    def flag(self) -> None:
        """What was found odd, each with who follows it up."""
        found = self.chosen(lambda deal: bool(deal.facts.abnormal))
        reasons: dict[str, list[UUID]] = defaultdict(list)
        for n in found:
            reasons[self.deals[n].facts.abnormal].append(self.ids[n])
        owner = str(self.made.users["delivery"].pk)
        for reason, ids in reasons.items():
            given = {"reason": reason, "owner": owner, "due_on": self.day(14).isoformat()}
            contracts.flag_contracts(self.made.actor("admin"), ids, given)

"""A contract's whole life, by chance: any verb by anybody in any order, with money on the way (done when 3 of part 2).

The model below says on its own, from the requirements, who may take which step from which stage and what it costs;
the product must agree after every step, and its sums must equal their rows by the doctor's own checks. It complements
the sequences of postings in billing, which vary the money more and the stages not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hetong.accounts.models import Company
from hetong.accounts.testing import Cast
from hetong.approvals.models import Task
from hetong.approvals.services import decide
from hetong.billing import services as billing
from hetong.billing.models import Due, Invoice
from hetong.billing.queries import money_checks, number_checks
from hetong.billing.services import DueShare, InvoiceOrder, PaymentReport, Wanted
from hetong.contracts.models import Contract
from hetong.contracts.services import move_contracts
from hetong.contracts.testing import make_contract, make_line, make_plan
from hetong.jobs.models import Outbox, State
from hetong.jobs.worker import drain_outbox
from hetong.kernel import clock
from hetong.kernel.errors import DomainError
from hetong.signing.testing import sign

OWN, LEAD, MONEY = {"ada", "ben"}, {"ben"}, {"ben", "fia"}
NOBODY: set[str] = set()
STEPS: Mapping[str, tuple[tuple[str, ...], str, set[str]]] = {
    "review": (("draft",), "in_review", OWN),
    "return": (("in_review",), "draft", OWN),
    "submit": (("draft", "in_review"), "in_approval", {"ada"}),  # nobody stands above Ben who could decide on his
    "withdraw": (("in_approval",), "draft", OWN),
    "revise": (("rejected", "approved"), "draft", OWN),
    "send_to_sign": (("approved",), "signing", OWN),
    "recall": (("signing",), "approved", OWN),
    "activate": ((), "active", NOBODY),  # never by hand while the signed copy is not here
    "suspend": (("active",), "suspended", MONEY),
    "resume": (("suspended",), "active", MONEY),
    "begin_closing": (("active", "terminated"), "closing", MONEY),
    "close": (("closing",), "closed", MONEY),
    "archive": (("closed", "rejected", "void"), "archived", LEAD),
    "unarchive": (("archived",), "closed", NOBODY),
    "void": (("in_review", "in_approval", "approved", "signing"), "void", LEAD),
    "discard": (("draft",), "discarded", OWN),
    "restore": (("discarded",), "draft", OWN),
}  # fmt: skip
"""Each verb: from which stages, to which, and by whom on a contract of Ada's, whose team Ben leads."""
PEOPLE = ("ada", "ben", "fia", "cleo", "dora")
WAY = {
    "draft": ("submit", "ada"),
    "approved": ("send_to_sign", "ada"),
    "active": ("begin_closing", "fia"),
    "closing": ("close", "fia"),
}
"""The step that leads on, and who takes it; decisions and signatures stand apart."""
BILLED = ("active", "closing", "closed")
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking: a step takes too long for the thousands that would need."""
SHARES = ("30%", "30%", "rest")
NUMBER = st.integers(0, 5)


def outcome(act: Callable[[], object]) -> DomainError | None:
    """What the product has against it; nothing when it was done."""
    try:
        with transaction.atomic():
            act()
    except DomainError as refused:
        return refused
    return None


class Life(RuleBasedStateMachine):
    """One contract with three stages, due at signing, and the model of it."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        contract = make_contract(
            self.cast.ada,
            currency="SEK",
            starts_on=clock.today().isoformat(),
            ends_on=f"{clock.today().year + 9}-12-31",
        )
        make_line(self.cast.ada, contract, quantity="7", unit_price="777.77")
        make_plan(self.cast.ada, contract, *SHARES)
        self.id = contract.pk
        self.stage = "draft"
        self.left: dict[Any, int] = {}
        """Of each due, what is not invoiced."""
        self.open: dict[Any, int] = {}
        """Of each invoice, what is not paid."""
        self.invoiced = self.received = 0

    @initialize(is_ahead=st.sampled_from((True, True, False)))
    def begin(self, is_ahead: bool) -> None:
        """Most lives are looked at from the day they come into force, where there is money."""
        if is_ahead:
            self.on_its_way()
            self.decision("ben", True)
            self.on_its_way()
            self.both_sign()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # -- what is done ------------------------------------------------------------------------------

    def attempt(self, act: Callable[[], object], expected: bool, what: str) -> bool:
        """Do it with its consequences; whether it was allowed must be as the model says."""
        refused = outcome(act)
        assert (refused is None) is expected, f"{what} at {self.stage}: {refused or 'was allowed'}"
        drain_outbox()
        return expected

    def actor(self, who: str) -> Any:
        return getattr(self.cast, who)

    def may_take(self, verb: str, who: str) -> bool:
        sources, _target, people = STEPS[verb]
        is_settled = verb != "close" or not (any(self.left.values()) or any(self.open.values()))
        return self.stage in sources and who in people and is_settled

    def take(self, verb: str, who: str) -> None:
        expected = self.may_take(verb, who)
        what = f"{verb} by {who}"
        if self.attempt(lambda: move_contracts(self.actor(who), [self.id], verb, reason="By chance"), expected, what):
            self.stage = STEPS[verb][1]

    @rule(verb=st.sampled_from(sorted(STEPS)), who=st.sampled_from(PEOPLE))
    def anything_by_anybody(self, verb: str, who: str) -> None:
        self.take(verb, who)

    @precondition(lambda self: self.stage in WAY)
    @rule()
    def on_its_way(self) -> None:
        self.take(*WAY[self.stage])

    @rule(who=st.sampled_from(("ada", "ben", "ben", "ben")), approves=st.sampled_from((True, True, True, False)))
    def decision(self, who: str, approves: bool) -> None:
        task = Task.objects.filter(round__subject=self.id).order_by("-round__number").first()
        if task is None:
            return
        verb = "approve" if approves else "reject"
        expected = self.stage == "in_approval" and who == "ben"
        if self.attempt(
            lambda: decide(self.actor(who), [task.pk], verb, comment="By chance"), expected, f"{verb} by {who}"
        ):
            self.stage = "approved" if approves else "rejected"

    @precondition(lambda self: self.stage == "signing")
    @rule()
    def both_sign(self) -> None:
        self.attempt(lambda: sign(self.cast.ada, self.id), True, "signing")
        self.stage = "active"
        self.left = dict(Due.objects.filter(contract=self.id).order_by("position").values_list("pk", "gross_minor"))
        assert sum(self.left.values()) == 680_549, "5 444.39 with a tax of 25 %"

    # -- money -------------------------------------------------------------------------------------

    @precondition(lambda self: self.left)
    @rule(n=NUMBER, percent=st.sampled_from((100, 100, 40, 101, 0)), who=st.sampled_from(("fia", "fia", "fia", "ada")))
    def bill(self, n: int, percent: int, who: str) -> None:
        due = list(self.left)[n % len(self.left)]
        minor = self.left[due] * percent // 100 + (percent > 100)
        expected = who == "fia" and self.stage in BILLED and 0 < minor <= self.left[due]
        order = InvoiceOrder([DueShare(due, minor)])
        if self.attempt(
            lambda: billing.issue_invoices(self.actor(who), [order]), expected, f"billing {minor} by {who}"
        ):
            self.left[due] -= minor
            self.invoiced += minor
            self.open[Invoice.objects.order_by("-pk").values_list("pk", flat=True)[0]] = minor

    @precondition(lambda self: self.open)
    @rule(n=NUMBER, percent=st.sampled_from((100, 100, 60, 101)), who=st.sampled_from(("fia", "fia", "ada", "cleo")))
    def pay(self, n: int, percent: int, who: str) -> None:
        invoice = list(self.open)[n % len(self.open)]
        minor = self.open[invoice] * percent // 100 + (percent > 100)
        is_running = self.stage in (*BILLED, "suspended")
        expected = who == "fia" and is_running and 0 < minor <= self.open[invoice]
        report = PaymentReport(
            direction="in",
            amount=minor,
            currency="SEK",
            on=self.today(),
            contract=self.id,
            wanted=[Wanted(minor, invoice=invoice)],
        )
        if self.attempt(
            lambda: billing.record_payments(self.actor(who), [report]), expected, f"paying {minor} by {who}"
        ):
            self.open[invoice] -= minor
            self.received += minor

    def today(self) -> dt.date:
        return clock.today(Company.objects.get(pk=self.cast.north.pk).zone)

    # -- what must hold ----------------------------------------------------------------------------

    @invariant()
    def product_and_model_agree(self) -> None:
        contract = Contract.objects.get(pk=self.id)
        assert contract.stage == self.stage
        sums = (contract.invoiced_minor, contract.received_minor, contract.open_minor)
        assert sums == (self.invoiced, self.received, self.invoiced - self.received)
        assert not Outbox.objects.filter(state=State.ATTENTION).exists()

    @invariant()
    def sums_equal_their_rows(self) -> None:
        assert [*money_checks(), *number_checks()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"), [(6, 25), pytest.param(300, 60, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_any_life_goes_as_the_model_says(cast: Cast, tmp_path: Any, settings: Any, examples: int, steps: int) -> None:
    settings.HETONG_HOME = tmp_path
    billing.seed_types()
    machine = type("LifeOf", (Life,), {"cast": cast})
    run_state_machine_as_test(machine, settings=chance(examples, steps))


def chance(examples: int, steps: int) -> Any:
    """The same sequences every time."""
    return settings(
        max_examples=examples, stateful_step_count=steps, derandomize=True, deadline=None, phases=PHASES, database=None
    )

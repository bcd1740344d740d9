"""Trust B1, A13: two decisions, a decision and a withdrawal, two signed copies at the same moment: one outcome each."""

from __future__ import annotations

import random

import pytest

from hetong.accounts.models import User
from hetong.accounts.queries import actor_for
from hetong.accounts.services import seed_roles
from hetong.accounts.testing import Cast, forget_access, make_cast
from hetong.approvals.models import Round, Task
from hetong.approvals.services import decide
from hetong.approvals.testing import task_of
from hetong.config.roles import ROLES
from hetong.contracts import services
from hetong.contracts.models import Contract, StageMove
from hetong.contracts.services import seed_setup
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, walk_to
from hetong.documents.models import Document
from hetong.documents.services import seed_kinds
from hetong.jobs.testing import drain_outbox, together, trying
from hetong.signing.models import Envelope
from hetong.signing.services import record_signed_copy
from hetong.signing.testing import ours, signed_file, theirs

pytestmark = pytest.mark.usefixtures("on_disk")
ROUNDS = 5


def people() -> Cast:
    """The cast, committed, so that every thread sees it."""
    seed_roles(ROLES)
    seed_setup()
    seed_kinds()
    forget_access()
    return make_cast()


def test_one_of_two_decisions_counts_and_the_other_is_told() -> None:
    cast, chance = people(), random.Random(5)  # noqa: S311 - which answer comes is not a secret
    ben = actor_for(User.objects.get(pk=cast.users["ben"].pk))
    for _round in range(ROUNDS):
        contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL, make_contract(cast.ada))
        task, outcomes = task_of(contract.pk).pk, list[str]()
        answers = [chance.choice(("approve", "reject")), "approve"]
        together([trying(outcomes, lambda a=a, t=task: decide(ben, [t], a, comment="So it is")) for a in answers])
        assert sorted(outcomes) == ["already_decided", "done"]
        drain_outbox()
        found = Round.objects.get(subject=contract.pk)
        assert found.state == Task.objects.get(round=found).state
        assert Contract.objects.get(pk=contract.pk).stage == found.state
        assert StageMove.objects.filter(contract=contract, verb__in=["approve", "reject"]).count() == 1


def test_a_withdrawal_and_a_decision_at_once_have_one_outcome() -> None:
    cast = people()
    ben, ada = cast.ben, cast.ada
    for _round in range(ROUNDS):
        contract = walk_to(ada, ben, Stage.IN_APPROVAL, make_contract(ada))
        task, outcomes = task_of(contract.pk).pk, list[str]()
        together(
            [
                trying(outcomes, lambda t=task: decide(ben, [t], "approve")),
                trying(outcomes, lambda c=contract.pk: services.withdraw_contracts(ada, [c])),
            ]
        )
        assert outcomes.count("done") == 1, outcomes
        drain_outbox()
        states = (Round.objects.get(subject=contract.pk).state, Contract.objects.get(pk=contract.pk).stage)
        assert states in (("approved", "approved"), ("withdrawn", "draft"))


def test_two_signed_copies_at_once_are_recorded_once() -> None:
    cast = people()
    ada = cast.ada
    contract = walk_to(ada, cast.ben, Stage.SIGNING, make_contract(ada))
    envelope, outcomes = Envelope.objects.get(), list[str]()
    together(
        [
            trying(
                outcomes,
                lambda: record_signed_copy(
                    ada, envelope.pk, signed_file(), ours=ours(), theirs=theirs(), same_text=True
                ),
            )
            for _each in range(3)
        ]
    )
    assert sorted(outcomes) == ["done", "envelope_over", "envelope_over"]
    assert Document.objects.filter(kind__key="signed_copy").count() == 1
    drain_outbox()
    assert Contract.objects.get(pk=contract.pk).stage == "active"

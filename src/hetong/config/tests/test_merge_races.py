"""S2-02: two merges at once, and a merge beside what is added at that moment: each is done or refused, and nothing is lost."""

from __future__ import annotations

import pytest

from hetong.accounts.services import seed_roles
from hetong.accounts.testing import Cast, forget_access, make_cast
from hetong.config.roles import ROLES
from hetong.contracts.models import Contract
from hetong.contracts.services import seed_setup
from hetong.contracts.testing import make_contract
from hetong.jobs.testing import together, trying
from hetong.parties.models import Party
from hetong.parties.services import merge_parties
from hetong.parties.testing import make_party

pytestmark = pytest.mark.usefixtures("on_disk")
ROUNDS = 3


def people() -> Cast:
    """The cast, committed, so that every thread sees it."""
    seed_roles(ROLES)
    seed_setup()
    forget_access()
    return make_cast()


def two_records(cast: Cast, round_: int) -> tuple[Party, Party]:
    return (
        make_party(cast.ada, name=f"Acme {round_} AB", kinds=[]), make_party(cast.ada, name=f"Acme {round_} Aktiebolag", kinds=[])
    )  # fmt: skip


def test_two_merges_that_cross_leave_one_party() -> None:
    """Each would make the other's record go: one succeeds, and the later one finds nothing to merge."""
    cast = people()
    ben = cast.ben
    for round_ in range(ROUNDS):
        (one, other), outcomes = two_records(cast, round_), list[str]()
        for party in (one, other):
            make_contract(cast.ada, counterparty=party.pk)
        ways = ((one.pk, other.pk), (other.pk, one.pk))
        together([trying(outcomes, lambda a=a, b=b: merge_parties(ben, a, b)) for a, b in ways])
        assert sorted(outcomes) == ["done", "not_found"]
        [left] = Party.objects.filter(pk__in=[one.pk, other.pk])
        assert Contract.objects.filter(counterparty=left.pk).count() == 2


def test_a_contract_that_is_added_at_the_same_moment_is_not_lost() -> None:
    cast = people()
    ben, ada = cast.ben, cast.ada
    for round_ in range(ROUNDS):
        (one, other), merged, added = two_records(cast, round_), list[str](), list[str]()
        make_contract(cast.ada, counterparty=one.pk)
        works = [trying(merged, lambda a=one.pk, b=other.pk: merge_parties(ben, a, b))]
        works += [trying(added, lambda b=other.pk: make_contract(ada, counterparty=b)) for _n in range(2)]
        together(works)
        assert Contract.objects.filter(counterparty__in=[one.pk, other.pk]).count() == 1 + added.count("done")
        assert Party.objects.filter(pk=other.pk).exists() == (merged != ["done"])

"""S3-31: a hold and what it forbids at the same moment: whichever comes first counts, never both."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from hetong.accounts.models import LegalHold
from hetong.accounts.services import seed_roles
from hetong.accounts.services.holds import place_hold
from hetong.accounts.testing import Cast, forget_access, make_cast
from hetong.config.roles import ROLES
from hetong.contracts.models import Contract
from hetong.contracts.services import seed_setup
from hetong.contracts.testing import make_contract
from hetong.jobs.testing import together, trying
from hetong.parties.models import Contact
from hetong.parties.services.erasing import erase_contacts
from hetong.parties.testing import make_contact

pytestmark = pytest.mark.usefixtures("on_disk")
ROUNDS = 4
MOST_LOOKS = 100_000
CONTACT, CONTRACT = "parties.contact", "contracts.contract"


def people() -> Cast:
    """The cast, committed, so that every thread sees it."""
    seed_roles(ROLES)
    seed_setup()
    forget_access()
    return make_cast()


def test_of_two_holds_placed_at_once_one_stands() -> None:
    cast = people()
    lin = cast.lin
    for number in range(ROUNDS):
        contract, outcomes = make_contract(cast.ada, title=f"Meters {number}"), list[str]()
        together([trying(outcomes, lambda c=contract: place_hold(lin, CONTRACT, c.pk, reason="Case 7"))] * 2)
        assert sorted(outcomes) == ["done", "held_already"]
        assert LegalHold.objects.filter(record=contract.pk, lifted_at=None).count() == 1
    assert Contract.objects.count() == ROUNDS


def test_a_hold_and_an_erasure_at_once_have_an_order() -> None:
    """Either the person is erased and the hold comes too late to keep anything, or the hold stands and nothing is erased."""
    cast = people()
    lin, party = cast.lin, make_contract(cast.ada).counterparty
    for number in range(ROUNDS):
        contact, outcomes = make_contact(cast.ada, party, name=f"Nora {number}"), list[str]()
        together([
            trying(outcomes, lambda c=contact: place_hold(lin, CONTACT, c.pk, reason="Case 7")),
            trying(outcomes, lambda c=contact: erase_contacts(lin, [c.pk], reason="Asked")),
        ])  # fmt: skip
        is_erased = Contact.objects.get(pk=contact.pk).name == "–"
        assert sorted(outcomes) == (["done", "done"] if is_erased else ["done", "legal_hold"])


@pytest.mark.postgresql
def test_an_erasure_waits_for_a_hold_that_is_being_placed() -> None:
    """The order is forced here: the hold is written and not committed when the erasure asks for it."""
    cast = people()
    lin, contact = cast.lin, make_contact(cast.ada, make_contract(cast.ada).counterparty, name="Nora Lind")
    is_placed, outcomes = threading.Event(), list[str]()

    @transaction.atomic
    def hold() -> None:
        place_hold(lin, CONTACT, contact.pk, reason="Case 7")
        is_placed.set()
        assert any(_somebody_waits() for _look in range(MOST_LOOKS))

    def erase() -> Any:
        assert is_placed.wait(60)
        return erase_contacts(lin, [contact.pk], reason="Asked")

    together([hold, trying(outcomes, erase)])
    assert outcomes == ["legal_hold"]
    assert Contact.objects.get(pk=contact.pk).name == "Nora Lind"


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # what a transaction saw of others stays as it was first seen
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])

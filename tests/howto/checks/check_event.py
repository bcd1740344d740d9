"""Run in a copy in which docs/how-to/add-an-event.md was followed: the event is told and has its consequence."""

from __future__ import annotations

from typing import Any

import pytest

from hetong.audit.queries import find_history
from hetong.contracts.services import review_contracts, take_party_details
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line
from hetong.jobs.testing import drain_outbox
from hetong.parties.services import edit_parties

pytestmark = pytest.mark.django_db


def test_a_contract_in_review_goes_back_and_a_draft_stays(cast: Any) -> None:
    draft, reviewed = (
        make_contract(cast.ada, title=title, starts_on="2026-01-01", ends_on="2026-12-31")
        for title in ("Draft", "Reviewed")
    )
    make_line(cast.ada, reviewed)
    review_contracts(cast.ada, [reviewed.pk])
    edit_parties(cast.ada, [draft.counterparty_id, reviewed.counterparty_id], {"name": "Västerhamnens Fjärrvärme AB"})
    take_party_details(cast.ada, [draft.pk, reviewed.pk])
    reviewed.refresh_from_db()
    assert reviewed.stage == Stage.IN_REVIEW
    drain_outbox()
    for contract in (draft, reviewed):
        contract.refresh_from_db()
        assert contract.stage == Stage.DRAFT
    told = find_history(cast.ada, "contracts.contract", reviewed.pk)[0]
    assert told.sentence == "returned the contract to draft"
    assert told.because_of == "Ada"
    assert len(find_history(cast.ada, "contracts.contract", draft.pk)) == 2

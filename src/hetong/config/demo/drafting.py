"""The demo's facts about a contract as what the services take."""

from __future__ import annotations

import datetime as dt

from .contracts import ContractFacts
from .made import Made

TEAM_OF = {"finance": "purchasing", "executive": "china"}
"""Whose lead decides on contracts of people who sell from no team of that company."""


def contract_given(made: Made, facts: ContractFacts, as_of: dt.date) -> dict[str, object]:
    """The contract itself."""
    starts = as_of + dt.timedelta(days=facts.starts)
    given: dict[str, object] = {
        "title": facts.title, "type": str(made.types[facts.type]), "company": str(made.companies[facts.company].pk),
        "counterparty": str(made.parties[facts.party]), "owner": str(made.users[facts.owner].pk), "currency": facts.currency,
        "starts_on": starts.isoformat(), "ends_on": (starts + dt.timedelta(days=facts.days - 1)).isoformat(), "term": facts.term,
        "notice_count": facts.notice_months or None, "notice_unit": "month", "payment_days": 30,
    }  # fmt: skip
    team = made.team_of.get(facts.owner, "")
    if facts.owner in TEAM_OF:
        team = TEAM_OF[facts.owner] if facts.company == "lindvall" else "china"
    return given | ({"team": str(made.teams[team].pk)} if team else {})


def line_givens(facts: ContractFacts) -> list[dict[str, object]]:
    """Its lines, as they are added with it."""
    return [
        {
            "title": line.product, "quantity": line.quantity, "unit": line.unit, "unit_price": line.price,
            "discount": line.discount, "tax_rate": line.tax,
        }
        for line in facts.lines
    ]  # fmt: skip

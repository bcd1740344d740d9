"""Files whose shape is known: what their columns mean and what holds for all of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hetong.kernel.errors import N_


@dataclass(frozen=True)
class Profile:
    """A known file: its kind, what its columns mean, options for all rows.

    ``copies``: column that has nothing of its own → column whose cell it takes over.
    """

    key: str
    kind: str
    mapping: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)


PROFILES: Final[Mapping[str, Profile]] = {
    one.key: one
    for one in (
        # Procurement of the Japanese state as gBizINFO publishes it: one order a row, days at midnight in +09:00.
        # The amounts include consumption tax, at a rate that is not told; suppliers are named by corporate number only.
        Profile(
            "gbizinfo", "contracts",
            {
                "date_of_order": "signed_on", "title": "title", "amount": "value", "government_departments": "source",
                "joint_signatures": "", "corporate_number": "counterparty_number",
            },
            options={
                "stage": "active", "class": "expense", "currency": "JPY", "country": "JP", "add_parties": True, "tax_rate": "0",
                "prices_include_tax": True, "reason": N_("In force already: taken over from the published procurement ledger."),
            },
            copies={"starts_on": "signed_on", "counterparty": "counterparty_number"},
        ),
    )
}  # fmt: skip
"""By key, as ``--profile`` names them."""

"""What contracts have to say when two records of a party are made one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.kernel.errors import N_, Conflict

ON_THEIR_WAY = (Stage.IN_APPROVAL, Stage.APPROVED, Stage.SIGNING)
"""What is decided on or signed is exactly what was shown, and the counterparty is part of it."""


class OnTheirWay(Conflict):
    """A contract of the party is between its submission and its signature."""

    code = "contracts_on_their_way"
    text = N_(
        "A contract with the record that would go is being approved or signed. Its counterparty is part of what was shown."
    )
    then = N_("Wait until it is signed or withdrawn, or keep that record and merge the other one into it.")


def check_merge(old: UUID, new: UUID) -> None:
    """Raise `OnTheirWay` where a contract of the party that goes is being approved or signed."""
    named = Q(counterparty=old) | Q(parties__party=old)
    # allow: visibility — whatever its reader sees, the content of such a contract must stay as it is
    if Contract.objects.filter(named, stage__in=ON_THEIR_WAY).exists():
        raise OnTheirWay

"""Originals on paper: which are out, and which should have come back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hetong.contracts.models import Loan, Original


def originals_out(ids: Collection[UUID]) -> dict[UUID, list[Original]]:
    """The originals of these contracts that are lent out now, by contract; a contract with none out is left out."""
    found: dict[UUID, list[Original]] = {}
    out = Loan.objects.filter(returned_on=None).values("original")
    for one in Original.objects.filter(contract__in=ids, pk__in=out).order_by("copy_no", "pk"):
        found.setdefault(one.contract_id, []).append(one)
    return found

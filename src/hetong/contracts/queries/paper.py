"""Originals on paper: which are out, and which should have come back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hetong.accounts.models import Company
from hetong.contracts.models import Loan, Original
from hetong.kernel import clock
from hetong.kernel.actors import Actor


def originals_out(ids: Collection[UUID]) -> dict[UUID, list[Original]]:
    """The originals of these contracts that are lent out now, by contract; a contract with none out is left out."""
    found: dict[UUID, list[Original]] = {}
    out = Loan.objects.filter(returned_on=None).values("original")
    for one in Original.objects.filter(contract__in=ids, pk__in=out).order_by("copy_no", "pk"):
        found.setdefault(one.contract_id, []).append(one)
    return found


def find_overdue_loans(actor: Actor) -> QuerySet[Loan]:
    """The loans that the actor may see whose day has passed in the contract's company, longest overdue first."""
    return Loan.objects.visible_to(actor).filter(_past(), returned_on=None).order_by("until", "pk")


def _past() -> Q:
    """That the last day of a loan has passed where the contract's company is."""
    past = Q(pk__in=[])
    for company, zone in Company.objects.values_list("pk", "zone"):
        past |= Q(original__company=company, until__lt=clock.today(zone))
    return past


def count_originals(actor: Actor, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """How many originals each of these contracts has, for the tab."""
    rows = Original.objects.visible_to(actor).filter(contract__in=ids).order_by()
    return rows.values_list("contract").annotate(count=Count("pk"))

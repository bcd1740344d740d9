"""How many dues there are, for the tab; which stages of plans are billed, for those who change plans."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hetong.billing.models import Due
from hetong.billing.states import DueState
from hetong.kernel.actors import Actor


def count_dues(actor: Actor, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """How many dues each of these contracts has."""
    dues = Due.objects.visible_to(actor).filter(contract__in=ids).exclude(state=DueState.REVERSED).order_by()
    return dues.values_list("contract").annotate(count=Count("pk"))


def billed_instalments(ids: Collection[UUID]) -> set[UUID]:
    """Those of these stages of plans on which something is invoiced or settled, so that the plan of them is history."""
    touched = Due.objects.filter(~Q(invoiced_minor=0) | ~Q(settled_minor=0), instalment__in=list(ids))
    return set(touched.exclude(state=DueState.REVERSED).values_list("instalment", flat=True))

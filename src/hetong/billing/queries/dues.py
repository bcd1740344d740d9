"""How many dues there are, for the tab."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count

from hetong.billing.models import Due
from hetong.billing.states import DueState
from hetong.kernel.actors import Actor


def count_dues(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many dues each of these contracts has."""
    dues = Due.objects.visible_to(actor).filter(contract__in=ids).exclude(state=DueState.REVERSED).order_by()
    return dict(dues.values_list("contract").annotate(count=Count("pk")))

"""Payments that may be the same as a new one."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q

from hetong.billing.models import Payment
from hetong.billing.states import PaymentState
from hetong.kernel.actors import Actor
from hetong.kernel.text import fold


def is_known_payment(
    actor: Actor, *, amount: int, currency: str, on: dt.date, direction: str, reference: str, contract: UUID | None, party: UUID | None
) -> bool:  # fmt: skip
    """Whether a payment of that very amount (minor units) moved that day, as far as the actor may see.

    Two that name different references of the bank are two.
    """
    where = {"contract": contract} if contract else {"contract": None, "party": party}
    alike = Payment.objects.visible_to(actor).filter(
        **where, amount_minor=amount, currency=currency, on=on, direction=direction,
        state__in=[PaymentState.REPORTED, PaymentState.CONFIRMED],
    )  # fmt: skip
    named = fold(reference)
    return alike.filter(Q(reference_key=named) | Q(reference_key="") if named else Q()).exists()

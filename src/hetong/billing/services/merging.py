"""What billing has to say when two records of a party are made one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef

from hetong.billing.models import Invoice
from hetong.billing.states import Direction
from hetong.kernel.errors import N_, Conflict


class ReceivedTwice(Conflict):
    """Both parties sent us an invoice of the same number: it was entered on each."""

    code = "received_twice"
    text = N_("Both records have a received invoice of the same number with the same company of ours.")
    then = N_("One of the two was entered twice. Ask finance to look at both before the records are merged.")


def check_merge(old: UUID, new: UUID) -> None:
    """Raise `ReceivedTwice` where the two parties' received invoices would stand beside each other under one number."""
    received = Invoice.objects.filter(direction=Direction.IN)  # allow: visibility — the constraint sees them all
    twin = received.filter(party=new, company=OuterRef("company"), number_key=OuterRef("number_key"))
    if received.filter(Exists(twin), party=old).exists():
        raise ReceivedTwice

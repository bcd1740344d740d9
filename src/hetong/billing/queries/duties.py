"""Where one person did both halves of what two people do with money."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from hetong.accounts.duties import Happened
from hetong.audit.models import Entry
from hetong.billing.models import Payment
from hetong.billing.policy import PAYMENT
from hetong.billing.states import Direction, PaymentState
from hetong.kernel.actors import Actor
from hetong.parties.events import Act as Parties
from hetong.parties.models import PartyBank

BANK = "parties.bank"
CHANGES = (Parties.BANK_ADDED, Parties.BANK_EDITED)
MOST = 200
COUNTED = (PaymentState.CONFIRMED, PaymentState.REVERSED)


def last_changers(parties: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By party, who was the last to add or change each of its accounts in use, as the journal has it."""
    # allow: visibility — asked by services about parties whose payments they hold
    banks = dict(PartyBank.objects.filter(party__in=parties, is_active=True).values_list("pk", "party"))
    last: dict[UUID, UUID] = {}
    entries = Entry.objects.filter(noun=BANK, subject__in=list(banks), code__in=CHANGES).order_by("pk")
    for bank, who in entries.values_list("subject", "actor_id"):
        if bank is not None and who is not None:
            last[bank] = who
    found: dict[UUID, set[UUID]] = {}
    for bank, who in last.items():
        found.setdefault(banks[bank], set()).add(who)
    return found


def own_confirmations(actor: Actor) -> Sequence[Happened]:
    """Payments confirmed by whoever had reported them; those entered and confirmed in one step among them."""
    rows = Payment.objects.visible_to(actor).filter(
        state__in=COUNTED, reported_by__isnull=False, reported_by=F("decided_by")
    )
    return [
        Happened(PAYMENT, one.pk, one.decided_by_label, one.decided_at) for one in rows.order_by("-decided_at")[:MOST]
    ]


def own_accounts_paid(actor: Actor) -> Sequence[Happened]:
    """Payments to parties, confirmed by whoever had been the last to change one of their accounts until then."""
    rows = Payment.objects.visible_to(actor).filter(
        direction=Direction.OUT, state__in=COUNTED, decided_by__isnull=False
    )
    newest = list(rows.order_by("-decided_at")[:MOST])
    changes = _changes({one.party_id for one in newest})
    return [
        Happened(PAYMENT, one.pk, one.decided_by_label, one.decided_at)
        for one in newest if one.decided_at and one.decided_by in _changers_at(changes.get(one.party_id, {}), one.decided_at)
    ]  # fmt: skip


Changes = dict[UUID, list[tuple[datetime, UUID]]]


def _changes(parties: Collection[UUID]) -> dict[UUID, Changes]:
    """By party and account, when it was changed by whom, oldest first."""
    # allow: visibility — of parties whose payments the reader sees; only who acted is used
    banks = dict(PartyBank.objects.filter(party__in=parties).values_list("pk", "party"))
    entries = Entry.objects.filter(noun=BANK, subject__in=list(banks), code__in=CHANGES).order_by("pk")
    found: dict[UUID, Changes] = {}
    for bank, at, who in entries.values_list("subject", "at", "actor_id"):
        if bank is not None and who is not None:
            found.setdefault(banks[bank], {}).setdefault(bank, []).append((at, who))
    return found


def _changers_at(changes: Changes, at: datetime) -> set[UUID]:
    """Who had been the last to change each account at that instant."""
    before = ([who for when, who in of if when <= at] for of in changes.values())
    return {names[-1] for names in before if names}

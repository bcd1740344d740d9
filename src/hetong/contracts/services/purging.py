"""Removing drafts that were discarded long ago: nothing was agreed, numbered or decided in them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError

from hetong.accounts.holds import held
from hetong.accounts.services.access import hold_policy
from hetong.approvals.models import Round
from hetong.audit.services import Change, record_many
from hetong.contracts.events import Act
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, StageMove
from hetong.contracts.states import Stage
from hetong.documents.models import Document
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.signing.models import Envelope

KEPT = timedelta(days=30)
CHUNK = 100


def purge_discarded() -> str:
    """Remove drafts discarded more than 30 days ago that never had a number, a round, an envelope or a paper.

    What a legal hold keeps, stays. The journal keeps that they were, and who removed them.
    """
    removed, kept = 0, 0
    actor = Actor.system()
    of = {"noun": CONTRACT.noun, "subject": OuterRef("pk")}
    gone = Contract.objects.filter(stage=Stage.DISCARDED, number=None, children=None)
    gone = gone.exclude(Exists(Round.objects.filter(**of))).exclude(Exists(Envelope.objects.filter(**of)))
    gone = gone.exclude(Exists(Document.objects.filter(**of)))
    lately = StageMove.objects.filter(contract=OuterRef("pk"), at__gte=clock.now() - KEPT)
    moved = StageMove.objects.filter(contract=OuterRef("pk"))
    ids = list(gone.filter(Exists(moved), ~Exists(lately)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        went, stayed = _remove(actor, ids[start : start + CHUNK])
        removed, kept = removed + went, kept + stayed
    return f"{removed} discarded drafts removed" + (f", {kept} held" if kept else "") if removed or kept else ""


@transaction.atomic
def _remove(actor: Actor, ids: list[UUID]) -> tuple[int, int]:
    """How many of the drafts went, and how many a hold keeps; none is placed meanwhile."""
    hold_policy()
    holds = {id for _key, id in held((CONTRACT.noun, id) for id in ids)}
    # allow: visibility — a job of the product itself
    drafts = Contract.objects.select_for_update(of=("self",)).filter(pk__in=ids, stage=Stage.DISCARDED)
    rows = list(drafts.exclude(pk__in=holds).order_by("pk"))
    what = []
    for row in rows:
        change = Change(CONTRACT.noun, row.pk, row.title, row.company_id)
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            continue
        what.append(change)
    record_many(actor, Act.PURGED, what)
    return len(what), len(holds)

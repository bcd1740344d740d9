"""Checking the chain because somebody asks: a long job whose outcome is an entry of its own."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from hetong.audit.events import FOUND_BROKEN, VERIFIED
from hetong.audit.models import Link
from hetong.audit.policy import Can
from hetong.jobs.services import start_job
from hetong.kernel.actors import Actor

from .journal import record

TASK = "audit.verify"
MOST = 100
"""How many findings are counted; one is enough to be alarmed."""


def start_verifying(actor: Actor) -> None:
    """Have the whole chain checked in the background. Raises `Forbidden`."""
    actor.require(Can.VIEW_JOURNAL)
    start_job(actor, TASK, _("Check of the journal"), {})


def run_verifying(actor: Actor, handle: Any) -> dict[str, Any]:
    """The job: check everything, keep the outcome in the journal, name the first thing that is wrong."""
    from hetong.audit.sealer import check  # the sealer writes through these services

    actor.require(Can.VIEW_JOURNAL)
    handle.progress(0, 1)
    links = Link.objects.count()
    found = list(islice(check(), MOST))
    if found:
        record(actor, FOUND_BROKEN, count=len(found), where=found[0].where, what=found[0].what)
    else:
        record(actor, VERIFIED, count=links)
    handle.progress(1, 1)
    return {"done": links, "findings": [f"{one.where}: {one.what}" for one in found[:20]]}

"""Whether each archived contract has its package, and the one that the journal speaks of: what the doctor asks."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from hetong.audit.models import Entry
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.documents.models import Document
from hetong.exchange.events import Act
from hetong.jobs.models import Outbox, State
from hetong.kernel.actors import Actor

CONTRACT = "contracts.contract"
KIND = "archive_package"
CHUNK = 500


def package_checks() -> Iterator[tuple[str, str]]:
    """(where, what) for each archived contract without a package, or with another one than was made."""
    archived = Contract.objects.visible_to(Actor.system()).filter(stage=Stage.ARCHIVED).order_by("pk")
    ids: list[UUID] = []
    for id in archived.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        ids.append(id)
        if len(ids) == CHUNK:
            yield from _check(ids)
            ids = []
    yield from _check(ids)


def _check(ids: list[UUID]) -> Iterator[tuple[str, str]]:
    made = dict(
        Entry.objects.filter(code=Act.PACKAGED, subject__in=ids).order_by("pk").values_list("subject", "params")
    )
    kept = Document.objects.visible_to(Actor.system(), CONTRACT).filter(
        subject__in=ids, kind__key=KIND, is_retired=False
    )
    current = dict(kept.order_by("-pk").values_list("subject", "current__sha256"))
    subjects = [f"{CONTRACT}:{id}" for id in ids]
    waiting = set(
        Outbox.objects.filter(subject__in=subjects, listener__endswith="build_packages")
        .exclude(state=State.DONE)
        .values_list("subject", flat=True)
    )
    for id in ids:
        if id not in made and f"{CONTRACT}:{id}" not in waiting:
            yield f"{CONTRACT} {id}", "archived, but no archive package was made"
        elif id in made and current.get(id) != made[id]["package_sha256"]:
            yield f"{CONTRACT} {id}", "its archive package is not the one that the journal speaks of"

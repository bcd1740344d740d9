"""Taking back what an import did, where nobody touched it since; what was touched stays, and it is said why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models import ProtectedError, Q

from hetong.accounts.models import CustomIndex
from hetong.audit.models import Entry
from hetong.audit.services import record
from hetong.billing.services import take_back_dues
from hetong.contracts.services import edit_contracts, take_back_contracts
from hetong.exchange.events import Act
from hetong.exchange.models import Import, ImportRow, RowError, SourceRow
from hetong.exchange.states import ImportState
from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.errors import N_, DomainError
from hetong.kernel.ids import new_id
from hetong.kernel.nouns import noun
from hetong.kernel.rows import insert, write
from hetong.parties.services import (
    edit_contacts,
    edit_parties,
    take_back_contacts,
    take_back_parties,
)

CHUNK = 200
CONTRACT = "contracts.contract"
ORDER = ("billing.payment", "billing.invoice", CONTRACT, "parties.contact", "parties.party")
"""What hangs on others goes before them."""
NOT_TOUCHING = frozenset({"audit", "search", "todos", "notifications", "jobs", "exchange"})
"""Apps whose rows about a record follow from it by themselves."""
FOLLOWING = (CustomIndex,)
"""Models of others of which the same is true: they go with the record."""
TOUCHED = N_("Kept: %(who)s worked on it since (%(what)s).")
HELD = N_("Kept: something else refers to it by now.")
HANGS = N_("Kept: there are %(what)s on it by now.")
POSTED = N_("Kept: what was posted is never deleted. Credit the invoice, or reverse the payment.")
GONE = N_("It is not there any more, or you have no access to it.")


def _remove_contracts(actor: Actor, ids: Collection[UUID], reason: str) -> None:
    take_back_dues(actor, ids, reason=reason)
    take_back_contracts(actor, ids, reason=reason)


REMOVERS: Mapping[str, Callable[[Actor, Collection[UUID], str], None]] = {
    CONTRACT: _remove_contracts,
    "parties.contact": lambda actor, ids, reason: take_back_contacts(actor, ids, reason=reason),
    "parties.party": lambda actor, ids, reason: take_back_parties(actor, ids, reason=reason),
}
EDITORS: Mapping[str, Callable[..., Any]] = {
    CONTRACT: edit_contracts, "parties.contact": edit_contacts, "parties.party": edit_parties,
}  # fmt: skip


@dataclass
class Undone:
    """What came of undoing: how many records were removed, how many say again what they said, and what was kept, and why."""

    removed: int = 0
    restored: int = 0
    kept: list[tuple[ImportRow, str, Mapping[str, str]]] = field(default_factory=list)


def undo_rows(actor: Actor, of: Import, told: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Undo the import as far as nobody touched what it did; each chunk commits alone."""
    done, found = 0, Undone()
    total = ImportRow.objects.filter(import_id=of.pk).count()
    acting, batch = replace(actor, batch=new_id()), of.batch
    for key in ORDER:
        rows = list(ImportRow.objects.filter(import_id=of.pk, noun=key).order_by("-pk"))
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            with transaction.atomic():
                _undo_chunk(acting, of, key, chunk, batch, found)
            done += len(chunk)
            if told is not None:
                told(done, total)
    return _settle(acting, of, found)


@transaction.atomic
def _settle(actor: Actor, of: Import, found: Undone) -> dict[str, int]:
    RowError.objects.filter(of=of.pk).delete()
    insert([
        RowError(of=of, line=row.line, code="kept", text=text, params=dict(params)) for row, text, params in found.kept
    ])  # fmt: skip
    counts = {"removed": found.removed, "restored": found.restored, "kept": len(found.kept)}
    of.counts = {"rows": of.counts.get("rows", 0), **counts}
    of.state, of.finished_at = ImportState.UNDONE, clock.now()
    write([of], ("counts", "state", "finished_at"))
    record(
        actor,
        Act.IMPORT_UNDONE,
        company=of.company_id,
        label=of.name[:300],
        name=of.name,
        removed=found.removed,
        restored=found.restored,
        kept=len(found.kept),
    )
    return counts


def _undo_chunk(
    actor: Actor, of: Import, key: str, rows: Sequence[ImportRow], batch: UUID | None, found: Undone
) -> None:
    if key not in REMOVERS:
        found.kept += [(row, POSTED, {}) for row in rows]
        return
    why = _touched(actor, key, rows, batch)
    found.kept += [(row, *why[row.record]) for row in rows if row.record in why]
    free = [row for row in rows if row.record not in why]
    _remove(actor, of, key, [row for row in free if row.is_new], found)
    for row in free:
        if not row.is_new:
            _restore(actor, of, key, row, found)


# -- what was touched --------------------------------------------------------------------------------


def _touched(
    actor: Actor, key: str, rows: Sequence[ImportRow], batch: UUID | None
) -> dict[UUID, tuple[str, Mapping[str, str]]]:
    """Records that are not as the import left them, and why."""
    ids = {row.record for row in rows}
    entry = noun(key)
    versions = dict(entry.visible_to(actor).filter(pk__in=ids).values_list("pk", "version"))
    why: dict[UUID, tuple[str, Mapping[str, str]]] = {id: (GONE, {}) for id in ids - versions.keys()}
    for id, what in _hanging(key, ids):
        why.setdefault(id, (HANGS, {"what": what}))
    acts = Entry.objects.filter(noun=key, subject__in=ids).exclude(Q(batch=batch) | Q(actor_kind=ActorKind.SYSTEM))
    made = {row.record: row.pk for row in rows}
    for one in acts.order_by("pk"):
        if one.subject is not None and one.pk > made[one.subject]:
            why.setdefault(one.subject, (TOUCHED, {"who": one.actor_label, "what": one.code}))
    left = {row.record: row.version for row in rows}
    for id, version in versions.items():
        if version != left[id]:
            why.setdefault(id, (TOUCHED, {"who": "?", "what": "version"}))
    return why


def _hanging(key: str, ids: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    """What hangs on records by noun and id: documents, rounds, envelopes, threads, shares."""
    for model in apps.get_models():
        names = {one.name for one in model._meta.concrete_fields}
        subject = next((name for name in ("subject", "record") if name in names), "")
        is_ours = model._meta.app_config.name.startswith("hetong.")
        follows = model._meta.app_label in NOT_TOUCHING or model in FOLLOWING
        if not subject or "noun" not in names or not is_ours or follows:
            continue
        if not isinstance(model._meta.get_field(subject), models.UUIDField):
            continue
        rows = model._default_manager.filter(noun=key, **{f"{subject}__in": list(ids)})
        for id in rows.values_list(subject, flat=True).distinct():
            yield id, str(model._meta.verbose_name_plural)


# -- taking back -------------------------------------------------------------------------------------


def _remove(actor: Actor, of: Import, key: str, rows: Sequence[ImportRow], found: Undone) -> None:
    """Remove what was added; where the database holds on to one, it is found by halving and kept."""
    if not rows:
        return
    try:
        with transaction.atomic():
            ids = [row.record for row in rows]
            REMOVERS[key](actor, ids, of.name)
            for model in FOLLOWING:
                model.objects.filter(noun=key, record__in=ids).delete()
            SourceRow.objects.filter(company=of.company_id, record__in=ids).delete()
            ImportRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    except (ProtectedError, DomainError):
        if len(rows) == 1:
            found.kept.append((rows[0], HELD, {}))
            return
        half = len(rows) // 2
        _remove(actor, of, key, rows[:half], found)
        _remove(actor, of, key, rows[half:], found)
        return
    found.removed += len(rows)


def _restore(actor: Actor, of: Import, key: str, row: ImportRow, found: Undone) -> None:
    """Let a changed record say again what it said before."""
    kept = row.before or {}
    try:
        with transaction.atomic():
            EDITORS[key](actor, [row.record], kept.get("given", {}), reason=of.name)
            same = SourceRow.objects.filter(company=of.company_id, key=row.key)
            if kept.get("digest"):
                same.update(digest=kept["digest"])
            else:
                same.delete()
            ImportRow.objects.filter(pk=row.pk).delete()
    except DomainError as refused:
        found.kept.append((row, refused.text, {name: str(value) for name, value in refused.params.items()}))
        return
    found.restored += 1

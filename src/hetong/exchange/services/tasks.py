"""The long steps of an import: as jobs of the person who started them, and at once for the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.exchange.models import Import
from hetong.exchange.services.imports import CHECK, RUN, UNDO, ready
from hetong.exchange.services.undoing import undo_rows
from hetong.exchange.services.working import check_rows, import_rows
from hetong.exchange.states import OPEN, RAN
from hetong.kernel.actors import Actor

Told = Callable[[int, int], None]


def check_now(actor: Actor, import_id: UUID, told: Told | None = None) -> dict[str, int]:
    """Try the whole file in this thread; see `check_import`."""
    return check_rows(actor, _ready(actor, import_id, CHECK), told)


def import_now(actor: Actor, import_id: UUID, told: Told | None = None) -> dict[str, int]:
    """Import in this thread; see `run_import`."""
    return import_rows(actor, _ready(actor, import_id, RUN), told)


def undo_now(actor: Actor, import_id: UUID, told: Told | None = None) -> dict[str, int]:
    """Undo in this thread; see `undo_import`."""
    return undo_rows(actor, _ready(actor, import_id, UNDO), told)


@transaction.atomic
def _ready(actor: Actor, import_id: UUID, task: str) -> Import:
    return ready(actor, import_id, task, RAN if task == UNDO else OPEN | RAN, is_job=True)


def run_check(actor: Actor, handle: Any, *, import_id: str) -> dict[str, int]:
    """The job of a check."""
    return check_now(actor, UUID(import_id), handle.progress)


def run_run(actor: Actor, handle: Any, *, import_id: str) -> dict[str, int]:
    """The job of a run."""
    return import_now(actor, UUID(import_id), handle.progress)


def run_undo(actor: Actor, handle: Any, *, import_id: str) -> dict[str, int]:
    """The job of an undo."""
    return undo_now(actor, UUID(import_id), handle.progress)

"""Who may blank personal values in the journal, and where somebody who manages people did. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hetong.audit.events import ERASED
from hetong.audit.models import Entry
from hetong.kernel.actors import Actor

from .duties import Happened
from .models import Grant
from .policy import Can

ADMINISTER_ERASE: Final = "accounts.administer_erase"
"""Duties kept apart: managing people and roles, and blanking values in the journal."""
MOST = 200


def erasures_by_administrators(actor: Actor) -> Sequence[Happened]:
    """What was erased by people who manage people or roles now, newest first."""
    entries = list(Entry.objects.filter(code=ERASED, actor_id__isnull=False).order_by("-pk")[:MOST])
    held: dict[object, set[str]] = {}
    grants = Grant.objects.filter(user__in={one.actor_id for one in entries}, role__is_active=True).select_related(
        "role"
    )
    for grant in grants:
        held.setdefault(grant.user_id, set()).update(grant.role.permissions)
    both = {str(Can.MANAGE_USERS), str(Can.MANAGE_ROLES)}
    return [
        Happened(one.noun, one.subject, one.actor_label, one.at)
        for one in entries if one.subject and held.get(one.actor_id, set()) & both
    ]  # fmt: skip

"""When one is reminded of a deadline: what administrators set, else what is shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from hetong.kernel.actors import Actor
from hetong.kernel.deadlines import Deadline
from hetong.kernel.nouns import noun, nouns
from hetong.notifications.models import ReminderRule


@dataclass(frozen=True)
class Rule:
    """The marks of a deadline for one kind of record, or for all that have no rule of their own (``but``)."""

    offsets: tuple[int, ...]
    """The largest first: the order in which they pass."""
    escalates: int | None
    kind: UUID | None = None
    but: tuple[UUID, ...] = ()

    def where(self, of: Deadline) -> Q:
        """The rows that this rule is for."""
        if not of.kind:
            return Q()
        return Q(**{of.kind: self.kind}) if self.kind else ~Q(**{f"{of.kind}__in": self.but}) if self.but else Q()


def rules_of(of: Deadline, stored: Sequence[ReminderRule] | None = None) -> list[Rule]:
    """The rules of a deadline: those of kinds of record, then the one for all others. A rule without marks reminds of nothing."""
    rows = (
        list(ReminderRule.objects.filter(deadline=of.key))
        if stored is None
        else [r for r in stored if r.deadline == of.key]
    )
    own = [row for row in rows if row.kind is not None]
    common = next((row for row in rows if row.kind is None), None)
    found = [Rule(_ordered(row.offsets), row.escalates, row.kind) for row in own]
    but = tuple(row.kind for row in own if row.kind)
    if common is None:
        return [*found, Rule(_ordered(of.offsets), of.escalates, None, but)]
    return [*found, Rule(_ordered(common.offsets), common.escalates, None, but)]


def _ordered(offsets: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(offsets), reverse=True))


def kinds_of(actor: Actor, of: Deadline) -> list[tuple[UUID, str]]:
    """The kinds of record that a deadline may have rules of their own for, by id and name; none where there are no kinds."""
    if not of.kind:
        return []
    model = noun(of.noun).model._meta.get_field(of.kind.removesuffix("_id")).related_model
    entry = next((one for one in nouns() if one.model is model), None)
    return [(row.id, row.title) for row in entry.register.show(actor, entry.visible_to(actor), ())] if entry else []

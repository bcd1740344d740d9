"""Where one person did both halves of what two people do in approvals, and whom somebody made a lead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import F

from hetong.accounts.duties import Happened
from hetong.accounts.events import Act as Accounts
from hetong.approvals.models import Task
from hetong.audit.models import Entry
from hetong.audit.values import values_of_entries
from hetong.kernel.actors import Actor

TEAM = "accounts.team"
MOST = 200


def named_leads(actor: Actor, teams: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these teams, those whose present lead the actor named, with the lead."""
    return {team: lead for team, (who, lead) in _namings(teams).items() if who == actor.id}


def _namings(teams: Collection[UUID]) -> dict[UUID, tuple[UUID | None, UUID]]:
    """Who named the present lead of each team, as the journal has it, and the lead."""
    if not teams:
        return {}
    entries = list(
        Entry.objects.filter(
            noun=TEAM, subject__in=list(teams), code__in=[Accounts.TEAM_ADDED, Accounts.TEAM_EDITED]
        ).order_by("pk")
    )
    values = values_of_entries(entries)
    leads = ((of.subject, of.actor_id, one.after) for of in entries for one in values[of.pk] if one.field == "lead")
    found: dict[UUID, tuple[UUID | None, UUID]] = {}
    for team, who, after in leads:
        if team is not None and isinstance(after, dict) and after.get("id"):
            found[team] = (who, UUID(str(after["id"])))
        elif team is not None:
            found.pop(team, None)
    return found


def own_decisions(actor: Actor) -> Sequence[Happened]:
    """Decisions by whoever had asked for them."""
    decided = Task.objects.visible_to(actor).filter(decided_by__isnull=False, decided_by=F("round__opened_by"))
    return _happened(decided.select_related("round").order_by("-decided_at")[:MOST])


def chosen_decisions(actor: Actor) -> Sequence[Happened]:
    """Decisions by whoever had named the lead who was asked."""
    decided = Task.objects.visible_to(actor).filter(decided_by__isnull=False, team__isnull=False)
    tasks = list(decided.select_related("round").order_by("-decided_at")[:MOST])
    namings = _namings({task.team for task in tasks if task.team})
    return _happened(
        task for task in tasks if task.team and namings.get(task.team) == (task.decided_by, task.assignee_id)
    )


def _happened(tasks: Iterable[Task]) -> Sequence[Happened]:
    return [Happened(task.round.noun, task.round.subject, task.decided_by_label, task.decided_at) for task in tasks]

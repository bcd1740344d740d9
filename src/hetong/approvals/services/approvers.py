"""Who decides on a request, first form: the lead of the submitter's team, or of the nearest team above."""

from __future__ import annotations

from uuid import UUID

from hetong.accounts.models import Team, User
from hetong.accounts.queries import actor_for
from hetong.approvals.policy import Can
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict
from hetong.kernel.nouns import noun


class NoApprover(Conflict):
    """The submitter's team and those above it have no lead who could decide."""

    code = "no_approver"
    text = N_("Nobody can decide on “%(title)s”: “%(team)s” and the teams above it have no other lead who may approve.")
    then = N_("Ask an administrator to name one under Settings → Teams → Lead. Nothing was sent.")


class NoTeam(NoApprover):
    """There is no team whose lead could be asked."""

    text = N_("Nobody can decide on “%(title)s”: you work from no team in this company, and it belongs to none.")
    then = N_("Give it a team, or ask an administrator to add you to one under Settings → People. Nothing was sent.")


def approver_of(actor: Actor, key: str, title: str, company: UUID | None, team: UUID | None) -> tuple[User, UUID]:
    """The person who decides on a request of the actor's, and the team they lead. Raises `NoApprover`, which names the setting."""
    teams = {one.pk: one for one in Team.objects.filter(company=company).select_related("lead")}
    start = _team_of(actor, teams, team)
    if start is None:
        raise NoTeam(title=title)
    step: Team | None = start
    passed: set[UUID] = set()
    while step is not None and step.pk not in passed:
        passed.add(step.pk)
        if step.lead is not None and step.lead_id != actor.id and _can_decide(step.lead, key, company):
            return step.lead, step.pk
        step = teams.get(step.parent_id) if step.parent_id else None
    raise NoApprover(title=title, team=start.name)


def _team_of(actor: Actor, teams: dict[UUID, Team], team: UUID | None) -> Team | None:
    """The team the actor works from in that company (the record's own, where it is one of several), else the record's."""
    own = sorted(id for id in actor.teams if id in teams)
    if own and team not in own:
        return teams[own[0]]
    return teams.get(team) if team else None


def _can_decide(user: User, key: str, company: UUID | None) -> bool:
    """Whether a lead really could press the button: active, permitted there, and able to read such records."""
    if not user.is_active or user.kind != "staff":
        return False
    lead, can_view = actor_for(user), noun(key).can_view
    return lead.may(Can.DECIDE, company) and (not can_view or lead.may(can_view, company))

"""Whom a contract waits for: somebody who really can press the next button, named; and what happens then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hetong.accounts.models import Grant, Role, Team, User
from hetong.accounts.queries import actor_for
from hetong.approvals.models import Task
from hetong.approvals.states import RoundState, TaskState
from hetong.contracts.models import Contract, Member
from hetong.contracts.policy import NEEDS, Can, is_in_reach
from hetong.contracts.states import Signature, Stage
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.fields import Raw, Text, Waiting

MOST_COLLEAGUES = 8
"""How many colleagues with the right role are looked at before nobody is named."""

NEXT: dict[str, tuple[str, Text, Text]] = {
    Stage.DRAFT: ("submit", _("to finish the draft and submit it"), _("Its approver decides")),
    Stage.IN_REVIEW: ("submit", _("to review it and submit it"), _("Its approver decides")),
    Stage.APPROVED: ("send_to_sign", _("to send it to be signed"), _("Both sides sign")),
    Stage.REJECTED: ("revise", _("to revise it"), _("It is submitted again")),
    Stage.SIGNING: ("recall", _("to record the signed copy"), _("It comes into force")),
    Stage.SUSPENDED: ("resume", _("to resume or terminate it"), _("It is in force again, or ends")),
    Stage.TERMINATED: ("begin_closing", _("to begin closing it"), _("What is open is settled")),
    Stage.EXPIRED: ("begin_closing", _("to begin closing it"), _("What is open is settled")),
    Stage.SUPERSEDED: ("close", _("to close it"), _("It can be archived")),
    Stage.CLOSING: ("close", _("to settle what is open and close it"), _("It can be archived")),
    Stage.CLOSED: ("archive", _("to archive it"), _("It is kept, read-only")),
}
"""For each stage that somebody has to act in: the verb whose permission that needs, what they do, what follows."""

RESTING: dict[str, tuple[Text, Text]] = {
    Stage.ACTIVE: (_("Nobody: it is in force"), _("It runs until it ends")),
    Stage.ARCHIVED: (_("Nobody: it is archived"), _("It stays readable")),
    Stage.VOID: (_("Nobody: it is void"), _("It stays readable")),
    Stage.DISCARDED: (_("Nobody: it was discarded"), _("It can be restored")),
}
"""The stages in which nobody has to act."""


def waiting_on(actor: Actor, raw: Raw, *, is_told: bool) -> Waiting | None:
    """Who can press the next button, and what happens then. ``is_told``: whether the reader may read people's names."""
    stage, since = Stage(raw["stage"]), raw["stage_since"]
    if stage in RESTING:
        what, then = RESTING[stage]
        return Waiting("", what, since, then)
    if stage is Stage.IN_APPROVAL:
        return _approver(raw, is_told=is_told)
    verb, what, then = NEXT[stage]
    if stage is Stage.SIGNING and raw["signature"] == Signature.BOTH:
        verb, what = "activate", _("to see to what keeps it from coming into force")
    is_owners = stage is not Stage.IN_REVIEW  # a review is asked of the legal member first, whoever looks
    if is_owners and actor.id == raw["owner_id"] and actor.kind is ActorKind.USER and _can(actor, verb, raw):
        return Waiting(raw["owner__name"], what, since, then)
    who = next((user for user in _candidates(raw, verb) if _can(_person(actor, user), verb, raw)), None)
    if who is None:
        return Waiting("", _("Nobody has the right for the next step. Ask an administrator"), since, then)
    return Waiting(_name(raw, who, is_told=is_told), what, since, then)


def _name(raw: Raw, who: User, *, is_told: bool) -> str:
    if is_told:
        return who.name
    return gettext("The owner") if who.pk == raw["owner_id"] else gettext("A colleague")


def _approver(raw: Raw, *, is_told: bool) -> Waiting:
    """The one who was asked; without anybody the decision is being worked on."""
    # allow: visibility — the reader sees the contract, and whom it waits for is told with it
    tasks = Task.objects.filter(
        round__noun="contracts.contract", round__subject=raw["pk"], round__state=RoundState.OPEN
    )
    task = tasks.filter(state=TaskState.WAITING).select_related("assignee").order_by("position", "pk").first()
    if task is None:
        return Waiting("", _("Nobody: the decision is being noted"), raw["stage_since"], _("It can be signed"))
    return Waiting(
        _name(raw, task.assignee, is_told=is_told), _("to approve or reject it"), task.asked_at, _("It can be signed")
    )


def _person(actor: Actor, user: User) -> Actor:
    is_self = actor.id == user.pk and actor.kind is ActorKind.USER
    return actor if is_self else actor_for(user, version=actor.policy_version)


def _can(person: Actor, verb: str, raw: Raw) -> bool:
    """Whether that person may use the verb on that contract: role, reach, and more than a share for reading."""
    company = raw["company_id"]
    if not person.may(NEEDS[verb], company) or not person.may(Can.VIEW, company):
        return False
    return is_in_reach(person, raw) or Contract.objects.editable_by(person).filter(pk=raw["pk"]).exists()


def _candidates(raw: Raw, verb: str) -> Iterator[User]:
    """Who is asked first: in review the team's legal member, then owner, team, leads, colleagues with the right role."""
    seen: set[UUID] = set()
    for people in _circles(raw, verb):
        for user in people:
            if user.pk not in seen:
                seen.add(user.pk)
                yield user


def _circles(raw: Raw, verb: str) -> Iterator[Iterable[User]]:
    members = Member.objects.filter(contract=raw["pk"]).select_related("user").order_by("role", "pk")
    if raw["stage"] == Stage.IN_REVIEW:
        yield [one.user for one in members.filter(role="legal")]
    yield User.objects.filter(pk=raw["owner_id"])
    yield [one.user for one in members]
    yield _leads(raw["team_id"])
    roles = [one.pk for one in Role.objects.filter(is_active=True) if NEEDS[verb] in one.permissions]
    grants = Grant.objects.filter(Q(company=raw["company_id"]) | Q(company=None), role__in=roles)
    colleagues = User.objects.filter(pk__in=grants.values("user"), is_active=True, kind="staff")
    yield colleagues.order_by("name_key", "pk")[:MOST_COLLEAGUES]


def _leads(team: UUID | None) -> Iterator[User]:
    """The lead of the contract's team, then those of the teams above."""
    passed: set[UUID] = set()
    while team is not None and team not in passed:
        passed.add(team)
        found = Team.objects.select_related("lead").filter(pk=team).first()
        if found is not None and found.lead is not None:
            yield found.lead
        team = found.parent_id if found is not None else None

"""Who acts in a request, and whom and what of ours they know of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Q
from django.utils.http import urlsafe_base64_decode

from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind, Level, Reach, RoleFacts
from hetong.kernel.actors import Grant as Granted
from hetong.kernel.errors import N_, Forbidden
from hetong.kernel.fields import words
from hetong.kernel.joined import NO_STAMP, see
from hetong.kernel.nouns import Noun, nouns
from hetong.kernel.values import is_unnamed

from .models import ApiToken, Company, CustomField, FieldRule, Grant, PolicyState, Role, Team, User
from .policy import Can, manages
from .wording import all_permissions

NOWHERE = UUID(int=0)


def policy_version() -> int:
    """The version of everything that decides about access. From here on the fields are read that are there now."""
    version, fields = PolicyState.objects.filter(pk=1).values_list("version", "fields").first() or (0, NO_STAMP)
    see(fields)
    return version


def actor_for(user: User, *, via: str = "", kind: ActorKind = ActorKind.USER, version: int = 0) -> Actor:
    """The actor that a signed-in user is, with the rights of this moment, or of a version of them that was read just now."""
    version = version or policy_version()
    grants, teams = _access(user.pk, version) if user.is_active and user.kind == "staff" else ((), frozenset())
    if user.kind == "portal":
        kind = ActorKind.PORTAL
    return Actor(
        kind, user.pk, user.name, grants, language=user.language, zone=user.zone, policy_version=version, teams=teams, via=via
    )  # fmt: skip


@lru_cache(maxsize=2000)
def _access(user_id: UUID, version: int) -> tuple[tuple[Granted, ...], frozenset[UUID]]:
    """Grants and teams of a user; cached by the policy version, which every change raises."""
    rows = list(Grant.objects.filter(user=user_id, role__is_active=True).order_by("pk"))
    if not rows:
        return (), frozenset()
    roles = role_facts(Role.objects.filter(pk__in={row.role_id for row in rows}))
    children = _children()
    grants = tuple(
        Granted(
            roles[row.role_id],
            row.company_id,
            row.team_id,
            frozenset(_below(row.team_id, children)) if row.team_id else frozenset(),
        )
        for row in rows
    )
    return grants, frozenset(row.team_id for row in rows if row.team_id)


def role_facts(roles: Iterable[Role]) -> dict[UUID, RoleFacts]:
    """The roles as data, with the rules that administrators set."""
    found = {role.pk: role for role in roles}
    rules: dict[UUID, dict[tuple[str, str], Level]] = {id: {} for id in found}
    stages: dict[UUID, dict[tuple[str, str, str], Level]] = {id: {} for id in found}
    for rule in FieldRule.objects.filter(role__in=found):
        if rule.stage:
            stages[rule.role_id][rule.noun, rule.field, rule.stage] = Level(rule.level)
        else:
            rules[rule.role_id][rule.noun, rule.field] = Level(rule.level)
    return {
        role.pk: RoleFacts(
            role.key,
            frozenset(role.permissions),
            {noun: Reach[reach] for noun, reach in role.reach.items()},
            rules[role.pk],
            stages[role.pk],
            role.base,
            Level(role.usual),
        )
        for role in found.values()
    }


def _children() -> Mapping[UUID | None, list[UUID]]:
    children: dict[UUID | None, list[UUID]] = {}
    for pk, parent in Team.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    return children


def _below(team: UUID, children: Mapping[UUID | None, list[UUID]]) -> set[UUID]:
    found, pending = set(), [team]
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending.extend(children.get(one, ()))
    return found


def team_and_below(team: Team | None) -> frozenset[UUID]:
    """The team and every team below it."""
    return frozenset(_below(team.pk, _children())) if team is not None else frozenset()


def actor_again(stored: Mapping[str, Any]) -> Actor:
    """The actor of a stored job with the rights of now; a person who may no longer sign in has none."""
    user = User.objects.filter(pk=stored["id"]).first() if stored.get("id") else None
    if user is None:
        return Actor(ActorKind(stored["kind"]), None, stored["label"], via="job")
    return actor_for(user, via="job")


def digest_of(secret: str) -> str:
    """How a token is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_for_token(secret: str, *, via: str) -> Actor | None:
    """The actor behind a bearer token, or None when it is unknown, revoked or expired, or its user is gone."""
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None).first()
    now = clock.now()
    if token is None or not token.user.is_active or token.is_over(now):
        return None
    actor = actor_for(token.user, via=via, kind=ActorKind.TOKEN)
    if not actor.may(Can.USE_API):
        return None
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > 60:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)  # allow: writes — a mark of use, not a change
    return actor if token.permissions is None else actor.limited_to(frozenset(token.permissions) | {str(Can.USE_API)})


def expired_token(secret: str) -> ApiToken | None:
    """The token of that secret if nothing but its end is the matter: who sends it held it, and may hear why it is refused."""
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None).first()
    return token if token is not None and token.user.is_active and token.is_over(clock.now()) else None


def find_colleagues(actor: Actor) -> Any:
    """The active staff the actor may name as owner or colleague: those with a grant in a shared company."""
    users = User.objects.filter(kind="staff", is_active=True)
    companies = actor.companies()
    if companies is None:
        return users
    return users.filter(
        Q(pk=actor.id) | Q(pk__in=Grant.objects.filter(Q(company__in=companies) | Q(company=None)).values("user"))
    )


def find_people(actor: Actor) -> Any:
    """The staff the actor may know of: colleagues, and for those who manage people also the inactive ones."""
    if not actor.may(Can.MANAGE_USERS):
        return find_colleagues(actor)
    staff = User.objects.filter(kind="staff")
    companies = actor.companies()
    if companies is None:
        return staff
    ours = Q(pk__in=Grant.objects.filter(Q(company__in=companies) | Q(company=None)).values("user"))
    return staff.filter(ours | ~Q(pk__in=Grant.objects.values("user")))


def has_administrator() -> bool:
    """Whether active people manage people and roles in all companies."""
    grants = Grant.objects.filter(company=None, user__is_active=True, role__is_active=True).select_related("role")
    held = {can for grant in grants for can in grant.role.permissions}
    return {str(Can.MANAGE_USERS), str(Can.MANAGE_ROLES)} <= held


class CountsEverywhere(Forbidden):
    """What is set counts in every company, and the actor has the right in some of them only."""

    code = "counts_everywhere"
    text = N_("This counts in every company, and you have the right to set it in some of them only.")
    then = N_("Ask somebody who has the right in all companies.")


def may_everywhere(actor: Actor, can: Can) -> bool:
    """Whether the actor holds a right in every company, as what counts in all of them asks for."""
    # allow: visibility — companies out of sight count too
    return all(actor.may(can, id) for id in Company.objects.values_list("pk", flat=True))


def must_everywhere(actor: Actor, can: Can) -> None:
    """Raise `Forbidden` where the actor does not hold a right at all, `CountsEverywhere` where not in every company."""
    actor.require(can)
    if not may_everywhere(actor, can):
        raise CountsEverywhere(can=can)


def find_companies(actor: Actor) -> Any:
    """The active companies of ours that the actor holds a grant in, by name."""
    return Company.objects.visible_to(actor).filter(is_active=True).order_by("name_key")


def find_roles(actor: Actor) -> Any:
    """The roles in use, with how many people hold each (``count``)."""
    return Role.objects.filter(is_active=True).annotate(count=Count("grants__user", distinct=True)).order_by("pk")


def find_all_roles(actor: Actor) -> Any:
    """The roles there are, retired ones included; for those who manage people or roles."""
    if not (actor.may(Can.MANAGE_USERS) or actor.may(Can.MANAGE_ROLES)):
        return Role.objects.none()
    return Role.objects.all()


def find_custom_fields(actor: Actor) -> Any:
    """The fields that were added: for those who manage them all, else those that the actor may read."""
    if actor.may(Can.MANAGE_FIELDS):
        return CustomField.objects.all()
    added = [(entry.key, one.name) for entry in nouns() for one in entry.register.readable(actor) if one.kept]
    found = CustomField.objects.filter(key__in={name.removeprefix("x_") for _key, name in added})
    return CustomField.objects.filter(pk__in=[row.pk for row in found if (row.noun, row.name) in added])


@lru_cache(maxsize=1)
def scoped_nouns() -> tuple[Noun, ...]:
    """The nouns whose records a role reaches by its own step: those whose query differs between all and nothing.

    Lines, documents and the like share the reach of the record they hang on; words and rates are everybody's.
    """
    return tuple(entry for entry in nouns() if _asked(entry, Reach.ALL) != _asked(entry, Reach.NONE))


def _asked(entry: Noun, reach: Reach) -> str:
    """The query for the noun's records of somebody who may do everything and reaches no other noun's."""
    role = RoleFacts("probe", frozenset(all_permissions()), {entry.key: reach, "*": Reach.NONE})
    probe = Actor(ActorKind.USER, None, "", (Granted(role, NOWHERE),))
    try:
        return str(entry.visible_to(probe).query)
    except EmptyResultSet:
        return ""


def count_own_rules() -> dict[UUID, int]:
    """How many fields each role has a rule for that an administrator set."""
    counted = FieldRule.objects.filter(stage="").values_list("role").annotate(count=Count("pk"))
    return dict(counted.order_by())


def holders_of(actor: Actor, role: Role) -> list[dict[str, Any]]:
    """Who holds the role, in which company and from which team, by name; of those the actor may know of."""
    if is_unnamed("accounts.user", actor):
        return []
    grants = Grant.objects.filter(role=role, user__in=find_people(actor)).select_related("user", "company", "team")
    return [
        {"id": g.user_id, "name": g.user.name, "company": g.company.name if g.company else "", "team": g.team.name if g.team else ""}
        for g in grants.order_by("user__name_key", "pk")
    ]  # fmt: skip


def find_people_of_team(actor: Actor, team: UUID) -> list[dict[str, Any]]:
    """Who works from a team, with their roles there, by name."""
    grants = (
        Grant.objects.filter(team=team, user__in=find_people(actor))
        .select_related("user", "role")
        .order_by("user__name_key")
    )
    hides_people = is_unnamed("accounts.user", actor)
    return [
        {"id": g.user_id, "name": "–" if hides_people else g.user.name, "role": words(g.role.labels, actor.language)}
        for g in grants
    ]


def grants_shown(actor: Actor, user: UUID) -> list[dict[str, Any]]:
    """The roles that somebody holds, and which of them the actor may take away."""
    grants = Grant.objects.filter(user=user).select_related("role", "company", "team").order_by("pk")
    return [
        {
            "id": g.pk, "role": words(g.role.labels, actor.language), "company": g.company.name if g.company else "",
            "team": g.team.name if g.team else "", "may_withdraw": manages(actor, Can.MANAGE_USERS, g.company_id),
        }
        for g in grants
    ]  # fmt: skip


def team_tree(actor: Actor, company: UUID) -> list[dict[str, Any]]:
    """The teams of a company with their depth in the tree, parents before children, by name."""
    teams: dict[UUID | None, list[Team]] = {}
    for team in find_teams(actor).filter(company=company).select_related("lead").order_by("name_key"):
        teams.setdefault(team.parent_id, []).append(team)
    found: list[dict[str, Any]] = []

    hides_teams, hides_people = is_unnamed("accounts.team", actor), is_unnamed("accounts.user", actor)

    def walk(parent: UUID | None, depth: int) -> None:
        for team in teams.get(parent, ()):
            found.append(
                {
                    "id": team.pk,
                    "name": "–" if hides_teams else team.name,
                    "lead": team.lead.name if team.lead and not hides_people else "",
                    "depth": depth,
                }
            )
            walk(team.pk, depth + 1)

    walk(None, 0)
    return found


def find_tokens(actor: Actor) -> Any:
    """The actor's own API tokens, newest first."""
    return ApiToken.objects.filter(user=actor.id).order_by("-pk")


def user_of_link(part: str) -> User | None:
    """The active person whose id a password link carries; None when it carries none."""
    try:
        pk = UUID(urlsafe_base64_decode(part).decode())
    except (ValueError, UnicodeDecodeError):
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


def find_demo_logins() -> list[dict[str, str]]:
    """The people of a demo installation (their domain is reserved, no real person has it); empty elsewhere."""
    people = User.objects.filter(email__endswith="@demo.example", is_active=True).order_by("pk")
    return [{"email": email, "name": name} for email, name in people.values_list("email", "name")]


def find_teams(actor: Actor) -> Any:
    """The teams of the companies the actor holds a grant in."""
    companies = actor.companies()
    teams = Team.objects.filter(is_active=True)
    return teams if companies is None else teams.filter(company__in=companies)


def company_facts(company: Company) -> dict[str, Any]:
    """What papers say of one of our companies, as JSON: names, address, numbers, accounts, how to reach it."""
    names = ("name", "local_name", "address", "country", "org_no", "tax_no", "email", "phone", "paper_note")
    banks = company.banks.filter(is_active=True).order_by("pk").values("label", "account", "bic", "currency")
    return {name: getattr(company, name) for name in names} | {"banks": list(banks)}

"""Who of ours takes part in a contract; taking part opens it to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.services import bump_policy
from hetong.audit.services import Change, record_many
from hetong.contracts.events import Act, TeamJoined, TeamLeft
from hetong.contracts.fields import CONTRACT, MEMBER
from hetong.contracts.models import Contract, Member
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import check_editable_by
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.events import Fact
from hetong.kernel.input import parse
from hetong.kernel.rows import insert, locked


@transaction.atomic
def add_members(actor: Actor, ids: Collection[UUID], given: Mapping[str, Any], *, locale: str = "") -> list[Member]:
    """Add one colleague (``user``) in one ``role`` to the team of contracts; who is in it already stays as is."""
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.EDIT, contracts)
    check_editable_by(actor, contracts)
    values = parse(MEMBER, actor, given, locale=locale, partial=False)
    user, role = values["user"], values["role"]
    held = set(Member.objects.filter(contract__in=ids, user=user, role=role).values_list("contract", flat=True))
    joined = [one for one in contracts if one.pk not in held]
    members = [Member(contract_id=one.pk, user_id=user, role=role, added_at=clock.now()) for one in joined]
    before = CONTRACT.snapshot(joined, ("members",))
    insert(members)
    record_many(actor, Act.TEAM_JOINED, _changes(joined, before), params={"role": role})
    _tell(actor, joined, TeamJoined, users=[str(user)])
    return members


@transaction.atomic
def remove_members(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> None:
    """Take colleagues off the teams of their contracts."""
    members = locked(Member.objects.visible_to(actor), ids)
    contracts = {one.pk: one for one in locked(Contract.objects.visible_to(actor), [m.contract_id for m in members])}
    require(actor, Can.EDIT, list(contracts.values()))
    check_editable_by(actor, contracts.values())
    before = CONTRACT.snapshot(contracts.values(), ("members",))
    Member.objects.filter(pk__in=[m.pk for m in members]).delete()
    record_many(actor, Act.TEAM_LEFT, _changes(contracts.values(), before), reason=reason)
    _tell(actor, contracts.values(), TeamLeft)


def _changes(contracts: Iterable[Contract], before: Mapping[UUID, Mapping[str, Any]]) -> list[Change]:
    """Who is in the team is a field, so that the journal names people only to those who may read it."""
    rows = list(contracts)
    after = CONTRACT.snapshot(rows, ("members",))
    return [Change(CONTRACT.noun, c.pk, c.title, c.company_id, before[c.pk], after[c.pk]) for c in rows]


def _tell(actor: Actor, contracts: Iterable[Contract], event: type[TeamJoined] | type[TeamLeft], **told: Any) -> None:
    """Cached rights are made anew, then the others hear of it."""
    facts = tuple(Fact(CONTRACT.noun, one.pk, one.company_id, told) for one in contracts)
    if facts:
        bump_policy(actor, facts)
        publish(event(actor, facts))

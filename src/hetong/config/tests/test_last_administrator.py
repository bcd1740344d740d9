"""S2-02, C1: two administrators who demote each other at the same moment: one is refused, so that somebody is left."""

from __future__ import annotations

import pytest

from hetong.accounts.models import Grant, Role
from hetong.accounts.queries import actor_for, has_administrator
from hetong.accounts.services import seed_roles, withdraw_grants
from hetong.accounts.services.roles import edit_roles
from hetong.accounts.testing import Cast, forget_access, grant, make_cast, make_user
from hetong.config.roles import ROLES
from hetong.jobs.testing import together, trying

pytestmark = pytest.mark.usefixtures("on_disk")
ROUNDS = 3


def people() -> Cast:
    """The cast, committed, so that every thread sees it."""
    seed_roles(ROLES)
    forget_access()
    return make_cast()


def test_of_two_administrators_who_demote_each_other_one_stays() -> None:
    cast = people()
    first = cast.users["admin"]
    for number in range(ROUNDS):
        second = make_user(f"Second {number}", email=f"second{number}@example.test")
        grant(second, "admin", None)
        forget_access()
        of = {user.pk: list(Grant.objects.filter(user=user).values_list("pk", flat=True)) for user in (first, second)}
        outcomes: list[str] = []
        pairs = [(actor_for(first), of[second.pk]), (actor_for(second), of[first.pk])]
        together([trying(outcomes, lambda who=who, ids=ids: withdraw_grants(who, ids)) for who, ids in pairs])
        assert sorted(outcomes) == ["done", "last_admin"]
        assert has_administrator()
        first = next(user for user in (first, second) if Grant.objects.filter(user=user, company=None).exists())


def test_a_role_and_a_grant_cannot_both_go_when_each_leaves_the_other() -> None:
    """One takes the right from the role of the other while the other takes the first one's role away."""
    cast = people()
    keeper = Role.objects.create(
        key="keeper", labels={"en": "Keeper"}, permissions=list(Role.objects.get(key="admin").permissions)
    )
    second = make_user("Second", email="second@example.test")
    grant(second, "keeper", None)
    forget_access()
    first, other, outcomes = actor_for(cast.users["admin"]), actor_for(second), list[str]()
    mine = list(Grant.objects.filter(user=cast.users["admin"]).values_list("pk", flat=True))
    together([
        trying(outcomes, lambda: edit_roles(first, [keeper.pk], {"permissions": []})),
        trying(outcomes, lambda: withdraw_grants(other, mine)),
    ])  # fmt: skip
    assert sorted(outcomes) in (["done", "last_admin"], ["done", "forbidden"])
    assert has_administrator()

"""DESIGN §3: scopes, grants per company, shares; rights follow changes with the next request (C5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hetong.accounts import sharing
from hetong.accounts.models import Company, Grant, Role, Share, Team
from hetong.accounts.queries import actor_for
from hetong.accounts.scopes import scope_of
from hetong.accounts.services import grant_roles, share_records, take_numbers, unshare, withdraw_grants
from hetong.accounts.testing import forget_access, grant, make_role, make_team, make_user
from hetong.kernel.actors import Actor, Level, Reach
from hetong.kernel.errors import Forbidden, Invalid, UnknownField
from hetong.kernel.fields import Field, Kind, Register
from hetong.kernel.where import Where, narrow

NOUN = "accounts.team"


def teams(actor: Actor) -> set[str]:
    """Teams stand in for any record here: their lead is the owner, their parent the team."""
    scope = scope_of(actor, NOUN, company="company_id", owner="lead_id", team="parent_id")
    return set(Team.objects.filter(scope).values_list("name", flat=True))


@pytest.fixture
def field(cast: Any) -> Any:
    """A tree: head office > branch; a record in each; one record owned by Ada in a strange team."""
    head = make_team(cast.north, "Head")
    branch = make_team(cast.north, "Branch", parent=head)
    make_team(cast.north, "in head", parent=head)
    make_team(cast.north, "in branch", parent=branch)
    make_team(cast.north, "of ada", lead=cast.users["ada"])
    make_team(cast.south, "in south")
    cast.head, cast.branch = head, branch
    make_role("narrow", set(), {NOUN: Reach.OWN})
    Grant.objects.filter(user=cast.users["ada"]).update(role=Role.objects.get(key="narrow"))
    forget_access()
    return cast


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (Reach.NONE, set()),
        (Reach.OWN, {"of ada"}),
        (Reach.TEAM, {"of ada", "in head", "Branch"}),
        (Reach.TEAM_AND_BELOW, {"of ada", "in head", "in branch", "Branch"}),
        (Reach.COMPANY, {"of ada", "in head", "in branch", "Head", "Branch", "Sales", "Sales two", "Delivery"}),
    ],
)
def test_each_reach_sees_what_it_says_and_never_another_company(field: Any, reach: Reach, expected: set[str]) -> None:
    make_role("only", set(), {NOUN: reach})
    ada = field.users["ada"]
    Grant.objects.filter(user=ada).delete()
    grant(ada, "only", field.north, field.head)
    forget_access()
    assert teams(field.ada) == expected


def test_the_widest_of_several_roles_wins_within_a_company_only(field: Any) -> None:
    make_role("wide", set(), {NOUN: Reach.COMPANY})
    grant(field.users["ada"], "wide", field.south)
    forget_access()
    assert {"in south"} <= teams(field.ada)
    assert "in branch" not in teams(field.ada)


def test_a_share_opens_one_record_and_closing_it_takes_effect_at_once(
    field: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sharing._openings, NOUN, sharing.Opening())  # no record is shared by it outside this test
    target = Team.objects.get(name="in branch")
    assert "in branch" not in teams(field.ada)
    share_records(field.admin, NOUN, [target.pk], user=field.users["ada"])
    assert "in branch" in teams(field.ada)
    unshare(field.admin, Share.objects.get().pk)
    assert "in branch" not in teams(field.ada)


def test_a_withdrawn_grant_takes_effect_with_the_next_request(field: Any) -> None:
    before = field.fia
    assert before.may("parties.edit_banks", field.north.pk)
    withdraw_grants(field.admin, [Grant.objects.get(user=field.users["fia"]).pk])
    assert not field.fia.may("parties.edit_banks", field.north.pk)


def test_the_last_administrator_cannot_be_locked_out(field: Any) -> None:
    with pytest.raises(Invalid) as refused:
        withdraw_grants(field.admin, [Grant.objects.get(user=field.users["admin"]).pk])
    assert refused.value.problems[0].code == "last_admin"


def test_only_a_manager_of_users_grants_and_portal_users_hold_none(field: Any) -> None:
    role = Role.objects.get(key="sales_rep")
    with pytest.raises(Forbidden):
        grant_roles(field.ada, field.users["ada"], [(role, field.north, None)])
    with pytest.raises(Invalid):
        grant_roles(field.admin, field.users["pia"], [(role, field.north, None)])


REGISTER = Register(
    NOUN,
    Team,
    [
        Field("name", "Name", path="name", key="name_key", write=True, searchable=True),
        Field("secret", "Secret", path="name", key="name_key", searchable=True, default_rule={"narrow": Level.HIDDEN}),
        Field("derived", "Derived", path="name", derived_from=("secret",)),
        Field("company", "Company", Kind.REFERENCE, path="company_id", title="company__name"),
    ],
    heading="name",
)


def test_a_field_is_hidden_when_one_it_is_derived_from_is(field: Any) -> None:
    shown = {f.name for f in REGISTER.readable(field.ada)}
    assert shown == {"name", "company"}
    assert {f.name for f in REGISTER.readable(field.fia)} == {"name", "company", "secret", "derived"}


@pytest.mark.parametrize(
    "query",
    ["secret=x", "secret.has=x", "sort=secret", "group=secret", "columns=secret", "no_such=1", "derived.empty=1"],
)
def test_hidden_and_unknown_fields_answer_alike_and_are_never_dropped(field: Any, query: str) -> None:
    key, _, value = query.partition("=")
    with pytest.raises(UnknownField) as refused:
        narrow(REGISTER, field.ada, Team.objects.all(), Where.parse({key: value}))
    assert refused.value.code == "unknown_field"


def test_a_field_hidden_in_one_company_is_null_there_for_filter_and_sort(field: Any) -> None:
    """C4: filtering by a field finds nothing in the companies whose rules hide it."""
    grant(field.users["ada"], "finance", field.south)
    forget_access()
    found = narrow(REGISTER, field.ada, Team.objects.all(), Where.parse({"secret.has": "in"}))
    assert set(found.values_list("company__name", flat=True)) == {"South Ltd"}
    rows = REGISTER.show(field.ada, Team.objects.order_by("name_key"))
    assert {row.company for row in rows if "secret" in row} == {field.south.pk}


def test_series_give_each_number_once_and_start_anew_each_year(field: Any) -> None:
    company: Company = field.north
    assert take_numbers(company.pk, "contract", 2026, 2) == ["HT-2026-0001", "HT-2026-0002"]
    assert take_numbers(company.pk, "contract", 2026, 1) == ["HT-2026-0003"]
    assert take_numbers(company.pk, "contract", 2027, 1) == ["HT-2027-0001"]
    assert take_numbers(field.south.pk, "contract", 2026, 1) == ["SO-2026-0001"]
    assert take_numbers(company.pk, "contract", 2026, 0) == []


def test_an_inactive_person_has_no_rights(field: Any) -> None:
    user = make_user("Gone", is_active=False)
    grant(user, "admin", None)
    forget_access()
    assert actor_for(user).grants == ()


def test_the_same_grant_twice_is_refused_by_the_database_also_without_company_or_team(field: Any) -> None:
    grant(field.users["lin"], "admin", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        grant(field.users["lin"], "admin", None)

"""Standing in from a day to a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import Delegation, User
from hetong.accounts.people import stand_ins
from hetong.accounts.services import add_delegation, end_delegation
from hetong.audit.models import Entry
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def on_a_day() -> Any:
    with clock.set_to(DAY):
        yield


def arrange(
    cast: Any, user: str, to: str, starts: int = 0, ends: int = 5, *, by: str = "", what: str = ""
) -> Delegation:
    return add_delegation(
        getattr(cast, by or user), cast.users[user].pk, cast.users[to].pk,
        starts_on=DAY + timedelta(days=starts), ends_on=DAY + timedelta(days=ends), what=what, reason="Holiday",
    )  # fmt: skip


def names(cast: Any, user: str, what: str, on: int) -> list[str]:
    found = stand_ins([cast.users[user].pk], what, DAY + timedelta(days=on)).values()
    return [User.objects.get(pk=one).name for many in found for one in many]


def codes(error: Any) -> set[str]:
    return {problem.code for problem in error.value.problems}


def test_somebody_stands_in_on_the_first_and_the_last_day_and_no_other(cast: Any) -> None:
    arrange(cast, "ben", "lin", 1, 3)
    assert [names(cast, "ben", "approvals", on) for on in range(5)] == [[], ["Lin"], ["Lin"], ["Lin"], []]
    assert Entry.objects.get(code="accounts.delegated").reason == "Holiday"


def test_it_may_be_for_one_thing_only(cast: Any) -> None:
    arrange(cast, "ben", "lin", what="approvals")
    assert names(cast, "ben", "approvals", 0) == ["Lin"]
    assert names(cast, "ben", "signing", 0) == []


def test_who_cannot_sign_in_stands_in_for_nobody(cast: Any) -> None:
    arrange(cast, "ben", "lin")
    User.objects.filter(pk=cast.users["lin"].pk).update(is_active=False)
    assert names(cast, "ben", "", 0) == []


@pytest.mark.parametrize(
    ("to", "starts", "ends", "code"),
    [("ben", 0, 1, "oneself"), ("lin", -1, 1, "past"), ("lin", 3, 2, "order"), ("lin", 0, 400, "too_long")],
)
def test_odd_days_and_oneself_are_refused(cast: Any, to: str, starts: int, ends: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        arrange(cast, "ben", to, starts, ends)
    assert code in codes(refused)
    assert not Delegation.objects.exists()


def test_a_circle_is_refused_however_long(cast: Any) -> None:
    arrange(cast, "ben", "lin")
    arrange(cast, "lin", "fia")
    with pytest.raises(Invalid) as refused:
        arrange(cast, "fia", "ben", 5, 9)
    assert codes(refused) == {"circle"}
    assert arrange(cast, "fia", "ben", 6, 9)


def test_two_at_once_are_refused(cast: Any) -> None:
    arrange(cast, "ben", "lin", 0, 3)
    with pytest.raises(Invalid) as refused:
        arrange(cast, "ben", "fia", 3, 4, what="approvals")
    assert codes(refused) == {"twice"}


def test_nobody_arranges_it_for_others_but_who_manages_them(cast: Any) -> None:
    with pytest.raises(Forbidden):
        arrange(cast, "ben", "lin", by="ada")
    assert arrange(cast, "ben", "lin", by="admin")


def test_people_of_another_company_cannot_be_named(cast: Any) -> None:
    with pytest.raises(NotFound):
        arrange(cast, "ben", "dora")


def test_it_ends_early_from_today_on(cast: Any) -> None:
    delegation = arrange(cast, "ben", "lin")
    with pytest.raises(NotFound):
        end_delegation(cast.ada, delegation.pk)
    with clock.set_to(DAY + timedelta(days=2)):
        end_delegation(cast.ben, delegation.pk)
    assert Delegation.objects.get().ends_on == DAY + timedelta(days=1)
    with clock.set_to(DAY + timedelta(days=3)), pytest.raises(Invalid):
        end_delegation(cast.ben, delegation.pk)


def test_the_pages_of_oneself_and_of_somebody_else(cast: Any) -> None:
    client = Client()
    client.force_login(cast.users["ben"])
    given = {
        "to": str(cast.users["lin"].pk),
        "what": "",
        "starts_on": "2026-06-10",
        "ends_on": "2026-06-12",
        "reason": "",
    }
    assert client.post("/settings/stand-ins/", given).status_code == 302
    assert "Lin" in client.get("/settings/stand-ins/").content.decode()
    assert client.post("/settings/stand-ins/", given | {"starts_on": "2026-06-01"}).status_code == 422
    client.force_login(cast.users["lin"])
    assert "You, for Ben" in client.get("/settings/stand-ins/").content.decode()
    client.force_login(cast.users["admin"])
    page = f"/settings/users/{cast.users['ben'].pk}/stand-ins/"
    assert "Lin" in client.get(page).content.decode()
    assert client.post(f"/settings/stand-ins/{Delegation.objects.get().pk}/end/")["Location"] == page
    assert not Delegation.objects.exists()


def test_who_may_not_read_the_names_of_people_finds_none_here(cast: Any) -> None:
    """C2."""
    from hetong.accounts.models import FieldRule, PolicyState, Role
    from hetong.accounts.testing import forget_access
    from hetong.kernel.actors import Level

    arrange(cast, "ben", "lin")
    role = Role.objects.get(key="sales_manager")
    FieldRule.objects.create(role=role, noun="accounts.user", field="name", level=Level.HIDDEN.value)
    PolicyState.objects.update(version=99)
    forget_access()
    client = Client()
    client.force_login(cast.users["ben"])
    page = client.get("/settings/stand-ins/").content.decode()
    assert ">Lin<" not in page
    assert ">Olle<" not in page

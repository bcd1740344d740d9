"""When one is reminded is set per kind of contract (S2-12)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import Role
from hetong.accounts.queries import CountsEverywhere
from hetong.accounts.services import grant_roles
from hetong.contracts.testing import make_type
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.notifications import services
from hetong.notifications.models import ReminderRule

pytestmark = pytest.mark.django_db
KEY = "contracts.notice_by"


def test_marks_are_set_for_all_and_for_one_type_and_taken_back(cast: Any, client: Client) -> None:
    kind = make_type()
    client.force_login(cast.users["admin"])
    url = f"/settings/reminders/{KEY}/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"kind": "", "offsets": "45, 1", "escalates": "1"}).status_code == 302
    assert client.post(url, {"kind": str(kind.pk), "offsets": "3 −7", "escalates": ""}).status_code == 302
    rules = ReminderRule.objects.order_by("kind").values_list("kind", "offsets", "escalates")
    assert set(map(str, rules)) == {str((None, [45, 1], 1)), str((kind.pk, [3, -7], None))}
    page = client.get("/settings/reminders/").content.decode()
    assert "days before: 45, 1" in page
    assert "Income: days before: 3, −7" in page
    assert client.post(url, {"kind": str(kind.pk), "offsets": ""}).status_code == 302
    assert ReminderRule.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    [{"offsets": "soon"}, {"offsets": "5000"}, {"offsets": "1", "escalates": "x"}, {"kind": "nobody", "offsets": "1"}],
)
def test_odd_input_is_refused_beside_its_field_and_kept(cast: Any, client: Client, given: dict[str, str]) -> None:
    client.force_login(cast.users["admin"])
    answer = client.post(f"/settings/reminders/{KEY}/", given)
    assert answer.status_code == 422
    assert not ReminderRule.objects.exists()


def test_c1_who_manages_one_company_reads_the_marks_of_all_and_changes_none(cast: Any, client: Client) -> None:
    """They count in every company, so the right has to as well."""
    grant_roles(cast.admin, cast.users["dora"], [(Role.objects.get(key="admin"), cast.south, None)])
    with pytest.raises(CountsEverywhere):
        services.set_reminder_rule(cast.dora, KEY, offsets=[1])
    client.force_login(cast.users["dora"])
    page = client.get("/settings/reminders/").content.decode()
    assert "days before: " in page
    assert f"/settings/reminders/{KEY}/" not in page
    assert "Only somebody who manages all companies changes them." in page
    for refused in (
        client.get(f"/settings/reminders/{KEY}/"),
        client.post(f"/settings/reminders/{KEY}/", {"offsets": "1"}),
    ):
        assert refused.status_code == 403
        assert "This counts in every company" in refused.content.decode()
    assert not ReminderRule.objects.exists()


def test_only_who_sets_up_the_house_does_it(cast: Any) -> None:
    with pytest.raises(Forbidden):
        services.set_reminder_rule(cast.lin, KEY, offsets=[1])
    with pytest.raises(NotFound):
        services.set_reminder_rule(cast.admin, "no.such", offsets=[1])
    with pytest.raises(Invalid):
        services.set_reminder_rule(cast.admin, KEY, offsets=list(range(20)))

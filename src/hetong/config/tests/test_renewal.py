"""Deciding before the day of notice: where its reminder leads (S2-12, S4-10), and the tab of reminders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import User
from hetong.contracts.models import Contract, RenewalDecision
from hetong.contracts.services import decide_renewals
from hetong.contracts.services.renewal import NothingToDecide
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_milestone, put_into
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.notifications import queries, services
from hetong.notifications.models import Pause, Reminder

pytestmark = pytest.mark.django_db
KEY = "contracts.notice_by"


@pytest.fixture
def contract(cast: Any) -> Contract:
    """Ada's, in force, with five days left to give notice."""
    made = make_contract(cast.ada, title="Metering")
    make_milestone(cast.ada, made, title="Accepted", due_on=(clock.today() + dt.timedelta(days=40)).isoformat())
    put_into(made, Stage.ACTIVE)
    today = clock.today("Europe/Stockholm")
    dates = {"notice_by": today + dt.timedelta(days=5), "ends_on": today + dt.timedelta(days=95)}
    Contract.objects.filter(pk=made.pk).update(**dates)
    return Contract.objects.get(pk=made.pk)


@pytest.fixture
def client(client: Client, cast: Any) -> Client:
    client.force_login(cast.users["ada"])
    return client


def test_the_reminder_leads_to_the_decision(cast: Any, contract: Contract, client: Client) -> None:
    """S4-10."""
    services.remind()
    notice = queries.find_notices(cast.ada).get(facts__deadline=KEY)
    answer = client.get(f"/notices/{notice.pk}/")
    assert answer["Location"] == f"/contracts/{contract.pk}/renewal/"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "Let it lapse" in page.content.decode()


def test_letting_it_lapse_needs_a_reason_and_ends_the_reminders(cast: Any, contract: Contract, client: Client) -> None:
    """S2-12."""
    url = f"/contracts/{contract.pk}/renewal/"
    assert client.post(url, {"decision": "lapse", "reason": " "}).status_code == 422
    assert client.post(url, {"decision": "", "reason": "?"}).status_code == 422
    assert client.post(url, {"decision": "burn", "reason": "?"}).status_code == 422
    assert not RenewalDecision.objects.exists()
    assert client.post(url, {"decision": "lapse", "reason": "They buy elsewhere"}).status_code == 302
    services.remind()
    assert not Reminder.objects.filter(deadline=KEY).exists()
    assert "They buy elsewhere" in client.get(url).content.decode()
    assert "decided on the renewal" in client.get(f"/contracts/{contract.pk}/history/").content.decode()


def test_another_day_of_notice_asks_anew(cast: Any, contract: Contract) -> None:
    decide_renewals(cast.ada, [contract.pk], "renew")
    services.remind()
    assert not Reminder.objects.filter(deadline=KEY).exists()
    Contract.objects.filter(pk=contract.pk).update(notice_by=contract.notice_by + dt.timedelta(days=1))  # type: ignore[operator]
    services.remind()
    assert Reminder.objects.filter(deadline=KEY, user=cast.users["ada"]).count() == 1


def test_who_may_not_decide_does_not(cast: Any, contract: Contract) -> None:
    with pytest.raises(Forbidden):
        decide_renewals(cast.cleo, [contract.pk], "renew")
    with pytest.raises(NotFound):
        decide_renewals(cast.olle, [contract.pk], "renew")
    put_into(contract, Stage.CLOSED)
    with pytest.raises(NothingToDecide):
        decide_renewals(cast.ada, [contract.pk], "renew")


def test_the_tab_shows_each_day_with_its_marks_and_whom_they_told(
    cast: Any, contract: Contract, client: Client
) -> None:
    services.remind()
    page = client.get(f"/contracts/{contract.pk}/reminders/").content.decode()
    assert "7 days before" in page
    assert "told Ada, Ben" in page
    assert "Accepted" in page, "what hangs on the record stands on its page"


def test_pausing_on_the_page_says_who_and_why(cast: Any, contract: Contract, client: Client) -> None:
    """S0-18: a pause suppresses and says so."""
    url = f"/reminders/{KEY}/{contract.pk}/pause/"
    until = (clock.today() + dt.timedelta(days=3)).isoformat()
    assert client.get(url).status_code == 200
    assert client.post(url, {"until": until, "reason": ""}).status_code == 422
    assert client.post(url, {"until": "soon", "reason": "Holiday"}).status_code == 422
    assert client.post(url, {"until": "1999-01-01", "reason": "Holiday"}).status_code == 422
    assert client.post(url, {"until": until, "reason": "Talks are on"}).status_code == 302
    assert client.post(url, {"until": until, "reason": "Again"}).status_code == 409
    page = client.get(f"/contracts/{contract.pk}/reminders/").content.decode()
    assert "Ada paused this until" in page
    assert "Talks are on" in page
    services.remind()
    assert not Reminder.objects.filter(deadline=KEY).exists()
    assert client.post(f"/reminders/{KEY}/{contract.pk}/resume/").status_code == 302
    services.remind()
    assert Reminder.objects.filter(deadline=KEY).exists()
    assert Pause.objects.get().ended_at is not None


def test_a_row_that_one_may_not_see_cannot_be_paused(cast: Any, contract: Contract, client: Client) -> None:
    client.force_login(User.objects.get(pk=cast.users["olle"].pk))
    assert client.get(f"/reminders/{KEY}/{contract.pk}/pause/").status_code == 404
    assert client.get(f"/reminders/no.such/{contract.pk}/pause/").status_code == 404
    with pytest.raises(Invalid):
        services.pause_reminders(cast.ada, KEY, contract.pk, until=None, reason="")


def test_the_tab_asks_one_statement_per_kind_of_row(
    cast: Any, contract: Contract, client: Client, django_assert_max_num_queries: Any
) -> None:
    url = f"/contracts/{contract.pk}/reminders/"
    client.get(url)
    with django_assert_max_num_queries(40):
        client.get(url)

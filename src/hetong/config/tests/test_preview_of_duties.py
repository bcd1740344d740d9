"""S0-28, B2: looking as a role shows the verbs and the duties of that role, changes nothing and stands in the journal."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import Role
from hetong.audit.models import Entry
from hetong.billing import services as billing
from hetong.billing.models import Payment
from hetong.billing.testing import make_active, today

pytestmark = pytest.mark.django_db


def looking_as(cast: Any, role: str) -> Client:
    """An administrator's browser that looks as that role in the company of the north."""
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users["admin"])
    who = {"who": f"role:{Role.objects.get(key=role).pk}", "company": str(cast.north.pk), "reason": "Who may confirm?"}
    assert client.post("/settings/view-as/", who).status_code == 302
    return client


def test_each_role_is_shown_its_own_half_of_a_duty_and_does_neither(cast: Any) -> None:
    contract = make_active(cast.ada, "100")
    [payment] = billing.report_payments(
        cast.ada, [billing.PaymentReport("in", 500, "SEK", today(), contract=contract.pk)]
    )
    card, confirm = f"/billing/payments/{payment.pk}/", f"/billing/payments/{payment.pk}/confirm/"
    for role, decides in (("finance", True), ("auditor", False), ("executive", False)):
        client = looking_as(cast, role)
        page = client.get(card)
        assert page.status_code == 200, role
        assert (confirm in page.content.decode()) is decides, role
        before = Entry.objects.count()
        assert client.post(confirm).status_code == 403, role
        assert Payment.objects.get(pk=payment.pk).state == "reported"
        assert Entry.objects.count() == before
    told = Entry.objects.filter(reason="Who may confirm?")
    assert {(one.actor_label, one.actor_id) for one in told} == {("Admin", cast.users["admin"].pk)}
    assert told.count() >= 3


def test_the_page_of_duties_is_that_of_the_role(cast: Any) -> None:
    own = Client(headers={"host": "localhost"})
    own.force_login(cast.users["admin"])
    assert "/except/" in own.get("/settings/duties/").content.decode()
    assert looking_as(cast, "finance").get("/settings/duties/").status_code == 403
    auditor = looking_as(cast, "auditor").get("/settings/duties/")
    assert auditor.status_code == 200
    assert "/except/" not in auditor.content.decode()

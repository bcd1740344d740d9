"""Duties kept apart as a page: the pairs, who holds both halves, exceptions, what was refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hetong.accounts import duties
from hetong.accounts.models import DutyWaiver
from hetong.accounts.services import end_waiver, waive_duty
from hetong.approvals import services as approvals
from hetong.approvals.services import OwnRound
from hetong.approvals.testing import make_round, task_of
from hetong.audit.models import Entry
from hetong.contracts.testing import make_contract
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db
PAIR = "billing.account_pay"


def inside(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who])
    return client


def in_days(count: int) -> Any:
    return clock.today("Europe/Stockholm") + timedelta(days=count)


def test_the_page_explains_every_pair_and_shows_what_was_refused(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Meters for the harbour")
    make_round(
        cast.ada, "contracts.contract", contract.pk, company=cast.north.pk, team=cast.sales.pk, title=contract.title
    )
    with pytest.raises(OwnRound):
        approvals.decide(cast.ada, [task_of(contract.pk).pk], "approve")
    for who in ("cleo", "admin"):
        page = inside(cast, who).get("/settings/duties/").content.decode()
        assert all(str(pair.why) in page for pair in duties.pairs())
        assert "tried to decide on an own request" in page
        assert "Meters for the harbour" in page
    assert inside(cast, "ada").get("/settings/duties/").status_code == 403


def test_who_holds_both_halves_is_named_with_the_roles(cast: Any) -> None:
    held = duties.holders(cast.admin)
    assert "Fia" in {one["name"] for one in held[PAIR]}
    assert "Ben" in {one["name"] for one in held["approvals.own_request"]}
    assert "Cleo" not in {one["name"] for found in held.values() for one in found}


def test_an_exception_needs_a_reason_a_day_and_a_pair_that_allows_it(cast: Any) -> None:
    for pair, reason, ends_on in (
        (PAIR, "", in_days(3)), (PAIR, "Small", None), (PAIR, "Small", in_days(-1)), (PAIR, "Small", in_days(400)),
        ("approvals.own_request", "Small", in_days(3)),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            waive_duty(cast.admin, pair, cast.north.pk, reason=reason, ends_on=ends_on)
    with pytest.raises(NotFound):
        waive_duty(cast.admin, "no.such", cast.north.pk, reason="Small", ends_on=in_days(3))
    for who in ("fia", "cleo"):
        with pytest.raises(Forbidden):
            waive_duty(getattr(cast, who), PAIR, cast.north.pk, reason="Small", ends_on=in_days(3))
    with pytest.raises(NotFound):
        waive_duty(cast.dora, PAIR, cast.north.pk, reason="Small", ends_on=in_days(3))
    assert not DutyWaiver.objects.exists()


def test_an_exception_is_made_and_ended_on_the_page_and_journalled(cast: Any) -> None:
    client = inside(cast, "admin")
    assert client.get(f"/settings/duties/{PAIR}/except/").status_code == 200
    bad = client.post(f"/settings/duties/{PAIR}/except/", {"company": str(cast.north.pk), "reason": "", "ends_on": ""})
    assert bad.status_code == 422
    given = {"company": str(cast.north.pk), "reason": "Holiday of the other", "ends_on": in_days(9).isoformat()}
    assert client.post(f"/settings/duties/{PAIR}/except/", given).status_code == 302
    assert client.post(f"/settings/duties/{PAIR}/except/", given).status_code == 422, "one at a time"
    assert duties.is_waived(PAIR, cast.north.pk)
    assert not duties.is_waived(PAIR, cast.south.pk)
    assert "Holiday of the other" in client.get("/settings/duties/").content.decode()
    waiver = DutyWaiver.objects.get()
    assert client.post(f"/settings/duties/exceptions/{waiver.pk}/end/").status_code == 302
    assert not duties.is_waived(PAIR, cast.north.pk)
    codes = list(Entry.objects.filter(subject=cast.north.pk).order_by("pk").values_list("code", flat=True))
    assert codes == ["accounts.duty_waived", "accounts.duty_kept"]
    with pytest.raises(Forbidden):
        end_waiver(cast.fia, waiver.pk)

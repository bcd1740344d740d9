"""Notices in the API; news of what is shared; what is forgotten after a while (issue 6, S0-33, S4-10)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import make_token, share_records
from hetong.accounts.services.access import bump_policy
from hetong.billing import services as billing
from hetong.billing.services.payments import PaymentReport
from hetong.billing.testing import make_active, today
from hetong.contracts.models import Contract, RenewalDecision
from hetong.contracts.services import add_members
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.notifications import queries, services
from hetong.notifications.models import Notice

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"


@pytest.fixture
def contract(cast: Any) -> Contract:
    made = make_contract(cast.ada, title="Flow metering")
    drain_outbox()
    Notice.objects.all().delete()
    return made


class Api:
    """Somebody who asks with a token of their own."""

    def __init__(self, cast: Any, name: str) -> None:
        secret = make_token(getattr(cast, name), cast.users[name], label="Api")[1]
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")

    def send(self, path: str, body: Any = None, method: str = "POST") -> Any:
        return self.client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json")


def words(name: str, cast: Any) -> list[tuple[str, str]]:
    actor = getattr(cast, name)
    return [(one.words, one.why) for one in queries.drawn(actor, list(queries.find_notices(actor)))]


def test_whoever_a_record_is_shared_with_is_told_and_led_to_it(cast: Any, contract: Contract) -> None:
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"])
    drain_outbox()
    assert words("olle", cast) == [("Ada shared this with you", "It was shared with you.")]
    assert words("ada", cast) == [], "nobody is told of what they did"
    [one] = queries.find_notices(cast.olle)
    assert one.path == f"/contracts/{contract.pk}/"


def test_everybody_of_a_team_is_told_but_the_one_who_shared(cast: Any, contract: Contract) -> None:
    share_records(cast.ada, KEY, [contract.pk], team=cast.sales)
    drain_outbox()
    told = {one.user_id for one in Notice.objects.filter(kind="shared")}
    assert cast.users["ben"].pk in told
    assert cast.users["ada"].pk not in told


def test_the_api_lists_ones_own_notices_page_by_page_and_marks_them(cast: Any, contract: Contract) -> None:
    for name in ("olle", "gus"):
        share_records(cast.ada, KEY, [contract.pk], user=cast.users[name])
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"], level="comment")
    drain_outbox()
    api = Api(cast, "olle")
    first = api.get("notices?limit=1").json()
    assert (first["unread"], len(first["items"])) == (2, 1)
    second = api.get(f"notices?limit=1&cursor={first['next']}").json()
    assert second["next"] == ""
    assert {one["id"] for one in first["items"]}.isdisjoint({one["id"] for one in second["items"]})
    one = first["items"][0]
    assert (one["record"], one["why"], one["is_new"]) == (str(contract.pk), "It was shared with you.", True)
    assert api.send("notices/read", {"ids": [one["id"]]}).json() == {"count": 1}
    assert api.get("notices?new=true").json()["unread"] == 1
    assert api.send(f"notices/{one['id']}/unread").json()["is_new"] is True
    assert api.send("notices/read").json() == {"count": 2}


def test_the_api_mutes_passes_on_and_knows_nobody_elses_notices(cast: Any, contract: Contract) -> None:
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"])
    drain_outbox()
    [one] = Api(cast, "olle").get("notices").json()["items"]
    api, other = Api(cast, "olle"), Api(cast, "ben")
    assert api.send(f"notices/{one['id']}/mute").status_code == 200
    assert api.send(f"notices/{one['id']}/unmute").status_code == 200
    passed = api.send(f"notices/{one['id']}/pass", {"to": [str(cast.users["ben"].pk)], "note": "Look"})
    assert passed.json() == {"count": 1}
    for act in ("unread", "mute", "unmute"):
        assert other.send(f"notices/{one['id']}/{act}").status_code == 404
    assert api.send(f"notices/{one['id']}/pass", {"to": []}).status_code == 422
    assert api.send(f"notices/{uuid4()}/mute").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "limit=9999",
        "cursor=x",
        "cursor=2026-01-01_x",
        "cursor=0001-01-01T00:00:00%2B14:00_01a201d4-bb91-7005-93ff-ce1479bbe211",
    ],
)
def test_odd_questions_are_refused_in_words(cast: Any, query: str) -> None:
    answer = Api(cast, "ada").get(f"notices?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_wishes_are_read_and_changed_together_or_not_at_all(cast: Any) -> None:
    api = Api(cast, "ada")
    kinds = {one["kind"]: one for one in api.get("notice-wishes").json()["kinds"]}
    assert kinds["shared"]["mail"] == "now"
    wanted = {"kinds": [{"kind": "shared", "in_app": False, "mail": "off"}], "quiet_from": "22:00", "quiet_to": "06:00"}
    after = api.send("notice-wishes", wanted, "PUT").json()
    assert (after["quiet_from"], after["digest_at"]) == ("22:00", "07:00")
    assert next(one for one in after["kinds"] if one["kind"] == "shared")["mail"] == "off"
    half = {"kinds": [{"kind": "shared", "mail": "now"}], "quiet_from": "22:00"}
    assert api.send("notice-wishes", half, "PUT").status_code == 422
    assert api.get("notice-wishes").json() == after
    assert api.send("notice-wishes", {"kinds": [{"kind": "no_such", "mail": "now"}]}, "PUT").status_code == 404


def test_who_may_read_no_amount_gets_none_by_the_api(cast: Any) -> None:
    """S0-33, trust D4: the notice of a payment comes, its amount does not."""
    contract = make_active(cast.ada, "100", price="6913577.60", title="Flow metering")
    add_members(cast.ada, [contract.pk], {"user": str(cast.users["gus"].pk), "role": "sales"})
    role = Role.objects.get(key="agent")
    for noun, names in (("billing.payment", ("amount",)), (KEY, ("gross", "received", "open"))):
        FieldRule.objects.bulk_create(FieldRule(role=role, noun=noun, field=name, level=0) for name in names)
    bump_policy(Actor.system(), ())
    drain_outbox()
    billing.report_payments(cast.ben, [PaymentReport("in", 975_310_700, "SEK", today(), contract=contract.pk)])
    drain_outbox()
    seen = Api(cast, "gus").get("notices").content.decode()
    assert "payment_reported" in seen
    assert not [one for one in ("9753107", "8641972") if one in seen]
    assert "9753107.00" in Api(cast, "ada").get("notices").content.decode()


def test_notices_are_forgotten_after_a_while_and_unread_ones_later(
    cast: Any, contract: Contract, settings: Any
) -> None:
    settings.NOTICES_KEPT_DAYS = 30
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"])
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["max"])
    drain_outbox()
    services.read_notices(cast.olle)
    for days, left in ((29, 2), (31, 1), (61, 0)):
        Notice.objects.update(created_at=clock.now() - dt.timedelta(days=days))
        services.purge_old()
        assert Notice.objects.count() == left, days


def test_the_api_decides_on_a_renewal(cast: Any) -> None:
    day = clock.today() + dt.timedelta(days=40)
    contract = make_contract(
        cast.ada, Stage.ACTIVE, starts_on=clock.today().isoformat(), ends_on=day.isoformat(), term="fixed"
    )
    api = Api(cast, "ada")
    assert api.send(f"contracts/{contract.pk}/renewal", {"decision": "lapse"}).status_code == 422
    assert (
        api.send(
            f"contracts/{contract.pk}/renewal", {"decision": "lapse", "reason": "Moved", "version": 99}
        ).status_code
        == 409
    )
    assert api.send(f"contracts/{contract.pk}/renewal", {"decision": "renew"}).status_code == 200
    assert [(one.decision, one.day) for one in RenewalDecision.objects.filter(contract=contract)] == [("renew", day)]

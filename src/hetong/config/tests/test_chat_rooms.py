"""What is said in chat rooms: of which company, in which words, once; no amount, no name (S2-13, trust C2, G1, G2, H)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services.access import bump_policy
from hetong.accounts.testing import grant, make_user
from hetong.audit.models import Entry, EntryValues
from hetong.billing import services as billing
from hetong.billing.services.payments import PaymentReport
from hetong.billing.testing import make_active, today
from hetong.contracts import services as contracts
from hetong.contracts.models import Contract
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.kernel.testing import without_ids
from hetong.notifications import services
from hetong.notifications.gateways import ChatRefused, ChatUnreachable, FakeChat, use_chat
from hetong.notifications.models import ChatPost, ChatRoom
from hetong.notifications.services import RoomWish
from hetong.notifications.services.robots import PURPOSE
from hetong.notifications.services.tries import MOST_ATTEMPTS

pytestmark = pytest.mark.django_db
ADDRESS = "https://oapi.dingtalk.com/robot/send?access_token=canary-token"
ALL = ("flagged", "unflagged", "payment_reported", "payment_confirmed", "remind.contracts", "remind.billing")


@pytest.fixture
def chat() -> Iterator[FakeChat]:
    fake = FakeChat()
    use_chat(fake)
    yield fake
    use_chat(None)


@pytest.fixture
def contract(cast: Any) -> Contract:
    """Ada's contract over 1 327.00 SEK."""
    made = make_active(cast.ada, "100", price="1061.60", title="Flow metering")
    Contract.objects.filter(pk=made.pk).update(number="HT-26-0042")
    drain_outbox()
    return Contract.objects.get(pk=made.pk)


def wish(cast: Any, **over: Any) -> RoomWish:
    facts = {
        "name": "Deals", "kind": "dingtalk", "company": cast.north.pk, "address": ADDRESS, "secret": "SEC-canary", "language": "en",
        "kinds": ALL,
    } | over  # fmt: skip
    return RoomWish(**facts)


def flag(cast: Any, contract: Contract) -> None:
    contracts.flag_contracts(cast.ada, [contract.pk], {"reason": "Late for 4711 SEK"})
    drain_outbox()


def said(chat: FakeChat) -> list[str]:
    drain_outbox()
    services.deliver_posts()
    return [f"{message.title} | {message.text}" for _room, message in chat.sent]


def test_a_room_hears_what_it_wants_with_number_and_link_only(cast: Any, contract: Contract, chat: FakeChat) -> None:
    services.add_room(cast.admin, wish(cast))
    flag(cast, contract)
    [text] = said(chat)
    assert text.startswith("Marked abnormal · ")
    assert text.endswith(f"| Contract {contract.number}")
    [(room, message)] = chat.sent
    assert (room.address, room.secret) == (ADDRESS, "SEC-canary")
    assert message.link.endswith(f"/contracts/{contract.pk}/")


def test_no_amount_no_party_and_no_person_is_named_in_a_room(cast: Any, contract: Contract, chat: FakeChat) -> None:
    """C2: everybody in the room reads it, and nobody knows who that is."""
    services.add_room(cast.admin, wish(cast))
    [payment] = billing.report_payments(cast.ada, [PaymentReport("in", 77_700, "SEK", today(), contract=contract.pk)])
    drain_outbox()
    billing.confirm_payments(cast.fia, [payment.pk])
    flag(cast, contract)
    with clock.set_to(clock.now() + timedelta(days=400)):
        services.remind()
    texts = said(chat)
    assert len(texts) >= 3
    everything = without_ids(json.dumps([*texts, *ChatPost.objects.values_list("title", "lines", "path")], default=str))
    for canary in ("777", "4711", "1327", "1,327", "Flow", "Ada", "Fia", "SEK", "Late for", str(contract.counterparty)):
        assert canary not in everything


def test_a_number_that_one_role_may_not_read_is_not_said(cast: Any, contract: Contract, chat: FakeChat) -> None:
    FieldRule.objects.create(role=Role.objects.get(key="agent"), noun="contracts.contract", field="number", level=0)
    bump_policy(Actor.system(), ())
    services.add_room(cast.admin, wish(cast))
    flag(cast, contract)
    [text] = said(chat)
    assert text.endswith("| Contract")


def test_a_room_hears_its_company_and_its_team_alone(cast: Any, contract: Contract, chat: FakeChat) -> None:
    services.add_room(cast.admin, wish(cast, company=cast.south.pk))
    services.add_room(cast.admin, wish(cast, team=cast.delivery.pk))
    services.add_room(cast.admin, wish(cast, kinds=("unflagged",)))
    flag(cast, contract)
    assert said(chat) == []
    Contract.objects.filter(pk=contract.pk).update(team=cast.delivery.pk)
    contracts.unflag_contracts(cast.ada, [contract.pk], outcome="Done")
    assert len(said(chat)) == 2


def test_reminders_are_said_once_however_many_people_and_runs_there_are(
    cast: Any, contract: Contract, chat: FakeChat
) -> None:
    services.add_room(cast.admin, wish(cast, kinds=("remind.contracts", "remind.billing")))
    with clock.set_to(clock.now() + timedelta(days=400)):
        services.remind()
        services.remind()
        keys = list(ChatPost.objects.values_list("key", flat=True))
        assert len(keys) == len(set(keys)) > 0
        texts = said(chat)
        services.remind()
        assert said(chat) == texts
    assert any(contract.number in text for text in texts)


def test_many_records_at_once_are_one_message(cast: Any, chat: FakeChat) -> None:
    """Robots are let to speak twenty times a minute."""
    made = [make_active(cast.ada, "100") for _ in range(12)]
    drain_outbox()
    services.add_room(cast.admin, wish(cast))
    contracts.flag_contracts(cast.ada, [one.pk for one in made], {"reason": "Late"})
    [text] = said(chat)
    assert text.endswith("and 2 more")


def test_a_room_speaks_its_language(cast: Any, contract: Contract, chat: FakeChat) -> None:
    services.add_room(cast.admin, wish(cast, language="zh-hans"))
    flag(cast, contract)
    [text] = said(chat)
    assert f"合同 {contract.number}" in text


def test_a_robot_that_is_away_is_tried_again_and_holds_up_no_other(
    cast: Any, contract: Contract, chat: FakeChat
) -> None:
    for name in ("One", "Two"):
        services.add_room(cast.admin, wish(cast, name=name))
    flag(cast, contract)
    chat.failures = [ChatUnreachable("HTTP 502")]
    services.deliver_posts()
    assert len(chat.sent) == 1
    assert ChatPost.objects.get(state="waiting").error == "HTTP 502"
    with clock.set_to(clock.now() + timedelta(minutes=2)):
        services.deliver_posts()
    assert len(chat.sent) == 2


def test_after_ten_tries_it_is_given_up_shown_and_tried_again_by_hand(
    cast: Any, contract: Contract, chat: FakeChat
) -> None:
    room = services.add_room(cast.admin, wish(cast))
    flag(cast, contract)
    chat.failures = [ChatUnreachable("HTTP 502")] * MOST_ATTEMPTS
    at = clock.now()
    for _ in range(MOST_ATTEMPTS):
        with clock.set_to(at):
            services.deliver_posts()
        at += timedelta(hours=7)
    post = ChatPost.objects.get()
    assert post.state == "failed"
    client = Client()
    client.force_login(cast.users["admin"])
    assert "HTTP 502" in client.get(f"/settings/chat/{room.pk}/").content.decode()
    assert client.post(f"/settings/chat/posts/{post.pk}/retry/").status_code == 302
    assert len(said(chat)) == 1
    assert client.post(f"/settings/chat/posts/{post.pk}/retry/").status_code == 404


def test_a_refused_message_is_not_tried_again(cast: Any, contract: Contract, chat: FakeChat) -> None:
    services.add_room(cast.admin, wish(cast))
    flag(cast, contract)
    chat.failures = [ChatRefused("code 310000")]
    assert said(chat) == []
    assert said(chat) == []
    assert (ChatPost.objects.get().state, ChatPost.objects.get().error) == ("failed", "code 310000")


def test_a_room_that_is_off_hears_nothing_and_what_waited_is_dropped(
    cast: Any, contract: Contract, chat: FakeChat
) -> None:
    room = services.add_room(cast.admin, wish(cast))
    flag(cast, contract)
    services.switch_room(cast.admin, room.pk, is_enabled=False)
    contracts.unflag_contracts(cast.ada, [contract.pk], outcome="Done")
    assert said(chat) == []
    assert list(ChatPost.objects.values_list("state", flat=True)) == ["dropped"]
    services.switch_room(cast.admin, room.pk, is_enabled=True)
    flag(cast, contract)
    assert len(said(chat)) == 1


def test_address_and_secret_are_sealed_and_never_shown_again(cast: Any, chat: FakeChat) -> None:
    room = services.add_room(cast.admin, wish(cast))
    held = ChatRoom.objects.get()
    assert "canary" not in held.address + held.secret
    client = Client()
    client.force_login(cast.users["admin"])
    for address in ("/settings/chat/", f"/settings/chat/{room.pk}/"):
        page = client.get(address).content.decode()
        assert "oapi.dingtalk.com" in page
        assert "canary" not in page
    assert PURPOSE == "notifications.chat"
    kept = [*Entry.objects.values(), *EntryValues.objects.values()]
    assert not any("canary" in json.dumps(one, default=str) for one in kept)


def test_a_new_address_does_not_keep_the_old_secret_and_a_new_secret_needs_the_address(
    cast: Any, contract: Contract, chat: FakeChat
) -> None:
    """A secret that was kept is never used with an address that somebody else gives."""
    room = services.add_room(cast.admin, wish(cast))
    services.edit_room(cast.admin, room.pk, wish(cast, address="", secret="", name="Renamed"))
    assert ChatRoom.objects.get().secret
    with pytest.raises(Invalid):
        services.edit_room(cast.admin, room.pk, wish(cast, address="", secret="other"))
    services.edit_room(cast.admin, room.pk, wish(cast, address="https://elsewhere.example.com/x", secret=""))
    flag(cast, contract)
    said(chat)
    [(heard, _message)] = chat.sent
    assert (heard.address, heard.secret) == ("https://elsewhere.example.com/x", "")


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"address": "https://127.0.0.1/x"}, "address"),
        ({"address": "http://hooks.slack.com/x"}, "address"),
        ({"address": ""}, "address"),
        ({"name": " "}, "name"),
        ({"kind": "irc"}, "kind"),
        ({"kind": "slack"}, "secret"),
        ({"kinds": ()}, "kinds"),
        ({"kinds": ("mentioned",)}, "kinds"),
        ({"language": "xx"}, "language"),
        ({"company": None}, "company"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(cast: Any, over: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_room(cast.admin, wish(cast, **over))
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not ChatRoom.objects.exists()


def test_rooms_belong_to_who_sets_up_their_company(cast: Any) -> None:
    room = services.add_room(cast.admin, wish(cast))
    boss = make_user("Boss")
    grant(boss, "admin", cast.south)
    south = type(cast)(cast.north, cast.south, cast.sales, cast.sales2, cast.delivery, cast.users | {"boss": boss}).boss
    for act in (
        lambda: services.send_test_post(south, room.pk),
        lambda: services.switch_room(south, room.pk, is_enabled=False),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Invalid):
        services.add_room(south, wish(cast))
    with pytest.raises(Forbidden):
        services.add_room(cast.ada, wish(cast))
    client = Client()
    client.force_login(boss)
    assert "Deals" not in client.get("/settings/chat/").content.decode()
    assert client.get(f"/settings/chat/{room.pk}/").status_code == 404


def test_a_room_is_set_up_tried_and_switched_on_its_pages(cast: Any, chat: FakeChat) -> None:
    client = Client()
    client.force_login(cast.users["admin"])
    sent = {
        "name": "Deals", "kind": "feishu", "company": str(cast.north.pk), "team": "", "language": "en", "kinds": ["flagged"],
        "address": "https://169.254.169.254/", "secret": "",
    }  # fmt: skip
    refused = client.post("/settings/chat/new/", sent)
    assert refused.status_code == 422
    assert "lies inside" in refused.content.decode()
    assert "169.254" not in refused.content.decode().replace('value="https://169.254.169.254/"', "")
    answer = client.post("/settings/chat/new/", sent | {"address": "https://open.feishu.cn/open-apis/bot/v2/hook/x"})
    room = ChatRoom.objects.get()
    assert answer["Location"] == f"/settings/chat/{room.pk}/"
    client.post(f"/settings/chat/{room.pk}/test/")
    assert said(chat) == ["A test from Hetong | This is how news looks in this room."]
    client.post(f"/settings/chat/{room.pk}/switch/", {"on": "0"})
    assert not ChatRoom.objects.get().is_enabled
    codes = set(Entry.objects.filter(code__startswith="notifications.room").values_list("code", flat=True))
    assert codes == {"notifications.room_added", "notifications.room_off"}

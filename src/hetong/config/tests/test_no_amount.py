"""A reader without money rights gets no amount by any way in which the product speaks of itself (S0-19, S0-33, trust C2, C4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services.access import bump_policy
from hetong.billing import services as billing
from hetong.billing.services.payments import PaymentReport
from hetong.billing.testing import make_active, today
from hetong.contracts import services as contracts
from hetong.contracts.models import Contract
from hetong.discussions.testing import say
from hetong.jobs.announcing import names_of
from hetong.jobs.models import Outbox
from hetong.jobs.services import unpack_fact
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.testing import without_ids
from hetong.notifications import queries, services
from hetong.notifications.gateways import FakeChat, FakePush, use_chat, use_push
from hetong.notifications.models import Notice
from hetong.notifications.services import RoomWish
from hetong.notifications.table import spoken_kinds
from hetong.notifications.testing import delivered, mail_kept, text_of
from hetong.todos.services import make_feed, refresh_all

from .test_push import Browser

pytestmark = pytest.mark.django_db
PAID = 7_654_321
FIGURES = tuple(
    f"{head}{gap}{tail}"
    for head, tail in (("76", "543"), ("98", "765"))
    for gap in ("", " ", ",", ".", "\u00a0", "\u202f")
)
"""How the payment (76 543.21) and the contract's value (98 765.43 with tax) could be written, to their first figures."""
MONEY = {
    "contracts.contract": ("gross", "net", "tax", "received", "open", "invoiced", "paid", "value"),
    "billing.payment": ("amount",), "billing.invoice": ("gross", "left"), "billing.due": ("gross", "unsettled", "uninvoiced"),
}  # fmt: skip


@pytest.fixture
def ways() -> Iterator[tuple[FakePush, FakeChat]]:
    push, chat = FakePush(), FakeChat()
    use_push(push), use_chat(chat)
    yield push, chat
    use_push(None), use_chat(None)


@pytest.fixture
def contract(cast: Any) -> Contract:
    """Ada's contract with one stage and an agent on its team, whose role reads no money."""
    made = make_active(cast.ada, "100", price="79012.34", title="Flow metering")
    contracts.add_members(cast.ada, [made.pk], {"user": str(cast.users["gus"].pk), "role": "sales"})
    return made


def hide_money(role: str) -> None:
    held = Role.objects.get(key=role)
    for noun, names in MONEY.items():
        FieldRule.objects.bulk_create(FieldRule(role=held, noun=noun, field=name, level=0) for name in names)
    bump_policy(Actor.system(), ())


def happen(cast: Any, contract: Contract) -> None:
    """A payment, its reversal, a talk about it, what is passed on, and the reminders of more than a year."""
    report = PaymentReport("in", PAID, "SEK", today(), contract=contract.pk)
    [payment] = billing.record_payments(cast.fia, [report])
    drain_outbox()
    [mine] = [one for one in queries.drawn(cast.ada, list(queries.find_notices(cast.ada))) if "confirmed" in one.words]
    services.pass_on(cast.ada, mine.id, [cast.users["gus"].pk], note="It is here")
    billing.reverse_payments(cast.fia, [payment.pk], reason="Bounced")
    say(cast.ada, "contracts.contract", contract.pk, "@Gus, what do they say?")
    contracts.edit_contracts(cast.ada, [contract.pk], {"owner": str(cast.users["gus"].pk)})
    drain_outbox()
    for ahead in (1, 20, 40, 60, 400):
        with clock.set_to(today() + ahead * (today().resolution)):
            services.remind()
            refresh_all()
            services.send_digests()


def everything(cast: Any, push: FakePush, chat: FakeChat, kept: Any) -> dict[str, str]:
    """All that was told to Gus, by the way it took."""
    gus = cast.users["gus"]
    messages = [one for one in delivered(kept) if one["To"] == gus.email]
    services.deliver_pushes(), services.deliver_posts()
    client = Client()
    client.force_login(gus)
    stored = [(one.values, one.facts, one.note) for one in Notice.objects.filter(user=gus)]
    _feed, secret = make_feed(cast.gus)
    facts = [unpack_fact(one) for row in Outbox.objects.all() for one in row.rows]
    return {
        "notices": json.dumps(stored, default=str),
        "notices read": str(queries.drawn(cast.gus, list(queries.find_notices(cast.gus)))),
        "mails": "\n".join(f"{one['Subject']}\n{text_of(one)}\n{one.get_body(('html',))}" for one in messages),
        "devices": json.dumps([payload for _device, payload, _topic in push.sent]),
        "rooms": json.dumps([[message.title, message.text] for _room, message in chat.sent]),
        "calendar": client.get(f"/calendar/{secret}.ics").content.decode(),
        "live names": json.dumps(sorted(names_of(facts))),
        **{
            address: client.get(address).content.decode() for address in ("/notices/", "/notices/bell/", "/todos/", "/")
        },
        **{address: client.get(address).content.decode() for address in ("/api/v1/notices", "/api/v1/todos")},
    }


@pytest.mark.parametrize("may_read", [False, True])
def test_by_no_way_does_an_amount_reach_who_may_not_read_it(
    cast: Any, contract: Contract, ways: tuple[FakePush, FakeChat], may_read: bool
) -> None:
    """S0-19: in the app, by mail, on devices, in rooms, in calendars, in live events. Who may read it finds it, so the test can fail."""
    if not may_read:
        hide_money("agent")
    services.add_device(cast.gus, **Browser("https://push.example.com/gus").given)
    kinds = tuple(kind.key for kind in spoken_kinds())
    room = {"name": "Deals", "kind": "slack", "company": cast.north.pk, "language": "en", "secret": "", "kinds": kinds}
    services.add_room(cast.admin, RoomWish(address="https://hooks.slack.com/services/x", **room))
    services.set_preferences(cast.gus, {kind.key: (True, "now") for kind in spoken_kinds()})
    with mail_kept() as kept:
        happen(cast, contract)
        told = everything(cast, *ways, kept)
    assert all(len(text) > 10 for text in told.values()), "every way was taken"
    found = {way for way, text in told.items() for figure in FIGURES if figure in without_ids(text)}
    if may_read:
        assert {"notices", "notices read", "mails", "/notices/"} <= found
        assert not found & {"devices", "rooms", "calendar", "live names"}, "these tell nobody"
    else:
        assert not found

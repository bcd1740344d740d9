"""A way out that is silent for an hour: everything waits, and leaves once and in order when it answers again (trust I3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hetong.accounts.models import User
from hetong.accounts.testing import make_user
from hetong.config.doctor import schedule
from hetong.contracts.models import Contract
from hetong.contracts.services import flag_contracts
from hetong.contracts.testing import make_contract
from hetong.discussions.testing import say
from hetong.jobs.models import Schedule
from hetong.jobs.testing import drain_outbox
from hetong.jobs.worker import run_timed
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.notifications import services
from hetong.notifications.gateways import (
    ChatUnreachable,
    Device,
    MailDeferred,
    MailUnreachable,
    Message,
    PushUnreachable,
    Room,
    use,
    use_chat,
    use_push,
)
from hetong.notifications.models import ChatPost, Mail, Push
from hetong.notifications.services import MailOrder, send_mails
from hetong.notifications.states import State

from .test_push import Browser

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)
AN_HOUR = dt.timedelta(hours=1)
LATEST = dt.timedelta(minutes=10)
"""After the return, everything has left within so long."""
EVERY = dt.timedelta(seconds=30)


class Road:
    """The other side of all three ways out, silent for an hour; it notes what it took and when it was asked in vain."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.in_vain: list[dt.datetime] = []

    @property
    def is_silent(self) -> bool:
        return START <= clock.now() < START + AN_HOUR

    def take(self, what: str, away: type[Exception]) -> None:
        if self.is_silent:
            self.in_vain.append(clock.now())
            raise away("no route")
        self.taken.append(what)


class MailRoad(Road):
    def send(self, recipient: str, content: bytes, name: str) -> str:
        self.take(name, MailUnreachable)
        return ""


class ChatRoad(Road):
    def send(self, room: Room, message: Message) -> None:
        self.take(message.lines[0], ChatUnreachable)


class PushRoad(Road):
    def send(self, device: Device, payload: str, topic: str, key: str) -> None:
        self.take(topic, PushUnreachable)


@pytest.fixture(autouse=True)
def no_road_stays() -> Iterator[None]:
    yield
    use(None), use_chat(None), use_push(None)


def through(job: str, happen: Callable[[int], object]) -> tuple[list[bool], list[int]]:
    """Two hours in which something happens every five minutes: whether each run of the job was well, and when one failed."""
    well = []
    for run in range(int(2 * AN_HOUR / EVERY)):
        with clock.set_to(START - dt.timedelta(minutes=10) + run * EVERY):
            if run % 10 == 0:
                happen(run // 10)
                drain_outbox()
            well.append(run_timed(job))
    return well, [position for position, was_well in enumerate(well) if not was_well]


def check_hour(road: Road, model: type[Any], well: list[bool], bad: list[int], last: int) -> None:
    """What every way out keeps: nothing lost, doubled, given up or out of order; asked less and less; and it says so."""
    assert {one.state for one in model.objects.all()} == {State.SENT}
    assert len(road.taken) == len(set(road.taken)) == last
    assert 5 <= len(road.in_vain) <= 12, "asked again with longer waits, not every time"
    waits = [later - sooner for sooner, later in zip(road.in_vain, road.in_vain[1:], strict=False)]
    assert waits == sorted(waits), "longer each time, until they are as long as may be"
    if bad:
        first, final = bad[0], bad[-1]
        assert not any(well[first : final + 1]), "it needs attention as long as the silence lasts"
        assert all(well[:first])
        assert all(well[final + 1 :]), "and then no more"
        assert final * EVERY <= dt.timedelta(minutes=10) + AN_HOUR + LATEST


def test_mails_of_an_hour_without_a_server_leave_once_and_in_order(cast: Any) -> None:
    """I3. Also those that were written while it was away; none is given up."""
    use(road := MailRoad())
    ada = cast.users["ada"]
    well, bad = through("notifications.deliver", lambda n: send_mails(
        Actor.system(), [MailOrder("password_changed", ada, f"mail:{n}:{of}") for of in range(3)]
    ))  # fmt: skip
    assert bad, "the jobs page says that the server is away"
    check_hour(road, Mail, well, bad, 24 * 3)
    in_order = [f"{one.created_at:%Y%m%d-%H%M%S}-{one.pk}" for one in Mail.objects.order_by("created_at", "pk")]
    assert road.taken == in_order
    late = Mail.objects.filter(created_at__lt=START + AN_HOUR, created_at__gte=START)
    assert {one.sent_at is not None and one.sent_at <= START + AN_HOUR + LATEST for one in late} == {True}


def test_while_the_server_is_away_the_pages_say_so_and_then_no_more(cast: Any, client: Client) -> None:
    use(MailRoad())
    client.force_login(cast.users["admin"])
    send_mails(Actor.system(), [MailOrder("password_changed", cast.users["ada"], f"mail:{n}") for n in range(3)])
    with clock.set_to(dt.datetime(2026, 3, 9, 9, 30, tzinfo=dt.UTC)):
        Mail.objects.update(next_at=clock.now(), created_at=clock.now())
        assert not run_timed("notifications.deliver")
    page = client.get("/settings/mails/").content.decode()
    assert "The mail server does not answer" in page
    assert "3 mails wait" in page
    assert "The mail server is away: no route" in client.get(reverse("scheduled")).content.decode()
    assert [one.where for one in schedule()] == ["notifications.deliver"], "hetong doctor names it too"
    with clock.set_to(dt.datetime(2026, 3, 9, 10, 30, tzinfo=dt.UTC)):
        assert run_timed("notifications.deliver")
    assert "does not answer" not in client.get("/settings/mails/").content.decode()
    assert Schedule.objects.get(job="notifications.deliver").is_ok
    assert not list(schedule())


def test_one_address_that_asks_to_wait_holds_up_nobody() -> None:
    class Greylisting(MailRoad):
        def send(self, recipient: str, content: bytes, name: str) -> str:
            if recipient.startswith("slow"):
                raise MailDeferred("450 come back later")
            return super().send(recipient, content, name)

    use(road := Greylisting())
    with clock.set_to(START - AN_HOUR):
        people = [make_user(name) for name in ("Slow", "Ada", "Ben")]
        send_mails(Actor.system(), [MailOrder("password_changed", one, f"mail:{one.name}") for one in people])
        assert run_timed("notifications.deliver"), "the server is there"
    assert len(road.taken) == 2
    assert Mail.objects.get(state=State.WAITING).recipient == "slow@example.test"


class Deferring(MailRoad):
    """A server that answers, and for an hour asks some or all to come back later; it notes how often."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = names

    def send(self, recipient: str, content: bytes, name: str) -> str:
        if recipient.startswith(self.names) and self.is_silent:
            self.in_vain.append(clock.now())
            raise MailDeferred("451 4.3.0 come back later")
        self.taken.append(recipient)
        return ""


def a_mail_to_each(people: Sequence[User], n: int) -> None:
    send_mails(Actor.system(), [MailOrder("password_changed", one, f"mail:{n}:{one.name}") for one in people])


def test_a_server_that_puts_everybody_off_for_an_hour_is_away(cast: Any) -> None:
    """I3: it is asked with a few mails now and then, not with every one; nothing is lost, doubled or late when it is back."""
    use(road := Deferring(""))
    people = [make_user(f"P{n}") for n in range(6)]
    well, bad = through("notifications.deliver", lambda n: a_mail_to_each(people, n))
    assert bad, "the jobs page says that the server is away"
    assert all(well[bad[-1] + 1 :])
    assert len(road.in_vain) <= 3 * 32, "three ask every two minutes, not fifty a run"
    assert {one.state for one in Mail.objects.all()} == {State.SENT}
    assert len(road.taken) == Mail.objects.count() == 24 * 6
    late = Mail.objects.filter(created_at__lt=START + AN_HOUR)
    assert {one.sent_at is not None and one.sent_at <= START + AN_HOUR + LATEST for one in late} == {True}
    waited = Mail.objects.filter(created_at__gte=START, created_at__lt=START + AN_HOUR)
    assert list(waited.order_by("sent_at", "pk")) == list(waited.order_by("created_at", "pk")), "they leave in order"


@pytest.mark.parametrize("slow", [1, 2, 3, 7])
def test_recipients_who_are_put_off_hold_up_nobody_else_for_long(cast: Any, slow: int) -> None:
    """However many there are, and however early they stand: within minutes everybody else has theirs, and goes on to have them."""
    use(road := Deferring(*(f"slow{n}" for n in range(slow))))
    people = [make_user(name) for name in (*(f"Slow{n}" for n in range(slow)), *(f"P{n}" for n in range(9)))]
    through("notifications.deliver", lambda n: a_mail_to_each(people, n))
    assert not Mail.objects.filter(state=State.FAILED).exists()
    assert len(road.taken) == Mail.objects.filter(state=State.SENT).count()
    others = Mail.objects.exclude(recipient__startswith="slow")
    assert {one.sent_at is not None and one.sent_at - one.created_at <= LATEST for one in others} == {True}


@pytest.fixture
def contract(cast: Any) -> Contract:
    return make_contract(cast.ada, title="Flow metering")


def flagged(cast: Any, n: int) -> None:
    """News that rooms hear of: a contract of that number is marked abnormal."""
    made = make_contract(cast.ada, title=f"Flow {n}")
    Contract.objects.filter(pk=made.pk).update(number=f"F-{n:03}")
    flag_contracts(cast.ada, [made.pk], {"reason": "Late"})


def test_messages_to_rooms_of_an_hour_without_the_service_are_said_once_and_in_order(cast: Any) -> None:
    """I3."""
    use_chat(road := ChatRoad())
    services.add_room(
        cast.admin,
        services.RoomWish(
            name="Deals", kind="slack", company=cast.north.pk, team=None, language="en", kinds=("flagged",),
            address="https://hooks.slack.com/services/x", secret="",
        ),
    )  # fmt: skip
    well, bad = through("notifications.say", lambda n: flagged(cast, n))
    assert bad
    check_hour(road, ChatPost, well, bad, 24)
    assert [line.split()[-1] for line in road.taken] == [f"F-{n:03}" for n in range(24)]


def test_pushes_of_an_hour_without_the_service_come_once_and_in_order(cast: Any, contract: Contract) -> None:
    """I3. What one person's device says is no matter of the house."""
    use_push(road := PushRoad())
    services.add_device(cast.lin, **Browser("https://push.example.com/lin").given)
    well, bad = through("notifications.push", lambda n: say(cast.ada, "contracts.contract", contract.pk, f"@Lin {n}"))
    assert not bad
    check_hour(road, Push, well, bad, 24)
    topics = [f"n{one.notice_id.hex[:31]}" for one in Push.objects.order_by("created_at", "pk") if one.notice_id]
    assert road.taken == topics

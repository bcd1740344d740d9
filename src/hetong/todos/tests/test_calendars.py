"""Calendar addresses: a person's days in their own calendar, as RFC 5545, revocable, with the rights of now (ux 31, issue 6)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import make_token
from hetong.accounts.services.access import bump_policy
from hetong.audit.models import AccessLog, Entry
from hetong.billing.testing import make_active
from hetong.config.logs import blotted
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_milestone, put_into
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, NotFound
from hetong.kernel.ical import DayEvent, calendar_text
from hetong.todos import queries, services
from hetong.todos.feeds import days_of, feed_of, find_feeds
from hetong.todos.models import Feed
from hetong.todos.testing import make_task
from hetong.todos.views import feeds
from hetong.ui.models import SavedView

pytestmark = pytest.mark.django_db


def soon(days: int = 40) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def titles(secret: str) -> list[str]:
    feed, owner = feed_of(secret)
    return [one.title for one in days_of(owner, feed)]


def text_at(secret: str, **headers: str) -> Any:
    return Client(headers={"host": "localhost"} | headers).get(reverse("todos:feed", args=[secret]))


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def make_view(cast: Any, query: str = "", noun: str = "contracts.contract", **more: Any) -> SavedView:
    facts = {"noun": noun, "path": "/contracts/", "owner": cast.ada.id, "name": "Ends soon", "query": query}
    return SavedView.objects.create(**facts | {"created_at": clock.now()} | more)


def ending(cast: Any, title: str = "Meters", milestone: str = "") -> Contract:
    """A contract of Ada's in force that ends, with no day of notice; with a milestone where one is named."""
    given = {"starts_on": clock.today().isoformat(), "ends_on": soon().isoformat(), "term": "fixed"}
    contract = make_contract(cast.ada, title=title, **given)
    if milestone:
        make_milestone(cast.ada, contract, title=milestone, due_on=soon(20).isoformat())
    return put_into(contract, Stage.ACTIVE)


def test_ones_own_calendar_has_the_days_of_ones_to_dos_and_of_ones_records(cast: Any) -> None:
    ending(cast, milestone="First delivery")
    make_task(cast.ada, "Call the customer", due_on=soon(3).isoformat())
    make_task(cast.ada, "Some day")
    make_task(cast.ben, "Not hers", due_on=soon(3).isoformat())
    services.refresh_all()
    _feed, secret = services.make_feed(cast.ada)
    found = titles(secret)
    assert found == [
        "Call the customer",
        "Milestone: First delivery – Meters",
        "Decide: renew, renegotiate or let lapse: Meters",
    ]


def test_a_settled_deadline_leaves_the_calendar_and_the_others_keep_their_names(cast: Any) -> None:
    first, second = (make_task(cast.ada, what, due_on=soon(3).isoformat()) for what in ("Call", "Write"))
    feed, _secret = services.make_feed(cast.ada)
    before = {one.uid for one in days_of(cast.ada, feed)}
    services.tick(cast.ada, [first.pk])
    [left] = days_of(cast.ada, feed)
    assert left.uid in before
    assert left.uid == f"task-{second.pk}@hetong"


def test_the_calendar_of_a_view_has_the_key_dates_and_the_parts_of_what_it_finds(cast: Any) -> None:
    ending(cast, milestone="First delivery")
    ending(cast, title="Pumps")
    _feed, secret = services.make_feed(cast.ada, view=make_view(cast, "title=Meters").pk)
    assert titles(secret) == ["Milestone: First delivery – Meters", "Ends: Meters"]


def test_what_leaves_is_a_calendar_after_rfc_5545(cast: Any) -> None:
    make_task(cast.ada, "Räkna; mät, ring\\åter " + "流量计合同续签" * 12, due_on=soon(3).isoformat())
    _feed, secret = services.make_feed(cast.ada)
    answer = text_at(secret)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    raw = answer.content
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = unfolded(raw.decode())
    day = soon(3)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "METHOD:PUBLISH" in lines
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in lines
    assert f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}" in lines
    assert any(re.fullmatch(r"DTSTAMP:\d{8}T\d{6}Z", line) for line in lines)
    [summary] = [line for line in lines if line.startswith("SUMMARY:")]
    assert summary == "SUMMARY:Räkna\\; mät\\, ring\\\\åter " + "流量计合同续签" * 12
    assert any(line.startswith("URL:http") for line in lines)


def test_a_calendar_without_days_still_holds_a_component() -> None:
    lines = unfolded(calendar_text("Mine", [], clock.now()).decode())
    assert "BEGIN:VTIMEZONE" in lines
    assert "BEGIN:VEVENT" not in lines


def test_control_codes_and_line_breaks_end_no_line_early() -> None:
    odd = DayEvent("x@hetong", dt.date(2026, 2, 28), "a\r\nATTACH:file", "b\x00\nc", "https://x/\r\nEVIL:1")
    lines = unfolded(calendar_text("Mine", [odd], clock.now()).decode())
    assert "SUMMARY:a\\nATTACH:file" in lines
    assert "DESCRIPTION:b\\nc" in lines
    assert not [line for line in lines if line.startswith(("EVIL", "ATTACH"))]


def test_titles_are_in_the_owners_language_whoever_asks(cast: Any) -> None:
    ending(cast)
    services.refresh_all()
    user = cast.users["ada"]
    user.language = "sv"
    user.save()
    _feed, secret = services.make_feed(cast.ada)
    assert "SUMMARY:Besluta" in text_at(secret, accept_language="zh-hans").content.decode()


@pytest.mark.parametrize("why", ["unknown", "revoked", "renewed", "deactivated", "view gone", "view taken back"])
def test_an_address_that_no_longer_holds_is_not_found(cast: Any, why: str) -> None:
    view = make_view(cast, owner=cast.ben.id, is_for_everyone=True)
    feed, secret = services.make_feed(cast.ada, view=view.pk)
    assert text_at(secret).status_code == 200
    if why == "unknown":
        secret = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    elif why == "revoked":
        services.revoke_feed(cast.ada, feed.pk)
    elif why == "renewed":
        _feed, fresh = services.renew_feed(cast.ada, feed.pk)
        assert text_at(fresh).status_code == 200
    elif why == "deactivated":
        cast.users["ada"].is_active = False
        cast.users["ada"].save()
    elif why == "view gone":
        view.delete()
    else:
        SavedView.objects.filter(pk=view.pk).update(is_for_everyone=False)
    assert text_at(secret).status_code == 404


def test_the_secret_is_kept_as_a_digest_only_and_stands_in_no_journal(cast: Any) -> None:
    feed, secret = services.make_feed(cast.ada)
    text_at(secret)
    text_at(secret)
    kept = repr(Feed.objects.values().get(pk=feed.pk)) + repr(
        list(Entry.objects.values()) + list(AccessLog.objects.values())
    )
    assert secret not in kept
    assert Entry.objects.filter(code="todos.feed_made", actor_id=cast.ada.id).count() == 1
    assert AccessLog.objects.filter(act="calendar", subject=cast.ada.id).count() == 1, "the first use of a day"
    feed.refresh_from_db()
    assert feed.last_used_at is not None


def test_rights_are_those_of_the_moment_and_no_amount_is_told(cast: Any) -> None:
    """D4: a field that is hidden from the owner later is gone from the calendar; amounts never were in it."""
    contract = make_active(cast.ada, "100", price="1061.60", title="Flow metering")
    drain_outbox()
    services.refresh_all()
    Contract.objects.filter(pk=contract.pk).update(ends_on=soon())
    _feed, secret = services.make_feed(cast.ada, view=make_view(cast).pk)
    text = text_at(secret).content.decode()
    assert "Ends: Flow metering" in text
    assert not re.search(r"1[ ,.\u00a0]?327|1061", text)
    role = Role.objects.get(key="sales_rep")
    FieldRule.objects.create(role=role, noun="contracts.contract", field="ends_on", level=0)
    bump_policy(Actor.system(), ())
    assert "Ends: Flow metering" not in text_at(secret).content.decode()


def test_who_may_see_no_contract_any_more_is_told_of_none(cast: Any) -> None:
    ending(cast)
    view = make_view(cast, is_for_everyone=True)
    _feed, secret = services.make_feed(cast.dora, view=view.pk)
    assert titles(secret) == [], "Dora's scope does not reach Ada's contract"


def test_a_limited_token_makes_no_address_that_tells_more_than_it_may(cast: Any) -> None:
    _token, secret = make_token(cast.ada, cast.users["ada"], label="Narrow", permissions=["contracts.view"])
    answer = Client().post(
        "/api/v1/calendars", "{}", content_type="application/json", headers={"authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "feed_refused"


def test_the_api_makes_renews_and_revokes(cast: Any) -> None:
    _token, secret = make_token(cast.ada, cast.users["ada"], label="Whole")
    client = Client(headers={"authorization": f"Bearer {secret}"})
    made = client.post("/api/v1/calendars", {"label": "Phone"}, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["address"].endswith(".ics")
    path = made.json()["address"].partition("/calendar/")[2].removesuffix(".ics")
    assert text_at(path).status_code == 200
    again = client.post(f"/api/v1/calendars/{made.json()['id']}/renew", "{}", content_type="application/json")
    assert again.json()["address"] != made.json()["address"]
    assert text_at(path).status_code == 404
    [one] = client.get("/api/v1/calendars").json()["items"]
    assert one["label"] == "Phone"
    assert one.get("address") is None
    left = client.post(f"/api/v1/calendars/{one['id']}/revoke", "{}", content_type="application/json")
    assert left.json()["items"] == []
    odd = client.post("/api/v1/calendars", {"view": str(one["id"])}, content_type="application/json")
    assert odd.status_code == 422


def test_the_page_shows_an_address_once_and_renews_and_revokes_it(cast: Any) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users["ada"])
    view = make_view(cast)
    made = client.post("/settings/calendar-feeds/", {"view": str(view.pk), "label": "Outlook", "once_key": "k1"})
    [address] = re.findall(r"/calendar/([\w-]+)\.ics</code>", made.content.decode())
    assert "Ends soon" in made.content.decode()
    assert "webcal://" in made.content.decode()
    replayed = client.post("/settings/calendar-feeds/", {"view": str(view.pk), "label": "Outlook", "once_key": "k1"})
    assert replayed.status_code == 302
    assert find_feeds(cast.ada).count() == 1
    assert address not in client.get("/settings/calendar-feeds/").content.decode()
    feed = find_feeds(cast.ada).get()
    client.post(f"/settings/calendar-feeds/{feed.pk}/renew/")
    assert text_at(address).status_code == 404
    assert client.post(f"/settings/calendar-feeds/{feed.pk}/revoke/").status_code == 302
    assert not find_feeds(cast.ada).exists()
    assert client.post("/settings/calendar-feeds/", {"view": "nonsense"}).status_code == 422


def test_a_colleague_can_neither_renew_nor_revoke_it(cast: Any) -> None:
    feed, _secret = services.make_feed(cast.ada)
    for act in (services.renew_feed, services.revoke_feed):
        with pytest.raises(NotFound):
            act(cast.admin, feed.pk)


def test_nobody_has_more_than_twenty(cast: Any) -> None:
    for _n in range(services.feeds.MOST_FEEDS):
        services.make_feed(cast.ada)
    with pytest.raises(Invalid):
        services.make_feed(cast.ada)


def test_asking_without_end_is_slowed_down(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(feeds, "MOST_ASKED", 2)
    (_feed, secret), (_other, another) = services.make_feed(cast.ada), services.make_feed(cast.ada)
    with clock.set_to(clock.now()):
        assert [text_at(secret).status_code for _n in range(3)] == [200, 200, 429]
    assert text_at(another).status_code == 200


def test_a_day_far_ahead_is_there_before_it_is_a_to_do_and_keeps_its_name_then(cast: Any) -> None:
    ending(cast, milestone="First delivery")
    feed, _secret = services.make_feed(cast.ada)
    before = {one.uid: one.title for one in days_of(cast.ada, feed)}
    assert sorted(before.values()) == ["Ends: Meters", "Milestone: First delivery – Meters"]
    services.refresh_all()
    assert {one.uid for one in days_of(cast.ada, feed)} == set(before), "told once, by the same name"


def test_what_a_colleague_took_over_is_in_their_calendar_alone(cast: Any) -> None:
    ending(cast)
    services.refresh_all()
    [todo] = queries.mine(cast.ada)
    services.pass_on(cast.ada, [todo.pk], cast.users["ben"].pk)
    mine, theirs = (services.make_feed(actor)[0] for actor in (cast.ada, cast.ben))
    assert days_of(cast.ada, mine) == []
    assert [one.title for one in days_of(cast.ben, theirs)] == ["Decide: renew, renegotiate or let lapse: Meters"]


@pytest.mark.parametrize("field", ["owner", "ends_on"])
def test_who_may_not_read_the_owner_or_the_day_still_has_the_rest(cast: Any, field: str) -> None:
    ending(cast)
    make_task(cast.ada, "Call the customer", due_on=soon(3).isoformat())
    services.refresh_all()
    _feed, secret = services.make_feed(cast.ada)
    FieldRule.objects.create(role=Role.objects.get(key="sales_rep"), noun="contracts.contract", field=field, level=0)
    bump_policy(Actor.system(), ())
    answer = text_at(secret)
    assert answer.status_code == 200
    assert "Call the customer" in answer.content.decode()
    assert ("Decide" in answer.content.decode()) is (field == "owner")


def test_no_calendar_is_made_of_a_view_of_to_dos(cast: Any) -> None:
    """D4: it would tell days of records whose day the reader may not read; one that was made tells nothing any more."""
    ending(cast)
    services.refresh_all()
    view = make_view(cast, noun="todos.todo", path="/todos/", name="Everything to do")
    with pytest.raises(Invalid):
        services.make_feed(cast.ada, view=view.pk)
    feed, secret = services.make_feed(cast.ada)
    Feed.objects.filter(pk=feed.pk).update(view=view.pk)
    assert text_at(secret).status_code == 404
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users["ada"])
    assert "Everything to do" not in client.get("/settings/calendar-feeds/").content.decode()


def test_the_address_is_blotted_out_of_logs() -> None:
    """D3: a log holds nothing that lets somebody read."""
    assert blotted("GET /calendar/abc-123.ics 200") == "GET /calendar/… 200"

"""Invitations, forgotten passwords and new addresses (trust D3, H2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from hetong.accounts.models import User
from hetong.accounts.security import has_factor
from hetong.accounts.services import LinkFor, link_opens, link_parts
from hetong.accounts.testing import make_user
from hetong.audit.models import Entry, EntryValues
from hetong.jobs.models import Outbox
from hetong.kernel import clock
from hetong.notifications.testing import delivered, link_in, mail_kept

pytestmark = pytest.mark.django_db
NEW = "a-long-new-password"


@pytest.fixture(autouse=True)
def counters_begin_anew() -> None:
    cache.clear()


def choose(client: Client, link: str, password: str = NEW) -> Any:
    return client.post(link, {"new_password1": password, "new_password2": password})


def asked(email: str = "ada@example.test", **more: Any) -> Any:
    return Client(**more).post("/login/forgotten/", {"email": email})


def test_an_invited_person_chooses_a_password_and_signs_in(cast: Any) -> None:
    admin = Client()
    admin.force_login(cast.users["admin"])
    admin.post("/settings/users/new/", {"name": "Nova", "email": "nova@example.test", "language": "sv", "zone": "UTC"})
    nova = User.objects.get(email="nova@example.test")
    with mail_kept() as kept:
        assert admin.post(f"/settings/users/{nova.pk}/invite/").status_code == 302
        [message] = delivered(kept)
    assert message["To"] == "nova@example.test"
    link = link_in(message)
    assert Client().get(link).status_code == 200
    client = Client()
    assert choose(client, link)["Location"] == "/login/"
    assert choose(Client(), link).status_code == 404
    answer = client.post("/login/", {"login": "nova@example.test", "password": NEW})
    assert answer.status_code == 302
    assert Entry.objects.filter(code="accounts.invited", subject=nova.pk).exists()


def test_an_invitation_lasts_seven_days_and_a_reset_one_hour(cast: Any) -> None:
    ada = cast.users["ada"]
    keys = {what: link_parts(ada, what)[1] for what in LinkFor}
    now = clock.now()
    for later, open_still in (
        (timedelta(minutes=59), {"invitation", "reset", "handed"}),
        (timedelta(minutes=61), {"invitation", "handed"}),
        (timedelta(days=3, minutes=1), {"invitation"}),
        (timedelta(days=7, minutes=1), set()),
    ):
        with time_machine.travel(now + later, tick=False):
            assert {what for what, key in keys.items() if link_opens(ada, key)} == open_still


def test_only_who_manages_the_person_may_invite(cast: Any) -> None:
    client = Client()
    client.force_login(cast.users["ben"])
    assert client.post(f"/settings/users/{cast.users['ada'].pk}/invite/").status_code == 403


def test_a_forgotten_password_is_chosen_anew_and_signs_nobody_in(cast: Any) -> None:
    open_elsewhere = Client()
    open_elsewhere.force_login(cast.users["ada"])
    with mail_kept() as kept:
        assert asked().status_code == 200
        [message] = delivered(kept)
        client = Client()
        assert choose(client, link_in(message))["Location"] == "/login/"
        assert "_auth_user_id" not in client.session
        assert client.get("/settings/me/").status_code == 302
        assert open_elsewhere.get("/settings/me/").status_code == 302
        notes = delivered(kept)
    assert "was changed" in notes[-1]["Subject"]


def test_the_answer_and_the_work_are_the_same_whether_an_account_exists_or_not(
    cast: Any, django_assert_num_queries: Any
) -> None:
    """No oracle: the same page, the same number of statements, one outbox row each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    pages, counts, rows = [], [], []
    for email in ("ada@example.test", "nobody@example.test"):
        before = Outbox.objects.count()
        with CaptureQueriesContext(
            connection,
        ) as made:
            answer = asked(email)
        pages.append((answer.status_code, answer.content.decode().replace(email, "")))
        counts.append(len(made))
        rows.append(Outbox.objects.count() - before)
    assert pages[0][0] == pages[1][0] == 200
    assert "If there is an account" in pages[1][1]
    assert counts[0] == counts[1]
    assert rows[0] == rows[1]
    assert Outbox.objects.filter(listener__endswith="mail_resets").count() == 2


def test_nobody_gets_a_mail_for_an_unknown_or_inactive_account(cast: Any) -> None:
    User.objects.filter(pk=cast.users["ada"].pk).update(is_active=False)
    with mail_kept() as kept:
        asked()
        asked("nobody@example.test")
        assert delivered(kept) == []


def test_an_account_gets_at_most_five_links_an_hour_from_wherever_they_are_asked(cast: Any) -> None:
    codes = [asked(REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(6)]
    assert codes == [200] * 5 + [429]


def test_one_address_asks_at_most_twenty_times_in_a_quarter_of_an_hour(cast: Any) -> None:
    codes = [asked(f"p{n}@example.test", REMOTE_ADDR="10.0.0.9").status_code for n in range(21)]
    assert codes == [200] * 20 + [429]


def test_no_link_stands_in_the_journal_the_outbox_or_the_log(cast: Any, caplog: Any) -> None:
    """D3."""
    with mail_kept() as kept:
        asked()
        [message] = delivered(kept)
    key = link_in(message).rstrip("/").rpartition("/")[2]
    kept_texts = [str(vars(row)) for model in (Entry, EntryValues, Outbox) for row in model.objects.all()]
    assert key not in "".join(kept_texts)
    Client().get(f"/login/password/x/{key}/")
    from hetong.config.logs import TextLines

    assert key not in "".join(TextLines().format(record) for record in caplog.records)


def test_a_reset_does_not_get_past_the_second_step(cast: Any) -> None:
    """H2, trust row 13."""
    from .test_second_step import enrolled

    ada = cast.users["ada"]
    enrolled(ada)
    with mail_kept() as kept:
        asked()
        message = delivered(kept)[0]
    client = Client()
    choose(client, link_in(message))
    answer = client.post("/login/", {"login": "ada@example.test", "password": NEW})
    assert answer["Location"] == "/login/code/"
    assert client.get("/settings/me/").status_code == 302
    assert has_factor(ada.pk)


def changed(client: Client, email: str) -> Any:
    return client.post("/settings/sign-in/address/", {"email": email})


def signed_in(email: str = "ada@example.test") -> Client:
    client = Client()
    client.post("/login/", {"login": email, "password": "secret-enough"})
    return client


def test_a_new_address_counts_once_its_reader_confirms_it(cast: Any) -> None:
    client = signed_in()
    with mail_kept() as kept:
        assert changed(client, "Ada.New@example.test").status_code == 302
        [message] = delivered(kept)
        assert message["To"] == "ada.new@example.test"
        link = link_in(message)
        assert Client().get(link).status_code == 200
        assert User.objects.get(pk=cast.users["ada"].pk).email == "ada@example.test"
        assert Client().post(link)["Location"] == "/login/"
        assert User.objects.get(pk=cast.users["ada"].pk).email == "ada.new@example.test"
        assert Client().post(link).status_code == 404
        assert delivered(kept)[-1]["To"] == "ada@example.test"
    assert signed_in("ada.new@example.test").get("/settings/me/").status_code == 200


def test_an_address_that_is_taken_gets_no_mail_and_the_same_answer(cast: Any) -> None:
    with mail_kept() as kept:
        assert changed(signed_in(), "ben@example.test").status_code == 302
        assert delivered(kept) == []


def test_a_session_left_open_changes_no_address(cast: Any) -> None:
    client = Client()
    client.force_login(cast.users["ada"])
    assert changed(client, "evil@example.test")["Location"].startswith("/settings/sign-in/prove/")


@pytest.mark.parametrize("key", ["x", "WyJhIl0:1abc:forged", "../../etc"])
def test_a_forged_link_is_no_page(db: None, key: str) -> None:
    make_user("Ada")
    assert Client().get(f"/login/address/{key}/").status_code == 404

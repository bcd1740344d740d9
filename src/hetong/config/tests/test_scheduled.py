"""The page of scheduled jobs: what runs by itself, how it went, running it at once, what keeps failing (S4-24, issue 6)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hetong.accounts.models import Grant, Role
from hetong.accounts.queries import actor_for
from hetong.accounts.services import make_token
from hetong.accounts.services.access import bump_policy
from hetong.accounts.testing import make_user
from hetong.audit.models import Entry
from hetong.config import scheduled
from hetong.config.wiring import SCHEDULE
from hetong.contracts.testing import make_contract
from hetong.jobs.models import Outbox, Schedule, State
from hetong.jobs.services import AlreadyRunning
from hetong.jobs.wiring import WIRED, Daily, Every, Timed
from hetong.jobs.worker import run_due, run_timed
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db


def signed_in(cast: Any, name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users[name])
    return client


def stuck(subject: str = "", error: str = "ValueError: 1327.00 SEK") -> Outbox:
    now = clock.now()
    return Outbox.objects.create(
        event=uuid4(), code="contracts.activated", actor={}, rows=[], listener="billing:open_dues", subject=subject, error=error,
        state=State.ATTENTION, next_at=now, created_at=now, attempts=8,
    )  # fmt: skip


def test_every_job_says_in_words_what_it_does() -> None:
    assert [name for name, timed in SCHEDULE.items() if not str(timed.what)] == []


def test_the_page_shows_every_job_with_its_last_run_and_its_next(cast: Any) -> None:
    run_timed("audit.seal")
    page = signed_in(cast, "admin").get("/settings/jobs/").content.decode()
    for name, timed in SCHEDULE.items():
        assert name in page
        assert str(timed.what) in page
    assert "Has not run yet" in page
    assert "Last run" in page
    assert "every 5 seconds" in page
    assert "daily at 02:40 (UTC)" in page


def test_a_job_that_failed_says_why_and_one_that_is_overdue_that_no_worker_runs(cast: Any, monkeypatch: Any) -> None:
    def fails() -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(WIRED, "schedule", {"audit.seal": Timed(fails, Every(5), "Seals")})
    run_due()
    client = signed_in(cast, "admin")
    page = client.get("/settings/jobs/").content.decode()
    assert "Failed" in page
    assert "OSError: the disk is full" in page
    assert "No worker seems to run" not in page
    Schedule.objects.update(next_at=clock.now() - dt.timedelta(hours=1))
    assert "No worker seems to run" in client.get("/settings/jobs/").content.decode()


def test_run_now_lets_the_worker_take_it_up_and_stands_in_the_journal(cast: Any, monkeypatch: Any) -> None:
    ran: list[str] = []
    monkeypatch.setattr(
        WIRED, "schedule", {"jobs.purge": Timed(lambda: ran.append("x"), Daily(dt.time(2, 20)), "Tidies")}
    )
    run_due()
    run_due()
    assert ran == ["x"], "not due again before tomorrow"
    assert signed_in(cast, "admin").post("/settings/jobs/jobs.purge/run/").status_code == 302
    run_due()
    assert ran == ["x", "x"]
    assert Schedule.objects.get(job="jobs.purge").next_at > clock.now()
    [entry] = Entry.objects.filter(code="config.job_run")
    assert entry.actor_id == cast.admin.id
    assert entry.params == {"job": "jobs.purge"}


def test_a_running_job_is_not_started_a_second_time_and_an_unknown_one_is_not_found(cast: Any) -> None:
    Schedule.objects.create(job="audit.seal", next_at=clock.now(), running_until=clock.now() + dt.timedelta(minutes=5))
    with pytest.raises(AlreadyRunning):
        scheduled.run_now(cast.admin, "audit.seal")
    with pytest.raises(NotFound):
        scheduled.run_now(cast.admin, "no.such")
    assert not Entry.objects.filter(code="config.job_run").exists()


def test_a_right_in_one_company_runs_nothing_that_works_for_all(cast: Any) -> None:
    user = make_user("Nora")
    Grant.objects.create(user=user, role=Role.objects.get(key="admin"), company=cast.north)
    bump_policy(Actor.system(), ())
    with pytest.raises(Forbidden):
        scheduled.run_now(actor_for(user), "audit.seal")
    with pytest.raises(Forbidden):
        scheduled.retry_attention(actor_for(user), stuck().pk)


def test_who_keeps_no_house_does_not_come_to_the_page(cast: Any) -> None:
    client = signed_in(cast, "ada")
    assert client.get("/settings/jobs/").status_code == 403
    assert client.post("/settings/jobs/audit.seal/run/").status_code == 403


def test_what_keeps_failing_is_tried_again_and_its_record_is_linked_for_who_sees_it(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Flow metering")
    row = stuck(f"contracts.contract:{contract.pk}")
    client = signed_in(cast, "admin")
    page = client.get("/settings/jobs/").content.decode()
    assert f"/contracts/{contract.pk}/" in page
    assert "Flow metering" in page
    assert client.post(f"/settings/jobs/attention/{row.pk}/retry/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.WAITING, 0)


def test_the_text_of_a_failure_is_told_only_with_its_record(cast: Any) -> None:
    """D4: an error may quote a value, so without the record there is only its kind."""
    stuck(f"contracts.contract:{uuid4()}")
    stuck()
    shown = scheduled.attention_shown(cast.admin)
    assert [one["error"] for one in shown] == ["ValueError", "ValueError"]
    assert scheduled.attention_shown(cast.ada) == []


def test_the_api_lists_and_runs(cast: Any) -> None:
    _token, secret = make_token(cast.admin, cast.users["admin"], label="Watch")
    client = Client(headers={"authorization": f"Bearer {secret}"})
    found = client.get("/api/v1/scheduled-jobs").json()["items"]
    assert {one["name"] for one in found} == set(SCHEDULE)
    assert (
        client.post("/api/v1/scheduled-jobs/audit.seal/run", "{}", content_type="application/json").status_code == 202
    )
    assert client.post("/api/v1/scheduled-jobs/no.such/run", "{}", content_type="application/json").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("job", sorted(SCHEDULE))
def test_every_job_runs_as_the_worker_runs_it_outside_of_any_transaction(job: str) -> None:
    """PostgreSQL refuses a lock that no transaction holds, which tests inside of one never see."""
    assert run_timed(job), Schedule.objects.get(job=job).result

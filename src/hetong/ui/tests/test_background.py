from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hetong.contracts.testing import make_contract
from hetong.jobs.models import Job, Outbox, State
from hetong.jobs.queries import result_folder
from hetong.jobs.services import purge_jobs, start_job
from hetong.kernel import clock

pytestmark = pytest.mark.django_db


def browser(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def test_a_reader_sees_their_own_jobs_only(cast: Any) -> None:
    job = start_job(cast.ada, "ui.export", "Export: Contracts", {})
    assert "Export: Contracts" in browser(cast, "ada").get("/jobs/").content.decode()
    assert "Export: Contracts" in browser(cast, "ada").get("/jobs/bell/").content.decode()
    assert "Export: Contracts" not in browser(cast, "ben").get("/jobs/").content.decode()
    assert browser(cast, "ben").post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert browser(cast, "ada").post(f"/jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_only_the_owner_may_fetch_what_a_job_made(cast: Any) -> None:
    job = start_job(cast.ada, "ui.export", "Export", {})
    (result_folder() / f"{job.pk}.csv").write_text("a,b")
    Job.objects.filter(pk=job.pk).update(
        state=State.DONE,
        finished_at=clock.now(),
        result={"file": f"{job.pk}.csv", "name": "Contracts.csv", "type": "text/csv"},
    )
    assert browser(cast, "ben").get(f"/jobs/{job.pk}/file/").status_code == 404
    answer = browser(cast, "ada").get(f"/jobs/{job.pk}/file/")
    assert b"".join(answer.streaming_content) == b"a,b"
    assert "attachment" in answer["Content-Disposition"]


def test_a_result_cannot_name_a_file_elsewhere(cast: Any) -> None:
    job = start_job(cast.ada, "ui.export", "Export", {})
    Job.objects.filter(pk=job.pk).update(state=State.DONE, finished_at=clock.now(), result={"file": "../secret-key"})
    assert browser(cast, "ada").get(f"/jobs/{job.pk}/file/").status_code == 404


def test_old_files_are_removed(cast: Any) -> None:
    import os

    path = result_folder() / "old.csv"
    path.write_text("x")
    os.utime(path, (1, 1))
    purge_jobs()
    assert not path.exists()


def test_what_failed_is_tried_again_by_who_sees_the_record(cast: Any) -> None:
    now = clock.now()
    row = Outbox.objects.create(
        event="0190a0a0-0000-7000-8000-000000000001",
        code="x.y",
        actor={},
        rows=[],
        listener="x:y",
        subject=f"accounts.team:{cast.sales.pk}",
        state=State.ATTENTION,
        next_at=now,
        created_at=now,
    )
    assert browser(cast, "dora").post(f"/jobs/attention/{row.pk}/retry/").status_code == 404
    assert browser(cast, "ada").post(f"/jobs/attention/{row.pk}/retry/", {"back": "//evil.test"})["Location"] == "/"
    row.refresh_from_db()
    assert row.state == State.WAITING


def test_a_consequence_that_keeps_failing_shows_on_its_record_with_a_retry(cast: Any) -> None:
    """Law 1: a failing part is never silent; whoever sees the record can let it be tried again."""
    now, contract = clock.now(), make_contract(cast.ada)
    stuck = Outbox.objects.create(
        event=uuid4(), code="accounts.access_changed", actor={}, rows=[], listener="billing.services:open_dues",
        subject=f"contracts.contract:{contract.pk}", state=State.ATTENTION, next_at=now, created_at=now,
    )  # fmt: skip
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users["ada"])
    address = f"/contracts/{contract.pk}/history/"
    page = client.get(address).content.decode()
    assert "Needs attention" in page
    assert "billing.services:open_dues" in page
    assert client.post(f"/jobs/attention/{stuck.pk}/retry/", {"back": address}).headers["Location"] == address
    assert "Needs attention" not in client.get(address).content.decode()

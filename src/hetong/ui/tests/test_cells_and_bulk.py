from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from hetong.jobs.models import State
from hetong.jobs.worker import claim_job, run_job
from hetong.kernel.nouns import noun
from hetong.ui.lists import bulk, bulk_page

from .conftest import SignIn

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("admin")


def url_of(cast: Any, field: str = "name") -> str:
    return f"/cell/accounts.team/{cast.sales.pk}/{field}/"


def test_a_cell_is_edited_where_it_stands(cast: Any, admin: Client) -> None:
    control = admin.get(url_of(cast), headers=HTMX)
    assert control.status_code == 200
    assert "cell-edit" in control.content.decode()
    answer = admin.post(url_of(cast), {"cell-name": "Sales one"}, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert "Sales one" in answer.content.decode()


def test_a_refused_value_says_why_in_the_cell(cast: Any, admin: Client) -> None:
    answer = admin.post(url_of(cast), {"cell-name": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_a_cell_sent_without_the_script_s_help_saves_what_it_holds(cast: Any, admin: Client) -> None:
    answer = admin.post(url_of(cast), {"cell-name": "Sales one"})
    assert answer.status_code == 302
    cast.sales.refresh_from_db()
    assert cast.sales.name == "Sales one"


def test_a_cell_that_someone_else_changed_shows_both_values(cast: Any, admin: Client) -> None:
    version = str(noun("accounts.team").model.objects.get(pk=cast.sales.pk).version)
    assert admin.post(url_of(cast), {"cell-name": "Theirs", "version": version}, headers=HTMX).status_code == 200
    answer = admin.post(url_of(cast), {"cell-name": "Mine", "version": version}, headers=HTMX)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_who_may_not_edit_gets_no_control(cast: Any, sign_in: SignIn) -> None:
    assert sign_in("ada").get(url_of(cast), headers=HTMX).status_code == 403
    assert sign_in("dora").get(url_of(cast), headers=HTMX).status_code == 404
    assert sign_in("admin").get(url_of(cast, "nonsense"), headers=HTMX).status_code == 404


def test_a_bulk_edit_previews_and_then_changes(cast: Any, admin: Client) -> None:
    chosen = {"id": [str(cast.sales.pk), str(cast.delivery.pk)], "field": "lead", "back": "/test/teams/"}
    assert admin.post("/bulk/accounts.team/", chosen).status_code == 200
    ben = str(cast.users["ben"].pk)
    preview = admin.post("/bulk/accounts.team/", chosen | {"step": "preview", "lead": ben})
    assert "Nothing has been changed yet" in preview.content.decode()
    cast.delivery.refresh_from_db()
    assert cast.delivery.lead_id is None
    done = admin.post("/bulk/accounts.team/", chosen | {"step": "apply", "lead": ben})
    assert done.status_code == 302, done.content.decode()[:2000]
    cast.delivery.refresh_from_db()
    assert str(cast.delivery.lead_id) == ben


def test_all_that_match_are_named_by_their_question(cast: Any, admin: Client) -> None:
    chosen = {"all": "1", "query": "name.has=sales", "field": "is_active", "back": "/test/teams/", "step": "apply"}
    assert admin.post("/bulk/accounts.team/", chosen).status_code == 302
    teams = noun("accounts.team").model.objects
    assert not teams.filter(name__contains="ales", is_active=True).exists()
    assert teams.get(pk=cast.delivery.pk).is_active


def test_who_may_not_edit_is_refused_row_by_row(cast: Any, sign_in: SignIn) -> None:
    answer = sign_in("ada").post(
        "/bulk/accounts.team/", {"id": str(cast.sales.pk), "field": "lead", "step": "apply", "lead": ""}
    )
    assert answer.status_code in (200, 403, 422)
    cast.sales.refresh_from_db()
    assert cast.sales.lead_id == cast.users["ben"].pk


def test_a_long_bulk_edit_is_a_job_of_one_batch_that_names_what_it_refused(
    cast: Any, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, entry = noun("accounts.team").model, apps.get_model("audit", "Entry")
    monkeypatch.setattr(bulk_page, "AT_ONCE", 2)
    monkeypatch.setattr(bulk, "CHUNK", 2)
    chosen = {"all": "1", "query": "", "field": "parent", "step": "apply", "parent": str(cast.sales.pk), "back": "/"}
    assert admin.post("/bulk/accounts.team/", chosen)["Location"] == "/jobs/"
    job = claim_job()
    assert job is not None
    run_job(job)
    job.refresh_from_db()
    assert job.state == State.DONE, job.error
    assert job.result["done"] + job.result["refused_count"] == team.objects.count()
    assert job.result["refused_count"] >= 1  # a team is not part of itself, nor of another company's
    assert "Sales" in {one["title"] for one in job.result["refused"]}
    batches = set(entry.objects.filter(code="accounts.team_edited").values_list("batch", flat=True))
    assert len(batches) == 1
    assert job.progress == team.objects.count()

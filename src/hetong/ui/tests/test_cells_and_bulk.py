from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.kernel.nouns import noun

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

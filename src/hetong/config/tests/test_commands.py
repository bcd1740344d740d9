from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from hetong.accounts.models import ApiToken, Grant, User
from hetong.accounts.testing import Cast

pytestmark = pytest.mark.django_db
MAIL = "boss@example.test"


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("correct-horse-battery\n")
    return file


def run(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_the_first_administrator_is_made_and_can_sign_in(password: Path) -> None:
    said = json.loads(run("createadmin", MAIL, "--name", "Boss", "--password-file", str(password), "--json"))
    assert said["created"] is True
    assert Grant.objects.filter(user__email=MAIL, role__key="admin", company=None).exists()
    assert Client().post("/login/", {"login": MAIL, "password": "correct-horse-battery"}).status_code == 302


def test_made_again_the_administrator_gets_the_new_password_and_no_second_role(password: Path) -> None:
    run("createadmin", MAIL, "--password-file", str(password))
    password.write_text("another-horse-battery")
    assert json.loads(run("createadmin", MAIL, "--password-file", str(password), "--json"))["created"] is False
    assert User.objects.get(email=MAIL).check_password("another-horse-battery")
    assert Grant.objects.filter(user__email=MAIL).count() == 1


def test_a_weak_password_is_refused(password: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HETONG_ADMIN_PASSWORD", "short")
    with pytest.raises(CommandError, match="too short"):
        run("createadmin", MAIL)
    assert not User.objects.filter(email=MAIL).exists()


def test_a_token_from_the_command_line_opens_the_api_within_its_scope(cast: Cast) -> None:
    said = json.loads(run("token", "create", "--user", "ada@example.test", "--scope", "parties.view", "--json"))
    client = Client(headers={"Authorization": f"Bearer {said['token']}"})
    assert client.get("/api/v1/parties").status_code == 200
    assert client.get("/api/v1/contracts").status_code == 403
    run("token", "revoke", said["id"])
    assert client.get("/api/v1/parties").status_code == 401
    assert "revoked" in run("token", "list", "--user", "ada@example.test")
    assert said["token"] not in run("token", "list", "--user", "ada@example.test")


def test_a_token_for_nobody_or_for_what_does_not_exist_is_refused(cast: Cast) -> None:
    with pytest.raises(CommandError, match="Nobody"):
        run("token", "create", "--user", "nobody@example.test")
    with pytest.raises(CommandError, match="no permission"):
        run("token", "create", "--user", "ada@example.test", "--scope", "parties.fly")
    assert not ApiToken.objects.exists()

"""A3: retries and parallel twins of keyed POSTs have one effect each, on both engines."""

from __future__ import annotations

import random
import threading
from functools import partial

import pytest
from django.test import Client

from hetong.accounts.models import User
from hetong.accounts.services import make_token, seed_roles
from hetong.accounts.testing import forget_access, make_cast
from hetong.config.roles import ROLES
from hetong.contracts.services import seed_setup
from hetong.jobs.testing import together
from hetong.parties.models import Party

THREADS = 4


def requests(chance: random.Random, tries: int) -> list[tuple[str, str]]:
    """Keys with the name of the party to add: most are retries, some of them with another body."""
    keys = [f"key-{n}" for n in range(tries // 4)]
    return [
        (key := chance.choice(keys), f"{key} AB" if chance.random() > 0.05 else f"{key} other") for _ in range(tries)
    ]


@pytest.mark.parametrize(
    "tries", [pytest.param(120, id="sample"), pytest.param(2000, id="campaign", marks=pytest.mark.long)]
)
def test_every_key_has_one_effect_however_often_and_at_once_it_is_sent(on_disk: None, tries: int) -> None:
    seed_roles(ROLES)
    seed_setup()
    forget_access()
    cast = make_cast()
    _, secret = make_token(cast.ada, User.objects.get(name="Ada"), label="twins")
    wanted = requests(random.Random(3), tries)  # noqa: S311 - a seeded sample
    answers: list[tuple[str, str, int, str, str]] = []
    lock = threading.Lock()

    def work(own: list[tuple[str, str]]) -> None:
        client = Client(headers={"Authorization": f"Bearer {secret}"})
        for key, name in own:
            answer = client.post(
                "/api/v1/parties", {"name": name}, content_type="application/json", headers={"Idempotency-Key": key}
            )
            found = answer.json()
            with lock:
                answers.append((key, name, answer.status_code, found.get("id", ""), found.get("code", "")))

    # Twins: every fifth request goes to two threads at once.
    shares = [wanted[n::THREADS] + wanted[:: 5 * THREADS] for n in range(THREADS)]
    together([partial(work, share) for share in shares])

    assert len(answers) == sum(len(share) for share in shares)
    assert {status for _, _, status, _, _ in answers} <= {201, 422}
    for key in {key for key, _ in wanted}:
        ids = {id for one, _, status, id, _ in answers if one == key and status == 201}
        assert len(ids) == 1, key
        assert Party.objects.filter(name__in=[f"{key} AB", f"{key} other"]).count() == 1
    assert {code for _, _, status, _, code in answers if status == 422} <= {"key_reused"}

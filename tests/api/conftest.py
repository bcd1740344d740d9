from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from hetong.accounts.services import make_token
from hetong.accounts.testing import Cast
from hetong.contracts.services import seed_setup

Caller = Callable[..., Client]


@pytest.fixture
def caller(cast: Cast) -> Caller:
    """A program that calls as one of the cast: ``caller("ada")``."""
    seed_setup()

    def made(name: str = "ada", **more: object) -> Client:
        _, secret = make_token(getattr(cast, name), cast.users[name], label="test", **more)
        return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=True)

    return made

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from hetong.kernel import routes

from .pages import ROUTES

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _test_pages(settings: Any) -> Iterator[None]:
    """The pages of the tests, open by policy for the time of one test."""
    settings.ROOT_URLCONF = "hetong.ui.tests.pages"
    before = list({id(route): route for route in routes.routes().values()}.values())
    routes.install([*before, *ROUTES])
    yield
    routes.install(before)


@pytest.fixture
def sign_in(cast: Any) -> SignIn:
    """A browser in which that person is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.users[name])
        return client

    return signed_in

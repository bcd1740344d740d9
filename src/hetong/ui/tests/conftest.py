from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from hetong.kernel import routes
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Raw, Verb
from hetong.kernel.nouns import noun

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


@pytest.fixture(autouse=True)
def _editable_teams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Teams say that administrators may edit them, as nouns with pages do."""

    def verbs(actor: Actor, raw: Raw) -> list[Verb]:
        return [Verb("edit", "Edit", "")] if actor.may("accounts.manage_companies") else []

    monkeypatch.setattr(noun("accounts.team").register, "verbs", verbs)


@pytest.fixture
def sign_in(cast: Any) -> SignIn:
    """A browser in which that person is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.users[name])
        return client

    return signed_in

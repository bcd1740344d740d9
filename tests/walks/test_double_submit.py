"""A13: every form of stage and money, filled in as its page gives it, sent twice and then again from the page that stayed open.

A double click carries the key of its form and must be answered as the first time, without a second effect. The page
behind the back button carries a key of its own; what it does the second time stands beside each form.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.custom import ALWAYS, places
from hetong.accounts.services.custom_fields import add_custom_fields
from hetong.audit.models import Entry
from hetong.billing.queries import money_checks, number_checks
from hetong.config.policy import url_names
from hetong.kernel.ids import new_id
from hetong.kernel.routes import methods_of
from tests.walks import money_forms, stage_forms
from tests.walks.sending import CASES, MORE, NOTHING, REFUSED, filled, form_on

DRIVEN = (stage_forms, money_forms)
"""Importing them enters their cases in `CASES`."""

pytestmark = pytest.mark.django_db

SPACES = ("approvals", "billing", "contract_money", "contracts", "signing")
"""The name spaces whose every POST is driven; settings change neither a stage nor an amount."""


def words_of(answer: Any) -> str:
    """What a page says about the form, for whoever reads a failure."""
    found = re.findall(
        r'(?s)class="(?:field-error|error-summary|alert)[^>]*>(.*?)</(?:p|div|ul)>', answer.content.decode()
    )
    told = [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]
    return f"{answer.status_code}: {told}"


EVERYWHERE = "x_everywhere"
UNASKED = {("signing:complete", "documents.document")}
"""Forms that make records beside what they are for: nobody is asked for added fields of these."""


def add_fields_everywhere(cast: Any) -> None:
    """An added field on every kind of record that takes any, open to everybody."""
    given = {"kind": "text", "key": EVERYWHERE[2:], "labels": {"en": "Everywhere"}, "rules": {}}
    add_custom_fields(cast.admin, [given | {"noun": place.key} for place in places()])


def counted() -> dict[str, int]:
    """How many records there are of each kind whose new records are asked for added fields."""
    return {one.key: one.noun.model._default_manager.count() for one in places() if ALWAYS in one.required_from}


def assert_asked(name: str, values: dict[str, list[str]], before: dict[str, int]) -> None:
    """S2-07: a form that makes a record asks for the fields that the house added to such records."""
    made = {key for key, count in counted().items() if count > before[key]}
    unasked = {key for key in made if (name, key) not in UNASKED}
    assert not unasked or any(one.endswith(EVERYWHERE) for one in values), (name, unasked)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_form_sent_twice_acts_once(cast: Any, name: str) -> None:
    """A13: the double click is answered as the first; the page that stayed open does what it says and nothing half."""
    given = CASES[name](cast)
    add_fields_everywhere(cast)
    client = Client()
    client.force_login(cast.users[given.who])
    values, at, before = form_on(client, given), given.action or given.page, counted()
    first = client.post(at, filled(values, given.fill))
    assert first.status_code == 302, (first.status_code, words_of(first))
    assert_asked(name, values, before)
    known = Entry.objects.count()
    twin = client.post(at, filled(values, given.fill))
    assert (twin.status_code, twin.headers["Location"]) == (302, first.headers["Location"])
    assert twin.headers["Idempotency-Replayed"] == "true"
    assert Entry.objects.count() == known
    late = client.post(at, filled(values, given.fill) | {"once_key": str(new_id())})
    told = (late.status_code >= 400, Entry.objects.count() > known)
    assert told == {REFUSED: (True, False), NOTHING: (False, False), MORE: (False, True)}[given.again], (
        told,
        words_of(late),
    )
    assert late.status_code < 500
    assert [*money_checks(), *number_checks()] == []


def test_every_form_of_stage_and_money_is_driven() -> None:
    """A form that comes later fails here until its case stands in one of `DRIVEN`."""
    names = {name for name in url_names() if name.partition(":")[0] in SPACES and "POST" in methods_of(name)}
    assert names - set(CASES) == set()
    assert set(CASES) - names == set()

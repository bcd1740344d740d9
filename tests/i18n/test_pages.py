"""Every page speaks one language at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hetong.accounts.models import Company, Role, Team, User
from hetong.accounts.testing import Cast
from hetong.contracts.models import ContractType, Status
from hetong.documents.models import DocumentKind
from hetong.parties.models import PartyKind
from hetong.reference.models import TaxRate
from hetong.ui.models import SavedView
from tests.access.samples import Samples, patterns
from tests.i18n.pseudo import CLOSE, OPEN, stretched
from tests.i18n.reading import TAGS, said_by, texts
from tools import catalogues, wording

pytestmark = pytest.mark.django_db


def pages(client: Client, samples: Samples) -> Iterator[tuple[str, str]]:
    """Every page, card and fragment that opens with a plain GET: address and HTML."""
    for name, pattern in sorted(patterns(), key=lambda entry: entry[0]):
        # The sheet of components shows samples in English, whatever the reader speaks.
        if not name or name.startswith(("api", "account_")) or name == "accounts:components":
            continue
        address = reverse(name, kwargs=samples.arguments(name, pattern))
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield address, answer.content.decode()


@pytest.fixture
def reader(cast: Cast) -> Any:
    """A browser of the administrator, who reads the language given."""
    catalogues.build()

    def signed_in(tag: str) -> Client:
        user = cast.users["admin"]
        user.language = tag
        user.save()
        client = Client(headers={"accept-language": tag})
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def samples(cast: Cast) -> Samples:
    """A record for every address."""
    return Samples(cast)


def own_words() -> set[str]:
    """What the test's own records are called, which may be words of ours as well."""
    named, labelled = (Company, Team, User, SavedView), (Role, Status, ContractType, DocumentKind, PartyKind, TaxRate)
    names = {name for model in named for name in model._default_manager.values_list("name", flat=True)}
    labels = [labels for model in labelled for labels in model._default_manager.values_list("labels", flat=True)]
    return names | {text for texts_of_it in labels for text in texts_of_it.values()}


def raw_texts(language: str) -> set[str]:
    """Source texts that must not be seen in that language: they have another translation there."""
    return {
        " ".join(wording.sources(message)[0].split())
        for message in texts(language)
        if not wording.PLACE.search(wording.sources(message)[0])
        and wording.forms(message)[0] != wording.sources(message)[0]
    }


@pytest.mark.once
@pytest.mark.parametrize("language", TAGS)
def test_every_page_speaks_the_readers_language_alone(reader: Any, samples: Samples, language: str) -> None:
    raw = raw_texts(language) - own_words()
    # A word may be the translation of one text and the source of another ("Text", "Filter").
    raw -= {form for message in texts(language) for form in wording.forms(message)}
    found = dict(pages(reader(TAGS[language]), samples))
    assert len(found) >= 60
    assert {address: seen for address, html in found.items() if (seen := sorted(said_by(html) & raw))} == {}
    assert {
        address: named
        for address, html in found.items()
        if (named := named_language(html)) not in {TAGS[language], None}
    } == {}


def named_language(html: str) -> str | None:
    """The language a page says it is in; a fragment says none."""
    found = re.search(r"<html[^>]* lang=\"([^\"]+)\"", html)
    return found.group(1).lower() if found else "unnamed" if "<html" in html else None


@pytest.mark.parametrize("name", ["home", "contracts:list", "parties:list", "accounts:settings", "accounts:me"])
def test_drawn_out_texts_reach_the_page(reader: Any, name: str) -> None:
    client = reader("sv")
    with stretched("sv"):
        html = client.get(reverse(name)).content.decode()
    assert html.count(OPEN) == html.count(CLOSE) > 20


ASKED = [
    ("zh-TW", "zh-hant"),
    ("zh-HK", "zh-hant"),
    ("zh-CN,zh;q=0.9", "zh-hans"),
    ("zh", "zh-hans"),
    ("sv-SE,en;q=0.5", "sv"),
    ("de-DE", "en"),
]


@pytest.mark.parametrize(("asked", "given"), ASKED)
def test_before_signing_in_the_browser_chooses_the_language(asked: str, given: str) -> None:
    catalogues.build()
    html = Client(headers={"accept-language": asked}).get("/login/").content.decode()
    assert named_language(html) == given
    words = {"en": "Sign in", "zh-hans": "登录", "zh-hant": "登入", "sv": "Logga in"}
    assert words[given] in said_by(html)

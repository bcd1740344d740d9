"""Every page that needs no record speaks one language at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hetong.accounts.models import Company, Role, Team
from hetong.accounts.testing import Cast
from tests.i18n.pseudo import CLOSE, OPEN, stretched
from tests.i18n.reading import TAGS, said_by, texts
from tools import catalogues, wording

pytestmark = pytest.mark.django_db


def plain_addresses(found: Any = None, prefix: str = "") -> Iterator[str]:
    """The names of addresses that take no arguments."""
    for one in get_resolver().url_patterns if found is None else found:
        if isinstance(one, URLResolver):
            yield from plain_addresses(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern) and one.name and not one.pattern.converters and not one.pattern.regex.groups:
            yield f"{prefix}{one.name}"


def pages(client: Client) -> Iterator[tuple[str, str]]:
    """Every page that opens with a plain GET: address and HTML."""
    for name in sorted(set(plain_addresses())):
        address = reverse(name)
        # The sheet of components shows samples in English, whatever the reader speaks.
        if "logout" in address or "/api/" in address or address == reverse("accounts:components"):
            continue
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield address, answer.content.decode()


def whole_pages(client: Client) -> Iterator[tuple[str, str]]:
    """The same without fragments, which take their language from the page around them."""
    return ((address, html) for address, html in pages(client) if "<html" in html)


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


def own_words() -> set[str]:
    """What the test's own records are called, which may be words of ours as well."""
    names = {name for model in (Company, Team) for name in model._default_manager.values_list("name", flat=True)}
    return names | {text for labels in Role.objects.values_list("labels", flat=True) for text in labels.values()}


def raw_texts(language: str) -> set[str]:
    """Source texts that must not be seen in that language: they have another translation there."""
    return {
        " ".join(wording.sources(message)[0].split())
        for message in texts(language)
        if not wording.PLACE.search(wording.sources(message)[0])
        and wording.forms(message)[0] != wording.sources(message)[0]
    }


@pytest.mark.parametrize("language", TAGS)
def test_no_page_shows_an_untranslated_text(reader: Any, language: str) -> None:
    raw = raw_texts(language) - own_words()
    # A word may be the translation of one text and the source of another ("Text", "Filter").
    raw -= {form for message in texts(language) for form in wording.forms(message)}
    seen = [(address, sorted(said_by(html) & raw)) for address, html in pages(reader(TAGS[language]))]
    assert len(seen) >= 12
    assert [entry for entry in seen if entry[1]] == []


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), *TAGS.items()])
def test_every_page_names_its_language(reader: Any, language: str, tag: str) -> None:
    for address, html in whole_pages(reader(tag)):
        found = re.search(r"<html[^>]* lang=\"([^\"]+)\"", html)
        assert found is not None, address
        assert found.group(1).lower() == tag, address


def test_drawn_out_texts_reach_the_pages(reader: Any) -> None:
    client = reader("sv")
    with stretched("sv"):
        for address, html in whole_pages(client):
            assert html.count(OPEN) == html.count(CLOSE) > 5, address

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from .conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("admin")


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content[:2000]
    return str(response.content.decode())


def test_a_list_shows_what_the_reader_may_see(cast: Any, admin: Client, sign_in: SignIn) -> None:
    assert "Far sales" in text_of(admin.get("/test/teams/"))
    assert "Far sales" not in text_of(sign_in("ada").get("/test/teams/"))


def test_a_condition_narrows_the_list_and_stands_as_a_chip(cast: Any, admin: Client) -> None:
    page = text_of(admin.get("/test/teams/", {"company": str(cast.south.pk)}))
    assert "Far sales" in page
    assert "Sales two" not in page
    assert "South Ltd" in page


def test_an_unknown_field_is_struck_and_shows_no_rows(admin: Client) -> None:
    page = text_of(admin.get("/test/teams/?nonsense.lt=3&name.has=sales"))
    assert "nonsense.lt" in page
    assert "Remove them" in page
    assert "Far sales" not in page


@pytest.mark.parametrize(
    "query",
    [
        "sort=nonsense",
        "group=nonsense",
        "columns=name,nonsense",
        "cursor=xx",
        "limit=999999",
        "sort=-name",
        "group=company",
    ],
)
def test_no_address_breaks_a_list(admin: Client, query: str) -> None:
    assert "Far sales" in text_of(admin.get(f"/test/teams/?{query}"))


def test_every_fragment_answers(admin: Client) -> None:
    for fragment in ("rows", "totals", "counts", "filter"):
        text_of(admin.get(f"/test/teams/?fragment={fragment}&_field=company"))


def test_the_filter_builder_works_without_a_script(cast: Any, admin: Client) -> None:
    page = text_of(admin.get("/test/teams/?_field=company"))
    assert 'name="_operator"' in page
    going = admin.get("/test/teams/", {"_field": "company", "_operator": "is", "_value": str(cast.south.pk)})
    assert going.status_code == 302
    assert going["Location"] == f"/test/teams/?company={cast.south.pk}"


def test_a_page_asks_few_questions(admin: Client, django_assert_max_num_queries: Any) -> None:
    admin.get("/test/teams/")
    with django_assert_max_num_queries(15):
        admin.get("/test/teams/?group=company&name.has=a")


def test_saved_views_are_kept_shared_pinned_and_deleted(cast: Any, sign_in: SignIn) -> None:
    ada, ben, dora = sign_in("ada"), sign_in("ben"), sign_in("dora")
    team = str(cast.sales.pk)
    answer = ada.post(
        "/views/new/",
        {
            "noun": "accounts.team",
            "path": "/test/teams/",
            "query": "name.has=two",
            "name": "Twos",
            "who": f"team:{team}",
            "pin": "1",
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    page = text_of(ada.get(answer["Location"]))
    assert "Sales two" in page
    assert "Delivery" not in page
    assert "Pinned views" in page
    assert "Twos" in text_of(ben.get("/test/teams/"))
    assert "Twos" not in text_of(dora.get("/test/teams/"))
    view = answer["Location"].partition("view=")[2]
    assert ben.post(f"/views/{view}/delete/").status_code == 403
    assert dora.post(f"/views/{view}/pin/").status_code == 404
    assert ada.post(f"/views/{view}/default/").status_code == 302
    assert "Delivery" not in text_of(ada.get("/test/teams/"))
    assert "Delivery" in text_of(ada.get("/test/teams/?view=all"))
    assert ada.post(f"/views/{view}/delete/").status_code == 302
    assert "Twos" not in text_of(ben.get("/test/teams/"))


def test_a_view_whose_field_is_gone_warns_and_does_not_break(cast: Any, sign_in: SignIn) -> None:
    ada = sign_in("ada")
    answer = ada.post(
        "/views/new/", {"noun": "accounts.team", "path": "/test/teams/", "query": "gone=1", "name": "Old", "who": "me"}
    )
    assert "Remove them" in text_of(ada.get(answer["Location"]))


def test_nobody_publishes_without_the_right(sign_in: SignIn) -> None:
    data = {"noun": "accounts.team", "path": "/test/teams/", "query": "", "name": "All of you", "who": "everyone"}
    assert sign_in("ada").post("/views/new/", data).status_code == 403
    assert sign_in("admin").post("/views/new/", data).status_code == 302


def test_an_arrangement_keeps_the_conditions_of_its_view(admin: Client, cast: Any) -> None:
    cast.sales2.is_active = False
    cast.sales2.save()
    page = text_of(admin.get("/test/teams/?view=active&sort=-name&group=company"))
    assert "Far sales" in page
    assert "Sales two" not in page
    assert "view=all" in page  # the last chip's × leads out of the view, not back into it


def test_groups_are_counted_over_the_whole_list(admin: Client) -> None:
    page = text_of(admin.get("/test/teams/?group=company&limit=1"))
    assert '<span class="faint">3</span>' in page


@pytest.mark.parametrize("language", ["en", "sv", "zh-hans", "zh-hant"])
def test_lists_and_forms_stand_in_every_language(cast: Any, sign_in: SignIn, language: str) -> None:
    ada = cast.users["admin"]
    ada.language = language
    ada.save()
    client = sign_in("admin")
    page = text_of(
        client.get(f"/test/teams/?company={cast.north.pk}&name.not=x&parent.empty=true&group=company&is_active=true")
    )
    assert f'lang="{language}"' in page
    assert "%(" not in page
    assert "%(" not in text_of(client.get("/test/teams/new/"))
    assert "%(" not in text_of(client.get("/test/teams/?_field=company"))


def test_columns_are_chosen_ordered_and_kept_in_the_address(admin: Client) -> None:
    going = admin.get("/test/teams/?_columns=lead&_columns=name&sort=-name")
    assert going["Location"] == "/test/teams/?sort=-name&columns=lead%2Cname&view=all"
    page = text_of(admin.get(going["Location"]))
    assert page.index(">Lead<") < page.index('aria-sort="descending"')
    assert "columns=name%2Clead" in page  # the button that moves a column


def test_the_three_kinds_of_empty(cast: Any, admin: Client, sign_in: SignIn) -> None:
    assert "No match" in text_of(admin.get("/test/teams/?name=nothing-like-this"))
    assert "Clear filters" in text_of(admin.get("/test/teams/?name=nothing-like-this"))
    assert "nothing yet" in text_of(admin.get("/test/taxes/"))


def test_the_last_view_that_was_asked_is_marked(admin: Client) -> None:
    page = text_of(admin.get("/test/teams/?view=active"))
    assert 'href="?view=active" aria-current="page"' in page


def test_a_list_is_compact_when_asked(admin: Client) -> None:
    assert "compact" in text_of(admin.get("/test/teams/?density=compact"))


def test_a_chip_leads_back_to_its_own_values(cast: Any, admin: Client) -> None:
    page = text_of(admin.get("/test/teams/", {"company": str(cast.south.pk), "lead.empty": "true"}))
    change = unescape(page.partition('<span class="facet"><a href="')[2].partition('"')[0])
    assert "_field=company" in change
    shown = text_of(admin.get(f"/test/teams/{change}"))
    assert f'value="{cast.south.pk}" selected' in shown
    assert admin.get("/test/teams/?_field=lead&_operator=empty").status_code == 200  # looking is no adding
    assert admin.get("/test/teams/?_field=lead&_operator=empty&_add=1")["Location"] == "/test/teams/?lead.empty=true"

"""S0-15, S0-16, S0-32: the pages of plan, milestones and originals work as plain posts, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from hetong.accounts.models import FieldRule, PolicyState, Role, User
from hetong.contracts import services
from hetong.contracts.models import Contract, Instalment, Loan, Milestone, Original
from hetong.contracts.services import replanning
from hetong.contracts.states import Stage
from hetong.contracts.testing import (
    make_active,
    make_contract,
    make_instalment,
    make_line,
    make_milestone,
    make_original,
    make_plan,
    put_into,
)
from hetong.kernel.actors import Actor, Level

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Pages of other languages leave theirs behind in the thread."""
    yield
    translation.activate("en")


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.id))
    return client


@pytest.fixture
def contract(cast: Any) -> Contract:
    found = make_contract(cast.ada)
    make_line(cast.ada, found, unit_price="4860000")
    return found


def plan_url(contract: Contract, rest: str = "") -> str:
    return f"/contracts/{contract.pk}/plan/{rest}"


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_stage_is_added_as_it_would_be_said(cast: Any, contract: Contract) -> None:
    client = client_of(cast.ada)
    for share in ("30 %", "612,000.00", ""):
        sent = {"act": "stage", "title": f"Share {share}", "share": share, "trigger": "signing", "days_after": "30"}
        assert client.post(plan_url(contract), sent).status_code == 302
    page = words_of(client.get(plan_url(contract)))
    assert [one.net_minor for one in Instalment.objects.order_by("position")] == [145_800_000, 61_200_000, 279_000_000]
    assert "30 days after signing" in page
    assert "it adds up" in page


def test_a_plan_a_cent_short_says_so_while_it_is_typed_and_on_the_page(cast: Any, contract: Contract) -> None:
    make_plan(cast.ada, contract, "4247999.99")
    client = client_of(cast.ada)
    fragment = words_of(
        client.get(plan_url(contract, "check/"), {"share": "612,000.00", "title": "x", "trigger": "signing"})
    )
    assert "0.01" in fragment
    assert "is missing" in fragment
    make_plan(cast.ada, contract, "612000.00")
    page = words_of(client.get(plan_url(contract)))
    assert "is missing" in page
    assert "4,860,000.00" in page


@pytest.mark.parametrize("share", ["abc", "-5 %", "0", "101 %", "EUR 5", "9" * 40])
def test_a_share_that_cannot_be_read_is_refused_beside_it_and_kept(cast: Any, contract: Contract, share: str) -> None:
    sent = {"act": "stage", "title": "First", "share": share, "trigger": "date", "on": "2026-13-01"}
    answer = client_of(cast.ada).post(plan_url(contract), sent)
    assert answer.status_code == 422
    assert f'value="{share}"' in answer.content.decode()
    assert not Instalment.objects.exists()
    assert client_of(cast.ada).get(plan_url(contract, "check/"), sent).status_code == 200


@pytest.mark.parametrize(
    ("sent", "percents"),
    [
        ({"q-shares": "30/50/20"}, [300_000, 500_000, 200_000]),
        ({"q-shares": "3"}, [333_333, 333_333, None]),
        ({"q-shares": "30 / 65", "q-retention": "5 %"}, [300_000, 650_000, 50_000]),
        ({"q-shares": "2", "q-retention": "5", "q-first_on": "2026-01-31", "q-months": "1"}, [475_000, None, 50_000]),
    ],
)
def test_a_whole_plan_is_made_from_one_line(
    cast: Any, contract: Contract, sent: dict[str, str], percents: list[Any]
) -> None:
    assert client_of(cast.ada).post(plan_url(contract), {"act": "make", **sent}).status_code == 302
    rows = Instalment.objects.order_by("position")
    assert [one.percent for one in rows] == percents
    assert sum(one.net_minor for one in rows) == 486_000_000
    assert rows[len(rows) - 1].is_retention == ("q-retention" in sent)
    assert client_of(cast.ada).post(plan_url(contract), {"act": "make", "q-shares": "2"}).status_code == 409


@pytest.mark.parametrize(
    "sent",
    [
        {"q-shares": "30/50"}, {"q-shares": "0"}, {"q-shares": ""}, {"q-shares": "999"}, {"q-shares": "a/b"},
        {"q-shares": "2", "q-retention": "100.5"}, {"q-shares": "2", "q-first_on": "2026-02-30"},
        {"q-shares": "2", "q-first_on": "2026-02-01", "q-months": "x"},
    ],
)  # fmt: skip
def test_a_line_that_makes_no_plan_is_refused_and_kept(cast: Any, contract: Contract, sent: dict[str, str]) -> None:
    answer = client_of(cast.ada).post(plan_url(contract), {"act": "make", **sent})
    assert answer.status_code == 422
    assert not Instalment.objects.exists()


def test_a_stage_is_edited_moved_and_removed_by_buttons(cast: Any, contract: Contract) -> None:
    first, second = make_plan(cast.ada, contract, "30%", "rest")
    client = client_of(cast.ada)
    assert 'value="30 %"' in client.get(plan_url(contract, f"{first.pk}/")).content.decode()
    sent = {"title": "Deposit", "share": "25 %", "trigger": "date", "on": "2026-05-01", "version": "1"}
    assert client.post(plan_url(contract, f"{first.pk}/"), sent).status_code == 302
    assert client.post(plan_url(contract, f"{first.pk}/"), sent).status_code == 409
    assert client.post(plan_url(contract, f"{second.pk}/move/"), {"to": "up"}).status_code == 302
    assert list(Instalment.objects.order_by("position").values_list("pk", flat=True)) == [second.pk, first.pk]
    assert client.post(plan_url(contract, f"{second.pk}/remove/")).status_code == 302
    assert Instalment.objects.get().title == "Deposit"
    other = make_contract(cast.ada, title="Another")
    assert client.post(plan_url(other, f"{first.pk}/remove/")).status_code == 404


def test_who_may_only_read_sees_the_plan_without_its_forms(cast: Any, contract: Contract) -> None:
    make_plan(cast.ada, contract, "30%", "rest")
    page = client_of(cast.cleo).get(plan_url(contract))
    assert page.status_code == 200
    assert b"Add stage" not in page.content
    assert client_of(cast.cleo).post(plan_url(contract), {"act": "stage", "title": "x"}).status_code == 403
    assert client_of(cast.dora).get(plan_url(contract)).status_code == 404


def test_hidden_value_hides_every_amount_of_the_plan(cast: Any, contract: Contract) -> None:
    make_plan(cast.ada, contract, "612000.00", "rest")
    role = Role.objects.get(key="sales_rep")
    FieldRule.objects.create(role=role, noun="contracts.contract", field="gross", level=Level.HIDDEN)
    PolicyState.objects.update(version=999)
    client = client_of(cast.ada)
    stage = Instalment.objects.order_by("position")[0]
    for address in (plan_url(contract), plan_url(contract, "check/") + "?share=5", plan_url(contract, f"{stage.pk}/")):
        page = words_of(client.get(address))
        assert not [
            number
            for number in ("612,000", "612000", "4,248,000", "765,000", "4,860,000", "6,075,000")
            if number in page
        ]
    assert client.post(plan_url(contract, f"{stage.pk}/"), {"title": "New", "trigger": "signing"}).status_code == 302
    assert Instalment.objects.get(pk=stage.pk).amount_minor == 61_200_000


def test_milestones_are_added_reached_and_taken_back(cast: Any, contract: Contract) -> None:
    client = client_of(cast.ada)
    sent = {"act": "milestone", "m-title": "Accepted", "m-due_on": "2026-05-01"}
    assert client.post(plan_url(contract), sent).status_code == 302
    assert client.post(plan_url(contract), {"act": "milestone", "m-title": ""}).status_code == 422
    milestone = Milestone.objects.get()
    put_into(contract, Stage.ACTIVE)
    base = f"/contracts/{contract.pk}/milestones/{milestone.pk}/"
    assert client.get(f"{base}reach/").status_code == 200
    assert client.post(f"{base}reach/", {"reached_on": "2100-01-01"}).status_code == 422
    assert client.post(f"{base}reach/", {"reached_on": "2026-01-05", "note": "Signed"}).status_code == 302
    assert client.post(f"{base}unreach/", {"reason": ""}).status_code == 422
    assert client.post(f"{base}unreach/", {"reason": "Slip"}).status_code == 302
    assert Milestone.objects.get().reached_on is None


def test_a_plan_in_force_is_changed_on_one_sheet(cast: Any, monkeypatch: Any) -> None:
    contract = make_active(cast.ada, "30%", "50%", "20%")
    first, second, third = Instalment.objects.order_by("position")
    monkeypatch.setattr(replanning._floor, "billed", lambda ids: {first.pk} & set(ids))
    client = client_of(cast.ben)
    url = plan_url(contract, "change/")
    page = words_of(client.get(url))
    assert "Invoiced or paid: it stays as it is." in page
    sent = {
        f"{second.pk}-title": "Second", f"{second.pk}-share": "40 %", f"{second.pk}-trigger": "signing",
        f"{third.pk}-title": third.title, f"{third.pk}-share": "20 %", f"{third.pk}-trigger": "signing", f"{third.pk}-gone": "1",
        "new1-title": "Later", "new1-share": "29.99 %", "new1-trigger": "date", "new1-on": "2027-01-01", "reason": "Agreed",
    }  # fmt: skip
    short = client.post(url, sent)
    assert short.status_code == 422
    assert "99.99 %" in words_of(short)
    assert "29.99" not in words_of(client.get(url, sent | {"check": "1"}))
    assert "0.01" in words_of(client.get(url, sent | {"check": "1"}))
    assert client.post(url, sent | {"new1-share": ""}).status_code == 302
    standing = Instalment.objects.filter(is_retired=False).order_by("position")
    assert [(one.title, one.net_minor) for one in standing] == [("Stage 1", 3_000), ("Second", 4_000), ("Later", 3_000)]
    assert client_of(cast.ada).get(url).status_code == 403
    assert client.get(plan_url(make_contract(cast.ada, title="Draft"), "change/")).status_code == 409


def test_originals_are_counted_stamped_lent_and_taken_back(cast: Any, contract: Contract) -> None:
    client, base = client_of(cast.ada), f"/contracts/{contract.pk}/originals/"
    assert client.post(base, {"count": "0"}).status_code == 422
    assert client.post(base, {"count": "2", "place": "Safe"}).status_code == 302
    first = Original.objects.get(copy_no=1)
    one = f"{base}{first.pk}/"
    assert client.post(f"{one}stamp/", {"stamped_on": "2026-01-05"}).status_code == 422
    assert client.post(f"{one}stamp/", {"stamped_on": "2026-01-05", "stamped_by": "Li Lei"}).status_code == 302
    lent = {"borrower": "Wang Fang", "lent_on": "2026-01-06", "until": "2026-01-10", "purpose": "Bank"}
    assert client.post(f"{one}lend/", lent | {"until": "2026-01-01"}).status_code == 422
    assert client.post(f"{one}lend/", lent).status_code == 302
    assert client.post(f"{one}lend/", lent).status_code == 409
    page = words_of(client.get(base))
    assert "Wang Fang" in page
    assert "overdue" in page
    assert client.post(f"{one}return/", {"returned_on": "2026-01-08", "place": "Safe 2"}).status_code == 302
    assert Loan.objects.get().returned_on is not None
    assert client.post(f"{base}{Original.objects.get(copy_no=2).pk}/remove/").status_code == 302
    assert client_of(cast.max).post(base, {"count": "1"}).status_code == 403


def test_what_the_plan_has_ahead_comes_up_on_the_overview(cast: Any, contract: Contract) -> None:
    milestone = make_milestone(cast.ada, contract, title="Site acceptance", due_on="2100-05-01")
    make_original(cast.ada, contract)
    services.add_instalments(cast.ada, [{"contract": contract.pk, "title": "Deposit", "on": "2100-01-01"}])
    page = words_of(client_of(cast.ada).get(f"/contracts/{contract.pk}/"))
    assert "Site acceptance" in page
    assert "Deposit" in page
    assert milestone.title in page


@pytest.mark.parametrize("language", ["en", "sv", "zh-hans", "zh-hant"])
def test_every_page_speaks_every_language(cast: Any, contract: Contract, language: str) -> None:
    User.objects.filter(pk=cast.ada.id).update(language=language)
    make_plan(cast.ada, contract, "30%", "rest")
    client = client_of(cast.ada)
    for address in (plan_url(contract), f"/contracts/{contract.pk}/originals/"):
        page = client.get(address)
        assert page.status_code == 200
        assert b"%(" not in page.content


def test_a_stage_saved_by_somebody_else_meanwhile_is_shown_beside_what_was_typed(cast: Any) -> None:
    contract = make_contract(cast.ada)
    stage = make_instalment(cast.ada, contract, title="First share")
    client = Client()
    client.force_login(cast.users["ada"])
    address = f"/contracts/{contract.pk}/plan/{stage.pk}/"
    services.edit_instalments(cast.ben, [stage.pk], {"title": "Ben’s words"})
    answer = client.post(address, {"title": "My words", "trigger": "signing", "version": str(stage.version)})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "My words" in page
    assert "Saved meanwhile: Ben’s words" in page


def test_finance_changes_the_plan_of_a_contract_in_force(cast: Any) -> None:
    contract = make_active(cast.ada)
    client = Client()
    client.force_login(cast.users["fia"])
    assert client.get(f"/contracts/{contract.pk}/plan/").status_code == 200
    page = client.get(f"/contracts/{contract.pk}/plan/change/")
    assert page.status_code == 200
    assert "-share" in page.content.decode()

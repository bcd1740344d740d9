"""S2-07, S0-28: what the house added is asked for where a record is made, and what it requires of new ones is required there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hetong.accounts.custom import ALWAYS, places
from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import make_token
from hetong.accounts.services.custom_fields import add_custom_fields
from hetong.accounts.services.people import add_administrator
from hetong.accounts.testing import forget_access
from hetong.billing.models import Invoice, Payment
from hetong.billing.testing import dues_of, today
from hetong.contracts.models import Original
from hetong.contracts.testing import make_contract
from hetong.documents.models import Document
from hetong.documents.services import seed_kinds
from hetong.documents.testing import kind_of, make_upload
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import Invalid
from hetong.kernel.nouns import noun
from hetong.parties.models import PartyTerms
from hetong.parties.services import edit_terms
from hetong.parties.testing import make_party
from tests.access.samples import Samples, patterns
from tests.walks import money_forms
from tests.walks.sending import CASES, Case, filled, form_on

assert money_forms.CASES is CASES
pytestmark = pytest.mark.django_db

MADE_ON: dict[str, tuple[str, ...]] = {
    "reference.tax_rate": ("reference:tax_add",),
    "reference.calendar_day": ("reference:day_add",),
    "accounts.company": ("accounts:company_add",),
    "accounts.bank": ("accounts:bank_add",),
    "accounts.team": ("accounts:team_add",),
    "accounts.user": ("accounts:user_add",),
    "documents.document": ("documents:panel",),
    "documents.kind": ("documents:kind_add",),
    "todos.todo": ("todos:add",),
    "parties.party": ("parties:add",),
    "parties.terms": ("parties:terms_add",),
    "parties.contact": ("parties:contact_add",),
    "parties.identifier": ("parties:number_add",),
    "parties.address": ("parties:address_add",),
    "parties.bank": ("parties:bank_add",),
    "parties.kind": ("parties:kind_add",),
    "contracts.contract": ("contracts:add",),
    "contracts.line": ("contracts:lines",),
    "contracts.instalment": ("contracts:plan",),
    "contracts.milestone": ("contracts:plan",),
    "contracts.original": ("contracts:originals",),
    "contracts.project": ("projects:add",),
    "contracts.type": ("contract_settings:type_add",),
    "contracts.status": ("contract_settings:status_add",),
    "billing.invoice": (
        "billing:due_invoice", "billing:due_receive", "contract_money:invoice", "contract_money:receive", "billing:invoice_credit"
    ),
    "billing.payment": ("billing:due_pay", "billing:invoice_pay", "contract_money:pay", "billing:add_payment"),
    "billing.bill_type": ("billing_settings:type_add",),
}  # fmt: skip
"""By kind of record: the pages with a form that makes one. `test_double_submit` finds forms that are not named here."""
POSTED = (
    "billing:due_invoice",
    "billing:due_receive",
    "billing:invoice_credit",
    "billing:invoice_pay",
    "billing:add_payment",
)


def add_field(cast: Any, on: str, **more: Any) -> Any:
    given = {
        "noun": on,
        "kind": "text",
        "key": "place",
        "labels": {"en": "Our place"},
        "rules": {},
        "is_indexed": True,
    }
    return add_custom_fields(cast.admin, [given | more])[0]


def close(role: str, key: str, level: Level) -> None:
    FieldRule.objects.create(role=Role.objects.get(key=role), noun=key, field="x_place", level=level.value)
    forget_access()


def test_each_kind_of_record_that_can_require_a_field_from_the_beginning_has_its_form_here() -> None:
    assert {place.key for place in places() if ALWAYS in place.required_from} == set(MADE_ON)


def test_the_form_that_makes_a_record_asks_for_the_fields_of_the_house(cast: Any) -> None:
    samples, routes = Samples(cast), dict(patterns())
    for key in MADE_ON:
        add_field(cast, key, key=f"of_{key.replace('.', '_')}")
    clerk, admin = logged_in(cast, "fia"), logged_in(cast, "admin")
    silent = []
    for key, names in MADE_ON.items():
        for name in names:
            address = reverse(name, kwargs=samples.arguments(name, routes[name]))
            page = (clerk if key.startswith("billing.") else admin).get(address).content.decode()
            if f'x_of_{key.replace(".", "_")}"' not in page:
                silent.append((key, name))
    assert not silent


def of(name: str) -> tuple[str, Any]:
    """What a form of money makes."""
    return ("billing.payment", Payment) if "pay" in name else ("billing.invoice", Invoice)


def send(cast: Any, given: Case, **fill: str) -> Any:
    client = Client()
    client.force_login(cast.users[given.who])
    return client.post(given.action or given.page, filled(form_on(client, given), {**given.fill, **fill}))


@pytest.mark.parametrize("name", POSTED)
def test_what_is_required_is_asked_for_with_the_posting_and_kept_with_it(cast: Any, name: str) -> None:
    key, model = of(name)
    given = CASES[name](cast)
    add_field(cast, key, required_from=ALWAYS)
    before = set(model.objects.values_list("pk", flat=True))
    for language, words in (
        ("en", "This is needed."), ("sv", "Det här behövs."), ("zh-hans", "必填。"), ("zh-hant", "必填。"),
    ):  # fmt: skip
        cast.users[given.who].language = language
        cast.users[given.who].save()
        refused = send(cast, given)
        assert (refused.status_code, words in refused.content.decode()) == (422, True), language
    assert set(model.objects.values_list("pk", flat=True)) == before
    answer = send(cast, given, x_place="Bergen 4711")
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    [made] = model.objects.exclude(pk__in=before)
    assert noun(key).register.held([made])[made.pk]["x_place"] == "Bergen 4711"


@pytest.mark.parametrize("name", POSTED)
def test_who_may_not_write_the_field_is_not_asked_and_not_held_up(cast: Any, name: str) -> None:
    """C5: neither a field that is hidden nor one that is read only is on the form, is taken, or is required."""
    key, model = of(name)
    given = CASES[name](cast)
    add_field(cast, key, required_from=ALWAYS)
    close("finance", key, Level.READ)
    before = model.objects.count()
    assert "x_place" not in form_on(logged_in(cast, given.who), given)
    assert send(cast, given, x_place="Oslo").status_code == 302
    assert model.objects.count() == before + 1
    assert not model.objects.filter(custom__has_key="x_place").exists()


def logged_in(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who])
    return client


def test_a_credit_note_starts_with_what_stands_on_its_invoice(cast: Any) -> None:
    add_field(cast, "billing.invoice")
    _contract, invoice = money_forms.billed(cast)
    noun("billing.invoice").edit(cast.fia, [invoice.pk], {"x_place": "Bergen"})  # type: ignore[misc]  # it has one
    given = Case("fia", f"/billing/invoices/{invoice.pk}/credit/", {})
    assert form_on(logged_in(cast, "fia"), given)["x_place"] == ["Bergen"]


# -- through the API ---------------------------------------------------------------------------------


def issue(cast: Any) -> tuple[str, dict[str, Any]]:
    due = dues_of(money_forms.in_force(cast.ada, "40", "60"))[0]
    return "/api/v1/invoices", {"dues": [{"due": str(due.pk)}]}


def receive(cast: Any) -> tuple[str, dict[str, Any]]:
    due = dues_of(money_forms.in_force(cast.ada, "100", class_of="expense"))[0]
    return "/api/v1/invoices/receive", {"dues": [{"due": str(due.pk)}], "number": "LF-7", "issued_on": str(today())}


def credit(cast: Any) -> tuple[str, dict[str, Any]]:
    return f"/api/v1/invoices/{money_forms.billed(cast)[1].pk}/credit", {"reason": "Wrong"}


def pay(cast: Any) -> tuple[str, dict[str, Any]]:
    contract, _invoice = money_forms.billed(cast)
    amount = {"amount": "5.00", "currency": "SEK"}
    return "/api/v1/payments/record", {"amount": amount, "on": str(today()), "contract": str(contract.pk)}


@pytest.mark.parametrize(
    ("key", "make"), [("billing.invoice", issue), ("billing.invoice", receive), ("billing.invoice", credit), ("billing.payment", pay)]
)  # fmt: skip
def test_a_program_gives_added_fields_with_the_posting(
    cast: Any, key: str, make: Callable[[Any], tuple[str, dict[str, Any]]]
) -> None:
    address, body = make(cast)
    add_field(cast, key, required_from=ALWAYS)
    token = make_token(cast.fia, cast.users["fia"], label="postings")[1]

    def post(given: dict[str, Any], once: str) -> Any:
        headers = {"authorization": f"Bearer {token}", "idempotency-key": once}
        return Client().post(address, given, content_type="application/json", headers=headers)

    refused = post(body, "one")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "x_place")
    for number, wrong in enumerate(
        ({"x_place": ["a"]}, {"x_place": {"a": 1}}, {"x_nothing": "a", "x_place": "b"}, {"state": "x"})
    ):
        assert post(body | wrong, f"wrong{number}").status_code == 422, wrong
    close("finance", key, Level.HIDDEN)
    unknown = post(body | {"x_place": "Bergen"}, "two")
    assert (unknown.status_code, "Bergen" in unknown.content.decode()) == (422, False)
    FieldRule.objects.all().delete()
    forget_access()
    answer = post(body | {"x_place": "Bergen"}, "three")
    assert (answer.status_code, answer.json().get("x_place")) == (201, "Bergen"), answer.json()


# -- files, originals, and what comes into being beside others -----------------------------------------


def test_files_take_added_fields_as_they_are_put_on_a_record(cast: Any) -> None:
    contract = make_contract(cast.ada)
    add_field(cast, "documents.document", required_from=ALWAYS)
    address, kind = reverse("documents:add", args=["contracts", contract.pk]), str(kind_of("annex"))
    client, typed = logged_in(cast, "ada"), {"kind": kind}
    refused = client.post(address, typed | {"file": make_upload().stream})
    assert (refused.status_code, "This is needed." in refused.content.decode()) == (422, True)
    assert client.post(address, typed | {"file": make_upload().stream, "x_place": "Bergen"}).status_code == 302
    token = make_token(cast.ada, cast.users["ada"], label="files")[1]
    headers = {"authorization": f"Bearer {token}"}
    program = f"/api/v1/contracts/{contract.pk}/documents"
    assert Client().post(program, {"kind": kind, "file": make_upload().stream}, headers=headers).status_code == 422
    given = {"kind": kind, "file": make_upload().stream, "x_place": "Oslo"}
    answer = Client().post(program, given, headers=headers)
    assert (answer.status_code, answer.json()["items"][0]["x_place"]) == (201, "Oslo")
    held = noun("documents.document").register.held(Document.objects.all())
    assert sorted(one["x_place"] for one in held.values()) == ["Bergen", "Oslo"]


def test_originals_take_added_fields_as_they_are_noted(cast: Any) -> None:
    contract = make_contract(cast.ada)
    add_field(cast, "contracts.original", required_from=ALWAYS)
    client, address = logged_in(cast, "ada"), f"/contracts/{contract.pk}/originals/"
    refused = client.post(address, {"count": "3", "place": "Safe"})
    assert (refused.status_code, refused.content.decode().count("This is needed.")) == (
        422,
        2,
    )  # above, and beside the field
    assert client.post(address, {"count": "3", "place": "Safe", "x_place": "Bergen"}).status_code == 302
    assert [one.custom["x_place"]["text"] for one in Original.objects.all()] == ["Bergen"] * 3


def test_what_nobody_fills_in_is_asked_for_nothing(cast: Any) -> None:
    """The file of an invoice, the first administrator: nobody is there to ask."""
    for key in ("documents.document", "accounts.user"):
        add_field(cast, key, required_from=ALWAYS)
    add_administrator("root@north.example", "Root", "correct horse battery staple")
    given = CASES["billing:due_receive"](cast)
    seed_kinds()
    fill = {"file": make_upload().stream}
    client = logged_in(cast, given.who)
    assert client.post(given.page, filled(form_on(client, given), {**given.fill, **fill})).status_code == 302


def test_a_record_of_before_can_be_saved_without_and_a_value_is_not_emptied(cast: Any) -> None:
    """Required from the beginning means: of new records. Old ones are saved as they are, by whoever may write the field or not."""
    party = make_party(cast.ada)
    [terms] = PartyTerms.objects.filter(party=party)
    add_field(cast, "parties.terms", required_from=ALWAYS)
    edit_terms(cast.ada, [terms.pk], {"payment_days": "20"})
    address = f"/parties/{party.pk}/terms/{terms.pk}/edit/"
    given = Case("ada", address, {"payment_days": "25"})
    assert send(cast, given).status_code == 302
    edit_terms(cast.ada, [terms.pk], {"x_place": "Bergen"})
    with pytest.raises(Invalid, match="x_place required"):
        edit_terms(cast.ada, [terms.pk], {"x_place": ""})
    close("sales_rep", "parties.terms", Level.READ)
    assert send(cast, Case("ada", address, {"payment_days": "30"})).status_code == 302
    terms.refresh_from_db()
    assert (terms.payment_days, terms.custom["x_place"]["text"]) == (30, "Bergen")


def test_hetong_itself_is_held_up_by_no_field_of_the_house(cast: Any) -> None:
    add_field(cast, "parties.kind", required_from=ALWAYS)
    given = {"key": "rep", "labels": {"en": "Representative"}}
    assert noun("parties.kind").add(Actor.system(), [given])  # type: ignore[misc]  # it has one
    with pytest.raises(Invalid, match="x_place required"):
        noun("parties.kind").add(cast.admin, [given | {"key": "agent2"}])  # type: ignore[misc]  # it has one

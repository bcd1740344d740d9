"""The accounts of our companies that invoices name: added and changed by who manages the company, with check digits (S1-03)."""

from __future__ import annotations

import pytest
from django.test import Client

from hetong.accounts.models import Bank
from hetong.accounts.queries import company_facts
from hetong.accounts.services import add_banks, edit_banks
from hetong.audit.models import Entry
from hetong.kernel.errors import Forbidden, Invalid, NotFound


def given(cast, **over):
    return {"company": str(cast.north.pk), "label": "IBAN", "account": "SE45 5000 0000 0583 9825 7466"} | over


def test_an_account_is_added_changed_and_retired_with_a_trace(cast):
    [bank] = add_banks(cast.admin, [given(cast, bic="ESSESESS", currency="SEK")])
    edit_banks(cast.admin, [bank.pk], {"label": "Konto"})
    assert company_facts(cast.north)["banks"] == [
        {"label": "Konto", "account": "SE45 5000 0000 0583 9825 7466", "bic": "ESSESESS", "currency": "SEK"}
    ]
    edit_banks(cast.admin, [bank.pk], {"is_active": False})
    assert company_facts(cast.north)["banks"] == []
    assert Entry.objects.filter(subject=bank.pk).count() == 3


@pytest.mark.parametrize(
    ("label", "account"),
    [("IBAN", "SE45 5000 0000 0583 9825 7467"), ("", "se4550000000058398257467"), ("Bankgiro", "5805-6202")],
)
def test_a_mistyped_check_digit_is_refused(cast, label, account):
    with pytest.raises(Invalid, match="bad_number"):
        add_banks(cast.admin, [given(cast, label=label, account=account)])


@pytest.mark.parametrize(
    ("label", "account"), [("Bankgiro", "5805-6201"), ("", "3225 0000 0000 0118"), ("Konto", "1234-5")]
)
def test_other_accounts_are_taken_as_they_are(cast, label, account):
    assert add_banks(cast.admin, [given(cast, label=label, account=account)])[0].account == account


def test_only_who_manages_companies_changes_accounts(cast):
    with pytest.raises(Forbidden):
        add_banks(cast.fia, [given(cast)])
    [bank] = add_banks(cast.admin, [given(cast)])
    with pytest.raises(Forbidden):
        edit_banks(cast.fia, [bank.pk], {"account": "1"})
    with pytest.raises(NotFound):
        edit_banks(cast.dora, [bank.pk], {"account": "1"})


def test_an_account_stays_with_its_company(cast):
    [bank] = add_banks(cast.admin, [given(cast)])
    with pytest.raises(Invalid, match="company"):
        edit_banks(cast.admin, [bank.pk], {"company": str(cast.south.pk)})


def test_the_company_page_lists_adds_and_changes_accounts(cast):
    client = Client()
    client.force_login(cast.users["admin"])
    page = f"/settings/companies/{cast.north.pk}/"
    assert "No account yet" in client.get(page).content.decode()
    answer = client.post(f"{page}accounts/new/", {"label": "Bankgiro", "account": "5805-6201", "currency": "SEK"})
    assert answer["Location"] == page
    bank = Bank.objects.get()
    assert (bank.company_id, bank.account) == (cast.north.pk, "5805-6201")
    assert "5805-6201" in client.get(page).content.decode()
    edit = f"/settings/companies/accounts/{bank.pk}/edit/"
    assert client.get(edit).status_code == 200
    assert client.post(edit, {"label": "Bankgiro", "account": "5805-6209", "version": 1}).status_code == 422
    client.post(edit, {"label": "Bankgiro", "account": "5805-6201", "currency": "", "is_active": "on", "version": 1})
    bank.refresh_from_db()
    assert (bank.currency, bank.version) == ("", 2)
    client.force_login(cast.users["ada"])
    assert client.get(edit).status_code == 403

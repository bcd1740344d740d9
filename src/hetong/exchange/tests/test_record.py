"""A contract's record on paper: in the reader's language, with what the reader may see, in one file (S2-03, C2)."""

from __future__ import annotations

import pypdfium2
import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.testing import forget_access
from hetong.audit.models import AccessLog
from hetong.billing import services as billing
from hetong.billing.services import DueShare, InvoiceOrder
from hetong.billing.testing import dues_of, make_active
from hetong.contracts.models import Contract, StageMove
from hetong.contracts.services import edit_contracts
from hetong.exchange.queries.printed import record_facts
from hetong.files.typeset.press import TypesetJob, typeset
from hetong.kernel import clock
from hetong.kernel.actors import Level
from hetong.kernel.errors import NotFound
from hetong.parties.models import Address, Party


def printed(facts) -> str:
    made = typeset(TypesetJob("exchange/record", facts))
    return (
        "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
        .replace("\r\n", "\n")
        .replace("\xa0", " ")
    )


@pytest.fixture
def contract(cast) -> Contract:
    made = make_active(cast.ada, "40", "60", lines=2)
    billing.issue_invoices(cast.fia, [InvoiceOrder([DueShare(dues_of(made)[0].pk)])])
    return made


def test_the_record_says_what_was_agreed_planned_and_billed(cast, contract):
    text = printed(record_facts(cast.admin, contract.pk, language="en"))
    for words in ("Contract record", "Our company", "North AB", "Counterparty", "Västerhamnens Energi AB", "Lines", "Meter 1", "Plan",
                  "Dues", "Invoices", "Active", "Content now"):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(("language", "word"), [("sv", "Eget bolag"), ("zh-hans", "合同"), ("zh-hant", "合約")])
def test_the_record_speaks_the_language_of_its_reader(cast, contract, language, word):
    assert word in printed(record_facts(cast.admin, contract.pk, language=language))


def test_the_record_shows_no_value_to_who_may_not_read_it(cast, contract):
    edit_contracts(cast.admin, [contract.pk], {"owner": str(cast.gus.id)})
    whole, part = (record_facts(actor, contract.pk, language="en") for actor in (cast.admin, cast.gus))
    assert {row["label"] for row in whole["amounts"]} >= {"Value"}
    hidden = {row["value"] for row in whole["amounts"]} - {row["value"] for row in part["amounts"]}
    text = printed(part)
    if cast.gus.may("contracts.view") and not part["amounts"]:
        assert not [value for value in hidden if value in text]


def test_addresses_and_reasons_are_for_those_who_read_them_elsewhere(cast, contract):
    Address.objects.create(
        party_id=contract.counterparty_id, role="registered", lines="Secret Street 1", city="Göteborg"
    )
    Party.objects.filter(pk=contract.counterparty_id).update(local_name="Other name")
    StageMove.objects.create(
        contract=contract, verb="activate", from_stage="signing", to_stage="active", on=clock.today(), at=clock.now(),
        actor_label="Ben", reason="Because",
    )  # fmt: skip
    whole = printed(record_facts(cast.admin, contract.pk, language="en"))
    assert [words in whole for words in ("Secret Street 1", "Other name", "Ben", "Because")] == [True] * 4
    role = Role.objects.get(key="sales_rep")
    for noun, field in (("parties.party", "address_lines"), ("parties.party", "local_name"), ("accounts.user", "name")):
        FieldRule.objects.create(role=role, noun=noun, field=field, level=Level.HIDDEN.value)
    role.permissions = sorted(set(role.permissions) - {"audit.view_history"})
    role.save()
    forget_access()
    part = printed(record_facts(cast.ada, contract.pk, language="en"))
    assert [words in part for words in ("Secret Street 1", "Other name", "Ben", "Because")] == [False] * 4
    assert "Västerhamnens Energi AB" in part


def test_who_does_not_see_the_contract_gets_no_record(cast, contract):
    with pytest.raises(NotFound):
        record_facts(cast.dora, contract.pk)


def test_the_page_gives_a_pdf_and_notes_who_took_it(cast, contract):
    client = Client()
    client.force_login(cast.users["ada"])
    answer = client.get(f"/contracts/{contract.pk}/record/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"%PDF")
    assert AccessLog.objects.filter(subject=contract.pk, act="downloaded").count() == 1
    client.force_login(cast.users["dora"])
    assert client.get(f"/contracts/{contract.pk}/record/").status_code == 404


def test_a_record_of_hundreds_of_lines_runs_over_pages(cast, contract):
    facts = dict(record_facts(cast.admin, contract.pk, language="en"))
    lines = facts["tables"][0]
    facts["tables"] = [lines | {"rows": lines["rows"] * 150}]
    made = typeset(TypesetJob("exchange/record", facts))
    assert len(pypdfium2.PdfDocument(made)) > 4


def test_the_card_offers_the_record_in_its_menu_and_not_as_a_tab(cast, contract):
    client = Client()
    client.force_login(cast.users["ada"])
    page = client.get(f"/contracts/{contract.pk}/").content.decode()
    assert page.count(f'href="/contracts/{contract.pk}/record/"') == 1
    assert f'<a class="menu-item" href="/contracts/{contract.pk}/record/" download>' in page

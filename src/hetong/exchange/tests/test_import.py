"""Files come in as a whole or in part, are completed, come again, and are taken back (S1-11; trust F1 for the errors)."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import replace

import pytest

from hetong.accounts.services.custom_fields import add_custom_fields
from hetong.audit.models import Entry
from hetong.billing.fields import INVOICE, PAYMENT
from hetong.billing.models import Due, Invoice, Payment
from hetong.billing.services import edit_dues, seed_types
from hetong.contracts.models import Contract, Instalment, Line, StageMove
from hetong.contracts.services import edit_contracts, seed_setup
from hetong.exchange.models import ImportRow, SourceRow
from hetong.exchange.queries.imports import error_file, error_rows, find_imports, get_import, import_page
from hetong.exchange.services import check_now, import_now, mend_rows, set_mapping, set_options, undo_now
from hetong.exchange.services.imports import NotMapped
from hetong.exchange.testing import begin_file
from hetong.jobs.worker import drain_outbox
from hetong.kernel.bulk import insert_alike
from hetong.kernel.errors import Forbidden, NotFound
from hetong.kernel.ids import new_id
from hetong.parties.models import Contact, Party, PartyId, PartyTerms
from hetong.parties.services import edit_parties

MANY = int(os.environ.get("TEST_IMPORT_ROWS", "400"))
"""Rows of the file with 37 bad ones; the long campaign takes 10,000."""


@pytest.fixture
def setup(cast):
    seed_setup()
    seed_types()
    return cast


def party_file(count: int, bad: int) -> str:
    """Customers, the last ``bad`` of them with a mail address that is none."""
    rows = [f"Kund {n:05d},SE,kund{n}@example.com" for n in range(count - bad)]
    return "\n".join(["Name,Country,E-mail", *rows, *(f"Fel {n:05d},SE,nowhere" for n in range(bad))]) + "\n"


def counted(counts) -> tuple[int, ...]:
    return tuple(counts[name] for name in ("rows", "created", "updated", "unchanged", "duplicates", "errors"))


def test_rows_that_are_inserted_as_columns_are_as_their_model_makes_them(setup):
    own = [{"key": str(n), "digest": f"d{n}", "record": new_id()} for n in range(3)]
    shared = {"company_id": setup.north.pk, "noun": "contracts.contract"}
    columns = {name: [one[name] for one in own] for name in own[0]}

    insert_alike(SourceRow, shared, **columns)

    held = {one.key: one for one in SourceRow.objects.all()}
    assert [{name: getattr(held[one["key"]], name) for name in (*own[0], *shared)} for one in own] == [
        one | shared for one in own
    ]
    assert len({one.pk for one in held.values()}) == 3
    with pytest.raises(TypeError, match="colour"):
        insert_alike(SourceRow, {**shared, "colour": "red"}, **columns)
    with pytest.raises(TypeError, match="itself"):
        insert_alike(Party, {}, name=["North AB"])


# -- bad rows ----------------------------------------------------------------------------------------


def test_bad_rows_stay_out_with_their_reasons_and_the_mended_file_completes_the_import(setup):
    import_id = begin_file(setup.ben, "parties", party_file(MANY, 37))

    counts = import_now(setup.ben, import_id)
    written = "".join(error_file(setup.ben, import_id))

    assert counted(counts) == (MANY, MANY - 37, 0, 0, 0, 37)
    assert Party.objects.count() == MANY - 37
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert len(rows) == 37
    assert "not a mail address" in rows[0]["Why it was not imported"]
    mended = written.replace("nowhere,", "somebody@example.com,")
    again = import_now(setup.ben, begin_file(setup.ben, "parties", mended))
    assert counted(again) == (37, 37, 0, 0, 0, 0)
    assert Party.objects.count() == MANY


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Sverige", "SE"), ("瑞典", "SE"), ("swe", "SE"), ("752", "SE"), ("Czech Republic", "CZ"), ("USA", "US"), ("UK", "GB"),
        ("Korea, Republic of", "KR"), ("Republic of Korea", "KR"), ("Bosnia and Herzegovina", "BA"), ("Hong Kong", "HK"),
        ("香港", "HK"), ("Deutschland", "DE"), ("Viet Nam", "VN"), ("Cote d’Ivoire", "CI"), ("P.R. China", "CN"),
    ],
)  # fmt: skip
def test_s1_11_countries_are_known_by_the_names_that_files_use(setup, word, code):
    """Names in the four languages, usual and former names, and the three kinds of codes of ISO 3166."""
    import_now(setup.ben, begin_file(setup.ben, "parties", f'Name,Country\nKund AB,"{word}"\n'))
    assert Party.objects.get().country == code


def test_a_word_that_no_choice_has_is_refused_with_the_nearest_one(setup):
    import_id = begin_file(setup.ben, "parties", "Name,Country\nKund AB,Swedn\nAnder AB,Atlantis\n")
    assert counted(import_now(setup.ben, import_id)) == (2, 0, 0, 0, 0, 2)
    near, far = ([one.text for one in row.problems] for row in error_rows(setup.ben, import_id))
    assert near == ["“Swedn” is not one of the choices; the nearest is “Sweden”."]
    assert far == ["“Atlantis” is not one of the choices."]


def test_a_name_of_a_few_that_is_none_is_refused_with_those_there_are(setup):
    file = "Title,Counterparty,Type,Value\nRam,Alfa AB,Rental,100\n"
    import_id = begin_file(setup.ben, "contracts", file)
    import_now(setup.ben, import_id)
    [row] = error_rows(setup.ben, import_id)
    said = {one.column: one.text for one in row.problems}
    assert said["Type"].startswith("There is no “Rental”. There are: ")
    assert said["Counterparty"].startswith("There is no party “Alfa AB” that you may see.")


@pytest.mark.parametrize("named", ["RMB 1,200.00", "人民币 1200", "1200元", "CNY1200", "Renminbi 1200"])
def test_s1_11_currencies_are_known_by_the_words_that_files_use(setup, named):
    import_id = begin_file(setup.ben, "contracts", f'Title,Counterparty,Value\nRam,Alfa AB,"{named}"\n')
    set_options(setup.ben, import_id, {"add_parties": True})
    import_now(setup.ben, import_id)
    contract = Contract.objects.get()
    assert (contract.currency, contract.gross_minor) == ("CNY", 120000)


@pytest.mark.parametrize(
    "heads",
    [
        "Contract name,Client,Contract value,Effective date,Expiration date",
        "Titel,Motpart,Avtalssumma,Fr.o.m.,T.o.m.",
        "标题,签约方,合同价款,起始日,截止日",
        "契約名稱,廠商名稱,契約金額,起日,迄日",
    ],
)
def test_s1_11_columns_are_guessed_by_the_names_that_files_use(setup, heads):
    import_id = begin_file(setup.ben, "contracts", f"{heads}\nRam,Alfa AB,100,2026-01-01,2026-12-31\n")
    mapping = get_import(setup.ben, import_id).mapping
    assert [mapping[head] for head in heads.split(",")] == ["title", "counterparty", "value", "starts_on", "ends_on"]


def test_undo_leaves_nothing(setup):
    import_id = begin_file(setup.ben, "parties", party_file(60, 7))
    import_now(setup.ben, import_id)
    drain_outbox()

    undone = undo_now(setup.ben, import_id)

    assert undone == {"removed": 53, "restored": 0, "kept": 0}
    for model in (Party, PartyTerms, PartyId, SourceRow, ImportRow):
        assert model.objects.count() == 0, model
    assert import_page(setup.ben, import_id).state == "undone"
    assert counted(import_now(setup.ben, import_id))[:2] == (60, 53)


def test_cells_are_mended_beside_the_file_and_only_what_was_missing_comes_in(setup):
    import_id = begin_file(setup.ben, "parties", party_file(5, 2))
    assert counted(check_now(setup.ben, import_id)) == (5, 3, 0, 0, 0, 2)
    assert Party.objects.count() == 0
    bad = error_rows(setup.ben, import_id)
    assert [(one.line, one.problems[0].column) for one in bad] == [(5, "E-mail"), (6, "E-mail")]

    mend_rows(setup.ben, import_id, {5: {"E-mail": "a@example.com"}})
    assert counted(import_now(setup.ben, import_id)) == (5, 4, 0, 0, 0, 1)
    mend_rows(setup.ben, import_id, {6: {"E-mail": ""}})

    assert counted(import_now(setup.ben, import_id)) == (5, 5, 0, 0, 0, 0)
    assert error_rows(setup.ben, import_id) == []


def test_what_was_touched_since_stays_and_it_is_said_who_did_it(setup):
    import_id = begin_file(setup.ben, "parties", party_file(3, 0))
    import_now(setup.ben, import_id)
    touched = Party.objects.order_by("name")[1]
    edit_parties(setup.admin, [touched.pk], {"phone": "+46 8 123 45 67"})

    undone = undo_now(setup.ben, import_id)

    assert undone == {"removed": 2, "restored": 0, "kept": 1}
    assert list(Party.objects.values_list("pk", flat=True)) == [touched.pk]
    [kept] = error_rows(setup.ben, import_id)
    assert (kept.line, "Admin" in kept.problems[0].text) == (3, True)


# -- knowing rows again ------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(setup):
    file = party_file(20, 0)
    import_now(setup.ben, begin_file(setup.ben, "parties", file))
    acts = Entry.objects.exclude(noun="").count()

    assert counted(import_now(setup.ben, begin_file(setup.ben, "parties", file))) == (20, 0, 0, 20, 0, 0)
    assert Entry.objects.exclude(noun="").count() == acts


def test_by_a_key_a_changed_row_changes_its_record_and_undo_brings_back_what_it_said(setup):
    first = "Kundnr,Namn,Telefon\n1001,Kallvik Vatten AB,08-111 11 11\n1002,Gävle Energi AB,\n"
    import_now(setup.ben, begin_file(setup.ben, "parties", first, keys=["number"]))
    second = begin_file(setup.ben, "parties", first.replace("08-111 11 11", "08-222 22 22"), keys=["number"])

    assert counted(import_now(setup.ben, second)) == (2, 0, 1, 1, 0, 0)
    assert Party.objects.get(name="Kallvik Vatten AB").phone == "08-222 22 22"
    assert undo_now(setup.ben, second) == {"removed": 0, "restored": 1, "kept": 0}
    assert Party.objects.get(name="Kallvik Vatten AB").phone == "08-111 11 11"


def test_a_record_that_was_made_by_hand_is_found_by_its_key(setup):
    import_now(setup.ben, begin_file(setup.ben, "parties", "Name,Org.nr,Country\nKallvik AB,556016-0680,SE\n"))
    SourceRow.objects.all().delete()

    counts = import_now(
        setup.ben, begin_file(setup.ben, "parties", "Name,Org.nr,Country\nKallvik Vatten AB,5560160680,SE\n", keys=["registration_number"])
    )  # fmt: skip

    assert counted(counts) == (1, 0, 1, 0, 0, 0)
    assert list(Party.objects.values_list("name", flat=True)) == ["Kallvik Vatten AB"]


def test_a_row_that_says_otherwise_of_the_same_record_is_an_error_and_an_equal_one_is_reported(setup):
    file = "Kundnr,Namn\n1,Alfa AB\n2,Beta AB\n2,Gamma AB\n1,Alfa AB\n"
    import_id = begin_file(setup.ben, "parties", file, keys=["number"])

    assert counted(import_now(setup.ben, import_id)) == (4, 2, 0, 0, 1, 1)
    assert [one.line for one in error_rows(setup.ben, import_id)] == [4]


def test_a_number_that_another_party_has_is_an_error_and_nobody_is_merged(setup):
    import_now(setup.ben, begin_file(setup.ben, "parties", "Name,Org.nr,Country\nKallvik AB,556016-0680,SE\n"))

    counts = import_now(setup.ben, begin_file(setup.ben, "parties", "Name,Org.nr,Country\nAnnan AB,556016-0680,SE\n"))

    assert counted(counts) == (1, 0, 0, 0, 0, 1)
    assert Party.objects.count() == 1


# -- contacts, contracts, money ----------------------------------------------------------------------


def test_contact_persons_find_their_party_by_number_or_name(setup):
    import_now(
        setup.ben, begin_file(setup.ben, "parties", "Kundnr,Namn\n1001,Kallvik Vatten AB\n1002,Gävle Energi AB\n")
    )
    file = (
        "Customer no,Company,Contact name,E-mail\n1001,,Åsa Lind,asa@example.com\n,Gävle Energi AB,Erik,\n9,,Nobody,\n"
    )

    counts = import_now(setup.ben, begin_file(setup.ben, "contacts", file))

    assert counted(counts) == (3, 2, 0, 0, 0, 1)
    assert set(Contact.objects.values_list("name", "party__name")) == {
        ("Åsa Lind", "Kallvik Vatten AB"), ("Erik", "Gävle Energi AB"),
    }  # fmt: skip


CONTRACTS = """Contract no;Title;Customer;Type;Start date;End date;Signed;Status;Item;Qty;Unit price;VAT;Billed until
K-1;Mätare;Kallvik Vatten AB;Kundavtal;2026-01-01;2026-12-31;2025-12-15;active;Flödesmätare;2;1 000,50;25 %;
K-1;Mätare;Kallvik Vatten AB;Kundavtal;2026-01-01;2026-12-31;2025-12-15;active;Montage;1;500,00;25 %;
K-2;Service;Gävle Energi AB;Kundavtal;2026-02-01;2027-01-31;2026-01-20;draft;Service;1;99,90;25 %;
K-3;Utan part;;Kundavtal;2026-02-01;2027-01-31;;draft;Service;1;99,90;25 %;
"""


def begin_contracts(actor, **more):
    return begin_file(actor, "contracts", CONTRACTS, keys=["number"], options={"add_parties": True}, **more)


def test_contracts_come_with_lines_numbers_and_parties_and_those_in_force_are_adopted(setup):
    import_id = begin_contracts(setup.lin)

    counts = import_now(setup.lin, import_id)

    assert counted(counts) == (4, 2, 0, 0, 0, 1)
    first = Contract.objects.get(number="K-1")
    assert (first.stage, first.net_minor, first.gross_minor, first.currency) == ("active", 250_100, 312_625, "SEK")
    assert list(Line.objects.filter(contract=first).values_list("title", "quantity")) == [
        ("Flödesmätare", 2_000_000), ("Montage", 1_000_000),
    ]  # fmt: skip
    assert StageMove.objects.get(contract=first).reason
    assert Contract.objects.get(number="K-2").stage == "draft"
    assert set(Party.objects.values_list("name", flat=True)) == {"Kallvik Vatten AB", "Gävle Energi AB"}


def test_undo_of_contracts_takes_dues_lines_and_new_parties_with_them(setup):
    import_id = begin_contracts(setup.lin)
    import_now(setup.lin, import_id)
    drain_outbox()
    assert Due.objects.count() == 1

    undone = undo_now(setup.lin, import_id)

    assert undone["kept"] == 0
    for model in (Contract, Line, Instalment, Due, Party, StageMove):
        assert model.objects.count() == 0, model


def test_a_contract_is_kept_where_somebody_filled_in_a_field_of_its_due(setup):
    """S1-11: undoing loses nothing that somebody entered since."""
    [field] = add_custom_fields(
        setup.admin, [{"noun": "billing.due", "kind": "text", "labels": {"en": "Cost centre"}, "rules": {}}]
    )
    import_id = begin_contracts(setup.lin)
    import_now(setup.lin, import_id)
    drain_outbox()
    due = Due.objects.get()
    edit_dues(setup.admin, [due.pk], {field.name: "4711"})

    undone = undo_now(setup.lin, import_id)

    assert undone["kept"] == 2, "the contract and its party"
    assert field.name in Due.objects.get().custom


def test_a_contract_that_somebody_worked_on_is_kept_with_its_party(setup):
    import_id = begin_contracts(setup.lin)
    import_now(setup.lin, import_id)
    edit_contracts(setup.admin, [Contract.objects.get(number="K-2").pk], {"reference": "PO 7"})

    undone = undo_now(setup.lin, import_id)

    assert undone == {"removed": 2, "restored": 0, "kept": 2}
    assert list(Contract.objects.values_list("number", flat=True)) == ["K-2"]
    assert list(Party.objects.values_list("name", flat=True)) == ["Gävle Energi AB"]


def test_adopting_needs_its_own_right(setup):
    import_id = begin_contracts(setup.ben)

    counts = import_now(setup.ben, import_id)

    assert counted(counts) == (4, 1, 0, 0, 0, 3)
    assert list(Contract.objects.values_list("number", flat=True)) == ["K-2"]


def test_what_was_billed_before_is_not_billed_again(setup):
    file = CONTRACTS.replace("25 %;\nK-1", "25 %;2026-01-31\nK-1").replace("500,00;25 %;", "500,00;25 %;2026-01-31")
    import_now(setup.lin, begin_file(setup.lin, "contracts", file, keys=["number"], options={"add_parties": True}))
    drain_outbox()

    [due] = Due.objects.all()

    assert (due.state, str(due.on)) == ("skipped", "2026-01-01")


def test_opening_invoices_and_payments_leave_open_what_is_open(setup):
    import_now(setup.lin, begin_contracts(setup.lin))
    drain_outbox()
    invoices = (
        "Contract no;Invoice no;Invoice date;Due date;Total\n"
        "K-1;F-88;2026-01-15;2026-02-14;2 000,00\nK-1;F-89;2026-01-16;;5 000,00\n"
    )
    payments = "Invoice no;Payment date;Amount paid;Reference\nF-88;2026-02-10;1 500,00;bg 1\n"

    billed = import_now(setup.fia, begin_file(setup.fia, "invoices", invoices))
    paid = import_now(setup.fia, begin_file(setup.fia, "payments", payments))

    assert (counted(billed), counted(paid)) == ((2, 1, 0, 0, 0, 1), (1, 1, 0, 0, 0, 0))
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.gross_minor, invoice.settled_minor) == ("F-88", 200_000, 150_000)
    contract = Contract.objects.get(number="K-1")
    assert (contract.invoiced_minor, contract.received_minor, contract.open_minor) == (200_000, 150_000, 50_000)
    assert Payment.objects.get().reference == "bg 1"
    again = import_now(setup.fia, begin_file(setup.fia, "payments", payments))
    assert counted(again) == (1, 0, 0, 1, 0, 0)


def test_fields_of_the_house_are_columns_of_invoices_and_payments_and_asked_for(setup):
    """S1-11, S2-02: a field that is needed is named on its row; what a row says in it stands on the record."""
    import_now(setup.lin, begin_contracts(setup.lin))
    drain_outbox()
    fields = {
        noun: add_custom_fields(
            setup.admin,
            [
                {
                    "noun": noun,
                    "kind": "text",
                    "labels": {"en": f"{word} centre"},
                    "required_from": "always",
                    "rules": {},
                },
                {"noun": noun, "kind": "party", "labels": {"en": f"{word} payer"}, "rules": {}},
                {"noun": noun, "kind": "money", "labels": {"en": f"{word} freight"}, "rules": {}},
            ],
        )
        for noun, word in (("billing.invoice", "Cost"), ("billing.payment", "Bank"))
    }
    payer = Contract.objects.get(number="K-1").counterparty
    invoices = (
        "Contract no;Invoice no;Invoice date;Total;Cost centre;Cost payer;Cost freight\n"
        f"K-1;F-88;2026-01-15;1 000,00;4711;{payer.name};SEK 12,50\nK-1;F-89;2026-01-16;500,00;;;\n"
    )
    payments = (
        "Invoice no;Payment date;Amount paid;Bank centre;Bank payer\n"
        f"F-88;2026-02-10;100,00;12;{payer.name}\nF-88;2026-02-11;100,00;;\n"
    )

    bills = begin_file(setup.fia, "invoices", invoices)
    billed = import_now(setup.fia, bills)
    pays = begin_file(setup.fia, "payments", payments)
    paid = import_now(setup.fia, pays)

    assert [(counts["created"], counts["errors"]) for counts in (billed, paid)] == [(1, 1), (1, 1)]
    centre, other, freight = fields["billing.invoice"]
    [invoice] = INVOICE.show(setup.admin, Invoice.objects.all(), [centre.name, other.name, freight.name])
    assert (invoice[centre.name], invoice[other.name].id, str(invoice[freight.name])) == ("4711", payer.pk, "12.50 SEK")
    centre, other, _freight = fields["billing.payment"]
    [payment] = PAYMENT.show(setup.admin, Payment.objects.all(), [centre.name, other.name])
    assert (payment[centre.name], payment[other.name].id) == ("12", payer.pk)
    for id, noun in ((bills, "billing.invoice"), (pays, "billing.payment")):
        refused = list(csv.reader(io.StringIO("".join(error_file(setup.fia, id)).removeprefix("\ufeff"))))
        assert len(refused) == 2
        assert str(fields[noun][0].labels["en"]) in " ".join(refused[1]), "the reason names the field"


# -- rights and steps --------------------------------------------------------------------------------


def test_who_may_not_import_cannot_begin_and_others_do_not_see_it(setup):
    with pytest.raises(Forbidden):
        begin_file(setup.ada, "parties", "Name\nAlfa AB\n")
    import_id = begin_file(setup.ben, "parties", "Name\nAlfa AB\n")
    with pytest.raises(NotFound):
        get_import(setup.lin, import_id)
    assert list(find_imports(setup.ben).values_list("pk", flat=True)) == [import_id]


def test_a_right_that_was_withdrawn_stops_the_run(setup):
    import_id = begin_file(setup.ben, "parties", "Name\nAlfa AB\n")
    with pytest.raises(Forbidden):
        import_now(replace(setup.ben, grants=()), import_id)
    assert Party.objects.count() == 0


def test_a_column_that_is_needed_has_to_be_mapped(setup):
    import_id = begin_file(setup.ben, "parties", "Name,Country\nAlfa AB,SE\n")
    with pytest.raises(NotMapped):
        set_mapping(setup.ben, import_id, {"Name": "", "Country": "country"})


def test_what_a_column_meant_last_time_is_remembered(setup):
    import_now(setup.ben, begin_file(setup.ben, "parties", "Bolagets namn,Ring oss\nAlfa AB,08-1\n",
                                     mapping={"Bolagets namn": "name", "Ring oss": "phone"}))  # fmt: skip
    again = begin_file(setup.ben, "parties", "Ring oss,Bolagets namn\n08-2,Beta AB\n")
    assert get_import(setup.ben, again).mapping == {"Ring oss": "phone", "Bolagets namn": "name"}

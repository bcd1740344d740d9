"""What a list exports, an import takes as it is: import(export(x)) = x, also for text that a spreadsheet would run (trust F1)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from hetong.accounts.models import Company
from hetong.audit.models import Entry
from hetong.billing.models import Invoice, Payment
from hetong.billing.services import (
    Credit,
    DueShare,
    InvoiceOrder,
    PaymentReport,
    ReceivedInvoice,
    Wanted,
    credit_invoices,
    issue_invoices,
    record_payments,
    register_invoices,
    reject_payments,
    report_payments,
)
from hetong.billing.testing import dues_of, make_active, today
from hetong.contracts.models import Contract
from hetong.contracts.services import adopt_contracts
from hetong.contracts.services.approval import give_numbers
from hetong.contracts.testing import make_contract, make_line, make_type
from hetong.documents.services import Upload
from hetong.exchange.models import Import
from hetong.exchange.queries.imports import error_rows, import_page
from hetong.exchange.reading import guess_reading, read_table
from hetong.exchange.services import begin_import, set_mapping
from hetong.exchange.services.tasks import check_now, import_now
from hetong.kernel.fields import Field, Row
from hetong.kernel.ids import new_id
from hetong.kernel.rows import write
from hetong.parties.models import Party
from hetong.parties.testing import make_party
from hetong.ui.lists.sheets import csv_lines, write_xlsx

pytestmark = pytest.mark.django_db

PAYLOADS = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example","x")', "=IMPORTXML(1)", "+1+1", "+46 8 123 45 67", "-1+1", "-5",
    "- a list",    "@SUM(1+1)", "@home", "=", "+", "-", "@", "'=1+1", "''=1+1", "'quoted'", "'", '"=1+1"', "\u00a0=1+1",
    "＝1+1", "＋1", "－1", "＠x",
    "=1;2", "=1,2", "=a|b", '=a"b', "a=1", "1-2", "0123", "1E5", "2026-01-01", "TRUE", "合同=1",
)  # fmt: skip
KINDS = ("csv", "csv-mark", "csv-semicolon", "xlsx")
LANGUAGES = ("en", "sv", "zh-hans", "zh-hant")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


def written(kind: str, path: Path) -> Path:
    """A file of every payload, as lists export it."""
    fields = [Field("no", "No."), Field("text", "Text"), Field("more", "More, and more")]
    rows = [
        Row(new_id(), "x", 1, "", text, {"no": f"N{place}", "text": text, "more": text}, {})
        for place, text in enumerate(PAYLOADS)
    ]
    target = path / f"export.{kind.partition('-')[0]}"
    if kind == "xlsx":
        write_xlsx(target, "Texts", fields, rows)
    else:
        mark = ";" if kind == "csv-semicolon" else ","
        target.write_bytes(b"".join(csv_lines(fields, rows, delimiter=mark, mark=kind != "csv")))
    return target


@pytest.mark.parametrize("kind", KINDS)
def test_f1_text_that_a_spreadsheet_would_run_comes_back_as_it_was(kind: str, tmp_path: Path):
    path = written(kind, tmp_path)
    rows = [cells for _line, cells in read_table(path, path.name, guess_reading(path, path.name)).rows]
    assert [cells[1] for cells in rows] == list(PAYLOADS)
    assert [cells[2] for cells in rows] == list(PAYLOADS)


@pytest.mark.parametrize("kind", KINDS[:3])
def test_f1_no_cell_of_a_csv_begins_with_what_starts_a_formula(kind: str, tmp_path: Path):
    path = written(kind, tmp_path)
    text = path.read_text(encoding="utf-8-sig")
    mark = ";" if kind == "csv-semicolon" else ","
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
        for cell in cells:
            assert not cell.lstrip(" \u00a0\ufeff").startswith(
                ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
            ), cell


# -- whole lists -----------------------------------------------------------------------------------


@pytest.fixture
def admin(cast: Any) -> Client:
    client = Client()
    client.force_login(cast.users["admin"])
    return client


def exported(client: Client, address: str, kind: str, language: str, layout: str = "all") -> bytes:
    client.cookies["django_language"] = language
    answer = client.get(
        f"{address}{'&' if '?' in address else '?'}format={kind}&layout={layout}", headers={"accept-language": language}
    )
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def brought_in(cast: Any, kind: str, content: bytes, name: str, keys: tuple[str, ...], company: Any = None) -> Import:
    """Import the file as it is, with what is guessed of it."""
    actor = cast.admin
    made = begin_import(actor, kind, (company or cast.north).pk, Upload(name, io.BytesIO(content)))
    page = import_page(actor, made)
    set_mapping(actor, made, page.mapping, keys)
    check_now(actor, made)
    return Import.objects.get(pk=made)


def words_of(cast: Any, row: Import) -> list[str]:
    return [f"{one.line} {p.column}: {p.text}" for one in error_rows(cast.admin, row.pk) for p in one.problems]


def names() -> Iterator[str]:
    yield from (
        "=1+1 AB",
        "-Minus & Co",
        "@home AB",
        "+Plus AB",
        "'Quoted' AB",
        "Åströms; Åkeri, AB",
        "北京华信科技有限公司",
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_parties_that_were_exported_change_nothing_when_they_come_back(
    admin: Client, cast: Any, kind: str, language: str
):
    for name in names():
        make_party(cast.ada, name=name)
    cast.users["admin"].language = language
    cast.users["admin"].save()
    content = exported(admin, "/parties/", kind, language)
    count = Party.objects.count()
    row = brought_in(cast, "parties", content, f"parties.{kind.partition('-')[0]}", ("name",))
    assert (words_of(cast, row), row.counts["created"], row.counts["updated"], row.counts["unchanged"]) == (
        [],
        0,
        0,
        count,
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_contracts_that_were_exported_are_recognised_when_they_come_back(
    admin: Client, cast: Any, kind: str, language: str
):
    kind_of_contract = make_type()
    party = make_party(cast.ada, name="Kund, Ett AB")
    for title in ("=1+1", "Flödesmätare; 3 st"):
        make_line(cast.ada, make_contract(cast.ada, title=title, type=kind_of_contract.pk, counterparty=party.pk))
    cast.users["admin"].language = language
    cast.users["admin"].save()
    content = exported(admin, "/contracts/", kind, language)
    row = brought_in(cast, "contracts", content, f"contracts.{kind}", ())
    mapped = {name for name in row.mapping.values() if name}
    assert {"title", "counterparty", "currency", "value", "starts_on", "type"} <= mapped
    assert words_of(cast, row) == []
    import_now(cast.admin, row.pk)
    row.refresh_from_db()
    assert row.counts["created"] == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_contracts_that_were_exported_change_nothing_when_they_come_back_by_number(
    admin: Client, cast: Any, kind: str, language: str
):
    """S1-11: of every stage, with every field that a list exports, in every language."""
    of_type = str(make_type().pk)
    contracts = [
        rich_contract(cast, title, of_type) for title in ("=1+1", "Flödesmätare; 3 st", "设备维护合同（二期）")
    ]
    adopt_contracts(cast.admin, [contracts[0].pk], reason="In force", signed_on=dt.date(2026, 1, 5))
    give_numbers(contracts[1:])
    write(contracts[1:], ("number",))
    cast.users["admin"].language = language
    cast.users["admin"].save()
    before = Entry.objects.exclude(noun="").count()

    content = exported(admin, "/contracts/", kind, language)
    row = brought_in(cast, "contracts", content, f"contracts.{kind}", ("number",))
    counts = import_now(cast.admin, row.pk)

    assert words_of(cast, row) == []
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (0, 0, len(contracts))
    assert {"number", "reference", "value"} <= set(row.mapping.values())
    assert "line.tax_rate" not in row.mapping.values()  # the column Tax holds an amount
    assert Entry.objects.exclude(noun="").count() == before


# -- invoices and payments -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_posted_is_recognised_when_its_export_comes_back(admin: Client, cast: Any, kind: str, language: str):
    """S1-11: nothing is posted twice; what nobody can tell from another payment is refused and named."""
    books(cast)
    speak(cast, language)
    before, sums = Entry.objects.exclude(noun="").count(), sums_of(cast.north)

    for layout in ("all", "shown"):
        bills = taken_back(cast, admin, "invoices", kind, language, layout)
        assert (bills["created"], bills["updated"], bills["unchanged"], bills["errors"]) == (0, 0, 3, 1), layout
        pays = taken_back(cast, admin, "payments", kind, language, layout)
        assert (pays["created"], pays["updated"], pays["unchanged"] + pays["errors"]) == (0, 0, 4), layout
    assert sums_of(cast.north) == sums
    assert Entry.objects.exclude(noun="").count() == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_invoices_and_payments_come_into_another_house_with_the_same_sums(
    admin: Client, cast: Any, kind: str, language: str
):
    """S1-11, trust A7: what counts comes in whole; credit notes and payments that do not count are named."""
    Company.objects.filter(pk=cast.south.pk).update(
        zone=cast.north.zone
    )  # what is dated today there is not dated tomorrow here
    books(cast)
    files = {
        what: exported(admin, f"/billing/{what}/?company={cast.north.pk}", kind, language)
        for what in ("invoices", "payments")
    }
    speak(cast, language)
    there = books_of(cast, cast.south)
    for what, counts in (("invoices", (3, 1)), ("payments", (2, 2))):
        row = brought_in(cast, what, files[what], f"{what}.{kind}", (), cast.south)
        done = import_now(cast.admin, row.pk)
        assert (done["created"], done["errors"]) == counts, (what, words_of(cast, row))
    expected = sums_of(cast.north)
    assert sums_of(cast.south) == expected
    for number, contract in there.items():
        contract.refresh_from_db()
        of = Contract.objects.get(company=cast.north, number=number)
        assert contract.received_minor == of.received_minor, number


def books_of(cast: Any, company: Any) -> dict[str, Contract]:
    """Two contracts in force in that company, one that earns and one that costs."""
    made = {}
    for number, class_of in (("K-1", "income"), ("K-2", "expense")):
        party = make_party(cast.admin, name=f"Part {number} {company.name}", company=str(company.pk))
        contract = make_active(
            cast.admin, "40", "60", class_of=class_of, title=f"Flödesmätare {number}", counterparty=party.pk, company=str(company.pk),
        )  # fmt: skip
        contract.number = number
        write([contract], ("number",))
        made[number] = contract
    return made


def books(cast: Any) -> None:
    """Invoices out and in, one credited in part; payments with and without a reference, one rejected, one not confirmed."""
    ours, theirs = books_of(cast, cast.north).values()
    issued = [
        issue_invoices(cast.fia, [InvoiceOrder([DueShare(due.pk)], note="=1+1; två\nrader")])[0]
        for due in dues_of(ours)
    ]
    [got] = register_invoices(
        cast.fia, [ReceivedInvoice([DueShare(dues_of(theirs)[0].pk)], number="-F/7", issued_on=today())]
    )
    credit_invoices(cast.fia, [Credit(issued[1].pk, reason="Wrong")])

    def report(contract: Contract, amount: int, direction: str, invoice: Any, **more: Any) -> PaymentReport:
        wanted = (Wanted(amount, invoice=invoice.pk),)
        return PaymentReport(direction, amount, "SEK", today(), contract=contract.pk, wanted=wanted, **more)

    record_payments(cast.fia, [
        report(ours, 20_000, "in", issued[0], reference="=BG 1"), report(theirs, 10_000, "out", got, reference="BG 2"),
    ])  # fmt: skip
    waiting, refused = report_payments(
        cast.admin, [report(ours, 500, "in", issued[0], reference="BG 3"), report(ours, 700, "in", issued[0])]
    )
    reject_payments(cast.fia, [refused.pk], reason="Not there")
    assert waiting.state == "reported"


def sums_of(company: Any) -> dict[str, Any]:
    """What was invoiced and paid, each way, as far as it counts."""
    bills = Invoice.objects.filter(company=company, kind="invoice")
    pays = Payment.objects.filter(company=company, state="confirmed")
    return {
        "invoiced": sorted(bills.values_list("number", "direction", "issued_on", "due_on", "gross_minor")),
        "paid": dict(pays.values_list("direction").annotate(sum=Sum("amount_minor"))),
    }


def speak(cast: Any, language: str) -> None:
    cast.users["admin"].language = language
    cast.users["admin"].save()


def taken_back(cast: Any, client: Client, what: str, kind: str, language: str, layout: str) -> dict[str, int]:
    """The list as it is exported, imported into the company it came from."""
    content = exported(client, f"/billing/{what}/", kind, language, layout)
    row = brought_in(cast, what, content, f"{what}.{kind}", ())
    return dict(import_now(cast.admin, row.pk))


def rich_contract(cast: Any, title: str, of_type: str) -> Contract:
    """A contract with a line and with something in most of its fields."""
    party = make_party(cast.ada, name=f"Kund, {title}")
    contract = make_contract(
        cast.ada, title=title, type=of_type, counterparty=party.pk, reference=f"PO {title}", source="旧系统",
        starts_on="2026-01-01", ends_on="2027-12-31", notice_count=3, payment_days=45, summary="Rad ett\n第二行",
    )  # fmt: skip
    make_line(cast.ada, contract)
    contract.refresh_from_db()
    return contract

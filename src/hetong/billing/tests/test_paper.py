"""The PDF of an invoice: what it says in each language, that it copies out right, and that it is made once (S1-03, B4)."""

from __future__ import annotations

import datetime as dt

import pypdfium2
import pytest

from hetong.audit.models import Entry
from hetong.billing.events import Act, InvoicesIssued, PapersWanted
from hetong.billing.models import Invoice
from hetong.billing.queries.paper import paper_facts
from hetong.billing.queries.paper_pay import has_luhn_digit
from hetong.billing.services import papers
from hetong.billing.tests.issued import CHINESE, SWEDISH, dress, issue, make_buyer
from hetong.documents.models import Document
from hetong.files.gateways import storage
from hetong.files.typeset import press
from hetong.files.typeset.press import TypesetFailed, TypesetJob, typeset
from hetong.jobs import wiring
from hetong.jobs.models import Outbox
from hetong.jobs.services import publish
from hetong.jobs.worker import drain_outbox
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.events import Fact

SUZHOU = {
    "name": "Lindvall Instruments (Suzhou) Co., Ltd.", "local_name": "林德瓦测量技术（苏州）有限公司", "country": "CN",
    "address": "江苏省苏州市工业园区量具路 20 号", "org_no": "91320594MA0000000X", "tax_no": "", "paper_note": "",
}  # fmt: skip
NINGBO = {
    "name": "东屿港能源科技有限公司", "country": "CN", "language": "zh-hans", "number": ("cn_uscc", "91330200MA0000000X"),
    "at": {"lines": "北仑区港城路 318 号", "postal_code": "315800", "city": "宁波市", "region": "浙江省", "country": "CN"},
}  # fmt: skip


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\xa0", " ") for page in document]


def printed(invoice: Invoice) -> list[str]:
    return pages_of(typeset(TypesetJob("billing/invoice", paper_facts(invoice))))


def suzhou(cast, language="zh-hans", **over) -> Invoice:
    dress(cast.north, **SUZHOU)
    facts = {"bank": {"label": "", "account": "3225 0000 0000 0118"}, "payment_reference": "", "number": "SZ-2026-0346"}
    return issue(
        cast, CHINESE, party=make_buyer(cast.north, **NINGBO), currency="CNY", language=language, **(facts | over)
    )


def test_a_swedish_invoice_says_everything_in_swedish(cast):
    dress(cast.north)
    [text] = printed(issue(cast, contract_no="HT-2026-0387"))
    for words in (
        "Faktura", "2026-1231", "Lindvall Mätteknik AB", "Västerhamnens Energi AB", "Leverantörsreskontra", "Box 4120",
        "400 40 Göteborg", "SE556000000001", "Förfallodatum", "2026-11-11", "30 dagar netto", "HT-2026-0387", "Annelie Norström",
        "Underhåll flödesmätningssystem FM-600, sex enheter", "Tjänsteperiod 2026-10-12 till 2026-12-31, avtalsrad 1", "81/92",
        "135 000,00", "25 %", "118 858,70", "132 065,22", "33 016,31", "Att betala, SEK", "165 081,53", "Så räknade vi",
        "81 av hela periodens 92 dagar", "135 000,00 × 81 ÷ 92 = 118 858,70", "Den andra halvan", "Bankgiro", "5050-1055",
        "OCR-nummer", "202612313", "Org.nr 556000-0000", "Godkänd för F-skatt", "Säte: Göteborg", "Sida 1 av 1",
    ):  # fmt: skip
        assert words in text, words


def test_a_chinese_bill_says_the_amount_in_capitals_and_that_the_fapiao_follows(cast):
    [text] = printed(suzhou(cast))
    for words in (
        "账单", "SZ-2026-0346", "林德瓦测量技术（苏州）有限公司", "东屿港能源科技有限公司",
        "浙江省宁波市北仑区港城路 318 号", "邮编 315800",
        "91330200MA0000000X", "30 天内付清", "序列号 FM6-2231、FM6-2232", "286,000.00", "13%", "6%", "651,695.65", "79,141.74",
        "730,837.39", "人民币柒拾叁万零捌佰叁拾柒元叁角玖分", "金额由来", "增值税发票将另行开具", "3225 0000 0000 0118", "付款备注",
        "统一社会信用代码 91320594MA0000000X", "第 1 页，共 1 页",
    ):  # fmt: skip
        assert words in text, words


def test_a_bill_in_traditional_characters_has_its_own_words(cast):
    [text] = printed(suzhou(cast, "zh-hant"))
    for words in ("帳單", "人民幣柒拾參萬零捌佰參拾柒元參角玖分", "另一半：付款資訊", "第 1 頁，共 1 頁"):
        assert words in text, words


def test_an_english_invoice_writes_days_and_amounts_as_english_does(cast):
    dress(cast.north)
    buyer = make_buyer(
        cast.north, name="Harbour Instruments Ltd", at={"lines": "12 Quay Road", "city": "Belfast", "country": "GB"}
    )
    [text] = printed(issue(cast, party=buyer, language="en", currency="EUR"))
    for words in (
        "Invoice to",
        "12 Oct 2026",
        "11 Nov 2026",
        "30 days net",
        "165,081.53",
        "United Kingdom",
        "Page 1 of 1",
    ):
        assert words in text, words


def test_a_language_that_the_product_does_not_speak_is_printed_in_english(cast):
    assert paper_facts(issue(cast, language="de"))["lang"] == "en"


def test_amounts_without_decimals_have_none_and_fine_prices_keep_theirs(cast):
    row = {
        "title": "Calibration",
        "quantity": 2_500_000,
        "unit": "h",
        "price": 12_345_678_900,
        "net": 3_086_419,
        "rate": 100_000,
    }
    facts = paper_facts(issue(cast, (row,), currency="JPY", language="en"))
    assert facts["lines"][0]["price"] == "12,345.6789"
    assert facts["lines"][0]["quantity"] == "2.5"
    assert facts["grand"] == {"label": "To pay, JPY", "value": "3,395,061", "strong": False}


def test_prices_with_tax_are_billed_with_tax(cast):
    facts = paper_facts(issue(cast, language="en", prices_include_tax=True))
    assert facts["columns"]["amount"] == "Amount with VAT, SEK"
    assert facts["lines"][1]["amount"] == "16,508.15"


def test_how_it_was_computed_is_told_of_whole_dues_alone(cast):
    invoice = issue(cast)
    assert [row["result"] for row in paper_facts(invoice)["why"]["rows"]] == ["118\xa0858,70", "13\xa0206,52"]
    due = invoice.lines.get(position=1).due
    due.net_minor += 10_000
    due.gross_minor += 10_000
    due.save()
    assert [row["result"] for row in paper_facts(invoice)["why"]["rows"]] == ["13\xa0206,52"]
    credit = issue(cast, number="K-1", kind="credit_note", corrects=invoice)
    assert paper_facts(credit)["why"] is None


def test_a_share_stands_where_the_quantity_would_and_empty_columns_go(cast):
    row = {"title": "Meters", "share": "30 %", "net": 250_000, "rate": 250_000}
    facts = paper_facts(issue(cast, (row, row | {"share": "12,5 %"})))
    assert facts["heads"] == ["item", "quantity", "tax", "amount"]
    assert [one["quantity"] for one in facts["lines"]] == ["30\xa0%", "12,5\xa0%"]
    [text] = pages_of(typeset(TypesetJob("billing/invoice", facts)))
    assert "À-pris" not in text


def test_a_credit_note_names_its_invoice_and_nothing_on_it_is_negative(cast):
    invoice = issue(cast, language="en")
    facts = paper_facts(
        issue(cast, language="en", number="K-2026-0001", kind="credit_note", corrects=invoice, reason="Wrong quantity")
    )
    [text] = pages_of(typeset(TypesetJob("billing/invoice", facts)))
    for words in (
        "Credit note",
        "Credits invoice",
        "2026-1231",
        "Wrong quantity",
        "Credited, SEK",
        "165,081.53",
        "nothing to pay",
    ):
        assert words in text, words
    assert "Due date" not in text
    assert not [mark for mark in ("−1", "-1 ", "−16") if mark in text]


def test_forty_lines_run_over_pages_with_heads_repeated_and_sums_in_company(cast):
    dress(cast.north)
    rows = tuple(SWEDISH[n % 2] | {"title": f"Rad {n + 1} {SWEDISH[n % 2]['title']}"} for n in range(40))
    pages = printed(issue(cast, rows))
    assert len(pages) > 1
    assert all("Sida " in page for page in pages)
    assert all("Benämning" in page for page in pages if "Rad " in page)
    [last] = [page for page in pages if "Summa exklusive moms" in page]
    assert "Rad 39 " in last
    assert "Rad 40 " in last
    assert "Den andra halvan" in pages[-1]
    assert "".join(pages).count("Den andra halvan") == 1


@pytest.mark.parametrize("count", [1, 2, 3, 16, 17, 18, 19, 20])
def test_sums_never_stand_alone_wherever_the_page_ends(cast, count):
    rows = tuple(SWEDISH[n % 2] | {"title": f"Rad {n + 1}."} for n in range(count))
    [page] = [one for one in printed(issue(cast, rows)) if "Summa exklusive moms" in one]
    assert f"Rad {count}." in page
    assert count == 1 or f"Rad {count - 1}." in page


def test_long_names_and_the_largest_amounts_still_fit(cast):
    name = "Aktiebolaget " + "Västerhamnens Energidistributionsanläggningar " * 4
    row = {
        "title": "Underhållsentreprenadsupphandlingsdokumentation " * 6, "detail": "x" * 400, "quantity": 999_999_123_456,
        "unit": "installationspaket", "price": 999_999_999_123_456, "net": 999_999_999_999, "rate": 250_000,
    }  # fmt: skip
    text = "".join(printed(issue(cast, (row,), party=make_buyer(cast.north, name=name[:200]))))
    assert "9 999 999 999,99" in text
    assert "999 999 999,123456" in text
    assert "installationspaket" in text.replace("\n", "").replace("\ufffe", "").replace("-", "")


def test_what_people_type_is_printed_as_they_typed_it(cast):
    row = SWEDISH[0] | {"title": "#panic() $x^2$ @a \\ `b` *c* <svg> 😀"}
    text = "".join(printed(issue(cast, (row,), note='#include "x"\nsecond line', their_reference="مرحبا")))
    assert "#panic() $x^2$ @a \\ `b` *c* <svg> □" in text
    assert '#include "x"' in text
    assert "second line" in text


def test_names_and_addresses_are_those_of_the_day_of_issue(cast):
    dress(cast.north)
    invoice = issue(cast, language="en")
    frozen = {"name": "Old Name AB", "local_name": "", "addresses": [], "numbers": []}
    invoice.party_facts = frozen
    assert paper_facts(invoice)["to"]["name"] == "Old Name AB"
    assert paper_facts(invoice)["to"]["lines"] == []


def test_the_tax_of_an_invoice_in_foreign_currency_is_also_told_in_ours(cast):
    rate = {"rate": "11.2345", "base": "SEK", "source": "ECB", "day": "2026-10-12"}
    notes = paper_facts(issue(cast, currency="EUR", language="en", rate=rate))["notes"]
    assert "VAT in our currency: SEK\xa0370,921.73 (rate 11.2345, ECB, 2026-10-12)." in notes


@pytest.mark.parametrize(("digits", "good"), [("202612313", True), ("202612314", False), ("7", False), ("18", True)])
def test_an_ocr_number_is_known_by_its_check_digit(digits, good):
    assert has_luhn_digit(digits) is good


# -- made once, stored, found -----------------------------------------------------------------------


@pytest.fixture
def wired(monkeypatch):
    monkeypatch.setattr(
        wiring.WIRED,
        "listeners",
        {InvoicesIssued: ([], [papers.make_papers]), PapersWanted: ([], [papers.make_papers])},
    )


def issued_event(*invoices: Invoice) -> None:
    publish(InvoicesIssued(Actor.system(), tuple(Fact("billing.invoice", i.pk, i.company_id) for i in invoices)))


def test_after_an_invoice_its_paper_is_stored_on_the_contract(cast, wired):
    invoice = issue(cast)
    issued_event(invoice)
    drain_outbox()
    invoice.refresh_from_db()
    assert invoice.document.title == "2026-1231"
    assert invoice.document.kind.key == "invoice"
    assert (invoice.document.noun, invoice.document.subject) == ("contracts.contract", invoice.contract_id)
    version = invoice.document.current
    assert version.name == "Faktura 2026-1231.pdf"
    with storage().open(version.blob.sha256) as file:
        content = file.read()
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert content.count(b"/FontFile2") >= 2
    assert "165 081,53" in pages_of(content)[0]
    [entry] = Entry.objects.filter(code=Act.PAPER_MADE)
    assert (entry.subject, entry.params["sha256"]) == (invoice.pk, version.sha256)


def test_a_paper_is_made_once_however_often_it_is_asked_for(cast, wired):
    invoice = issue(cast)
    issued_event(invoice)
    issued_event(invoice)
    drain_outbox()
    papers.get_paper(cast.fia, invoice.pk)
    papers.keep_paper(Actor.system(), invoice)
    assert Document.objects.filter(kind__key="invoice").count() == 1


def test_many_invoices_are_one_consequence_each(cast, wired):
    invoices = [issue(cast, number=f"2026-{n}") for n in range(3)]
    issued_event(*invoices)
    drain_outbox()
    assert Document.objects.filter(kind__key="invoice").count() == 3
    assert Outbox.objects.filter(code=Act.PAPERS_WANTED).count() == 3


def test_a_paper_that_cannot_be_made_is_tried_again_and_the_invoice_stands(cast, wired, monkeypatch):
    def fail(job):
        raise TypesetFailed(why="test")

    invoice = issue(cast)
    with monkeypatch.context() as broken:
        broken.setattr(papers, "typeset", fail)
        issued_event(invoice)
        drain_outbox()
    row = Outbox.objects.get(code=Act.INVOICED)
    assert (row.state, row.attempts) == ("waiting", 1)
    invoice.refresh_from_db()
    assert invoice.document is None
    assert papers.get_paper(cast.fia, invoice.pk).name == "Faktura 2026-1231.pdf"


def test_a_paper_is_made_on_demand_where_it_is_missing(cast):
    version = papers.get_paper(cast.fia, issue(cast).pk)
    assert version.number == 1
    assert Entry.objects.get(code=Act.PAPER_MADE).cause["label"] == "Fia"


def test_who_may_not_see_the_contract_gets_no_paper(cast):
    invoice = issue(cast)
    for outsider in (cast.dora, cast.gus):
        with pytest.raises(NotFound):
            papers.get_paper(outsider, invoice.pk)


def test_a_received_invoice_without_a_file_has_no_paper(cast):
    with pytest.raises(NotFound):
        papers.get_paper(cast.fia, issue(cast, direction="in").pk)


def test_the_same_invoice_gives_the_same_bytes(cast):
    invoice = issue(cast, issued_on=dt.date(2026, 10, 12))
    job = TypesetJob("billing/invoice", paper_facts(invoice))
    first = typeset(job)
    press.PRESS.close()
    press.PRESS.forget()
    assert typeset(job) == first

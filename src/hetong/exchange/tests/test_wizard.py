"""The pages of an import: every state has one, nothing is lost by leaving, and all of it works without a script."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from hetong.exchange.importing import guess_mapping, kind_of
from hetong.exchange.models import Import, Mend
from hetong.exchange.queries.templates import template_csv, template_xlsx
from hetong.exchange.reading import Reading, read_table
from hetong.exchange.services.tasks import import_now
from hetong.exchange.states import ImportState
from hetong.jobs.worker import claim_job, run_job
from hetong.parties.models import Party

pytestmark = pytest.mark.django_db

MESSY = (
    "Kunder 2026;;;\r\n\r\nNamn;Org.nr;Land;Typ\r\nÅströms Åkeri AB;556016-0680;SE;Kund\r\n"
    "Bolag utan land;;XX;Kund\r\n;;SE;Kund\r\nCafé Malmö HB;;SE;Kund\r\nCafé Malmö HB;;SE;Kund\r\n"
)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


@pytest.fixture
def admin(cast: Any) -> Client:
    client = Client()
    client.force_login(cast.users["admin"])
    return client


def run_jobs() -> None:
    """Do what was begun, as the worker does."""
    while (job := claim_job()) is not None:
        run_job(job)


def upload(
    client: Client, cast: Any, content: bytes | str = MESSY, name: str = "kunder.csv", kind: str = "parties"
) -> Any:
    held = content.encode("cp1252") if isinstance(content, str) else content
    sent = {"kind": kind, "company": str(cast.north.pk), "file": SimpleUploadedFile(name, held)}
    return client.post(reverse("exchange:import_new"), sent)


def of(name: str, row: Import) -> str:
    return reverse(f"exchange:{name}", args=[row.pk])


def begun(client: Client, cast: Any, **more: Any) -> Import:
    answer = upload(client, cast, **more)
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("created_at")


def mapped(client: Client, row: Import, **more: str) -> Any:
    row.refresh_from_db()
    places = {f"c{place}": row.mapping[head] for place, head in enumerate(row.columns)}
    return client.post(of("import_columns", row), places | {"keys": "", "duplicates": "import"} | more)


def checked(client: Client, cast: Any) -> Import:
    row = begun(client, cast)
    assert mapped(client, row).status_code == 302
    run_jobs()
    row.refresh_from_db()
    assert row.state == ImportState.CHECKED
    return row


def test_the_list_is_empty_at_first_and_offers_templates(admin: Client):
    page = admin.get(reverse("exchange:imports")).content.decode()
    assert "Nothing imported yet" in page
    assert reverse("exchange:import_template", args=["parties"]) in page


def test_a_file_is_kept_and_its_reading_shown(admin: Client, cast: Any):
    row = begun(admin, cast)
    page = admin.get(of("import_reading", row)).content.decode()
    assert '<option value="cp1252" selected>' in page
    assert '<option value="semicolon" selected>' in page
    assert 'value="3"' in page
    assert "Kunder 2026" in page
    assert "Åströms Åkeri AB" in page


def test_a_wrong_reading_is_corrected_and_read_again(admin: Client, cast: Any):
    row = begun(admin, cast)
    sent = {"encoding": "utf-8", "delimiter": "comma", "quote": "double", "header": "3", "decimal": ",", "dates": "dmy"}
    refused = admin.post(of("import_reading", row), sent | {"again": "1"})
    assert refused.status_code == 422
    assert "this is not text in UTF-8" in refused.content.decode()
    again = admin.post(of("import_reading", row), sent | {"encoding": "cp1252", "delimiter": "semicolon", "again": "1"})
    assert again.url == of("import_reading", row)
    row.refresh_from_db()
    assert (row.reading["encoding"], row.reading["decimal"], row.reading["dates"]) == ("cp1252", ",", "dmy")
    assert admin.post(of("import_reading", row), {**sent, "encoding": "cp1252", "delimiter": "semicolon"}).url == of(
        "import_columns", row
    )


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"header": "x"}, "is not a choice"),
        ({"header": "90"}, "has no line 90"),
        ({"encoding": "zip"}, "is not a choice"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_in_words_and_kept_on_the_page(
    admin: Client, cast: Any, sent: dict[str, str], words: str
):
    row = begun(admin, cast)
    answer = admin.post(of("import_reading", row), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7 hello", "not a table"),
        ("a.csv", b"\n\n", "holds nothing"),
        ("a.csv", b"a,b\n1,\x00\n", "NUL"),
        ("a.xlsx", b"PK\x03\x04broken", "not safe to open"),
    ],
)
def test_a_file_that_is_no_table_is_refused_beside_the_file(
    admin: Client, cast: Any, name: str, content: bytes, words: str
):
    answer = upload(admin, cast, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_a_line_far_down_that_cannot_be_read_is_named_and_the_file_is_kept(admin: Client, cast: Any):
    lines = [f"Ås {n};SE\r\n".encode() for n in range(2_000)]
    lines[1_500] = b"\xc5s;SE\r\n"
    row = begun(admin, cast, content=b"Namn;Land\r\n" + b"".join(lines))
    assert row.state == ImportState.UPLOADED
    sent = {
        "encoding": "utf-8",
        "delimiter": "semicolon",
        "quote": "double",
        "header": "1",
        "decimal": ".",
        "dates": "iso",
    }
    refused = admin.post(of("import_reading", row), sent)
    assert "line 1502: this is not text in UTF-8" in refused.content.decode()
    assert admin.post(of("import_reading", row), sent | {"encoding": "latin-1"}).url == of("import_columns", row)


def test_the_columns_are_guessed_with_their_values_beside_them(admin: Client, cast: Any):
    row = begun(admin, cast)
    page = admin.get(of("import_columns", row)).content.decode()
    assert '<option value="name" selected>' in page
    assert '<option value="registration_number" selected>' in page
    assert "556016-0680" in page


def test_what_is_needed_and_not_mapped_is_named_and_what_was_chosen_stays(admin: Client, cast: Any):
    row = begun(admin, cast)
    answer = mapped(admin, row, c0="", c1="vat_number")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Name: No column is mapped to" in page
    assert '<option value="vat_number" selected>' in page


def test_a_check_counts_and_adds_nothing(admin: Client, cast: Any):
    before = Party.objects.count()
    row = checked(admin, cast)
    page = admin.get(of("import", row)).content.decode()
    assert "What the import would do" in page
    assert "Import 3 rows" in page
    assert "Mend 2 rows" in page
    assert Party.objects.count() == before


def test_errors_are_mended_in_the_grid_and_the_rest_is_imported_and_undone(admin: Client, cast: Any):
    before = Party.objects.count()
    row = checked(admin, cast)
    page = admin.get(of("import_rows", row)).content.decode()
    assert 'name="c5-2"' in page
    assert 'aria-invalid="true"' in page
    sent = {"c5-0": "Bolag utan land", "c5-2": "SE", "c6-0": "Har ett namn AB", "c6-2": "SE"}
    assert admin.post(of("import_rows", row), sent).url == of("import", row)
    assert dict(Mend.objects.values_list("line", "cells")) == {5: {"Land": "SE"}, 6: {"Namn": "Har ett namn AB"}}
    run_jobs()
    row.refresh_from_db()
    assert row.counts["errors"] == 0
    admin.post(of("import_run", row))
    assert "The rows are being imported" in admin.get(of("import", row)).content.decode()
    run_jobs()
    assert Party.objects.count() == before + 5
    page = admin.get(of("import", row)).content.decode()
    assert "Undo the import" in page
    admin.post(of("import_undo", row))
    run_jobs()
    assert Party.objects.filter(name="Har ett namn AB", is_active=True).count() == 0
    assert "The import is undone" in admin.get(of("import", row)).content.decode()


def test_the_grid_goes_on_to_the_next_rows(admin: Client, cast: Any):
    many = "Namn;Land\r\n" + "".join(f"Bolag {n};XX\r\n" for n in range(30))
    row = begun(admin, cast, content=many)
    mapped(admin, row)
    run_jobs()
    page = admin.get(of("import_rows", row)).content.decode()
    assert "Save and show the next" in page
    onward = admin.post(of("import_rows", row), {"c2-1": "SE", "next": "1"})
    assert onward.url == f"{of('import_rows', row)}?after=26"
    assert "Bolag 29" in admin.get(onward.url).content.decode()


def test_the_error_file_can_be_imported_as_it_is(admin: Client, cast: Any):
    row = checked(admin, cast)
    answer = admin.get(of("import_errors", row))
    content = b"".join(answer.streaming_content)
    assert "attachment" in answer["Content-Disposition"]
    again = begun(admin, cast, content=content, name="again.csv")
    assert again.mapping == row.mapping | {"Why it was not imported": ""}


def test_what_was_chosen_is_remembered_for_the_next_file(admin: Client, cast: Any):
    row = begun(admin, cast, content="Vem;Var\r\nÅke AB;SE\r\n")
    assert mapped(admin, row, c0="name", c1="country", profile_name="Old system").status_code == 302
    run_jobs()
    again = begun(admin, cast, content="Vem;Var\r\nEva AB;SE\r\n")
    assert again.mapping == {"Vem": "name", "Var": "country"}
    assert "Old system" in admin.get(reverse("exchange:import_new")).content.decode()


def test_what_is_done_is_not_read_or_mapped_again(admin: Client, cast: Any):
    row = checked(admin, cast)
    admin.post(of("import_run", row))
    run_jobs()
    for name in ("import_reading", "import_columns"):
        assert admin.get(of(name, row)).url == of("import", row)


def test_work_can_be_stopped(admin: Client, cast: Any):
    row = checked(admin, cast)
    admin.post(of("import_run", row))
    assert admin.post(of("import_cancel", row)).url == of("import", row)
    run_jobs()
    row.refresh_from_db()
    assert row.state in (ImportState.CHECKED, ImportState.CANCELLED)
    assert admin.get(of("import", row)).status_code == 200


def test_a_second_run_while_one_is_under_way_is_refused_in_words(admin: Client, cast: Any):
    row = checked(admin, cast)
    admin.post(of("import_run", row))
    page = admin.post(of("import_run", row), follow=True).content.decode()
    assert "is being worked on right now" in page


def test_somebody_elses_import_is_not_there(admin: Client, cast: Any):
    row = checked(admin, cast)
    other = Client()
    other.force_login(cast.users["ada"])
    for name in ("import", "import_reading", "import_columns", "import_rows", "import_errors"):
        assert other.get(of(name, row)).status_code in (403, 404)
    for name in ("import_check", "import_run", "import_cancel", "import_undo"):
        assert other.post(of(name, row)).status_code in (403, 404)


@pytest.mark.parametrize("kind", ["parties", "contacts", "contracts", "invoices", "payments"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "sv", "zh-hans", "zh-hant"])
def test_a_template_is_recognised_column_by_column(
    admin: Client, cast: Any, kind: str, form: str, language: str, tmp_path: Path
):
    path = tmp_path / f"a.{form}"
    with translation.override(language):
        if form == "csv":
            path.write_bytes(template_csv(kind_of(kind)))
        else:
            held = io.BytesIO()
            template_xlsx(kind_of(kind), held)
            path.write_bytes(held.getvalue())
    columns = read_table(path, path.name, Reading(delimiter=",")).columns
    found = guess_mapping(kind_of(kind), columns, {})
    assert {name for name in found.values() if name} == {column.name for column in kind_of(kind).columns}


def test_the_template_is_downloaded(admin: Client):
    answer = admin.get(reverse("exchange:import_template", args=["contracts"]))
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer["Content-Disposition"]
    assert admin.get(reverse("exchange:import_template", args=["nothing"])).status_code == 404


def test_the_lists_lead_to_the_import(admin: Client, cast: Any):
    for address, kind in (("/parties/", "parties"), ("/contracts/", "contracts")):
        assert f"/import/new/?kind={kind}" in admin.get(address).content.decode()


def test_the_pages_ask_few_statements(admin: Client, cast: Any, django_assert_max_num_queries: Any):
    row = checked(admin, cast)
    import_now(cast.admin, row.pk)
    for address in (reverse("exchange:imports"), of("import", row), of("import_rows", row)):
        with django_assert_max_num_queries(25):
            assert admin.get(address).status_code == 200

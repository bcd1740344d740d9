from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hetong.audit.models import AccessLog
from hetong.documents import services
from hetong.documents.models import Document, Version
from hetong.documents.testing import kind_of, make_document, make_upload
from hetong.files.testing import make_docx, make_pdf

COMPANY = "accounts.company"
pytestmark = pytest.mark.django_db
EVIL = '"><svg onload=alert(1)>.pdf'


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


def client_of(cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def panel(cast) -> str:
    return f"/settings/companies/{cast.north.pk}/documents/"


def pdf(name: str = "a.pdf", text: str = "Hello") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_pdf(text), "application/pdf")


def test_the_page_of_a_record_shows_its_papers_by_kind(cast):
    make_document(cast.ada, COMPANY, cast.north.pk, title="Bilaga A")
    make_document(cast.ada, COMPANY, cast.north.pk, title="Avtal", kind="contract_text")
    page = client_of(cast, "ada").get(panel(cast)).content.decode()
    assert page.index("Contract text") < page.index("Avtal") < page.index("Annex") < page.index("Bilaga A")


def test_an_empty_page_says_what_belongs_there(cast):
    assert "No documents yet" in client_of(cast, "ada").get(panel(cast)).content.decode()


def test_files_are_added_by_a_plain_form(cast):
    given = {
        "file": [pdf("Avtal.pdf"), pdf("Bilaga.pdf", "b")],
        "kind": str(kind_of("annex")),
        "once_key": str(uuid4()),
    }
    answer = client_of(cast, "ada").post(panel(cast) + "add/", given, follow=True)
    assert answer.redirect_chain == [(panel(cast), 302)]
    assert sorted(Document.objects.values_list("title", flat=True)) == ["Avtal", "Bilaga"]
    assert "Added: Avtal, Bilaga" in answer.content.decode()


def test_sending_the_form_twice_adds_once(cast):
    client, key = client_of(cast, "ada"), str(uuid4())
    for _time in range(2):
        given = {"file": pdf(), "kind": str(kind_of("annex")), "once_key": key}
        assert client.post(panel(cast) + "add/", given).status_code == 302
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"<html><script>alert(1)</script>", "which is not kept here"),
        ("a.pdf", make_docx("x"), "named like another kind of file"),
        ("a.pdf", b"", "is empty"),
        (EVIL, b"MZprogram", "a program"),
    ],
)
def test_a_refused_file_says_why_and_keeps_what_was_typed(cast, name: str, content: bytes, words: str):
    given = {"file": SimpleUploadedFile(name, content), "kind": str(kind_of("annex")), "note": "Typed before"}
    answer = client_of(cast, "ada").post(panel(cast) + "add/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Typed before" in page
    assert "<svg onload" not in page
    assert not Document.objects.exists()


def test_a_file_over_the_limit_is_answered_413(cast, settings):
    settings.MAX_UPLOAD_BYTES = 100
    given = {"file": pdf(), "kind": str(kind_of("annex"))}
    assert client_of(cast, "ada").post(panel(cast) + "add/", given).status_code == 413


def test_nothing_chosen_is_named(cast):
    answer = client_of(cast, "ada").post(panel(cast) + "add/", {"kind": str(kind_of("annex"))})
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def addresses(document: Document) -> list[str]:
    base = f"/documents/{document.pk}/"
    version = f"{base}versions/{document.current_id}/"
    return [base, f"{base}edit/", f"{base}versions/add/", version, f"{version}pages/1.png", f"{version}file"]


def test_who_sees_the_record_sees_its_papers_and_nobody_else(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    for address in [panel(cast), *addresses(document)]:
        assert client_of(cast, "ada").get(address).status_code == 200, address
        assert client_of(cast, "dora").get(address).status_code == 404, address
        assert Client().get(address).status_code == 302, address
    for act in ("retire/", f"versions/{document.current_id}/accept/"):
        assert client_of(cast, "dora").post(f"/documents/{document.pk}/{act}").status_code == 404
        assert client_of(cast, "cleo").post(f"/documents/{document.pk}/{act}").status_code == 403
    assert client_of(cast, "dora").post(panel(cast) + "add/").status_code == 404
    assert client_of(cast, "cleo").get(panel(cast)).status_code == 200
    assert client_of(cast, "cleo").post(panel(cast) + "add/").status_code == 403
    document.refresh_from_db()
    assert not document.is_retired


def test_the_form_to_add_is_not_shown_to_who_may_not(cast):
    assert "Add documents" not in client_of(cast, "cleo").get(panel(cast)).content.decode()


def test_a_download_is_the_very_file_and_is_noted(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk, upload=make_upload("x", EVIL))
    answer = client_of(cast, "ada").get(f"/documents/{document.pk}/versions/1/file")
    assert b"".join(answer.streaming_content) == make_pdf("x")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    noted = AccessLog.objects.get(subject=document.pk)
    assert (noted.act, noted.actor_label, noted.detail[:3]) == ("downloaded", "Ada", "1: ")


def test_a_preview_shows_pages_and_text_and_is_noted(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk, title="Page one text")
    client = client_of(cast, "ada")
    page = client.get(f"/documents/{document.pk}/versions/current/").content.decode()
    assert "Page one text" in page
    assert 'loading="lazy"' in page
    picture = re.search(r'src="([^"]+/pages/1\.png)"', page)
    assert picture is not None
    answer = client.get(picture[1])
    assert answer.headers["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert AccessLog.objects.get(subject=document.pk).act == "viewed"
    assert client.get(picture[1].replace("/1.png", "/2.png")).status_code == 404


def test_a_broken_file_has_a_page_without_preview(cast):
    broken = make_upload()
    broken.stream.seek(0)
    broken.stream.truncate(20)
    document = make_document(cast.ada, COMPANY, cast.north.pk, upload=broken)
    answer = client_of(cast, "ada").get(f"/documents/{document.pk}/versions/1/")
    assert answer.status_code == 200
    assert "No preview: the file could not be read" in answer.content.decode()


def test_a_superseded_version_says_that_it_no_longer_counts(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    services.add_version(cast.ada, document.pk, make_upload("two"))
    client = client_of(cast, "ada")
    assert "This version no longer counts." in client.get(f"/documents/{document.pk}/versions/1/").content.decode()
    assert "no longer counts" not in client.get(f"/documents/{document.pk}/versions/2/").content.decode()
    assert "Superseded" in client.get(panel(cast)).content.decode()


def test_versions_are_proposed_accepted_and_rejected_by_plain_forms(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    gus, ada = client_of(cast, "gus"), client_of(cast, "ada")
    for text in ("two", "three"):
        gus.post(f"/documents/{document.pk}/versions/add/", {"file": pdf("n.pdf", text), "note": text})
    two, three = Version.objects.filter(state="proposed").order_by("pk")
    assert "Accept" in ada.get(panel(cast)).content.decode()
    assert "/accept/" not in gus.get(panel(cast)).content.decode()
    base = f"/documents/{document.pk}/versions/"
    assert ada.post(f"{base}{two.pk}/accept/").status_code == 302
    assert ada.get(f"{base}{three.pk}/reject/").status_code == 200
    assert ada.post(f"{base}{three.pk}/reject/", {"reason": ""}).status_code == 422
    assert ada.post(f"{base}{three.pk}/reject/", {"reason": "Too late"}).status_code == 302
    assert ada.post(f"{base}{three.pk}/accept/").status_code == 409
    assert gus.post(f"{base}{three.pk}/accept/").status_code == 403
    assert "Too late" in gus.get(f"/documents/{document.pk}/").content.decode()


@pytest.mark.parametrize("which", ["9", "0", "abc", "999999999999", "b1fda732-226d-4235-9b7f-b1b1a78df284", "../1"])
def test_a_version_that_is_not_there_is_not_found(cast, which: str):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    assert client_of(cast, "ada").get(f"/documents/{document.pk}/versions/{which}/").status_code == 404


def test_a_version_of_another_document_is_not_found(cast):
    one = make_document(cast.ada, COMPANY, cast.north.pk)
    other = make_document(cast.ada, COMPANY, cast.north.pk, title="Other")
    address = f"/documents/{one.pk}/versions/{other.current_id}/file"
    assert client_of(cast, "ada").get(address).status_code == 404


def test_other_methods_are_not_allowed(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    client = client_of(cast, "ada")
    assert client.get(f"/documents/{document.pk}/retire/").status_code == 405
    assert client.post(panel(cast)).status_code == 405
    assert client.delete(f"/documents/{document.pk}/").status_code == 405


def test_the_documents_page_asks_the_database_little_however_many_there_are(cast, django_assert_max_num_queries):
    for number in range(12):
        document = make_document(cast.ada, COMPANY, cast.north.pk, title=f"Annex {number}")
        services.add_version(cast.ada, document.pk, make_upload(f"again {number}"))
    client = client_of(cast, "ada")
    client.get(panel(cast))
    with django_assert_max_num_queries(15):
        assert client.get(panel(cast)).status_code == 200


def test_the_list_of_all_documents_shows_what_the_reader_may_see(cast):
    make_document(cast.ada, COMPANY, cast.north.pk, title="Bilaga Nord")
    make_document(cast.dora, COMPANY, cast.south.pk, title="Annex South")
    page = client_of(cast, "ada").get("/documents/").content.decode()
    assert "Bilaga Nord" in page
    assert "Annex South" not in page

"""Documents that are good until a day: asked for with the file, taken over from a version, shown with their state (S2-24)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import bump_policy
from hetong.accounts.testing import forget_access
from hetong.audit.testing import entries_of
from hetong.documents import services
from hetong.documents.fields import DOCUMENT
from hetong.documents.models import Document, Version
from hetong.documents.testing import kind_of, make_document, make_upload
from hetong.files.testing import make_pdf
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, UnknownField
from hetong.kernel.where import Where, narrow

COMPANY = "accounts.company"
TODAY = dt.date(2026, 3, 2)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


def until(document: Document) -> dt.date | None:
    document.refresh_from_db()
    return document.valid_until


def licence(cast: Any, day: str = "2026-12-31", **over: Any) -> Document:
    return make_document(
        cast.ada, COMPANY, cast.north.pk, kind="certificate", valid_until=day, licence_number="ISO-77", **over
    )


def test_a_licence_is_filed_with_its_number_and_its_last_day(cast: Any) -> None:
    document = licence(cast)
    assert (document.licence_number, until(document)) == ("ISO-77", dt.date(2026, 12, 31))
    assert document.kind.is_qualification
    assert Version.objects.get(document=document).valid_until == dt.date(2026, 12, 31)


def test_a_day_that_is_none_is_refused_and_nothing_is_filed(cast: Any) -> None:
    for wrong in ("31/31/2026", "soon", "2026-02-30"):
        with pytest.raises(Invalid) as refused:
            licence(cast, wrong)
        assert [one.field for one in refused.value.problems] == ["valid_until"]
    assert not Document.objects.exists()


def test_a_number_is_for_a_single_file_and_a_day_for_all(cast: Any) -> None:
    uploads = [make_upload("a", "A.pdf"), make_upload("b", "B.pdf")]
    added = services.add_documents(
        cast.ada,
        COMPANY,
        cast.north.pk,
        uploads,
        kind=kind_of("certificate"),
        valid_until="2026-12-31",
        licence_number="X",
    )
    assert [(one.licence_number, one.valid_until) for one in added] == [("", dt.date(2026, 12, 31))] * 2


def test_a_newer_version_with_a_later_day_counts_once_it_is_accepted(cast: Any) -> None:
    document = licence(cast)
    proposed = services.propose_version(cast.gus, document.pk, make_upload("renewed"), valid_until="2029-12-31")
    assert until(document) == dt.date(2026, 12, 31), "what is proposed does not count"
    services.accept_version(cast.ada, proposed.pk)
    assert until(document) == dt.date(2029, 12, 31)
    services.add_version(cast.ada, document.pk, make_upload("scanned again"))
    assert until(document) == dt.date(2029, 12, 31), "a version without a day leaves it"


def test_what_is_proposed_first_is_good_until_no_day_before_it_is_accepted(cast: Any) -> None:
    document = make_document(cast.gus, COMPANY, cast.north.pk, kind="certificate", valid_until="2026-12-31")
    assert until(document) is None
    services.accept_version(cast.ada, Version.objects.get(document=document).pk)
    assert until(document) == dt.date(2026, 12, 31)


def test_the_last_day_is_edited_and_its_history_kept(cast: Any) -> None:
    document = licence(cast)
    services.edit_documents(cast.ada, [document.pk], {"valid_until": "2027-01-31", "licence_number": "ISO-78"})
    assert (until(document), document.licence_number) == (dt.date(2027, 1, 31), "ISO-78")
    services.edit_documents(cast.ada, [document.pk], {"valid_until": ""})
    assert until(document) is None
    assert entries_of(document.pk) == ["documents.added", "documents.edited", "documents.edited"]


@pytest.mark.parametrize(
    ("left", "state"), [(-1, "lapsed"), (0, "soon"), (60, "soon"), (61, "valid"), (None, None)], ids=str
)
def test_its_state_on_a_day_is_shown_and_found_alike(cast: Any, left: int | None, state: str | None) -> None:
    """The last day itself is a good one; the state of a row is that of the filter."""
    day = "" if left is None else (TODAY + dt.timedelta(days=left)).isoformat()
    document = licence(cast, day)
    with clock.set_to(TODAY):
        [row] = DOCUMENT.show(cast.ada, [document])
        assert getattr(row.get("validity"), "code", None) == state
        for code in ("valid", "soon", "lapsed"):
            where = Where.parse({"validity": [code]})
            found = narrow(DOCUMENT, cast.ada, Document.objects.visible_to(cast.ada), where)
            assert found.exists() == (code == state)


def test_who_may_not_read_the_day_gets_neither_it_nor_the_state_and_may_not_write_it(cast: Any) -> None:
    document = licence(cast)
    FieldRule.objects.create(role=Role.objects.get(key="finance"), noun=DOCUMENT.noun, field="valid_until", level=0)
    bump_policy(Actor.system(), ())
    forget_access()
    [row] = DOCUMENT.show(cast.fia, [document])
    assert "valid_until" not in row.values
    assert "validity" not in row.values
    with pytest.raises(UnknownField):
        make_document(cast.fia, COMPANY, cast.north.pk, valid_until="2026-12-31")


# -- pages and the API -----------------------------------------------------------------------------


def client_of(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def pdf(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("licence.pdf", make_pdf(text), "application/pdf")


def test_the_form_asks_for_it_and_the_tab_shows_it(cast: Any) -> None:
    client, panel = client_of(cast, "ada"), f"/settings/companies/{cast.north.pk}/documents/"
    given = {"kind": str(kind_of("certificate")), "valid_until": "2026-12-31", "licence_number": "ISO-77"}
    with clock.set_to(TODAY):
        client.post(f"{panel}add/", given | {"file": [pdf("one")]})
        [document] = Document.objects.all()
        page = client.get(panel).content.decode()
        assert "ISO-77" in page
        assert "31 Dec 2026" in page or "2026-12-31" in page
        answer = client.post(
            f"/documents/{document.pk}/versions/add/", {"valid_until": "2028-06-30", "file": [pdf("two")]}
        )
        assert answer.status_code == 302
    assert until(document) == dt.date(2028, 6, 30)


def test_a_wrong_day_is_named_beside_its_field(cast: Any) -> None:
    client, document = client_of(cast, "ada"), licence(cast)
    wrong = {"valid_until": "2026-02-30", "file": [pdf("two")]}
    for address in (f"/settings/companies/{cast.north.pk}/documents/add/", f"/documents/{document.pk}/versions/add/"):
        answer = client.post(address, wrong | {"kind": str(kind_of("certificate")), "file": [pdf("two")]})
        assert answer.status_code == 422
        assert "id_valid_until" in answer.content.decode()
    assert Version.objects.count() == 1

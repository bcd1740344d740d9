"""Documents that are good until a day are renewed in time: their owners are told, once a mark, until it is settled (S2-24)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import bump_policy, make_token
from hetong.accounts.testing import forget_access
from hetong.config.deadlines import HOLDING
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, put_into
from hetong.documents import services as documents
from hetong.documents.models import Document, subject_nouns
from hetong.documents.testing import kind_of, make_document, make_upload
from hetong.files.testing import make_pdf
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.notifications import queries, services
from hetong.notifications.models import Notice, Reminder
from hetong.notifications.testing import delivered, mail_kept, text_of
from hetong.parties.models import Party, PartyTerms
from hetong.todos.fields import TODO
from hetong.todos.models import Todo
from hetong.todos.services import refresh_all

pytestmark = pytest.mark.django_db
PARTY, CONTRACT = "parties.party", "contracts.contract"
UNTIL = dt.date(2026, 9, 30)
"""A Wednesday; so are the days sixty and thirty before it a Saturday (told on the Friday) and a Monday."""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Any, settings: Any) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


@pytest.fixture
def party(cast: Any) -> UUID:
    """A customer of Ada's."""
    contract = make_contract(cast.ada)
    PartyTerms.objects.filter(party=contract.counterparty_id).update(owner=cast.users["ada"])
    return contract.counterparty_id


def licence(cast: Any, key: str, subject: UUID, until: dt.date = UNTIL) -> Document:
    return make_document(
        cast.lin,
        key,
        subject,
        kind="certificate",
        title="ISO 9001",
        valid_until=until.isoformat(),
        licence_number="ISO-77",
    )


def daily(*days: str, times: int = 1) -> None:
    """Run the job at noon of these days of 2026, so many times on each."""
    for day in days:
        for _again in range(times):
            with clock.set_to(dt.date.fromisoformat(f"2026-{day}")):
                services.remind()


AROUND = ("07-30", "07-31", "08-01", "08-30", "08-31", "09-01", "09-22", "09-23", "09-24", "09-30", "10-01", "11-01")
"""The days of its marks, those before and after them, and some after its last day."""


def heard(key: str, name: str, cast: Any) -> list[tuple[int, str]]:
    found = Reminder.objects.filter(user=cast.users[name], deadline=f"documents.valid_until:{key}")
    return [(one.mark, one.at.date().isoformat()) for one in found.order_by("at", "pk")]


def test_every_record_that_holds_documents_is_among_the_deadlines() -> None:
    assert {entry.key for entry in subject_nouns()} == set(HOLDING)


def test_the_owner_of_a_customer_hears_of_its_licence_and_late_on_the_manager_too(cast: Any, party: UUID) -> None:
    licence(cast, PARTY, party)
    daily(*AROUND, times=2)
    told = [(60, "2026-07-31"), (30, "2026-08-31"), (7, "2026-09-23")]
    assert heard(PARTY, "ada", cast) == told
    assert heard(PARTY, "ben", cast) == told[-1:], "who leads her team, when a week is left"
    [first, *_more] = Notice.objects.filter(user=cast.users["ada"], kind="remind.documents").order_by("created_at")
    assert first.path == f"/parties/{party}/documents/#d-{Document.objects.get().pk}"
    [drawn] = queries.drawn(cast.ada, [first])
    assert {str(label): str(value) for label, value in drawn.values} == {
        "Title": "ISO 9001", "Kind": "Licence or certificate", "Licence or certificate no.": "ISO-77",
    }  # fmt: skip


@pytest.mark.parametrize("how", ["newer", "retired", "another day", "at rest"])
def test_what_is_settled_is_silent(cast: Any, how: str) -> None:
    contract = put_into(make_contract(cast.ada), Stage.ACTIVE)
    document = licence(cast, CONTRACT, contract.pk)
    daily(*AROUND[:3])
    if how == "newer":
        documents.add_version(cast.lin, document.pk, make_upload("renewed"), valid_until="2029-09-30")
    elif how == "retired":
        documents.retire_documents(cast.lin, [document.pk])
    elif how == "another day":
        documents.edit_documents(cast.lin, [document.pk], {"valid_until": "2029-09-30"})
    else:
        Contract.objects.filter(pk=contract.pk).update(stage=Stage.ARCHIVED)
    daily(*AROUND[3:])
    assert heard(CONTRACT, "ada", cast) == [(60, "2026-07-31")]


def test_a_newer_version_is_reminded_of_on_its_own_day(cast: Any, party: UUID) -> None:
    document = licence(cast, PARTY, party)
    daily("07-31")
    documents.add_version(cast.lin, document.pk, make_upload("renewed"), valid_until="2026-12-16")
    daily("08-31", "10-16", "11-16", "12-09", "12-16", "12-20")
    assert [mark for mark, _day in heard(PARTY, "ada", cast)] == [60, 60, 30, 7]


def test_what_nobody_accepted_yet_is_no_document_to_renew(cast: Any, party: UUID) -> None:
    contract = put_into(make_contract(cast.gus), Stage.ACTIVE)
    make_document(cast.gus, CONTRACT, contract.pk, kind="certificate", valid_until=UNTIL.isoformat())
    daily(*AROUND)
    assert not Reminder.objects.exists()


def test_it_can_be_put_off_and_leads_to_the_paper(cast: Any, party: UUID) -> None:
    """S3-09: it stands in the owner's list, with the way to the place where it is settled."""
    document = licence(cast, PARTY, party)
    drain_outbox()
    with clock.set_to(dt.date(2026, 9, 1)):
        refresh_all()
        [todo] = Todo.objects.filter(rule=f"documents.valid_until:{PARTY}")
        assert (todo.assignee_id, todo.due_on, todo.state) == (cast.users["ada"].pk, UNTIL, "open")
        services.pause_reminders(
            cast.ada,
            f"documents.valid_until:{PARTY}",
            document.pk,
            until=dt.date(2026, 9, 15),
            reason="They are on it",
        )
        services.remind()
        assert not heard(PARTY, "ada", cast)
        documents.retire_documents(cast.lin, [document.pk])
        drain_outbox()
        todo.refresh_from_db()
        assert todo.state == "done"


def test_the_to_do_and_the_mail_name_the_paper_to_who_may_read_it(cast: Any, party: UUID) -> None:
    """S2-24: of several papers of one customer it is plain which; a kind that is closed to the reader is not named."""
    licence(cast, PARTY, party)
    drain_outbox()
    ada = Client()
    ada.force_login(cast.users["ada"])
    with clock.set_to(dt.date(2026, 9, 1)):
        refresh_all()
        todos = Todo.objects.filter(rule=f"documents.valid_until:{PARTY}")
        [row] = TODO.show(cast.ada, todos, ("what", "thing"))
        assert (row["what"], row["thing"]) == ("Renew the document", "ISO 9001 · Licence or certificate · ISO-77")
        assert "ISO 9001 · Licence or certificate · ISO-77" in ada.get("/todos/").content.decode()
        with mail_kept() as kept:
            services.remind()
            services.send_digests()
            [said] = [text_of(one) for one in delivered(kept) if one["To"] == "ada@example.test"]
        assert "ISO 9001" in said
        assert "ISO-77" in said
        role = Role.objects.get(key="sales_rep")
        FieldRule.objects.create(role=role, noun="documents.by_kind", field="certificate", level=0)
        bump_policy(Actor.system(), ())
        [row] = TODO.show(cast.ada, todos, ("what", "thing"))
        page = ada.get("/todos/").content.decode()
        heard = str(
            queries.drawn(cast.ada, list(Notice.objects.filter(user=cast.users["ada"], kind="remind.documents")))
        )
    forget_access()
    assert not row.get("thing")
    assert not [text for text in ("ISO 9001", "ISO-77") if text in page], "the page"
    assert not [text for text in ("ISO 9001", "ISO-77") if text in heard], "a notice of before"


def test_papers_of_a_customer_that_is_out_of_use_rest(cast: Any, party: UUID) -> None:
    licence(cast, PARTY, party)
    Party.objects.filter(pk=party).update(is_active=False)
    daily(*AROUND[:3])
    assert not Reminder.objects.exists()


def test_nothing_is_told_to_nobody(cast: Any) -> None:
    """A paper of our own company has no owner: whoever looks after people hears of it."""
    make_document(cast.admin, "accounts.company", cast.north.pk, kind="certificate", valid_until=UNTIL.isoformat())
    daily("07-31")
    assert heard("accounts.company", "admin", cast) == [(60, "2026-07-31")]


def test_the_api_takes_and_gives_it(cast: Any, party: UUID) -> None:
    _token, secret = make_token(cast.lin, cast.users["lin"], label="licences")
    client = Client(headers={"authorization": f"Bearer {secret}"})
    file = SimpleUploadedFile("licence.pdf", make_pdf("one"), "application/pdf")
    given = {
        "kind": str(kind_of("certificate")),
        "valid_until": "2026-09-30",
        "licence_number": "ISO-77",
        "file": [file],
    }
    answer = client.post(f"/api/v1/parties/{party}/documents", given)
    assert answer.status_code == 201, answer.content[:300]
    with clock.set_to(dt.date(2026, 3, 2)):
        [shown] = client.get("/api/v1/documents?validity=valid&licence_number=ISO-77").json()["items"]
    assert (shown["valid_until"], shown["licence_number"], shown["validity"]) == ("2026-09-30", "ISO-77", "valid")
    file = SimpleUploadedFile("licence.pdf", make_pdf("two"), "application/pdf")
    newer = client.post(f"/api/v1/documents/{shown['id']}/versions", {"valid_until": "2028-06-30", "file": [file]})
    assert newer.json()["valid_until"] == "2028-06-30"
    assert Document.objects.get().valid_until == dt.date(2028, 6, 30)
    wrong = SimpleUploadedFile("licence.pdf", make_pdf("three"), "application/pdf")
    refused = client.post(f"/api/v1/parties/{party}/documents", given | {"valid_until": "2026-02-30", "file": [wrong]})
    assert refused.status_code == 422
    assert "valid_until" in refused.content.decode()

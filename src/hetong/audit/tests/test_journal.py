"""The whole journal for auditors: questions, paging, export, the chain, and what stays hidden."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hetong.audit.gateways import FileHeads
from hetong.audit.journal import Asked, find_accesses, find_entries, read_asked
from hetong.audit.models import Entry
from hetong.audit.queries import said
from hetong.audit.sealer import seal
from hetong.audit.services import log_access
from hetong.contracts.services import edit_contracts
from hetong.contracts.testing import make_contract, make_line
from hetong.jobs.worker import claim_job, run_job
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HETONG_HOME = tmp_path
    return tmp_path


def inside(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who])
    return client


def _work() -> None:
    while job := claim_job():
        run_job(job)


def labels(found: list[Any]) -> set[str]:
    return {one.label for one in found if one.noun == KEY}


def test_an_auditor_reads_what_happened_in_their_company_and_no_other(cast: Any) -> None:
    make_contract(cast.ada, title="North meters")
    make_contract(cast.dora, title="South meters", company=str(cast.south.pk))
    assert labels(find_entries(cast.cleo, Asked())[0]) == {"North meters"}
    assert labels(find_entries(cast.admin, Asked())[0]) == {"North meters", "South meters"}
    with pytest.raises(Forbidden):
        find_entries(cast.ben, Asked())
    seen = {(one.noun, one.label) for one in find_entries(cast.cleo, Asked(), limit=500)[0]}
    assert not [label for noun, label in seen if noun == "parties.party" and "South" in label]


def test_every_question_narrows(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Old title")
    edit_contracts(cast.ben, [contract.pk], {"title": "New title"}, reason="A slip")
    today = clock.today("Europe/Stockholm")

    def found(**given: Any) -> list[Any]:
        asked = read_asked(cast.cleo, {name: str(value) for name, value in given.items()})
        assert not asked.unreadable
        return find_entries(cast.cleo, asked)[0]

    assert {one.who for one in found(who=cast.users["ben"].pk)} == {"Ben"}
    assert not found(since=today + timedelta(days=2))
    assert not found(until=today - timedelta(days=2))
    assert {one.noun for one in found(noun=KEY)} == {KEY}
    assert {one.code for one in found(code="contracts.edited")} == {"contracts.edited"}
    [newest, *_rest] = found(noun=KEY, record=contract.pk, field="title")
    assert [(str(c.label), c.before_text, c.after_text) for c in newest.changes] == [
        ("Title", "Old title", "New title")
    ]
    assert newest.reason == "A slip"
    assert not found(batch=uuid4())


def test_what_cannot_be_read_finds_nothing_and_is_named(cast: Any) -> None:
    make_contract(cast.ada)
    for name, value in (
        ("who", "x"), ("since", "yesterday"), ("noun", "no.such"), ("code", "no.such"), ("record", "1"), ("batch", "1"), ("field", "title"),
    ):  # fmt: skip
        asked = read_asked(cast.cleo, {name: value})
        assert asked.unreadable == (name,)
        assert find_entries(cast.cleo, asked) == ([], None)
        page = inside(cast, "cleo").get("/settings/journal/", {name: value})
        assert page.status_code == 200
        assert "cannot be used here" in page.content.decode()
        assert inside(cast, "cleo").get("/api/v1/journal", {name: value}).status_code == 422


def test_a_hidden_field_is_neither_shown_nor_asked_for(cast: Any) -> None:
    """Trust C2, C4: also for a reader of the journal."""
    from hetong.accounts.models import FieldRule, Role
    from hetong.accounts.testing import forget_access

    contract = make_contract(cast.ada)
    line = make_line(cast.ada, contract, unit_cost="12345")
    FieldRule.objects.create(role=Role.objects.get(key="auditor"), noun="contracts.line", field="unit_cost", level=0)
    forget_access()
    assert read_asked(cast.cleo, {"noun": "contracts.line", "field": "unit_cost"}).unreadable == ("field",)
    [entry] = find_entries(cast.cleo, read_asked(cast.cleo, {"record": str(line.pk)}))[0]
    assert "unit_cost" not in {change.name for change in entry.changes}
    export = b"".join(inside(cast, "cleo").get("/settings/journal/export/").streaming_content).decode()
    assert "12345" not in export
    assert "12,345" not in export


def test_pages_follow_each_other_without_gap_or_double(cast: Any) -> None:
    for n in range(12):
        make_contract(cast.ada, title=f"Meters {n}")
    client = inside(cast, "cleo")
    whole = [one.id for one in find_entries(cast.cleo, Asked(), limit=500)[0]]
    got, before = [], None
    while True:
        found, before = find_entries(cast.cleo, Asked(), before=before, limit=7)
        got += [one.id for one in found]
        if before is None:
            break
    assert got == whole
    page = client.get("/api/v1/journal").json()
    assert page["items"][0]["id"] == str(whole[0])
    part = client.get(f"/settings/journal/?before={whole[3]}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_a_page_takes_few_statements(cast: Any, django_assert_max_num_queries: Any) -> None:
    for n in range(30):
        make_contract(cast.ada, title=f"Meters {n}")
    seal()
    client = inside(cast, "cleo")
    client.get("/settings/journal/")
    with django_assert_max_num_queries(15):
        client.get("/settings/journal/")
    with django_assert_max_num_queries(15):
        client.get("/settings/journal/access/")


def test_the_export_has_one_line_per_field_and_no_formula(cast: Any) -> None:
    contract = make_contract(cast.ada, title="=HYPERLINK(evil)")
    answer = inside(cast, "cleo").get(f"/settings/journal/export/?record={contract.pk}&noun={KEY}")
    rows = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert rows[0][:2] == ["When (UTC)", "Who"]
    assert any(row[8] == "Title" and row[10] == "'=HYPERLINK(evil)" for row in rows[1:])
    assert not any(cell.startswith("=") for row in rows for cell in row)
    [note] = find_accesses(cast.admin, Asked())[0]
    assert (note.who, note.act) == ("Cleo", "exported")


def test_views_and_downloads_are_listed_with_what_may_be_read(cast: Any) -> None:
    mine = make_contract(cast.ada, title="North meters")
    other = make_contract(cast.dora, title="South meters", company=str(cast.south.pk))
    log_access(cast.ada, "view", KEY, mine.pk, "first page")
    log_access(cast.dora, "download", KEY, other.pk, "secret.pdf")
    found = find_accesses(cast.cleo, Asked())[0]
    assert [(one.who, one.title, one.detail) for one in found] == [("Ada", "North meters", "first page")]
    assert len(find_accesses(cast.admin, Asked())[0]) == 2
    page = inside(cast, "cleo").get("/settings/journal/access/").content.decode()
    assert "North meters" in page
    assert "secret.pdf" not in page


def test_the_chain_is_checked_on_request_and_the_outcome_kept(cast: Any, home: Path) -> None:
    make_contract(cast.ada)
    seal()
    client = inside(cast, "cleo")
    assert client.post("/settings/journal/verify/", {"once_key": "v-1"}).status_code == 302
    _work()
    [entry] = Entry.objects.filter(code="audit.verified")
    assert entry.actor_label == "Cleo"
    assert "nothing is wrong" in client.get("/settings/journal/").content.decode()
    assert inside(cast, "ada").post("/settings/journal/verify/").status_code == 403


def test_a_broken_chain_is_told_with_the_first_bad_row(cast: Any) -> None:
    from django.db import connection

    from hetong.audit.testing import removed

    contract = make_contract(cast.ada)
    seal()
    with removed(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_entry SET reason = 'because' WHERE subject = %s",
            [str(contract.pk) if connection.vendor == "postgresql" else contract.pk.hex],
        )
    client = inside(cast, "cleo")
    client.post("/settings/journal/verify/", {"once_key": "v-2"})
    _work()
    entry = Entry.objects.get(code="audit.found_broken")
    assert entry.params["where"].startswith("link")
    assert "faults" in client.get("/settings/journal/").content.decode()


def test_the_heads_can_be_taken_away_one_a_day(cast: Any, home: Path) -> None:
    for day in (0, 0, 1):
        with clock.set_to(clock.today() + timedelta(days=day)):
            make_contract(cast.ada)
            seal()
    lines = inside(cast, "cleo").get("/settings/journal/heads/").content.decode().splitlines()
    heads = [json.loads(line) for line in lines]
    assert len(heads) == 2
    last = FileHeads(home / "heads").last()
    assert last is not None
    assert heads[-1]["hash"] == last.hash
    page = inside(cast, "cleo").get("/settings/journal/").content.decode()
    assert last.hash in page
    assert str(home / "heads") in page


def test_values_of_any_shape_are_said(cast: Any) -> None:
    """A payment keeps what it is for as a list of objects; the journal says those as well."""
    shapes = ({"due": "x", "minor": 5}, [{"a": 1}, {"b": [None]}], {"en": "Words"}, {})
    assert [said(shape, None, cast.cleo) for shape in shapes] == ["due: x, minor: 5", "a: 1, b: ", "Words", ""]

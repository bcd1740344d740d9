"""S0-28: looking as somebody else shows what they see, changes nothing, stands in the journal, and never shows more."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import Grant, Role
from hetong.accounts.preview import Mark, NotYours, seen_as
from hetong.accounts.services import edit_users
from hetong.accounts.services.roles import edit_roles
from hetong.accounts.testing import forget_access, grant
from hetong.audit.models import AccessLog, Entry
from hetong.audit.queries import worded
from hetong.contracts.models import Contract
from hetong.contracts.services import edit_contracts
from hetong.contracts.testing import make_contract
from hetong.documents.testing import make_document
from hetong.jobs.services import start_job
from hetong.kernel.errors import Forbidden, NotFound, OnlyLooking

pytestmark = pytest.mark.django_db


def client_of(cast: Any, name: str = "admin") -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users[name])
    return client


def looking_as(cast: Any, who: str) -> Client:
    client = client_of(cast)
    assert (
        client.post("/settings/view-as/", {"who": f"user:{cast.users[who].pk}", "reason": "A question"}).status_code
        == 302
    )
    return client


def test_a_preview_shows_what_that_person_sees(cast: Any) -> None:
    mine, far = make_contract(cast.ada, title="Of Ada"), make_contract(cast.dora, title="Of Dora")
    client = looking_as(cast, "ada")
    page = client.get("/contracts/?view=all").content.decode()
    assert "Of Ada" in page
    assert "Of Dora" not in page
    assert "You view as Ada" in page
    assert client.get(f"/contracts/{mine.pk}/").status_code == 200
    assert client.get(f"/contracts/{far.pk}/").status_code == 404
    assert client.get("/settings/users/").status_code == 403
    assert client.get("/api/v1/contracts").json()["items"][0]["title"] == "Of Ada"


def test_nothing_is_written_in_a_preview(cast: Any) -> None:
    contract = make_contract(cast.ada, title="As it was")
    client = looking_as(cast, "ada")
    for address, given in (
        (f"/contracts/{contract.pk}/edit/", {"title": "Changed", "version": "1"}),
        ("/contracts/new/", {"title": "New", "once_key": "k"}),
        ("/preferences/", {"theme": "dark"}),
        ("/settings/view-as/", {"who": f"user:{cast.users['ben'].pk}"}),
    ):
        answer = client.post(address, given)
        assert answer.status_code == 403, address
        assert "Nothing can be changed in a preview" in answer.content.decode()
    assert Contract.objects.get().title == "As it was"


def test_no_service_and_no_job_acts_for_a_preview(cast: Any) -> None:
    """What some page might forget, the journal and the queue refuse."""
    contract = make_contract(cast.ada)
    seen = seen_as(cast.admin, Mark(user=str(cast.users["ada"].pk)))
    with pytest.raises(OnlyLooking):
        edit_contracts(seen, [contract.pk], {"title": "Changed"})
    with pytest.raises(OnlyLooking):
        start_job(seen, "ui.export", "Export", {})
    assert Contract.objects.get().version == contract.version


def test_no_file_of_a_list_leaves_in_a_preview(cast: Any) -> None:
    make_contract(cast.ada)
    assert looking_as(cast, "ada").get("/contracts/?view=all&format=csv").status_code == 403


def test_what_belongs_to_a_person_alone_stays_closed(cast: Any) -> None:
    client = looking_as(cast, "ada")
    for address in ("/settings/me/", "/settings/me/password/", "/settings/tokens/", "/jobs/"):
        assert client.get(address).status_code == 403, address


def test_beginning_and_end_stand_in_the_journal_under_the_viewers_name(cast: Any) -> None:
    client = looking_as(cast, "ada")
    assert client.post("/settings/view-as/end/").status_code == 302
    assert client.get("/settings/users/").status_code == 200
    entries = list(Entry.objects.filter(code__startswith="accounts.preview").order_by("pk"))
    assert {entry.label for entry in entries} == {""}, "a person's name could not be erased from there"
    said = [(one.code, one.who, one.label, one.reason) for one in worded(cast.admin, entries)]
    assert said == [
        ("accounts.preview_begun", "Admin", "Ada", "A question"),
        ("accounts.preview_ended", "Admin", "Ada", ""),
    ]


def test_opening_a_paper_in_a_preview_is_logged_as_the_viewers_act(cast: Any) -> None:
    contract = make_contract(cast.ada)
    paper = make_document(cast.ada, "contracts.contract", contract.pk)
    looking_as(cast, "ada").get(f"/documents/{paper.pk}/versions/1/file/")
    looking_as(cast, "ada").get(f"/api/v1/documents/{paper.pk}/versions/1/file")
    assert set(AccessLog.objects.filter(noun="documents.document").values_list("actor_label", flat=True)) <= {"Admin"}


def test_signing_out_ends_a_preview(cast: Any) -> None:
    client = looking_as(cast, "ada")
    assert client.post("/logout/").status_code == 302
    assert Entry.objects.filter(code="accounts.preview_ended", actor_label="Admin").count() == 1
    client.force_login(cast.users["admin"])
    assert client.get("/settings/users/").status_code == 200


def test_a_preview_ends_after_half_an_hour(cast: Any, settings: Any) -> None:
    client = looking_as(cast, "ada")
    session = client.session
    session["preview"] = session["preview"] | {"until": "2000-01-01T00:00:00+00:00"}
    session.save()
    assert client.get("/settings/users/").status_code == 200
    assert Entry.objects.filter(code="accounts.preview_ended", reason="time").count() == 1


def test_a_preview_ends_with_the_right_to_it(cast: Any) -> None:
    """C5: and with the account that is looked through."""
    client = looking_as(cast, "ada")
    edit_users(cast.admin, [cast.users["ada"].pk], {"is_active": False})
    page = client.get("/")
    assert "You view as" not in page.content.decode()
    client = looking_as(cast, "ben")
    grant(cast.users["eve"], "admin", None)
    Grant.objects.filter(user=cast.users["admin"]).delete()
    forget_access()
    assert "You view as" not in client.get("/").content.decode()


def test_nobody_looks_through_rights_wider_than_their_own(cast: Any) -> None:
    grant(cast.users["ben"], "admin", cast.north)
    forget_access()
    for mark in (
        Mark(user=str(cast.users["admin"].pk)), Mark(user=str(cast.users["dora"].pk)), Mark(user=str(cast.users["ada"].pk)),
        Mark(role=str(Role.objects.get(key="finance").pk)), Mark(role=str(Role.objects.get(key="finance").pk), company=str(cast.south.pk)),
    ):  # fmt: skip
        with pytest.raises(NotYours):
            seen_as(cast.ben, mark)
    seen = seen_as(cast.ben, Mark(role=str(Role.objects.get(key="finance").pk), company=str(cast.north.pk)))
    assert seen.id == cast.ben.id
    with pytest.raises(Forbidden):
        seen_as(cast.ada, Mark(user=str(cast.users["gus"].pk)))


def test_who_may_not_see_money_does_not_see_it_through_others(cast: Any) -> None:
    """A role that manages roles and reads no invoices looks through no role that does."""
    held = Role.objects.get(key="admin")
    edit_roles(cast.admin, [held.pk], {"permissions": [c for c in held.permissions if not c.startswith("billing.")]})
    with pytest.raises(NotYours):
        seen_as(cast.admin, Mark(user=str(cast.users["fia"].pk)))


def test_a_role_is_looked_through_with_ones_own_records(cast: Any) -> None:
    client = client_of(cast)
    agent = Role.objects.get(key="agent")
    make_contract(cast.ada, title="Of Ada")
    answer = client.post("/settings/view-as/", {"who": f"role:{agent.pk}", "company": str(cast.north.pk)})
    assert answer.status_code == 302
    page = client.get("/contracts/?view=all").content.decode()
    assert "You view as Agent" in page
    assert "Of Ada" not in page


def test_nobody_is_looked_as_who_is_not_there(cast: Any) -> None:
    for mark in (Mark(user="x"), Mark(user=str(cast.users["pia"].pk)), Mark(role=str(cast.users["ada"].pk))):
        with pytest.raises(NotFound):
            seen_as(cast.admin, mark)
    client = client_of(cast)
    assert client.post("/settings/view-as/", {"who": "user:nobody"}).status_code == 422
    assert client_of(cast, "ada").get("/settings/view-as/").status_code == 403

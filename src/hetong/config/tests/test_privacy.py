"""S3-31: what is held on a person is shown, handed out and erased; holds stop it; drafts discarded long ago go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import CustomIndex, LegalHold, Role, User
from hetong.accounts.services import edit_users, grant_roles, make_token, waive_duty
from hetong.accounts.services.custom_fields import add_custom_fields
from hetong.accounts.services.erasing import AdministersToo, StillActive, erase_users
from hetong.accounts.services.holds import lift_hold, place_hold, set_retention
from hetong.audit.models import AccessLog, Entry
from hetong.audit.queries import find_history
from hetong.audit.sealer import check, seal
from hetong.audit.testing import last_entry, values_of
from hetong.audit.values import values_of_entries
from hetong.config import privacy
from hetong.contracts.models import Contract
from hetong.contracts.services import edit_contracts
from hetong.contracts.services.purging import purge_discarded
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line, put_into
from hetong.kernel import clock
from hetong.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from hetong.parties.models import Contact
from hetong.parties.services import edit_contacts
from hetong.parties.services.erasing import erase_contacts
from hetong.parties.testing import make_contact, make_party

pytestmark = pytest.mark.django_db
CONTACT = "parties.contact"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.HETONG_HOME = tmp_path


def inside(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who])
    return client


@pytest.fixture
def contact(cast: Any) -> Contact:
    return make_contact(
        cast.ada, make_party(cast.ada, name="Malmö 测量 AB"), name="Nora Lind", email="nora@acme.example"
    )


def test_a_contact_is_found_shown_handed_out_and_erased(cast: Any, contact: Contact) -> None:
    client = inside(cast, "lin")
    assert "Nora Lind" in client.get("/settings/personal/?q=nora").content.decode()
    address = f"/settings/personal/{CONTACT}/{contact.pk}/"
    assert "nora@acme.example" in client.get(address).content.decode()
    handed = client.get(f"{address}file/").json()
    assert "Nora Lind" in handed["values"].values()
    assert AccessLog.objects.filter(subject=contact.pk, act="export").exists()
    assert client.post(f"{address}erase/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}erase/", {"reason": "She asked for it"}).status_code == 302
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.is_active) == ("–", "", False)
    values = values_of_entries(Entry.objects.filter(subject=contact.pk))
    left = {one.field for of in values.values() for one in of if not one.is_blank}
    assert left <= {"party", "is_active"}
    assert last_entry(contact.pk) == ("audit.erased", "Lin", "She asked for it")
    seal()
    assert not list(check())
    page = client.get(f"/parties/{contact.party_id}/history/").content.decode()
    assert "Nora" not in page
    assert "nora@acme" not in page


def test_the_file_is_in_the_language_of_the_person_and_there_in_the_api(cast: Any) -> None:
    contact = make_contact(cast.ada, make_party(cast.ada), name="林娜", email="lin@acme.example", language="zh-hans")
    answer = inside(cast, "lin").get(f"/settings/personal/{CONTACT}/{contact.pk}/page/")
    assert answer["Content-Disposition"].startswith("attachment")
    page = answer.content.decode()
    assert '<html lang="zh-hans">' in page
    for word in ("林娜", "lin@acme.example", "个人信息"):
        assert word in page
    token = make_token(cast.lin, cast.users["lin"], label="api")[1]
    api = Client(headers={"authorization": f"Bearer {token}"})
    address = f"/api/v1/personal-data/{CONTACT}/{contact.pk}"
    found = api.get(address).json()
    assert found["language"] == "zh-hans"
    assert "lin@acme.example" in found["values"].values()
    assert AccessLog.objects.filter(subject=contact.pk, act="export").count() == 2
    assert api.post(f"{address}/erase", {}, content_type="application/json").status_code == 422
    assert api.post(f"{address}/erase", {"reason": "Asked"}, content_type="application/json").status_code == 204
    assert "lin@acme.example" not in str(api.get(address).json())
    assert api.get(f"/api/v1/personal-data/contracts.contract/{contact.pk}").status_code == 404
    token = make_token(cast.ada, cast.users["ada"], label="api")[1]
    assert Client(headers={"authorization": f"Bearer {token}"}).get(address).status_code == 403


def test_added_fields_about_a_person_are_erased_with_the_rest(cast: Any, contact: Contact) -> None:
    """What the house asks for beside the shipped fields is personal, too: here, in the index and in the journal."""
    common = {"noun": CONTACT, "kind": "text", "rules": {}}
    birthday, desk = add_custom_fields(cast.admin, [
        common | {"labels": {"en": "Birthday"}, "is_personal": True, "is_indexed": True},
        common | {"labels": {"en": "Desk"}, "is_personal": False},
    ])  # fmt: skip
    edit_contacts(cast.ada, [contact.pk], {birthday.name: "4 May", desk.name: "B 12"})
    assert CustomIndex.objects.filter(record=contact.pk).exists()
    erase_contacts(cast.lin, [contact.pk], reason="Asked")
    contact.refresh_from_db()
    assert set(contact.custom) == {desk.name}
    assert not CustomIndex.objects.filter(record=contact.pk).exists()
    assert values_of(contact.pk, birthday.name) == [(None, None)]


def test_entries_about_people_keep_no_name_that_could_not_be_erased(cast: Any, contact: Contact) -> None:
    assert set(Entry.objects.filter(subject=contact.pk).values_list("label", flat=True)) == {""}
    page = inside(cast, "ada").get(f"/parties/{contact.party_id}/history/").content.decode()
    assert "Nora Lind" in page


def test_only_those_with_the_right_erase_and_administrators_do_not(cast: Any, contact: Contact) -> None:
    """Trust B2: administering people and blanking the journal are kept apart."""
    for who in ("ada", "fia", "cleo"):
        with pytest.raises(Forbidden):
            erase_contacts(getattr(cast, who), [contact.pk], reason="Asked")
        assert inside(cast, who).get("/settings/personal/").status_code == 403
    with pytest.raises(AdministersToo):
        erase_contacts(cast.admin, [contact.pk], reason="Asked")
    assert last_entry(contact.pk)[:2] == ("accounts.erase_refused", "Admin")
    until = clock.today("Europe/Stockholm") + timedelta(days=9)
    for company in (cast.north, cast.south):
        waive_duty(cast.admin, "accounts.administer_erase", company.pk, reason="One person", ends_on=until)
    erase_contacts(cast.admin, [contact.pk], reason="Asked")
    assert Contact.objects.get(pk=contact.pk).name == "–"


def test_a_hold_on_the_party_keeps_its_contacts(cast: Any, contact: Contact) -> None:
    client = inside(cast, "lin")
    given = {"record": f"https://house.example/parties/{contact.party_id}/", "reason": "Dispute 7"}
    assert client.post("/settings/holds/", given).status_code == 302
    assert client.post("/settings/holds/", given).status_code == 409
    for record in ("", "/nowhere/", "/contracts/01a20000-0000-7000-8000-000000000000/"):
        assert client.post("/settings/holds/", {"record": record, "reason": "x"}).status_code == 422
    with pytest.raises(Conflict):
        erase_contacts(cast.lin, [contact.pk], reason="Asked")
    page = client.post(f"/settings/personal/{CONTACT}/{contact.pk}/erase/", {"reason": "Asked"})
    assert page.status_code == 409
    assert "Dispute 7" in page.content.decode()
    hold = LegalHold.objects.get()
    assert client.get(f"/settings/holds/{hold.pk}/lift/").status_code == 200
    assert client.post(f"/settings/holds/{hold.pk}/lift/", {"reason": "Settled"}).status_code == 302
    erase_contacts(cast.lin, [contact.pk], reason="Asked")
    assert inside(cast, "cleo").get("/settings/holds/").status_code == 200
    assert inside(cast, "cleo").post("/settings/holds/", given).status_code == 403


def test_people_of_ours_are_erased_once_they_have_left(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(StillActive):
        erase_users(cast.lin, [cast.users["olle"].pk], reason="Left")
    common = {"noun": "accounts.user", "kind": "text", "rules": {}, "is_indexed": True}
    [phone] = add_custom_fields(cast.admin, [common | {"labels": {"en": "Private phone"}, "is_personal": True}])
    edit_users(cast.admin, [cast.users["olle"].pk], {"is_active": False, phone.name: "070 471 11 47"})
    places = {
        str(place.where): place.count for place in privacy.held_on(cast.lin, "accounts.user", cast.users["olle"].pk)
    }
    assert places["Roles"] == 1
    erase_users(cast.lin, [cast.users["olle"].pk], reason="Left")
    olle = User.objects.get(pk=cast.users["olle"].pk)
    assert olle.name == "–"
    assert "olle" not in olle.email
    assert olle.custom == {}
    assert not CustomIndex.objects.filter(record=olle.pk).exists()
    assert values_of(olle.pk, phone.name) == [(None, None)]
    assert contract.owner_id == cast.users["ada"].pk


def test_the_history_of_a_record_names_an_erased_colleague_no_more(cast: Any) -> None:
    contract = make_contract(cast.ada)
    edit_contracts(cast.admin, [contract.pk], {"owner": str(cast.cleo.id)})
    assert "Cleo" in owners_in_history(cast, contract)
    edit_users(cast.admin, [cast.users["cleo"].pk], {"name": "Cleopatra"})
    assert "Cleopatra" in owners_in_history(cast, contract)
    edit_users(cast.admin, [cast.users["cleo"].pk], {"is_active": False})
    erase_users(cast.lin, [cast.users["cleo"].pk], reason="Left")
    assert owners_in_history(cast, contract) == ["–"]


def owners_in_history(cast: Any, contract: Contract) -> list[str]:
    """To whom the contract was given, as its history says."""
    told = find_history(cast.admin, "contracts.contract", contract.pk)
    return [change.after_text for one in told for change in one.changes if change.name == "owner" and change.before]


def test_who_is_past_the_time_set_is_due_and_nobody_is_erased_by_a_job(cast: Any, contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(is_active=False)
    grant_roles(cast.admin, cast.users["lin"], [(Role.objects.get(key="legal"), cast.south, None)])
    set_retention(cast.lin, {CONTACT: 2, "accounts.user": None})
    assert privacy.report_due() == ""
    with clock.set_to(clock.today() + timedelta(days=70)):
        assert privacy.report_due() == "1 parties.contact due for deletion"
        assert "Nora Lind" in inside(cast, "lin").get("/settings/personal/").content.decode()
        place_hold(cast.lin, CONTACT, contact.pk, reason="Dispute")
        assert privacy.report_due() == ""
    assert Contact.objects.get(pk=contact.pk).name == "Nora Lind"
    for odd in (0, -1, 5000):
        with pytest.raises(Invalid):
            set_retention(cast.lin, {CONTACT: odd})
    with pytest.raises(Forbidden):
        set_retention(cast.ada, {CONTACT: 2})
    assert inside(cast, "lin").post("/settings/holds/keep/", {CONTACT: "x"}).status_code == 422
    assert inside(cast, "lin").post("/settings/holds/keep/", {CONTACT: "24", "accounts.user": ""}).status_code == 302


def test_c1_who_holds_for_one_company_decides_nothing_for_the_others(cast: Any, contact: Contact) -> None:
    """S3-31: how long people are kept counts everywhere; a hold on a person that is out of sight is neither read nor lifted."""
    hold = place_hold(cast.lin, CONTACT, contact.pk, reason="Dispute about the meters")
    grant_roles(cast.admin, cast.users["dora"], [(Role.objects.get(key="legal"), cast.south, None)])
    client = inside(cast, "dora")
    with pytest.raises(Forbidden):
        set_retention(cast.dora, {CONTACT: 1})
    assert client.post("/settings/holds/keep/", {CONTACT: "1", "accounts.user": ""}).status_code == 403
    page = client.get("/settings/holds/").content.decode()
    assert "Dispute about the meters" not in page
    assert 'aria-labelledby="kept-h"' not in page
    with pytest.raises(NotFound):
        lift_hold(cast.dora, hold.pk, reason="Over")
    assert "Dispute about the meters" in inside(cast, "lin").get("/settings/holds/").content.decode()
    lift_hold(cast.lin, hold.pk, reason="Over")


def test_drafts_discarded_long_ago_go_unless_they_are_held(cast: Any) -> None:
    old, held, young, numbered = (make_contract(cast.ada, title=name) for name in ("Old", "Held", "Young", "Numbered"))
    make_line(cast.ada, old)
    place_hold(cast.lin, "contracts.contract", held.pk, reason="Dispute")
    for contract in (old, held, numbered):
        put_into(contract, Stage.DISCARDED)
    Contract.objects.filter(pk=numbered.pk).update(number="HT-1")
    for contract in (old, held, numbered):
        contract.moves.create(
            verb="discard",
            from_stage="draft",
            to_stage="discarded",
            on=clock.today(),
            at=clock.now(),
            actor_label="Ada",
        )
    assert purge_discarded() == ""
    with clock.set_to(clock.today() + timedelta(days=31)):
        put_into(young, Stage.DISCARDED)
        assert purge_discarded() == "1 discarded drafts removed, 1 held"
    assert set(Contract.objects.values_list("title", flat=True)) == {"Held", "Young", "Numbered"}
    assert last_entry(old.pk)[:2] == ("contracts.purged", "Hetong")

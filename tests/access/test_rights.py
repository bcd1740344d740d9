"""What the sweeps cannot make up: ids of two records mixed, rights of two companies mixed, names by way of others."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from hetong.accounts.models import FieldRule, Key, PolicyState, Role, Share
from hetong.accounts.services import make_token, share_records
from hetong.accounts.testing import forget_access, grant
from hetong.audit.queries import find_history
from hetong.contracts.models import Contract, Member
from hetong.contracts.services import (
    add_contracts,
    add_members,
    add_projects,
    edit_contracts,
    edit_projects,
    flag_contracts,
)
from hetong.contracts.testing import make_contract, make_type
from hetong.documents.services import add_documents, retire_documents
from hetong.documents.testing import kind_of, make_document, make_upload
from hetong.files import services as files
from hetong.files.testing import make_pdf
from hetong.kernel.actors import Level
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.kernel.nouns import noun
from hetong.kernel.where import Where, narrow, ordering
from hetong.parties.models import Party
from hetong.parties.queries import find_duplicates
from hetong.parties.services import add_contacts, edit_parties
from hetong.parties.testing import make_bank, make_contact, make_party

pytestmark = pytest.mark.django_db
CONTRACT = "contracts.contract"


def client_of(cast: Any, name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users[name])
    return client


def rule(role: str, noun: str, field: str, level: Level = Level.HIDDEN) -> None:
    FieldRule.objects.create(role=Role.objects.get(key=role), noun=noun, field=field, level=level.value)
    state = PolicyState.objects.get(pk=1)
    state.version += 1
    state.save()
    forget_access()


# -- ids of two records in one address -----------------------------------------------------------


def test_a_member_is_not_taken_off_by_way_of_another_contract(cast: Any) -> None:
    one, other = make_contract(cast.ada), make_contract(cast.ada, title="Other")
    [member] = add_members(cast.ada, [other.pk], {"user": str(cast.users["max"].pk), "role": "delivery"})
    answer = client_of(cast, "ada").post(f"/contracts/{one.pk}/team/{member.pk}/remove/")
    assert answer.status_code == 404
    assert Member.objects.filter(pk=member.pk).exists()


def test_a_grant_is_not_withdrawn_by_way_of_another_person(cast: Any) -> None:
    held = cast.users["ada"].grants.get()
    answer = client_of(cast, "admin").post(f"/settings/users/{cast.users['ben'].pk}/grants/{held.pk}/withdraw/")
    assert answer.status_code == 404
    assert cast.users["ada"].grants.filter(pk=held.pk).exists()


def test_a_bulk_edit_with_one_row_out_of_sight_changes_none(cast: Any) -> None:
    """C6."""
    kind, party = make_type().pk, make_party(cast.ada).pk
    mine = [make_contract(cast.ada, title=f"No {n}", type=kind, counterparty=party).pk for n in range(5)]
    foreign = make_contract(cast.dora, title="Far").pk
    given = {"id": [str(id) for id in [*mine, foreign]], "field": "title", "title": "Changed", "step": "apply"}
    assert client_of(cast, "ada").post("/bulk/contracts.contract/", given).status_code == 404
    assert not Contract.objects.filter(title="Changed").exists()


# -- rights of two companies ---------------------------------------------------------------------


def test_reading_in_one_company_and_writing_in_another_is_no_right_to_write_in_both(cast: Any) -> None:
    grant(cast.users["dora"], "executive", cast.north)
    forget_access()
    party = make_party(cast.ada)
    assert Party.objects.visible_to(cast.dora).filter(pk=party.pk).exists()
    with pytest.raises(Forbidden):
        edit_parties(cast.dora, [party.pk], {"industry": "x"})
    with pytest.raises(Forbidden):
        add_contacts(cast.dora, [{"party": str(party.pk), "name": "Somebody"}])


def test_a_field_that_is_closed_in_a_company_is_closed_to_new_records_there(cast: Any) -> None:
    """C3: what a role may write in another company says nothing about this one."""
    grant(cast.users["ada"], "finance", cast.south)
    rule("sales_rep", CONTRACT, "summary")
    given = {"title": "New", "type": str(make_type().pk), "counterparty": str(make_party(cast.ada).pk)}
    with pytest.raises(Invalid) as refused:
        add_contracts(cast.ada, [given | {"company": str(cast.north.pk), "summary": "x"}])
    assert [(p.code, p.field) for p in refused.value.problems] == [("unknown_field", "summary")]


def test_a_contract_its_team_its_project_and_its_parent_are_of_one_company(cast: Any) -> None:
    parent = make_contract(cast.dora, title="Far")
    [project] = add_projects(cast.dora, [{"name": "Far"}])
    mine = make_contract(cast.ada)
    for given in ({"parent": str(parent.pk)}, {"project": str(project.pk)}):
        with pytest.raises(Invalid) as refused:
            edit_contracts(cast.admin, [mine.pk], given)
        assert refused.value.problems[0].code == "other_company"
    with pytest.raises(Invalid):
        edit_projects(cast.admin, [project.pk], {"team": str(cast.sales.pk)})


def test_who_takes_part_in_a_contract_of_another_company_reads_it_as_their_own_roles_say(cast: Any) -> None:
    """C2, S0-25: the record was opened to them, so it is no empty page; what their role hides stays hidden."""
    far = make_contract(cast.dora, title="Far away", summary="Not for sales")
    assert not Contract.objects.visible_to(cast.ada).filter(pk=far.pk).exists()
    add_members(cast.admin, [far.pk], {"user": str(cast.users["ada"].pk), "role": "delivery"})
    rule("sales_rep", CONTRACT, "summary")
    [row] = noun(CONTRACT).register.show(cast.ada, Contract.objects.visible_to(cast.ada).filter(pk=far.pk))
    assert row.get("title") == "Far away"
    assert "summary" not in row.values
    assert "Far away" in client_of(cast, "ada").get("/contracts/").content.decode()
    card = client_of(cast, "ada").get(f"/contracts/{far.pk}/")
    assert card.status_code == 200
    assert "Far away" in card.content.decode()
    assert "Not for sales" not in card.content.decode()


def test_who_takes_part_in_a_contract_of_another_company_changes_nothing_of_it(cast: Any) -> None:
    """C2: whatever may be written at home."""
    far = make_contract(cast.dora, title="Far away")
    add_members(cast.admin, [far.pk], {"user": str(cast.users["ada"].pk), "role": "delivery"})
    forget_access()
    levels = noun(CONTRACT).register.levels(cast.ada, far.company_id)
    assert max(levels.values()) is Level.READ
    with pytest.raises(Forbidden):
        edit_contracts(cast.ada, [far.pk], {"title": "Mine"})
    assert client_of(cast, "ada").get(f"/contracts/{far.pk}/edit/").status_code == 403


def test_a_word_finds_a_contract_of_another_company_only_by_what_is_read_of_it(cast: Any) -> None:
    """C2: neither the words nor the filters of a list answer for a field that is hidden."""
    far = make_contract(cast.dora, title="Far away", summary="Not for sales")
    add_members(cast.admin, [far.pk], {"user": str(cast.users["ada"].pk), "role": "delivery"})
    rule("sales_rep", CONTRACT, "summary")
    ada = client_of(cast, "ada")
    assert "Far away" in ada.get("/contracts/?q=away").content.decode()
    assert "Far away" not in ada.get("/contracts/?q=sales").content.decode()
    assert "Far away" not in ada.get("/contracts/?summary.has=sales").content.decode()


# -- shares --------------------------------------------------------------------------------------


def test_nobody_hands_on_more_than_they_hold(cast: Any) -> None:
    far = make_contract(cast.dora, title="Far")
    share_records(cast.admin, CONTRACT, [far.pk], user=cast.users["ada"], level="view")
    for whom in ("ada", "ben"):
        with pytest.raises(Forbidden):
            share_records(cast.ada, CONTRACT, [far.pk], user=cast.users[whom], level="edit")
    assert Share.objects.get(record=far.pk).level == "view"


def test_what_is_shared_for_reading_takes_no_papers_and_no_flag(cast: Any) -> None:
    theirs = make_contract(cast.olle, title="Of another team")
    paper = make_document(cast.olle, CONTRACT, theirs.pk)
    share_records(cast.admin, CONTRACT, [theirs.pk], user=cast.users["ada"], level="view")
    for act in (
        lambda: add_documents(cast.ada, CONTRACT, theirs.pk, [make_upload()], kind=kind_of("annex")),
        lambda: retire_documents(cast.ada, [paper.pk]),
        lambda: flag_contracts(cast.ada, [theirs.pk], {"reason": "x"}),
    ):
        with pytest.raises(Forbidden):
            act()


# -- tokens and keys -----------------------------------------------------------------------------


def test_an_administrator_of_one_company_makes_no_token_for_one_of_all(cast: Any) -> None:
    grant(cast.users["ben"], "admin", cast.north)
    forget_access()
    with pytest.raises(Forbidden):
        make_token(cast.ben, cast.users["admin"], label="mine now")


def test_a_token_finds_only_what_it_may_view(cast: Any) -> None:
    """H4: a token for parties does not search contracts."""
    make_contract(cast.ada, title="Secret agreement")
    _token, secret = make_token(cast.ada, cast.users["ada"], label="parties", permissions=["parties.view"])
    answer = Client(headers={"host": "localhost"}).get(
        "/api/v1/search", {"q": "secret"}, headers={"authorization": f"Bearer {secret}"}
    )
    assert answer.json()["items"] == []


def test_a_repeated_request_gets_no_secret_again_and_none_is_kept(cast: Any) -> None:
    client = client_of(cast, "ada")
    given = {"label": "One", "days": "90", "once_key": "k1"}
    first = client.post("/settings/tokens/", given)
    secret = first.context["secret"]
    assert secret
    assert secret in first.content.decode()
    again = client.post("/settings/tokens/", given)
    assert again.status_code == 302
    assert again["Idempotency-Replayed"] == "true"
    assert not any(secret.encode() in bytes(key.body) for key in Key.objects.all())
    assert cast.users["ada"].tokens.count() == 1


def test_a_kept_answer_is_not_given_out_after_the_right_is_gone(cast: Any) -> None:
    """C5."""
    party = make_party(cast.ada)
    _token, secret = make_token(cast.ada, cast.users["ada"], label="all")
    asked = {"data": {"party": str(party.pk), "name": "Kim"}, "content_type": "application/json"}
    headers = {"authorization": f"Bearer {secret}", "idempotency-key": "k"}
    client = Client(headers={"host": "localhost"})
    assert client.post("/api/v1/contacts", **asked, headers=headers).status_code == 201
    assert client.post("/api/v1/contacts", **asked, headers=headers)["Idempotency-Replayed"] == "true"
    role = Role.objects.get(key="sales_rep")
    role.permissions = [can for can in role.permissions if can != "parties.edit"]
    role.save()
    rule("sales_rep", "parties.party", "note")
    assert client.post("/api/v1/contacts", **asked, headers=headers).status_code == 403


def test_a_narrower_token_does_not_get_the_answer_of_a_wider_one(cast: Any) -> None:
    party = make_party(cast.ada, industry="Secret")
    client = Client(headers={"host": "localhost"})
    asked = {"data": {"party": str(party.pk), "name": "Kim"}, "content_type": "application/json"}
    answers = []
    for permissions in (None, ["parties.edit", "parties.view"]):
        _token, secret = make_token(cast.ada, cast.users["ada"], label="x", permissions=permissions)
        headers = {"authorization": f"Bearer {secret}", "idempotency-key": "same"}
        answers.append(client.post("/api/v1/contacts", **asked, headers=headers))
    assert not any("Idempotency-Replayed" in answer for answer in answers)


def test_a_keyed_upload_is_read_before_the_transaction(
    cast: Any, tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading, checking and syncing a file takes seconds; on SQLite nobody else writes while a transaction is open."""
    settings.HETONG_HOME = tmp_path
    contract = make_contract(cast.ada)
    depths: list[int] = []
    inspected = files.inspect
    monkeypatch.setattr(files, "inspect", lambda *a: depths.append(len(connection.savepoint_ids)) or inspected(*a))
    outside = len(connection.savepoint_ids)
    upload = SimpleUploadedFile("a.pdf", make_pdf("Hello"), "application/pdf")
    given = {"file": upload, "kind": str(kind_of("annex")), "once_key": "up"}
    assert client_of(cast, "ada").post(f"/contracts/{contract.pk}/documents/add/", given).status_code == 302
    assert depths == [outside]


# -- names by way of others ----------------------------------------------------------------------


def test_a_party_whose_name_is_hidden_is_named_nowhere(cast: Any) -> None:
    party = make_party(cast.ada, name="Nordic Acme AB")
    contract = make_contract(cast.ada, counterparty=party.pk)
    rule("sales_rep", "parties.party", "name")
    register = noun(CONTRACT).register
    [row] = register.show(cast.ada, [contract.pk])
    assert row["counterparty"].title == ""
    everything = Contract.objects.visible_to(cast.ada)
    assert not narrow(register, cast.ada, everything, Where.parse({"q": ["nordic"]})).exists()
    [(_, expression, _down)] = ordering(register, cast.ada, [("counterparty", False)])
    assert "name" not in str(expression)
    told = [
        c for entry in find_history(cast.ada, CONTRACT, contract.pk) for c in entry.changes if c.name == "counterparty"
    ]
    assert [change.after_text for change in told] == [""]
    assert not find_duplicates(cast.ada, ["Nordic Acme AB"])


def test_look_alikes_show_no_hidden_numbers(cast: Any) -> None:
    make_party(cast.ada, name="Nordic Acme AB", registration_number="556016-0680")
    rule("sales_rep", "parties.party", "numbers")
    [found] = find_duplicates(cast.ada, ["Nordic Acme AB"]).seen
    assert found.name == "Nordic Acme AB"
    assert not found.numbers
    assert not find_duplicates(cast.ada, [], [("se_orgnr", "556016-0680")])


def test_the_history_names_no_member_to_who_may_not_read_members(cast: Any) -> None:
    contract = make_contract(cast.ada)
    add_members(cast.ada, [contract.pk], {"user": str(cast.users["max"].pk), "role": "delivery"})
    rule("sales_rep", CONTRACT, "members")
    said = str(find_history(cast.ada, CONTRACT, contract.pk))
    assert "Max" not in said


def test_the_history_of_a_flag_says_its_reason_only_to_who_may_read_it(cast: Any) -> None:
    contract = make_contract(cast.ada)
    flag_contracts(cast.ada, [contract.pk], {"reason": "They went bankrupt"})
    assert "bankrupt" in str(find_history(cast.ada, CONTRACT, contract.pk))
    rule("sales_rep", CONTRACT, "abnormal_reason")
    rule("sales_rep", "contracts.flag", "reason")
    assert "bankrupt" not in str(find_history(cast.ada, CONTRACT, contract.pk))


def test_an_account_that_changed_is_not_told_to_who_reads_no_accounts(cast: Any) -> None:
    party = make_party(cast.ada)
    contract = make_contract(cast.ada, counterparty=party.pk)
    make_bank(cast.fia, party)
    assert b"Accounts" in client_of(cast, "admin").get(f"/contracts/{contract.pk}/notices/").content
    assert b"Accounts" not in client_of(cast, "ada").get(f"/contracts/{contract.pk}/notices/").content
    make_contact(cast.ada, party)


def test_a_refusal_quotes_no_hidden_value(cast: Any) -> None:
    """A rule that an older value of a hidden field breaks says so without the value."""
    party = make_party(cast.ada)
    Party.objects.filter(pk=party.pk).update(phone="call the boss")
    rule("sales_rep", "parties.party", "phone")
    with pytest.raises(Invalid) as refused:
        edit_parties(cast.ada, [party.pk], {"industry": "Steel"})
    assert [(p.code, dict(p.params), p.field) for p in refused.value.problems] == [("unfit", {}, "")]


# -- huge input ----------------------------------------------------------------------------------


def test_a_thousand_times_the_same_sort_is_one(cast: Any) -> None:
    asked = ",".join(["title", "-title"] * 1000)
    assert Where.parse({"sort": [asked]}).sort == (("title", False),)
    assert client_of(cast, "ada").get("/contracts/", {"sort": asked[:3000]}).status_code == 200
    with pytest.raises(NotFound):
        noun("nothing")

"""Sharing single records: with whom, for what, until when; who sees a record and why is what the query answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Grant, Role, Share
from hetong.accounts.services import edit_teams, grant_roles, make_token, share_records, unshare, withdraw_grants
from hetong.accounts.sharing import who_sees
from hetong.accounts.testing import forget_access, make_user
from hetong.audit.testing import entries_of, last_entry
from hetong.contracts.models import Contract
from hetong.contracts.services import add_members, edit_contracts
from hetong.contracts.testing import make_contract
from hetong.documents.testing import make_document
from hetong.kernel import clock
from hetong.kernel.actors import Level
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.kernel.nouns import is_visible, noun
from hetong.parties.models import Party, PartyTerms

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"
STAFF = ("ada", "ben", "fia", "lin", "max", "gus", "cleo", "dora", "olle", "eve", "admin")


def seen_by(cast: Any, key: str, id: Any) -> set[str]:
    """Who sees the record, as the noun's own query answers."""
    return {who for who in STAFF if is_visible(getattr(cast, who), key, id) and noun(key).may_view(getattr(cast, who))}


def told(cast: Any, key: str, id: Any) -> set[str]:
    return {one.name.lower() for one in who_sees(cast.admin, key, id)}


def today(days: int = 0) -> Any:
    return clock.today("Europe/Stockholm") + timedelta(days=days)


def test_who_sees_a_record_is_told_as_the_query_answers(cast: Any) -> None:
    contract = make_contract(cast.ada)
    assert told(cast, KEY, contract.pk) == seen_by(cast, KEY, contract.pk) >= {"ada", "ben", "fia", "admin"}
    add_members(cast.ada, [contract.pk], {"user": str(cast.users["gus"].pk), "role": "delivery"})
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"])
    assert told(cast, KEY, contract.pk) == seen_by(cast, KEY, contract.pk) >= {"gus", "olle"}
    party = contract.counterparty_id
    share_records(cast.ada, "parties.party", [party], team=cast.sales2)
    assert told(cast, "parties.party", party) == seen_by(cast, "parties.party", party) >= {"olle"}
    reasons = {one.name: one.reasons for one in who_sees(cast.ada, KEY, contract.pk)}
    assert reasons["Ada"] == ["Owner of the record"]
    assert reasons["Gus"] == ["Takes part in the contract"]
    assert reasons["Olle"] == ["Shared by Ada: Read"]


def test_a_share_ends_after_its_last_day(cast: Any) -> None:
    contract = make_contract(cast.ada)
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"], ends_on=today(2), reason="While I am away")
    assert last_entry(contract.pk) == ("accounts.shared_until", "Ada", "While I am away")
    with clock.set_to(today(2)):
        assert is_visible(cast.olle, KEY, contract.pk)
    with clock.set_to(today(3)):
        assert not is_visible(cast.olle, KEY, contract.pk)
        assert "olle" not in told(cast, KEY, contract.pk)


def test_sharing_again_replaces_and_ending_takes_effect_at_once(cast: Any) -> None:
    contract = make_contract(cast.ada)
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"])
    [share] = share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"], level="edit")
    assert Share.objects.get().level == "edit"
    edit_contracts(cast.olle, [contract.pk], {"title": "Olle was here"})
    client = Client()
    client.force_login(cast.users["olle"])
    assert client.get(f"/contracts/{contract.pk}/").status_code == 200
    unshare(cast.ada, share.pk)
    assert client.get(f"/contracts/{contract.pk}/").status_code == 404
    assert entries_of(contract.pk)[-1] == "accounts.unshared"


def test_nobody_hands_on_more_than_they_hold_nor_what_they_do_not_see(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(NotFound):
        share_records(cast.dora, KEY, [contract.pk], user=cast.users["ada"])
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"])
    with pytest.raises(Forbidden):
        share_records(cast.olle, KEY, [contract.pk], user=cast.users["lin"], level="edit")
    with pytest.raises(Forbidden):
        share_records(cast.gus, KEY, [contract.pk], user=cast.users["lin"])


def test_c5_nobody_hands_on_for_longer_than_they_hold(cast: Any) -> None:
    """Else a share with one's own team, or with a friend who shares it back, would outlast one's own."""
    contract = make_contract(cast.ada)
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"], ends_on=today(2))
    for whom in ({"team": cast.sales2}, {"user": cast.users["dora"]}):
        for ends_on in (None, today(3)):
            with pytest.raises(Invalid, match="longer_than_yours"):
                share_records(cast.olle, KEY, [contract.pk], **whom, ends_on=ends_on)
    share_records(cast.olle, KEY, [contract.pk], team=cast.sales2, ends_on=today(2))
    share_records(cast.ben, KEY, [contract.pk], team=cast.sales2)
    with clock.set_to(today(3)):
        assert is_visible(cast.olle, KEY, contract.pk)
    share_records(cast.olle, KEY, [contract.pk], user=cast.users["lin"])
    page = Client()
    page.force_login(cast.users["olle"])
    assert page.get(f"/contracts/{contract.pk}/access/").status_code == 200


def test_c5_a_document_of_a_record_that_is_open_for_a_time_is_handed_on_for_that_time(cast: Any) -> None:
    contract = make_contract(cast.ada)
    document = make_document(cast.ada, KEY, contract.pk)
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"], ends_on=today(2))
    with pytest.raises(Invalid, match="longer_than_yours"):
        share_records(cast.olle, "documents.document", [document.pk], team=cast.sales2)
    share_records(cast.olle, "documents.document", [document.pk], team=cast.sales2, ends_on=today(1))


def test_who_sees_a_record_by_a_share_alone_ends_and_replaces_no_share_of_others(cast: Any) -> None:
    contract = make_contract(cast.ada)
    [own] = share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"])
    [other] = share_records(cast.ada, KEY, [contract.pk], user=cast.users["lin"], level="edit")
    with pytest.raises(Forbidden):
        unshare(cast.olle, other.pk)
    with pytest.raises(Forbidden):
        share_records(cast.olle, KEY, [contract.pk], user=cast.users["lin"])
    client = Client()
    client.force_login(cast.users["olle"])
    page = client.get(f"/contracts/{contract.pk}/access/").content.decode()
    assert f"/shares/{other.pk}/end/" not in page
    assert f"/shares/{own.pk}/end/" in page
    [handed] = share_records(cast.olle, KEY, [contract.pk], user=cast.users["max"])
    unshare(cast.olle, handed.pk)
    unshare(cast.olle, own.pk)
    assert [one.pk for one in Share.objects.all()] == [other.pk]


def test_c5_who_shared_is_known_by_id_not_by_name(cast: Any) -> None:
    """Two people may be called the same: a guest ends what they shared themselves, not what their namesake shared."""
    contract = make_contract(cast.ada)
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["olle"])
    [other] = share_records(cast.ada, KEY, [contract.pk], user=cast.users["lin"])
    [handed] = share_records(cast.olle, KEY, [contract.pk], user=cast.users["max"])
    assert (other.by, handed.by) == (cast.ada.id, cast.olle.id)
    namesake = replace(cast.olle, label=cast.ada.label)
    with pytest.raises(Forbidden):
        unshare(namesake, other.pk)
    unshare(namesake, handed.pk)


def test_c2_a_program_reads_no_name_of_a_person_that_its_user_may_not_read(cast: Any) -> None:
    contract = make_contract(cast.ada)
    share_records(cast.ben, KEY, [contract.pk], team=cast.sales2)
    FieldRule.objects.create(
        role=Role.objects.get(key="sales_rep"), noun="accounts.user", field="name", level=Level.HIDDEN.value
    )
    forget_access()
    token = make_token(cast.ada, cast.users["ada"], label="shares")[1]
    answer = Client().get(
        f"/api/v1/shares?noun={KEY}&record={contract.pk}", headers={"authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json()["items"][0]["shared_by"]) == (200, "")


@pytest.mark.parametrize("what", ["nobody", "both", "oneself", "portal", "foreign", "level", "past"])
def test_odd_shares_are_refused_in_words(cast: Any, what: str) -> None:
    contract = make_contract(cast.ada)
    stranger = make_user("Stranger")
    given: dict[str, Any] = {
        "nobody": {}, "both": {"user": cast.users["olle"], "team": cast.sales2}, "oneself": {"user": cast.users["ada"]},
        "portal": {"user": cast.users["pia"]}, "foreign": {"user": stranger}, "level": {"user": cast.users["olle"], "level": "own"},
        "past": {"user": cast.users["olle"], "ends_on": today(-2)},
    }[what]  # fmt: skip
    with pytest.raises(Invalid):
        share_records(cast.ada, KEY, [contract.pk], **given)
    assert not Share.objects.exists()


def test_a_document_is_shared_alone_for_reading(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Nobody else reads this title")
    document = make_document(cast.ada, KEY, contract.pk)
    key = "documents.document"
    with pytest.raises(Invalid):
        share_records(cast.ada, key, [document.pk], user=cast.users["olle"], level="edit")
    share_records(cast.ada, key, [document.pk], user=cast.users["olle"])
    client = Client()
    client.force_login(cast.users["olle"])
    page = client.get(f"/documents/{document.pk}/")
    assert page.status_code == 200
    assert "Nobody else reads this title" not in page.content.decode()
    assert client.get(f"/documents/{document.pk}/versions/1/download/").status_code in (200, 404)
    assert client.get(f"/contracts/{contract.pk}/").status_code == 404
    assert client.post(f"/documents/{document.pk}/retire/").status_code in (403, 404)


def test_moving_a_person_a_team_or_an_owner_takes_effect_with_the_next_request(cast: Any) -> None:
    """Trust C5, S0-25: the same signed-in browser, before and after."""
    contract = make_contract(cast.ada)
    client = Client()
    client.force_login(cast.users["olle"])

    def status() -> int:
        return client.get(f"/contracts/{contract.pk}/").status_code

    assert status() == 404
    edit_contracts(cast.ben, [contract.pk], {"owner": str(cast.users["olle"].pk)})
    assert status() == 200
    edit_contracts(cast.ben, [contract.pk], {"owner": str(cast.users["ada"].pk)})
    assert status() == 404
    manager = _role("sales_manager")
    [moved] = grant_roles(cast.admin, cast.users["olle"], [(manager, cast.north, cast.sales2)])
    assert status() == 404
    edit_teams(cast.admin, [cast.sales.pk], {"parent": str(cast.sales2.pk)})
    assert status() == 200, "the team now lies below the team of the manager"
    withdraw_grants(cast.admin, [moved.pk])
    assert status() == 404
    own = list(Grant.objects.filter(user=cast.users["olle"]).values_list("pk", flat=True))
    grant_roles(cast.admin, cast.users["olle"], [(manager, cast.north, cast.sales)])
    withdraw_grants(cast.admin, own)
    assert status() == 200, "moved into the team"


def _role(key: str) -> Any:
    from hetong.accounts.models import Role

    return Role.objects.get(key=key)


def test_a_shared_customer_shows_its_profile_but_only_ones_own_companies_terms(cast: Any) -> None:
    """S0-25."""
    contract = make_contract(cast.ada)
    party = Party.objects.get(pk=contract.counterparty_id)
    assert not is_visible(cast.dora, "parties.party", party.pk)
    share_records(cast.admin, "parties.party", [party.pk], user=cast.users["dora"])
    client = Client()
    client.force_login(cast.users["dora"])
    assert client.get(f"/parties/{party.pk}/").status_code == 200
    assert not PartyTerms.objects.visible_to(cast.dora).filter(party=party).exists()
    assert not Contract.objects.visible_to(cast.dora).filter(pk=contract.pk).exists()


def test_the_page_shares_and_ends(cast: Any) -> None:
    contract = make_contract(cast.ada)
    client = Client()
    client.force_login(cast.users["ada"])
    address = f"/contracts/{contract.pk}/access/"
    page = client.get(address).content.decode()
    assert "Owner of the record" in page
    assert client.post(address, {"to": "", "level": "view"}).status_code == 422
    given = {"to": f"team:{cast.sales2.pk}", "level": "comment", "ends_on": today(5).isoformat()}
    assert client.post(address, given).status_code == 302
    assert "Sales two" in client.get(address).content.decode()
    assert is_visible(cast.olle, KEY, contract.pk)
    share = Share.objects.get()
    answer = client.post(f"/settings/shares/{share.pk}/end/", {"back": address})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert not is_visible(cast.olle, KEY, contract.pk)
    other = Client()
    other.force_login(cast.users["gus"])
    assert other.get(address).status_code == 403

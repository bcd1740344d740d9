"""S2-02: two records of one party are made one, with everything that hangs on either, all or nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hetong.accounts.holds import HeldForCase
from hetong.accounts.models import CustomIndex, Share
from hetong.accounts.services import make_token, share_records
from hetong.accounts.services.custom_fields import add_custom_fields
from hetong.accounts.services.holds import place_hold
from hetong.accounts.testing import make_fields
from hetong.audit.models import Entry
from hetong.audit.queries import find_history
from hetong.audit.values import values_of_entries
from hetong.billing import services as billing
from hetong.billing.models import Due, Invoice
from hetong.billing.services import DueShare, InvoiceOrder, issue_invoices
from hetong.billing.testing import dues_of, make_active
from hetong.contracts.models import Contract, ContractParty
from hetong.contracts.services.merging import OnTheirWay
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, walk_to
from hetong.discussions.models import Thread
from hetong.discussions.testing import say
from hetong.documents.models import Document
from hetong.documents.testing import make_document
from hetong.exchange.models import SourceRow
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, NotFound, Stale, UnknownField
from hetong.parties.models import Contact, MergedParty, Party, PartyBank, PartyId, PartyTerms
from hetong.parties.services import add_numbers, edit_parties, edit_terms, merge_parties
from hetong.parties.services.merging import SameParty
from hetong.parties.testing import make_address, make_bank, make_contact, make_party
from hetong.search.models import SearchRow
from hetong.todos.models import Todo
from hetong.todos.testing import make_task
from hetong.ui.models import SavedView

pytestmark = pytest.mark.django_db
PARTY = "parties.party"


@pytest.fixture
def pair(cast: Any) -> tuple[Party, Party]:
    """Two records of one customer, both Ada's; the second knows more."""
    one = make_party(cast.ada, name="Nordic Acme AB", phone="+46 8 111 11 11")
    other = make_party(
        cast.ada, name="Nordic Acme Aktiebolag", local_name="北欧顶点", phone="+46 8 222 22 22", email="info@acme.example", number="K-7",
        kinds=["supplier"],
    )  # fmt: skip
    return one, other


def in_browser(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who])
    return client


def names_somewhere(id: UUID) -> set[str]:
    """Every column of ours that still holds an id, in whatever form."""
    found = set()
    for model in apps.get_models():
        if not model._meta.app_config.name.startswith("hetong."):
            continue
        for field in model._meta.concrete_fields:
            held = field.target_field if field.is_relation else field
            if isinstance(held, models.UUIDField):
                rows = model._default_manager.filter(**{field.attname: id})
            elif isinstance(held, models.TextField | models.CharField):
                rows = model._default_manager.filter(**{f"{field.name}__contains": str(id)})
            else:
                continue
            if rows.exists():
                found.add(f"{model._meta.label}.{field.name}")
    return found


def hang_on(cast: Any, party: Party) -> SimpleNamespace:
    """One of everything that can hang on a party, hung on this one."""
    for key in (PARTY, "contracts.contract"):
        make_fields(cast.admin, key, rules={}, is_indexed=True)
    add_numbers(cast.ada, [{"party": str(party.pk), "scheme": "duns", "value": "150483782"}])
    make_address(cast.ada, party)
    say(cast.ada, PARTY, party.pk, "Who knows them?")
    make_task(cast.ada, "Call them", on=(PARTY, party.pk))
    share_records(cast.ada, PARTY, [party.pk], user=cast.users["olle"], level="edit")
    SourceRow.objects.create(company=cast.north, key="k", digest="d", noun=PARTY, record=party.pk)
    asked = {"noun": "contracts.contract", "path": "/contracts/", "query": f"counterparty={party.pk}"}
    return SimpleNamespace(
        contract=make_contract(cast.ada, counterparty=party.pk, x_party=str(party.pk)),
        active=make_active(cast.ada, "100", counterparty=party.pk),
        contact=make_contact(cast.ada, party, name="Kim Berg"),
        bank=make_bank(cast.fia, party),
        child=make_party(cast.ada, name="Acme Finland Oy", country="FI", parent=str(party.pk)),
        document=make_document(cast.ada, PARTY, party.pk),
        view=SavedView.objects.create(owner=cast.ada.id, name="Acme", created_at=clock.now(), **asked),
    )


def test_everything_that_hangs_on_the_one_hangs_on_the_other(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    on = hang_on(cast, other)
    drain_outbox()
    kept = ContractParty.objects.get(contract=on.contract.pk).snapshot

    merged = merge_parties(cast.ben, one.pk, other.pk, reason="Entered twice")
    drain_outbox()

    assert not Party.objects.filter(pk=other.pk).exists()
    assert {row.counterparty_id for row in Contract.objects.filter(pk__in=[on.contract.pk, on.active.pk])} == {one.pk}
    assert Contract.objects.get(pk=on.contract.pk).custom["x_party"] == str(one.pk)
    assert set(Due.objects.values_list("party", flat=True)) == {one.pk}
    assert ContractParty.objects.get(contract=on.contract.pk).snapshot == kept, "what was kept with the contract stays"
    for row in (
        Contact.objects.get(pk=on.contact.pk),
        PartyBank.objects.get(pk=on.bank.pk),
        PartyId.objects.get(scheme="duns"),
    ):
        assert row.party_id == one.pk
    assert Party.objects.get(pk=on.child.pk).parent_id == one.pk
    assert Document.objects.get(pk=on.document.pk).subject == one.pk
    assert Thread.objects.get(noun=PARTY).subject == one.pk
    assert Todo.objects.get(title="Call them").page == one.pk
    assert Share.objects.get(noun=PARTY).record == one.pk
    assert SavedView.objects.get(pk=on.view.pk).query == f"counterparty={one.pk}"
    assert SourceRow.objects.get(key="k").record == one.pk
    assert set(CustomIndex.objects.filter(field="x_party").values_list("text", flat=True)) <= {str(one.pk), one.pk.hex}
    assert {kind.key for kind in merged.kinds.all()} == {"customer", "supplier"}
    assert SearchRow.objects.filter(noun=PARTY, record=one.pk).exists()
    assert names_somewhere(other.pk) <= {
        "parties.MergedParty.id", "audit.Entry.subject", "audit.AccessLog.subject", "jobs.Outbox.subject",
        "audit.EntryValues.held", "notifications.Notice.once",
    }  # fmt: skip


def test_one_value_stays_in_each_field_and_every_name_is_kept(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    merged = merge_parties(cast.ben, one.pk, other.pk, take=["name", "phone"])
    merged.refresh_from_db()
    assert (merged.name, merged.phone) == ("Nordic Acme Aktiebolag", "+46 8 222 22 22")
    assert merged.email == "info@acme.example", "what one says alone stays"
    assert merged.local_name == "北欧顶点"
    assert "Nordic Acme AB" in merged.other_names.splitlines()
    terms = PartyTerms.objects.get(party=one.pk)
    assert terms.number == "K-7", "terms that were left open are filled from the others"
    assert Party.objects.filter(similar_names__key__contains="nordic acme").filter(pk=one.pk).exists()


def test_both_histories_tell_of_it_in_one_batch(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    contact = make_contact(cast.ada, other)
    merge_parties(cast.ben, one.pk, other.pk, take=["phone"], reason="Entered twice")
    told = {row.subject: row for row in Entry.objects.filter(reason="Entered twice")}
    assert told[one.pk].code == "parties.party_merged"
    assert told[one.pk].params == {"from": str(other.pk)}
    assert told[other.pk].code == "parties.party_merged_away"
    assert told[other.pk].params == {"into": str(one.pk)}
    assert told[contact.pk].code == "parties.moved_along"
    assert len({row.batch for row in told.values()}) == 1
    gone = {one.field: one.before for one in values_of_entries([told[other.pk]])[told[other.pk].pk]}
    assert gone["name"] == "Nordic Acme Aktiebolag"
    assert gone["email"] == "info@acme.example"
    read = [(row.subject, row.code) for row in find_history(cast.ada, PARTY, one.pk, limit=200)]
    assert {(other.pk, "parties.party_added"), (other.pk, "parties.party_merged_away")} <= set(read), (
        "the other's history went along"
    )


def test_what_stands_twice_is_out_of_use_and_not_lost(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    for party, phone in ((one, "a"), (other, "b")):
        make_contact(cast.ada, party, name=f"Kim {phone}")
        make_bank(cast.fia, party)
    edit_parties(cast.ada, [one.pk], {"address_lines": "Storgatan 1", "city": "Malmö"})
    edit_parties(cast.ada, [other.pk], {"address_lines": "Lillgatan 2", "city": "Lund"})
    merge_parties(cast.ben, one.pk, other.pk, take=["address_lines"])
    assert [row.lines for row in one.addresses.filter(is_active=True)] == ["Lillgatan 2"]
    assert one.addresses.count() == 2
    assert one.contacts.count() == 2
    assert one.contacts.filter(is_primary=True).count() == 1
    assert sorted(one.banks.values_list("is_active", flat=True)) == [False, True]


def test_who_may_not_change_accounts_brings_none_into_use(cast: Any, pair: tuple[Party, Party]) -> None:
    """B2: merging is no way around the right to say where money goes."""
    one, other = pair
    make_bank(cast.fia, other)
    merge_parties(cast.ben, one.pk, other.pk)
    assert [row.is_active for row in one.banks.all()] == [False]


def test_the_old_address_leads_on_for_who_may_see_it(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    third = make_party(cast.ada, name="Acme Nordics AB")
    merge_parties(cast.ben, one.pk, other.pk)
    merge_parties(cast.ben, third.pk, one.pk)
    assert set(MergedParty.objects.values_list("into", flat=True)) == {third.pk}
    ada = in_browser(cast, "ada")
    for tab in ("", "contracts/", "history/", "edit/?next=x"):
        answer = ada.get(f"/parties/{other.pk}/{tab}")
        assert (answer.status_code, answer["Location"]) == (301, f"/parties/{third.pk}/{tab}")
    token = make_token(cast.ada, cast.users["ada"], label="x")[1]
    api = Client(headers={"authorization": f"Bearer {token}"})
    assert api.get(f"/api/v1/parties/{other.pk}")["Location"] == f"/api/v1/parties/{third.pk}"
    assert ada.post(f"/parties/{other.pk}/retire/").status_code == 404
    assert in_browser(cast, "dora").get(f"/parties/{other.pk}/").status_code == 404


def test_only_who_may_change_both_everywhere_merges(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    hers = make_party(cast.dora, name="Nordic Acme Ltd", country="GB")
    with pytest.raises(Forbidden):
        merge_parties(cast.ada, one.pk, other.pk)
    for pair_ in ((one.pk, hers.pk), (hers.pk, one.pk)):
        with pytest.raises(NotFound):
            merge_parties(cast.ben, *pair_)
    with pytest.raises(SameParty):
        merge_parties(cast.ben, one.pk, one.pk)
    with pytest.raises(Stale):
        merge_parties(cast.ben, one.pk, other.pk, versions={other.pk: other.version + 1})
    for strange in ("nothing", "is_active"):
        with pytest.raises((UnknownField, Forbidden)):
            merge_parties(cast.ben, one.pk, other.pk, take=[strange])
    assert Party.objects.filter(pk__in=[one.pk, other.pk]).count() == 2


def test_holds_and_what_is_being_decided_stand_in_the_way(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    contract = make_contract(cast.ada, counterparty=other.pk)
    hold = place_hold(cast.lin, "contracts.contract", contract.pk, reason="Case 7")
    with pytest.raises(HeldForCase):
        merge_parties(cast.ben, one.pk, other.pk)
    type(hold).objects.update(lifted_at=clock.now())
    walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL, contract)
    with pytest.raises(OnTheirWay):
        merge_parties(cast.ben, one.pk, other.pk)
    merge_parties(cast.ben, other.pk, one.pk)
    assert Contract.objects.get(pk=contract.pk).counterparty_id == other.pk


def test_an_issued_invoice_keeps_what_the_party_was_called(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    contract = make_active(cast.ada, "100", counterparty=other.pk)
    [due] = dues_of(contract)
    [invoice] = billing.issue_invoices(cast.fia, [billing.InvoiceOrder([billing.DueShare(due.pk, 1000)])])
    merge_parties(cast.ben, one.pk, other.pk)
    now = Invoice.objects.get(pk=invoice.pk)
    assert now.party_id == one.pk
    assert now.party_facts == invoice.party_facts
    assert now.party_facts["name"] == "Nordic Acme Aktiebolag"


def test_the_pages_lay_both_side_by_side_and_merge(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    ben = in_browser(cast, "ben")
    assert "Nordic Acme Aktiebolag" in ben.get("/parties/likely-duplicates/").content.decode()
    assert "Nordic Acme Aktiebolag" in ben.get(f"/parties/{one.pk}/merge/").content.decode()
    page = ben.get(f"/parties/{one.pk}/merge/?other={other.pk}")
    text = page.content.decode()
    for words in ("+46 8 111 11 11", "+46 8 222 22 22", 'name="keep.phone"'):
        assert words in text
    found = page.context["found"]
    given = {
        "other": str(other.pk), "version": found.this.version, "version_other": found.other.version, "keep.phone": "other",
        "reason": "Twice",
    }  # fmt: skip
    stale = ben.post(f"/parties/{one.pk}/merge/", given | {"version": "99"})
    assert stale.status_code == 409
    assert 'value="other" checked' in stale.content.decode()
    answer = ben.post(f"/parties/{one.pk}/merge/", given)
    assert (answer.status_code, answer["Location"]) == (302, f"/parties/{one.pk}/")
    assert Party.objects.get(pk=one.pk).phone == "+46 8 222 22 22"
    assert in_browser(cast, "ada").get(f"/parties/{one.pk}/merge/").status_code == 403


def test_the_api_merges_and_refuses_bad_input(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    token = make_token(cast.ben, cast.users["ben"], label="x")[1]
    api = Client(headers={"authorization": f"Bearer {token}"})
    assert api.get("/api/v1/parties/likely-duplicates").json()[0]["signs"]
    address = f"/api/v1/parties/{one.pk}/merge"
    for bad in ({}, {"other": "x"}, {"other": None}, {"other": str(other.pk), "take": "name"}, {"other": str(other.pk), "take": [1]},
                {"other": str(other.pk), "more": 1}, {"other": str(other.pk), "reason": []}, {"other": str(other.pk), "take": ["nothing"]},
                {"other": str(one.pk)}):  # fmt: skip
        assert api.post(address, bad, content_type="application/json").status_code == 422, bad
    answer = api.post(address, {"other": str(other.pk), "take": ["name"]}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["name"] == "Nordic Acme Aktiebolag"


def test_the_terms_that_stay_keep_what_either_says_in_added_fields(cast: Any, pair: tuple[Party, Party]) -> None:
    """S2-07: a value of an added field is never lost."""
    one, other = pair
    add_custom_fields(
        cast.admin,
        [{"noun": "parties.terms", "kind": "text", "key": key, "labels": {"en": key}} for key in ("depot", "route")],
    )
    mine, theirs = (PartyTerms.objects.get(party=party.pk, company=cast.north) for party in pair)
    edit_terms(cast.ben, [mine.pk], {"x_depot": "Bergen"})
    edit_terms(cast.ben, [theirs.pk], {"x_depot": "Oslo", "x_route": "North"})
    merge_parties(cast.ben, one.pk, other.pk)
    mine.refresh_from_db()
    assert {name: held["text"] for name, held in mine.custom.items()} == {"x_depot": "Bergen", "x_route": "North"}


def statements(act: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_merging_a_party_with_many_invoices_takes_no_statement_more_for_each(cast: Any) -> None:
    """S2-02: each invoice has its entry, and all of them go in few statements."""
    counts = []
    for size in (2, 60):
        one = make_party(cast.ada, name=f"Keeper {size}")
        other = make_party(cast.ada, name=f"Goer {size}")
        contract = make_active(cast.ada, "100", counterparty=other.pk, price="100000")
        [due] = dues_of(contract)
        for _n in range(size):
            issue_invoices(cast.fia, [InvoiceOrder([DueShare(due.pk, 100)])])
        counts.append(statements(lambda: merge_parties(cast.ben, one.pk, other.pk)))  # noqa: B023 - called at once
        assert Invoice.objects.filter(party=one.pk).count() == size
        assert Entry.objects.filter(code="parties.moved_along", noun="billing.invoice").count() >= size
    assert counts[1] <= counts[0]

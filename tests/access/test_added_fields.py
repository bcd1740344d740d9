"""S2-07, S0-28: an administrator adds a field to every kind of record that somebody edits, and it is in every channel at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse

from hetong.accounts.custom import places
from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import make_token
from hetong.accounts.services.custom_fields import add_custom_fields, retire_custom_fields
from hetong.accounts.testing import forget_access
from hetong.audit.models import Entry, EntryValues
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import UnknownField
from hetong.kernel.nouns import noun
from hetong.kernel.where import Where, narrow

from .samples import Samples, patterns

pytestmark = pytest.mark.django_db
LISTED = "?view=all&columns={heading},x_place"
PAGES = {
    "reference.tax_rate": ("reference:tax_edit", "reference:taxes"),
    "reference.calendar_day": ("reference:day_edit", "reference:calendars"),
    "accounts.company": ("accounts:company_edit", "accounts:company"),
    "accounts.bank": ("accounts:bank_edit", "accounts:company"),
    "accounts.team": ("accounts:team_edit", "accounts:team"),
    "accounts.user": ("accounts:user_edit", "accounts:user"),
    "documents.document": ("documents:edit", "documents:card"),
    "documents.kind": ("documents:kind_edit", "documents:kinds"),
    "todos.todo": ("todos:edit", "todos:card"),
    "parties.party": ("parties:edit", "parties:card"),
    "parties.terms": ("parties:terms_edit", "parties:card"),
    "parties.contact": ("parties:contact_edit", "parties:card"),
    "parties.identifier": ("parties:number_edit", "parties:card"),
    "parties.address": ("parties:address_edit", "parties:card"),
    "parties.bank": ("parties:bank_edit", "parties:card"),
    "parties.kind": ("parties:kind_edit", "parties:kinds"),
    "contracts.contract": ("contracts:edit", "contracts:card"),
    "contracts.line": ("contracts:line_edit", "contracts:lines"),
    "contracts.instalment": ("contracts:stage_edit", "contracts:plan"),
    "contracts.milestone": ("contracts:milestone_edit", "contracts:plan"),
    "contracts.original": ("contracts:original_edit", "contracts:originals"),
    "contracts.project": ("projects:edit", "projects:card"),
    "contracts.type": ("contract_settings:type_edit", "contract_settings:types"),
    "contracts.status": ("contract_settings:status_edit", "contract_settings:statuses"),
    "billing.due": ("billing:due_edit", "contract_money:tab"),
    "billing.invoice": ("billing:invoice_edit", "billing:invoice"),
    "billing.payment": ("billing:payment_edit", "billing:payment"),
    "billing.bill_type": ("billing_settings:type_edit", "billing_settings:types"),
}
"""By kind of record: the form that asks for the field, and the card or list that shows it."""
API = {"billing.due": "api:due", "billing.invoice": "api:invoice", "billing.payment": "api:payment"}


class World:
    """Ada's records, a text field added to one kind of them, and an administrator's and a finance person's browser."""

    def __init__(self, cast: Any, key: str) -> None:
        self.cast, self.key, self.entry = cast, key, noun(key)
        self.samples = Samples(cast)
        given = {"noun": key, "kind": "text", "key": "place", "labels": {"en": "Our place"}, "is_indexed": True}
        [self.field] = add_custom_fields(cast.admin, [given | {"rules": {}}])
        self.routes = dict(patterns())
        form = self.arguments(PAGES[key][0])
        self.row = self.entry.model._default_manager.filter(pk__in=form.values()).get()

    def arguments(self, name: str) -> dict[str, Any]:
        return self.samples.arguments(name, self.routes[name])

    def browser(self) -> Client:
        """Whoever works with such records: finance with money, administrators with the rest."""
        who = "fia" if self.key.startswith("billing.") else "admin"
        client = Client(headers={"host": "localhost"})
        client.force_login(self.cast.users[who])
        return client

    def patch(self, given: dict[str, str]) -> Any:
        """What the API answers to finance."""
        who = self.cast.users["fia"]
        token = make_token(self.cast.fia, who, label="fields")[1]
        address = reverse(API[self.key], kwargs=self.arguments(API[self.key]))
        headers = {"authorization": f"Bearer {token}"}
        return Client().patch(address, given, content_type="application/json", headers=headers)

    def form(self) -> str:
        return reverse(PAGES[self.key][0], kwargs=self.arguments(PAGES[self.key][0]))

    def shown(self) -> str:
        name = PAGES[self.key][1]
        found = self.arguments(name)
        if name == "contract_money:tab":
            found = {"id": self.row.contract_id}
        address = reverse(name, kwargs=found)
        return (
            address
            if found or name.endswith("statuses")
            else address + LISTED.format(heading=self.entry.register.heading)
        )

    def write(self, value: str) -> None:
        assert self.entry.edit is not None
        self.entry.edit(Actor.system(), [self.row.pk], {"x_place": value}, reason="as agreed")


def test_each_kind_of_record_that_takes_fields_is_looked_at_here() -> None:
    assert {place.key for place in places()} == set(PAGES)


@pytest.mark.parametrize("key", PAGES)
def test_a_field_is_asked_for_shown_filtered_and_journalled_on_every_kind_of_record(cast: Any, key: str) -> None:
    world = World(cast, key)
    assert 'name="x_place"' in world.browser().get(world.form()).content.decode()
    world.write("Bergen 4711")
    assert "Bergen 4711" in world.browser().get(world.shown()).content.decode()
    register, rows = world.entry.register, world.entry.model._default_manager.all()
    for query in ("x_place=bergen 4711", "x_place.has=4711"):
        where = Where.parse(parse_qs(query))
        assert list(narrow(register, Actor.system(), rows, where)) == [world.row], query
    [written] = Entry.objects.filter(noun=key, subject=world.row.pk, reason="as agreed")
    assert EntryValues.objects.get(pk=written.pk).held["x_place"][1:] == [None, "Bergen 4711"]
    retire_custom_fields(cast.admin, [world.field.pk])
    assert 'name="x_place"' not in world.browser().get(world.form()).content.decode()
    [shown] = register.show(Actor.system(), [world.row.pk], {"x_place"})
    assert shown["x_place"] == "Bergen 4711"


@pytest.mark.parametrize("key", API)
def test_a_posting_takes_its_added_fields_and_nothing_else(cast: Any, key: str) -> None:
    """S3-13: what was issued, due or paid is not edited; the house's own notes on it are, with a trace."""
    world = World(cast, key)
    before = world.entry.register.snapshot([world.row])[world.row.pk]
    for name in world.entry.register.fields:
        answer = world.patch({name: "1"})
        assert answer.status_code in (403, 422), (name, answer.status_code)
    answer = world.patch({"x_place": "Bergen"})
    assert (answer.status_code, answer.json().get("x_place")) == (200, "Bergen")
    after = world.entry.register.snapshot([world.row])[world.row.pk]
    assert {name for name in after if after[name] != before.get(name)} == {"x_place"}


@pytest.mark.parametrize("key", API)
def test_a_hidden_added_field_of_a_posting_is_unknown_to_who_may_not_read_it(cast: Any, key: str) -> None:
    world = World(cast, key)
    world.write("Bergen 4711")
    FieldRule.objects.create(role=Role.objects.get(key="finance"), noun=key, field="x_place", level=Level.HIDDEN.value)
    forget_access()
    assert "Bergen" not in world.browser().get(world.shown()).content.decode()
    address = reverse(API[key], kwargs=world.arguments(API[key]))
    assert "Bergen" not in world.browser().get(address).content.decode()
    assert world.patch({"x_place": "Oslo"}).status_code == 422
    with pytest.raises(UnknownField):
        narrow(world.entry.register, cast.fia, world.entry.visible_to(cast.fia), Where.parse({"x_place": ["Oslo"]}))

"""DESIGN law 4, §4: every register is complete and true to its model, every noun is wired whole."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from hetong.accounts.custom import takes_fields
from hetong.audit.wording import codes
from hetong.config.policy import check_complete
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Kind
from hetong.kernel.nouns import Noun, noun, nouns

SYSTEM = Actor.system()
HANGING = {
    "parties.party": {
        "registration_number", "vat_number", "address_lines", "postal_code", "city", "company", "number", "owner", "team", "payment_days",
    }
}  # fmt: skip
"""Fields whose values stand in records that hang on the noun's own; its services write them there (decision 20)."""


@pytest.mark.django_db
@pytest.mark.parametrize("entry", nouns(), ids=lambda n: n.key)
def test_every_field_can_be_read_from_the_database(entry: Noun) -> None:
    assert entry.register.noun == entry.key
    assert entry.register.show(SYSTEM, entry.visible_to(SYSTEM)[:1]) is not None
    assert entry.register.heading in entry.register.fields


@pytest.mark.django_db
@pytest.mark.parametrize("entry", nouns(), ids=lambda n: n.key)
def test_every_field_is_fully_declared(entry: Noun) -> None:
    for field in entry.register:
        name = f"{entry.key}.{field.name}"
        assert str(field.label), name
        assert field.path is not None or field.compute is not None or field.load is not None, name
        assert set(field.derived_from) <= set(entry.register.fields), name
        if field.kind is Kind.MONEY:
            assert field.currency or field.compute or field.load, f"{name} has no currency"
        if field.kind is Kind.REFERENCE and field.compute is None and field.load is None:
            assert field.title, f"{name} has no title"
            assert not field.to or noun(field.to), name
        if field.kind is Kind.CHOICE and field.compute is None:
            assert field.choices, f"{name} offers nothing"
        if field.searchable:
            assert field.key or field.filter, f"{name} is searched without a folded key"
        if field.key:
            list(entry.model._default_manager.values_list(field.key)[:1])


@pytest.mark.parametrize("entry", nouns(), ids=lambda n: n.key)
def test_every_writable_field_has_a_column_to_write_to(entry: Noun) -> None:
    for field in entry.register:
        if field.write and field.kind is not Kind.LIST and field.name not in HANGING.get(entry.key, ()):
            assert isinstance(field.path, str), f"{entry.key}.{field.name}"
            column = field.path.removesuffix("_id") if field.path.endswith("_id") else field.path
            try:
                entry.model._meta.get_field(column)
            except FieldDoesNotExist:
                pytest.fail(f"{entry.key}.{field.name} cannot be written: {field.path} is not a column of its own")


WITHOUT_FIELDS = {
    "accounts.role": "a definition of rights", "accounts.custom_field": "a definition of fields",
    "documents.version": "a file as it was put there", "approvals.round": "a trace of who was asked", "approvals.task": "a decision",
    "signing.envelope": "a trace of what was sent", "signing.signatory": "a trace of who signed",
    "discussions.thread": "holds comments only", "discussions.comment": "what somebody said",
    "discussions.mention": "a trace of who was asked",
    "contracts.loan": "a trace of where an original went", "contracts.member": "who takes part", "contracts.flag": "a trace of a stop",
    "billing.invoice_line": "as it was printed", "billing.allocation": "a trace of what was settled",
}  # fmt: skip
"""What takes no added fields, as nobody edits it (decision 60)."""


def test_every_record_that_somebody_edits_takes_added_fields() -> None:
    """S2-07: a noun that is missing here can be given fields by an administrator from the day it appears."""
    assert {entry.key for entry in nouns() if not takes_fields(entry)} == set(WITHOUT_FIELDS)


@pytest.mark.parametrize("entry", [n for n in nouns() if n.edit], ids=lambda n: n.key)
def test_every_editable_noun_has_a_version(entry: Noun) -> None:
    assert entry.model._meta.get_field("version")


def test_every_address_has_a_policy() -> None:
    check_complete()


def test_every_journal_code_has_a_sentence() -> None:
    known = set(codes())
    for config in apps.get_app_configs():
        if config.name.startswith("hetong.") and find_spec(f"{config.name}.events"):
            acts = getattr(import_module(f"{config.name}.events"), "Act", ())
            assert {str(a) for a in acts} <= known, config.name

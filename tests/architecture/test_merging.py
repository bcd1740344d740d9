"""S2-02: whatever may name a party has a declared fate when two parties are merged; a new column without one fails here."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from hetong.config.merging import MERGING
from hetong.kernel.merging import Fate
from hetong.parties.models import Party

POINTERS = MERGING["parties.party"].pointers


def columns_that_may_name_a_party() -> set[str]:
    """Every foreign key to a party, those between tables of pairs among them, and every id without a foreign key."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.app_config.name.startswith("hetong."):
            continue
        for field in model._meta.concrete_fields:
            is_loose = isinstance(field, models.UUIDField) and not field.primary_key and not field.is_relation
            if field.related_model is Party or is_loose:
                found.add(f"{model._meta.label}.{field.name}")
    return found


def test_whatever_may_name_a_party_has_a_declared_fate() -> None:
    declared = {one.column for one in POINTERS if not one.is_text}
    assert columns_that_may_name_a_party() - declared == set(), "declare these in config/merging.py"
    assert declared - columns_that_may_name_a_party() == set(), "these are no columns that could name a party"


def test_every_foreign_key_to_a_party_moves_or_is_seen_to() -> None:
    fates = {one.column: one.fate for one in POINTERS}
    keys = [
        one
        for one in columns_that_may_name_a_party()
        if apps.get_model(one.rpartition(".")[0])._meta.get_field(one.rpartition(".")[2]).is_relation
    ]
    assert len(keys) > 10
    assert {fates[one] for one in keys} <= {Fate.MOVED, Fate.OWN, Fate.GOES}


def test_what_does_not_simply_move_says_why() -> None:
    assert not [one.column for one in POINTERS if one.fate in (Fate.OWN, Fate.KEPT, Fate.GOES) and not one.why]

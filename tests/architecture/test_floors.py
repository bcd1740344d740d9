"""DESIGN §1: foreign keys point down only; money columns are bounded integers; nothing is stored as a float."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

FLOORS = (
    ("ui", "jobs"), ("audit",), ("reference",), ("accounts",), ("files",), ("notifications", "todos", "search"), ("documents",),
    ("approvals", "signing", "discussions"), ("parties",), ("catalogue",), ("sales", "drafting"), ("contracts",),
    ("orders", "oversight", "service"), ("delivery",), ("billing",), ("reports", "portal", "exchange", "integrations"), ("config",),
)  # fmt: skip
FLOOR = {app: height for height, line in enumerate(FLOORS) for app in line}
OURS = [m for m in apps.get_models() if m.__module__.startswith("hetong.")]


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_only(model: type[models.Model]) -> None:
    own = model._meta.app_label
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if target is None or field.auto_created or not isinstance(target, type):
            continue
        other = target._meta.app_label
        if target.__module__.startswith("hetong."):
            assert other == own or FLOOR[other] < FLOOR[own], f"{field} points from {own} up or sideways to {other}"


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_no_column_is_a_float_or_a_decimal(model: type[models.Model]) -> None:
    """Law 5: SQLite keeps decimals as REAL."""
    for field in model._meta.concrete_fields:
        assert not isinstance(field, models.FloatField | models.DecimalField), field


def test_every_app_of_ours_stands_on_a_floor_and_says_what_it_owns() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith("hetong."):
            assert config.label in FLOOR
            assert (config.module.__doc__ or "").strip(), f"{config.name} does not say what it owns and refuses"

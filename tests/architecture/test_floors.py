"""DESIGN §1: foreign keys point down only; money columns are bounded integers; nothing is stored as a float."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models


def _floors() -> list[list[str]]:
    """The floors from the lowest to the highest, as the import contract in pyproject.toml lists them."""
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in project["tool"]["importlinter"]["contracts"] if one["id"] == "floors")
    return [re.findall(r"\w+", line) for line in reversed(contract["layers"])]


FLOOR = {app: height for height, line in enumerate(_floors()) for app in line}
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

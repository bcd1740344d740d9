"""Every index costs each write; one that another begins with is never needed, and misleads who chooses between them."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model, UniqueConstraint

Columns = tuple[str, ...]


def indexes_of(model: type[Model]) -> Iterator[tuple[str, Columns]]:
    """The indexes over all rows of a model, by name, with the columns they are ordered by."""
    for index in model._meta.indexes:
        if index.fields and not index.condition:
            yield index.name, tuple(one.lstrip("-") for one in index.fields)
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields and not constraint.condition:
            yield constraint.name, tuple(constraint.fields)
    for field in model._meta.local_fields:
        if field.db_index or field.unique:
            yield f"that of {field.name}", (field.name,)


def test_no_index_is_the_beginning_of_another() -> None:
    needless = [
        f"{model._meta.label}: {name} within {other}"
        for model in apps.get_models()
        if model.__module__.startswith("hetong.")
        for name, columns in indexes_of(model)
        for other, more in indexes_of(model)
        if len(columns) < len(more) and more[: len(columns)] == columns and not is_unique(model, name)
    ]
    assert needless == []


def is_unique(model: type[Model], name: str) -> bool:
    """Whether the index keeps rows from standing twice, and so is more than a way to find them."""
    constraints = {one.name for one in model._meta.constraints}
    return name in constraints or any(one.unique and name == f"that of {one.name}" for one in model._meta.local_fields)

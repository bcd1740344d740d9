"""Builders for tests of this and higher floors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hetong.kernel.actors import Actor
from hetong.todos.models import Todo
from hetong.todos.services import add_tasks


def make_task(
    actor: Actor, title: str = "Call the customer", *, on: tuple[str, UUID] | None = None, **given: Any
) -> Todo:
    """A task, the actor's own unless ``assignee`` says otherwise."""
    return add_tasks(actor, [{"title": title, **given}], on=on)[0]

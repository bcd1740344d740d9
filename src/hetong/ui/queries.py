"""Reading saved views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound

from .models import SavedView, ViewChoice


def reader_of(actor: Actor) -> UUID:
    """Whose views an actor's are. Raises `NotFound` for the system: it reads no lists."""
    if actor.id is None:
        raise NotFound(noun="ui.view")
    return actor.id


def views_of(actor: Actor) -> QuerySet[SavedView]:
    """The views a reader has: their own, their teams', everyone's."""
    return SavedView.objects.filter(Q(owner=reader_of(actor)) | Q(team__in=actor.teams) | Q(is_for_everyone=True))


def find_views(actor: Actor, path: str) -> QuerySet[SavedView]:
    """A reader's views of one list by name, each with the reader's own choices (``own_choices``)."""
    own = Prefetch("choices", ViewChoice.objects.filter(user=reader_of(actor)), to_attr="own_choices")
    return views_of(actor).filter(path=path).prefetch_related(own).order_by("name_key", "id")


def get_view(actor: Actor, id: UUID) -> SavedView:
    """One of the reader's views, or `NotFound`."""
    view = views_of(actor).filter(pk=id).first()
    if view is None:
        raise NotFound(noun="ui.view", id=str(id))
    return view


def pinned_views(actor: Actor, path: str = "", current: str = "") -> list[dict[str, Any]]:
    """The views in the reader's rail. Their counts are not asked for here: they load with their lists."""
    chosen = (
        ViewChoice.objects.filter(user=reader_of(actor), is_pinned=True)
        .select_related("view")
        .order_by("view__name_key", "pk")
    )
    open_to_me = views_of(actor).values("pk")
    return [
        {
            "label": choice.view.name,
            "url": f"{choice.view.path}?view={choice.view_id}",
            "current": path == choice.view.path and current == str(choice.view_id),
        }
        for choice in chosen.filter(view__in=open_to_me)[:20]
    ]

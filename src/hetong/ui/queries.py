"""Reading saved views."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import F, FilteredRelation, Prefetch, Q, QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.known import remembered

from .models import SavedView, ViewChoice

SHOWN: Final = ("ui.views", None, "")
"""What an actor, who lasts as long as a request, is asked by for the views already read."""
MOST_PINNED: Final = 20


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


def shown_views(actor: Actor) -> list[SavedView]:
    """A reader's views of all lists by name, each with the reader's own choices; asked once for a page and its frame."""
    held: list[SavedView] | None = actor.known.get(SHOWN)
    if held is None:
        reader = reader_of(actor)
        statement, values = remembered(actor, SHOWN, lambda: _with_choices(actor).query.sql_with_params())
        held = list(SavedView.objects.raw(statement, values))
        for view in held:
            facts: Any = view
            marks = {"is_pinned": bool(facts.own_is_pinned), "is_default": bool(facts.own_is_default)}
            facts.own_choices = (
                [ViewChoice(pk=UUID(str(facts.own_pk)), view_id=view.pk, user=reader, **marks)] if facts.own_pk else []
            )
        actor.known[SHOWN] = held
    return held


def _with_choices(actor: Actor) -> QuerySet[SavedView]:
    own = FilteredRelation("choices", condition=Q(choices__user=reader_of(actor)))
    chosen = {f"own_{name}": F(f"own__{name}") for name in ("pk", "is_pinned", "is_default")}
    return views_of(actor).annotate(own=own).annotate(**chosen).order_by("name_key", "id")


def pinned_views(actor: Actor, path: str = "", current: str = "") -> list[dict[str, Any]]:
    """The views in the reader's rail. Their counts are not asked for here: they load with their lists."""
    pinned: list[Any] = [view for view in shown_views(actor) if any(one.is_pinned for one in view.own_choices)]  # type: ignore[attr-defined]  # set above
    return [
        {
            "label": view.name,
            "url": f"{view.path}?view={view.pk}",
            "current": path == view.path and current == str(view.pk),
        }
        for view in pinned[:MOST_PINNED]
    ]

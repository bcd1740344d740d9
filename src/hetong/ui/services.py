"""Keeping saved views."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Forbidden, Invalid, Problem, refuse
from hetong.kernel.nouns import noun
from hetong.kernel.rows import insert, write
from hetong.kernel.text import clean_line

from .models import SavedView, ViewChoice
from .policy import Can
from .queries import get_view, reader_of

MOST_VIEWS = 200


@transaction.atomic
def save_view(
    actor: Actor,
    key: str,
    path: str,
    name: str,
    query: str,
    *,
    team: UUID | None = None,
    for_everyone: bool = False,
    view: UUID | None = None,
) -> SavedView:
    """Keep a question under a name, for oneself, a team of one's own, or everyone; ``view`` names one to change instead."""
    noun(key)
    name = _checked(actor, path, name, query, team, for_everyone)
    if view is None:
        if SavedView.objects.filter(owner=reader_of(actor)).count() >= MOST_VIEWS:
            raise Invalid(
                problems=[
                    Problem(
                        "too_many_views", N_("You have %(most)s views. Delete one first."), {"most": MOST_VIEWS}, "name"
                    )
                ]
            )
        kept = SavedView(owner=reader_of(actor), noun=key, path=path, created_at=clock.now())
    else:
        kept = _mine(actor, view)
    kept.name, kept.query, kept.team, kept.is_for_everyone = name, query, team, for_everyone
    if view is None:
        insert([kept])
    else:
        write([kept], {"name", "query", "team", "is_for_everyone"}, version=False)
    return kept


def _checked(actor: Actor, path: str, name: str, query: str, team: UUID | None, for_everyone: bool) -> str:
    """The name as it is kept. Raises `Invalid` or `Forbidden`."""
    name = clean_line(name)
    problems = []
    if not name:
        problems.append(Problem("required", N_("This is needed."), field="name"))
    if len(name) > 80:
        problems.append(
            Problem(
                "too_long",
                N_("This is too long: %(length)s characters, at most %(limit)s fit."),
                {"length": len(name), "limit": 80},
                "name",
            )
        )
    if team is not None and team not in actor.teams:
        problems.append(Problem("other_team", N_("You can offer a view only to a team of your own."), field="team"))
    if not path.startswith("/") or path.startswith("//") or len(path) > 200 or len(query) > 8_000:
        problems.append(Problem("bad_address", N_("This list cannot be kept."), field="name"))
    refuse(problems)
    if for_everyone:
        actor.require(Can.PUBLISH_VIEWS)
    return name


def _mine(actor: Actor, view: UUID) -> SavedView:
    """A view the actor may change: one's own, or everyone's with the right to publish."""
    kept = get_view(actor, view)
    if kept.owner != actor.id and not (kept.is_for_everyone and actor.may(Can.PUBLISH_VIEWS)):
        raise Forbidden(can=Can.PUBLISH_VIEWS)
    return kept


@transaction.atomic
def delete_view(actor: Actor, view: UUID) -> None:
    """Forget a view; the address that was kept under it goes on working for who has it."""
    _mine(actor, view).delete()


@transaction.atomic
def pin_view(actor: Actor, view: UUID, is_pinned: bool) -> None:
    """Put a view into one's rail, or take it out."""
    _choose(actor, view, is_pinned=is_pinned)


@transaction.atomic
def default_view(actor: Actor, view: UUID, is_default: bool) -> None:
    """Open the list with this view from now on, or not any more."""
    kept = get_view(actor, view)
    ViewChoice.objects.filter(user=reader_of(actor), view__path=kept.path, is_default=True).update(is_default=False)
    _choose(actor, view, is_default=is_default)


def _choose(actor: Actor, view: UUID, **what: bool) -> None:
    kept = get_view(actor, view)
    ViewChoice.objects.update_or_create(view=kept, user=reader_of(actor), defaults=what)

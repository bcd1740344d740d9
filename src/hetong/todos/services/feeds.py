"""Calendar addresses: made, renewed and revoked by the one whose days they tell."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import transaction

from hetong.accounts.queries import digest_of
from hetong.audit.services import log_access, record
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Forbidden, NotFound, Problem, refuse
from hetong.kernel.rows import insert, write
from hetong.kernel.text import clean_line
from hetong.todos.events import Act
from hetong.todos.feeds import find_feeds, views_with_days
from hetong.todos.models import Feed

MOST_FEEDS = 20
LONGEST_LABEL = 80


class FeedRefused(Forbidden):
    """A token of narrower rights would hand out more than it holds: an address tells all that its owner may read."""

    code = "feed_refused"
    text = N_("A calendar address tells what you may read, which is more than this token may.")
    then = N_("Make it on the page Calendars of your settings, or with a token that is not limited.")


@transaction.atomic
def make_feed(actor: Actor, *, view: UUID | None = None, label: str = "") -> tuple[Feed, str]:
    """A new calendar of one's own deadlines, or of a saved view, and its secret, which is shown this once.

    Raises `FeedRefused`, `Invalid`.
    """
    user = _person(actor)
    label = clean_line(label)
    refuse(_problems(actor, view, label))
    secret = secrets.token_urlsafe(32)
    feed = Feed(user_id=user, view=view, label=label, digest=digest_of(secret), created_at=clock.now())
    insert([feed])
    record(actor, Act.FEED_MADE, "accounts.user", user)
    return feed, secret


def _person(actor: Actor) -> UUID:
    actor.must_act()
    if actor.id is None:
        raise NotFound(noun="todos.feed")
    if actor.verbs is not None:
        raise FeedRefused()
    return actor.id


def _problems(actor: Actor, view: UUID | None, label: str) -> list[Problem]:
    found = []
    if view is not None and not views_with_days(actor).filter(pk=view).exists():
        words = N_("This view is not there any more, or its records have no days.")
        found.append(Problem("no_view", words, field="view"))
    if len(label) > LONGEST_LABEL:
        words = N_("This is too long: %(length)s characters, at most %(limit)s fit.")
        found.append(Problem("too_long", words, {"length": len(label), "limit": LONGEST_LABEL}, "label"))
    if find_feeds(actor).count() >= MOST_FEEDS:
        words = N_("You have %(most)s calendar addresses. Revoke one first.")
        found.append(Problem("too_many_feeds", words, {"most": MOST_FEEDS}, "view"))
    return found


def _own(actor: Actor, id: UUID) -> Feed:
    feed = find_feeds(actor).filter(pk=id).first()
    if feed is None:
        raise NotFound(noun="todos.feed", id=str(id))
    return feed


@transaction.atomic
def renew_feed(actor: Actor, id: UUID) -> tuple[Feed, str]:
    """Give a calendar of one's own another address; the one before is dead at once. Raises `NotFound`, `FeedRefused`."""
    user, feed, secret = _person(actor), _own(actor, id), secrets.token_urlsafe(32)
    feed.digest, feed.renewed_at, feed.last_used_at = digest_of(secret), clock.now(), None
    write([feed], {"digest", "renewed_at", "last_used_at"}, version=False)
    record(actor, Act.FEED_RENEWED, "accounts.user", user)
    return feed, secret


@transaction.atomic
def revoke_feed(actor: Actor, id: UUID) -> None:
    """End a calendar of one's own. Raises `NotFound`."""
    actor.must_act()
    feed = _own(actor, id)
    feed.revoked_at = clock.now()
    write([feed], {"revoked_at"}, version=False)
    record(actor, Act.FEED_REVOKED, "accounts.user", feed.user_id)


@transaction.atomic
def note_feed_use(
    actor: Actor, feed: Feed
) -> None:  # allow: journal — a mark of use; the access log has the first of each day
    """Keep when a calendar was read last, to the minute; the first time of a day stands in the access log."""
    now, last = clock.now(), feed.last_used_at
    if last is not None and (now - last).total_seconds() < 60:
        return
    if last is None or clock.day_of(last, actor.zone) != clock.day_of(now, actor.zone):
        log_access(actor, "calendar", "accounts.user", feed.user_id, str(feed.view or ""))
    feed.last_used_at = now
    write([feed], {"last_used_at"}, version=False)

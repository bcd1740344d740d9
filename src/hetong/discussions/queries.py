"""Reading discussions, and finding who can be asked for an opinion."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hetong.accounts.models import Grant, Team, User
from hetong.accounts.queries import actor_for, find_colleagues, find_teams
from hetong.accounts.scopes import shared_with
from hetong.discussions.fields import COMMENT, THREAD
from hetong.discussions.models import Attachment, Comment, Mention, Thread, holds_talk
from hetong.discussions.policy import Can
from hetong.discussions.states import Channel
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Row
from hetong.kernel.nouns import is_visible, must_see, noun
from hetong.kernel.text import fold
from hetong.kernel.values import is_unnamed

MOST_OFFERED = 8
MOST_NAMED = 20
"""Names after an @ that are looked up in one comment."""
MOST_IN_TEAM = 100
MOST_THREADS = 200
"""Threads that one page shows, the newest; the API reads on."""

_readers: dict[str, str] = {}


def install_readers(fields: Mapping[str, str]) -> None:
    """Take config's table: for each noun that is discussed with another side, the field that names it. Once at start."""
    _readers.clear()
    _readers.update(fields)


def has_other_side(key: str) -> bool:
    """Whether records of the noun are discussed with somebody outside at all."""
    return key in _readers


def other_side(actor: Actor, key: str, id: UUID) -> str:
    """What the other side of a record is called, as far as the actor may read that; empty where it is not named."""
    entry, name = noun(key), _readers.get(key, "")
    if not name:
        return ""
    rows = entry.register.show(actor, entry.among(actor).filter(pk=id), [name])
    return str(rows[0].get(name) or "") if rows else ""


# -- what was said -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Talk:
    """One thread with what was said in it, oldest first."""

    thread: Row
    comments: tuple[Row, ...]

    @property
    def is_resolved(self) -> bool:
        return self.thread.get("resolved_at") is not None


def place_of(key: str, subject: UUID, comment: UUID, channel: str) -> str:
    """The address of one comment on its record's page, in its channel."""
    where = "?channel=shared" if channel == Channel.SHARED else ""
    return f"{noun(key).url(subject)}discussion/{where}#c-{comment}"


def find_comments(actor: Actor, key: str, subject: UUID, channel: str = "") -> QuerySet[Comment]:
    """What was said on one record, in one channel or both, oldest first. Raises `NotFound` where the record is not visible."""
    must_discuss(actor, key, subject)
    found = Comment.objects.visible_to(actor, key).filter(thread__subject=subject)
    return (found.filter(thread__channel=channel) if channel else found).order_by("pk")


def must_discuss(actor: Actor, key: str, subject: UUID) -> None:
    """Raise `NotFound` unless the actor may know of that record and such records are discussed."""
    if not holds_talk(noun(key)):
        raise NotFound(noun=key, id=str(subject))
    must_see(actor, key, subject)


def talks_of(actor: Actor, key: str, subject: UUID, channel: str) -> list[Talk]:
    """The threads of one record in one channel, the oldest first, those that are settled before the others."""
    newest = (
        Thread.objects.visible_to(actor, key).filter(subject=subject, channel=channel).order_by("-pk")[:MOST_THREADS]
    )
    threads = sorted(THREAD.show(actor, newest), key=lambda row: (row.get("resolved_at") is None, row.id))
    # allow: visibility — of threads that were narrowed just now
    comments = Comment.objects.filter(thread__in=[row.id for row in threads]).order_by("pk")
    owners = dict(comments.values_list("pk", "thread"))
    by_thread: dict[UUID, list[Row]] = {}
    for row in COMMENT.show(actor, comments):
        by_thread.setdefault(owners[row.id], []).append(row)
    return [Talk(row, tuple(by_thread.get(row.id, ()))) for row in threads]


def count_comments(actor: Actor, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """How many comments stand on each of these records, for the tab."""
    # allow: visibility — asked for records whose cards the actor is shown; outsiders have no cards
    standing = Comment.objects.filter(thread__subject__in=ids, withdrawn_at=None).order_by()
    return standing.values_list("thread__subject").annotate(count=Count("pk"))


def channel_counts(actor: Actor, key: str, subject: UUID) -> dict[str, int]:
    """How many comments stand in each channel of one record."""
    standing = Comment.objects.visible_to(actor, key).filter(thread__subject=subject, withdrawn_at=None)
    return dict(standing.order_by().values_list("thread__channel").annotate(n=Count("pk")))


def get_comment(actor: Actor, id: UUID) -> Comment:
    """A comment the actor sees, with its thread. Raises `NotFound`."""
    found = Comment.objects.visible_to(actor).select_related("thread").filter(pk=id).first()
    if found is None:
        raise NotFound(noun=COMMENT.noun, id=str(id))
    return found


def get_thread(actor: Actor, id: UUID) -> Thread:
    """A thread the actor sees. Raises `NotFound`."""
    found = Thread.objects.visible_to(actor).filter(pk=id).first()
    if found is None:
        raise NotFound(noun=THREAD.noun, id=str(id))
    return found


def get_file(actor: Actor, comment: UUID, id: UUID) -> Attachment:
    """A file of a comment whose words the actor may read. Raises `NotFound`."""
    said = get_comment(actor, comment)
    # allow: visibility — of a comment that the actor sees
    file = Attachment.objects.select_related("blob").filter(pk=id, comment=said).first()
    if file is None or said.withdrawn_at or COMMENT.level(actor, "files", said.thread.company_id) is Level.HIDDEN:
        raise NotFound(noun="discussions.file", id=str(id))
    return file


def get_mention(actor: Actor, id: UUID) -> Mention:
    """A mention in a comment that the actor sees. Raises `NotFound`."""
    found = Mention.objects.visible_to(actor).filter(pk=id).first()
    if found is None:
        raise NotFound(noun="discussions.mention", id=str(id))
    return found


def open_mentions(actor: Actor) -> QuerySet[Mention]:
    """The opinions that the actor is asked for by name and has not given, the longest waiting first."""
    return Mention.objects.visible_to(actor).filter(user=actor.id, settled_at=None).order_by("at", "pk")


# -- who takes part ------------------------------------------------------------------------------


def may_comment(actor: Actor, key: str, subject: UUID) -> bool:
    """Whether the actor reaches the record by more than a share for reading alone. The permission is asked apart."""
    if actor.is_system:
        return True
    mine = shared_with(actor, key)
    entry = noun(key)
    if not entry.model._default_manager.filter(mine, pk=subject).exists():
        return True  # not by a share: by a role, by taking part, by being asked to decide
    if entry.model._default_manager.filter(shared_with(actor, key, levels=("comment", "edit")), pk=subject).exists():
        return True
    return entry.editable_by is not None and entry.editable_by(actor).filter(pk=subject).exists()


def may_invite(actor: Actor, key: str, subject: UUID) -> bool:
    """Whether the actor may open the record to somebody for comments: nobody hands on more than they hold."""
    entry = noun(key)
    if not actor.may("accounts.share") or entry.editable_by is None:
        return False
    return bool(entry.editable_by(actor).filter(pk=subject).exists())


@dataclass(frozen=True)
class Person:
    """Somebody of ours, or one of our teams, who could be asked."""

    id: UUID
    name: str
    kind: str = "user"
    sees: bool = True
    """Whether they may read what is discussed there; who does not can be invited."""


def reads(user: User, key: str, subject: UUID) -> bool:
    """Whether that person may read the discussion of that record now."""
    person = actor_for(user)
    entry = noun(key)
    return person.may(Can.VIEW) and entry.may_view(person) and is_visible(person, key, subject)


def offer_people(actor: Actor, key: str, subject: UUID, typed: str) -> list[Person]:
    """Colleagues and teams whose name has a word beginning so, those who read along first."""
    must_discuss(actor, key, subject)
    if is_unnamed("accounts.user", actor):
        return []
    words = fold(typed)[:80]
    begins = Q(name_key__startswith=words) | Q(name_key__contains=f" {words}") if words else Q()
    users = find_colleagues(actor).filter(begins).exclude(pk=actor.id).order_by("name_key", "pk")[: 2 * MOST_OFFERED]
    people = [Person(user.pk, user.name, sees=reads(user, key, subject)) for user in users]
    teams: Iterable[Team] = ()
    if words and not is_unnamed("accounts.team", actor):
        teams = [team for team in find_teams(actor).order_by("name") if _begins(team.name, words)][:3]
    people += [Person(team.pk, team.name, "team") for team in teams]
    return sorted(people, key=lambda one: not one.sees)[:MOST_OFFERED]


def _begins(name: str, words: str) -> bool:
    folded = fold(name)
    return folded.startswith(words) or f" {words}" in folded


def people_named(actor: Actor, text: str) -> tuple[list[User], list[Team]]:
    """The colleagues and teams whose whole name follows an @ in the text; the longest name where several fit."""
    tails = [fold(part[:120]) for part in text.split("@")[1:][:MOST_NAMED]]
    if not tails or is_unnamed("accounts.user", actor):
        return [], []
    heads = {tail[:end] for tail in tails for end in range(1, len(tail) + 1) if _ends_a_name(tail, end)}
    users = {user.name_key: user for user in find_colleagues(actor).filter(name_key__in=heads).order_by("-pk")}
    teams = {fold(team.name): team for team in find_teams(actor)} if not is_unnamed("accounts.team", actor) else {}
    meant_users, meant_teams = {}, {}
    for tail in tails:
        fitting = [name for name in {*users, *teams} if tail.startswith(name) and _ends_a_name(tail, len(name))]
        best = max(fitting, key=len, default="")
        if best in users:
            meant_users[users[best].pk] = users[best]
        elif best:
            meant_teams[teams[best].pk] = teams[best]
    return list(meant_users.values()), list(meant_teams.values())


def _ends_a_name(tail: str, end: int) -> bool:
    """Whether a name may end there: at the end of the text, or before what is no letter of an alphabet."""
    return end == len(tail) or not tail[end].isalnum() or ord(tail[end]) > 0x2E7F


def team_people(teams: Collection[Team]) -> list[User]:
    """The active people who work from these teams."""
    grants = Grant.objects.filter(team__in=[team.pk for team in teams])
    users = User.objects.filter(pk__in=grants.values("user"), is_active=True, kind="staff")
    return list(users.order_by("name_key", "pk")[:MOST_IN_TEAM])

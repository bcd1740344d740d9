"""Chat rooms, set up by who looks after the company: added, changed, switched off and on, tried."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from hetong.accounts.models import Team
from hetong.audit.services import Change, record_many
from hetong.jobs.services import wakeup
from hetong.kernel import clock, sealed
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem, refuse
from hetong.kernel.ids import new_id
from hetong.kernel.outside import AddressRefused, Target, check
from hetong.kernel.rows import insert
from hetong.kernel.text import clean_line
from hetong.notifications.events import Act
from hetong.notifications.models import ChatPost, ChatRoom
from hetong.notifications.queries.rooms import SIGNED, companies_with_rooms, get_room
from hetong.notifications.states import ChatKind, State
from hetong.notifications.table import spoken_kinds

from .robots import PURPOSE

LONGEST_SECRET = 200


@dataclass(frozen=True)
class RoomWish:
    """A room as somebody wants it. An empty address keeps the one there is, with its secret."""

    name: str
    kind: str
    company: UUID | None
    team: UUID | None = None
    address: str = ""
    secret: str = ""
    language: str = "en"
    kinds: Collection[str] = ()


@transaction.atomic
def add_room(actor: Actor, wish: RoomWish) -> ChatRoom:
    """Add a room. Raises `Forbidden`, `Invalid`."""
    return _kept(actor, ChatRoom(created_at=clock.now()), wish, Act.ROOM_ADDED)


@transaction.atomic
def edit_room(actor: Actor, room_id: UUID, wish: RoomWish) -> ChatRoom:
    """Change a room; with a new address the secret is asked for again. Raises `NotFound`, `Forbidden`, `Invalid`."""
    return _kept(actor, get_room(actor, room_id), wish, Act.ROOM_CHANGED)


def _kept(actor: Actor, room: ChatRoom, wish: RoomWish, act: Act) -> ChatRoom:
    actor.must_act()
    companies = {one.pk for one in companies_with_rooms(actor)}
    name, address, secret = clean_line(wish.name, max_length=80), wish.address.strip(), wish.secret.strip()
    problems = _problems(wish, companies, name, secret)
    target = _target(address, problems, is_needed=not room.address)
    if secret and not address and room.address:
        problems.append(Problem("required", N_("Give the address again with a new secret."), field="address"))
    refuse(problems)
    room.name, room.kind, room.language, room.kinds = name, wish.kind, wish.language, _in_order(wish.kinds)
    room.company_id, room.team_id = wish.company, wish.team  # refused above where there is no company
    if target is not None:
        room.host = target.host[:253]
        room.address = sealed.seal(address, secret=settings.SECRET_KEY, purpose=PURPOSE)
        room.secret = sealed.seal(secret, secret=settings.SECRET_KEY, purpose=PURPOSE) if secret else ""
    room.save()
    record_many(
        actor, act, [Change("accounts.company", room.company_id, company=room.company_id)], params={"room": name}
    )
    return room


def _in_order(kinds: Collection[str]) -> list[str]:
    return [kind.key for kind in spoken_kinds() if kind.key in kinds]


def _problems(wish: RoomWish, companies: Collection[UUID], name: str, secret: str) -> list[Problem]:
    found = [] if name else [Problem("required", N_("Give the room a name."), field="name")]
    unknown = Problem("unknown_choice", N_("Choose one of what is offered."))
    offered = {
        "kind": wish.kind in list(ChatKind),
        "company": wish.company in companies,
        "team": wish.team is None or Team.objects.filter(pk=wish.team, company=wish.company, is_active=True).exists(),
        "language": wish.language in dict(settings.LANGUAGES),
        "kinds": set(wish.kinds) <= {kind.key for kind in spoken_kinds()},
    }
    found += [Problem(unknown.code, unknown.text, field=name) for name, is_offered in offered.items() if not is_offered]
    if not wish.kinds:
        found.append(Problem("required", N_("Choose what is said in the room."), field="kinds"))
    if secret and offered["kind"] and wish.kind not in SIGNED:
        found.append(
            Problem("not_signed", N_("Robots of this service sign nothing: leave this empty."), field="secret")
        )
    if len(secret) > LONGEST_SECRET or not secret.isprintable():
        found.append(Problem("unreadable", N_("This is no secret of a robot."), field="secret"))
    return found


def _target(address: str, problems: list[Problem], *, is_needed: bool) -> Target | None:
    """Where the address leads, as far as that can be told without asking; what is wrong with it joins the problems."""
    if not address:
        if is_needed:
            problems.append(Problem("required", N_("Give the address of the robot."), field="address"))
        return None
    try:
        return check(address, settings.OUTSIDE_HOSTS)
    except AddressRefused as refused:
        problems.append(Problem(refused.code, refused.text, field="address"))
        return None


@transaction.atomic
def switch_room(actor: Actor, room_id: UUID, *, is_enabled: bool) -> ChatRoom:
    """Let a room hear or not; what still waits for a room that is switched off is dropped. Raises `NotFound`, `Forbidden`."""
    actor.must_act()
    room = get_room(actor, room_id)
    if room.is_enabled == is_enabled:
        return room
    ChatRoom.objects.filter(pk=room.pk).update(is_enabled=is_enabled)
    if not is_enabled:
        ChatPost.objects.filter(room=room, state=State.WAITING).update(state=State.DROPPED, error="")
    act = Act.ROOM_ON if is_enabled else Act.ROOM_OFF
    record_many(
        actor, act, [Change("accounts.company", room.company_id, company=room.company_id)], params={"room": room.name}
    )
    room.is_enabled = is_enabled
    return room


@transaction.atomic
def send_test_post(actor: Actor, room_id: UUID) -> ChatPost:  # allow: journal — sending changes no record
    """Say something in a room, to see whether it arrives. Raises `NotFound`, `Forbidden`."""
    actor.must_act()
    room, now = get_room(actor, room_id), clock.now()
    with translation.override(room.language):
        title, line = gettext("A test from Hetong"), gettext("This is how news looks in this room.")
    post = ChatPost(
        room=room, key=f"test:{new_id()}", kind="test", title=title, lines=[line], path="/", next_at=now, created_at=now,
    )  # fmt: skip
    insert([post])
    transaction.on_commit(wakeup.set)
    return post

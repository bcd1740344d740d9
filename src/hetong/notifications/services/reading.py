"""A person's own notices: read, muted, passed on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import User
from hetong.accounts.queries import find_colleagues
from hetong.audit.services import Change, people, record_many
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem, refuse
from hetong.kernel.nouns import must_see
from hetong.kernel.text import clean_text
from hetong.notifications.events import Act
from hetong.notifications.models import Mute, Notice
from hetong.notifications.queries.notices import find_notices, get_notice, owner_of
from hetong.notifications.table import PASSED_ON, kind_named

from .telling import Word, put

MOST_PEOPLE = 50
LONGEST = 1000


# allow: journal — a mark of one's own, which changes no record
def read_notices(actor: Actor, ids: Collection[UUID] | None = None) -> int:
    """Mark own notices as read, these or all; returns how many were new."""
    actor.must_act()
    new = find_notices(actor).filter(read_at=None)
    if ids is not None:
        new = new.filter(pk__in=ids)
    return int(new.update(read_at=clock.now()))  # allow: journal — a mark of one's own


# allow: journal — a mark of one's own, which changes no record
def unread_notice(actor: Actor, id: UUID) -> None:
    """Mark an own notice as new again. Raises `NotFound`."""
    actor.must_act()
    Notice.objects.filter(pk=get_notice(actor, id).pk).update(read_at=None)  # allow: journal — a mark of one's own


# allow: journal — a mark of one's own, which changes no record
def mute_record(actor: Actor, key: str, record: UUID) -> None:
    """Want no more notices of a record that one may see. Raises `NotFound`."""
    own = owner_of(actor)
    must_see(actor, key, record)
    Mute.objects.get_or_create(user_id=own, noun=key, record=record, defaults={"at": clock.now()})


# allow: journal — a mark of one's own, which changes no record
def unmute_record(actor: Actor, key: str, record: UUID) -> None:
    """Want notices of a record again."""
    actor.must_act()
    Mute.objects.filter(user=actor.id, noun=key, record=record).delete()


@transaction.atomic
def pass_on(actor: Actor, id: UUID, to: Collection[UUID], *, note: str = "") -> list[Notice]:
    """Tell named colleagues of what one was told (S0-33): each sees of the record what they may, and the note.

    Somebody who may not see the record is not told, so the passing on names them as a problem. Kept in the
    history of the record, without the note. Raises `NotFound`, `Invalid`.
    """
    actor.must_act()
    notice = get_notice(actor, id)
    colleagues = list(find_colleagues(actor).filter(pk__in=set(to)).exclude(pk=actor.id)[: MOST_PEOPLE + 1])
    text = clean_text(note, max_length=LONGEST)
    refuse(_problems(to, colleagues))
    kind = kind_named(notice.kind) or PASSED_ON
    word = Word(
        PASSED_ON, notice.user_id, "passed_on", notice.noun, notice.subject, notice.page_noun, notice.page, "", notice.path,
        notice.company, actor.id, actor.label[:200], dict(notice.facts) | {"kind": notice.kind, "first_by": notice.by_label},
        kind.fields, kind.page_fields if notice.page_noun != notice.noun else (), text,
    )  # fmt: skip
    once = f"{notice.once}:{actor.id}"[:120]
    told = put([replace(word, user=one.pk, once=f"{once}:{clock.now():%y%m%d%H%M%S}") for one in colleagues])
    refuse(_unseeing(colleagues, {one.user_id for one in told}))
    what = Change(notice.page_noun, notice.page, "", notice.company)
    record_many(actor, Act.PASSED_ON, [what], params={"to": people(one.pk for one in colleagues)})
    return told


def _problems(to: Collection[UUID], people: Collection[User]) -> list[Problem]:
    if not people:
        return [Problem("required", N_("Choose at least one colleague."), field="to")]
    if len(people) > MOST_PEOPLE:
        return [Problem("too_many", N_("Choose at most %(limit)s people."), {"limit": MOST_PEOPLE}, "to")]
    return []


def _unseeing(people: Collection[User], told: Collection[UUID]) -> list[Problem]:
    return [
        Problem("unseen", N_("%(name)s may not see this record; share it first."), {"name": one.name}, "to")
        for one in people
        if one.pk not in told
    ]

"""How people want to be told: what is stored, and what is shipped where nothing is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from hetong.notifications.models import Preference, Rhythm
from hetong.notifications.table import NoticeKind, kind_named, kinds

MAIL_WISHES = ("now", "digest", "off")


@dataclass(frozen=True)
class Wish:
    """How one kind reaches one person."""

    kind: NoticeKind
    in_app: bool
    mail: str
    push: bool


def preferences_of(user: UUID) -> list[Wish]:
    """Every kind with how the person wants it."""
    own = {row.kind: row for row in Preference.objects.filter(user=user)}
    return [_wish(kind, own.get(kind.key)) for kind in kinds()]


def _wish(kind: NoticeKind, own: Preference | None) -> Wish:
    if own is None:
        return Wish(kind, True, kind.mail, kind.is_pushed)
    push = kind.is_pushed if own.push is None else own.push
    return Wish(kind, own.in_app or kind.must_come, own.mail, push)


def mail_wish(users: Collection[UUID]) -> Mapping[tuple[UUID, str], Wish]:
    """What these people chose, by person and kind; a kind that somebody chose nothing for is absent."""
    rows = Preference.objects.filter(user__in=users)
    known = ((row, kind_named(row.kind)) for row in rows)
    return {(row.user_id, row.kind): _wish(kind, row) for row, kind in known if kind is not None}


def rhythm_of(user: UUID) -> Rhythm:
    """When the person is written to; the shipped one where nothing was chosen."""
    return Rhythm.objects.filter(user=user).first() or Rhythm(user_id=user, digest_at=dt.time(7))

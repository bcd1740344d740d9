"""Inviting a colleague of another department: they see the record, comment and are told, and change nothing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import User
from hetong.accounts.queries import find_colleagues
from hetong.accounts.services import share_records
from hetong.accounts.sharing import opened_until, shares_now
from hetong.discussions.queries import must_discuss, reads
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem, refuse

LEVEL = "comment"


@transaction.atomic
def invite(actor: Actor, key: str, subject: UUID, user_id: UUID | None) -> User:
    """Open the record to a colleague for reading and comments; an edit right that they hold already stays.

    Raises `NotFound`, `Forbidden`, `Invalid` where nobody is named, or where they could not read along even then.
    """
    must_discuss(actor, key, subject)
    user: User | None = find_colleagues(actor).filter(pk=user_id).first() if user_id else None
    if user is None:
        refuse([Problem("required", N_("Choose the colleague to invite."), field="user")])
        raise AssertionError  # refuse has raised; this tells the types
    held = {share.level for share in shares_now(key, subject) if share.user_id == user.pk}
    if not held & {LEVEL, "edit"}:
        until = opened_until(actor, key, subject)
        share_records(actor, key, [subject], user=user, level=LEVEL, ends_on=None if until == date.max else until)
    if not reads(user, key, subject):
        words = N_(
            "%(name)s holds no role that reads such records, so an invitation would not help. Ask an administrator."
        )
        refuse([Problem("cannot_read", words, {"name": user.name}, "user")])
    return user

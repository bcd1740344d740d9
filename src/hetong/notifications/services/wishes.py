"""How a person wants to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, NotFound, Problem, refuse
from hetong.notifications.models import Preference, Rhythm
from hetong.notifications.queries.notices import owner_of
from hetong.notifications.queries.wishes import MAIL_WISHES
from hetong.notifications.table import kind_named


@transaction.atomic
# allow: journal — a wish of one's own, which changes no record
def set_preferences(
    actor: Actor, wanted: Mapping[str, tuple[bool, str]], pushed: Mapping[str, bool] | None = None
) -> None:
    """Keep how one wants kinds of notices: by kind, whether in the app and when by mail, and whether on devices.

    Kinds that ``pushed`` does not name stay as they are. Raises `NotFound`, `Invalid`.
    """
    own = owner_of(actor)
    refuse([
        Problem("unknown_choice", N_("Choose one of what is offered."), field=f"mail_{key}")
        for key, (_in_app, mail) in wanted.items() if mail not in MAIL_WISHES
    ])  # fmt: skip
    for key, (in_app, mail) in wanted.items():
        kind = kind_named(key)
        if kind is None:
            raise NotFound(noun=key)
        facts: dict[str, object] = {"in_app": in_app or kind.must_come, "mail": mail}
        if pushed is not None and key in pushed:
            facts["push"] = pushed[key]
        Preference.objects.update_or_create(user_id=own, kind=key, defaults=facts)


@transaction.atomic
# allow: journal — a wish of one's own, which changes no record
def set_rhythm(actor: Actor, *, quiet_from: dt.time | None, quiet_to: dt.time | None, digest_at: dt.time) -> None:
    """Keep when one is written to, in one's own zone. Quiet hours have both ends or none. Raises `Invalid`."""
    own = owner_of(actor)
    if (quiet_from is None) != (quiet_to is None):
        missing = "quiet_to" if quiet_to is None else "quiet_from"
        refuse([Problem("required", N_("Quiet hours need a beginning and an end."), field=missing)])
    facts = {"quiet_from": quiet_from, "quiet_to": quiet_to, "digest_at": digest_at}
    Rhythm.objects.update_or_create(user_id=own, defaults=facts)


@transaction.atomic
# allow: journal — a wish of one's own, which changes no record
def set_wishes(
    actor: Actor,
    wanted: Mapping[str, tuple[bool, str]],
    pushed: Mapping[str, bool] | None = None,
    *,
    quiet_from: dt.time | None,
    quiet_to: dt.time | None,
    digest_at: dt.time,
) -> None:
    """Keep both at once, or neither. Raises `NotFound`, `Invalid`."""
    set_preferences(actor, wanted, pushed)
    set_rhythm(actor, quiet_from=quiet_from, quiet_to=quiet_to, digest_at=digest_at)

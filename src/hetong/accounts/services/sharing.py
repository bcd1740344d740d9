"""Opening single records to a person or a team, for a time or until somebody ends it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from hetong.accounts.events import Act, RecordsShared
from hetong.accounts.models import Share, Team, User
from hetong.accounts.policy import Can
from hetong.accounts.queries import find_colleagues, find_teams
from hetong.accounts.sharing import LEVELS, may_end, opened_until, opening_of
from hetong.audit.services import Change, record_many
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Forbidden, NotFound, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.nouns import all_editable, must_see, noun
from hetong.kernel.text import clean_line

from .access import bump_policy, hold_policy


@transaction.atomic
def share_records(
    actor: Actor,
    key: str,
    ids: Collection[UUID],
    *,
    user: User | None = None,
    team: Team | None = None,
    level: str = "view",
    ends_on: date | None = None,
    reason: str = "",
) -> list[Share]:
    """Open records to one person or one team up to a day, inclusive (None: until ended): ``view``, ``comment``, ``edit``.

    Only what the actor sees, and no wider and no longer than the actor holds it. An earlier share with the same is replaced.
    Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    actor.require(Can.SHARE)
    opening = opening_of(key)
    for id in ids:
        must_see(actor, key, id)
    if level != "view" and not all_editable(actor, key, ids):
        raise Forbidden(can=Can.SHARE)  # nobody hands on more than they hold
    refuse([*_problems(actor, opening.levels, user, team, level, ends_on), *_too_long(actor, key, ids, ends_on)])
    hold_policy()
    for held in Share.objects.filter(noun=key, record__in=ids, user=user, team=team):
        _must_end(actor, held)  # it is replaced
    facts = {"level": level, "ends_on": ends_on, "by": actor.id, "by_label": actor.label[:200], "at": clock.now()}
    shares = [
        Share.objects.update_or_create(noun=key, record=id, user=user, team=team, defaults=facts)[0] for id in ids
    ]
    whom = user.name if user else team.name if team else ""
    act = Act.SHARED_UNTIL if ends_on else Act.SHARED
    until = {"until": ends_on.isoformat()} if ends_on else {}
    told = _tell(
        actor, act, key, ids, reason=clean_line(reason, max_length=500), params={"with": whom, "level": level, **until}
    )
    by_record = {share.record: str(share.pk) for share in shares}
    publish(RecordsShared(actor, tuple(Fact(key, f.id, f.company, {"share": by_record[f.id]}) for f in told)))
    return shares


def _problems(
    actor: Actor, levels: Collection[str], user: User | None, team: Team | None, level: str, ends_on: date | None
) -> list[Problem]:
    found = []
    if (user is None) == (team is None):
        found.append(Problem("required", N_("Choose one person or one team."), field="to"))
    elif user is not None and (user.pk == actor.id or not find_colleagues(actor).filter(pk=user.pk).exists()):
        found.append(Problem("no_colleague", N_("This is no colleague whom you could share with."), field="to"))
    elif team is not None and not find_teams(actor).filter(pk=team.pk).exists():
        found.append(Problem("no_team", N_("This is no team that you could share with."), field="to"))
    if level not in LEVELS:
        found.append(
            Problem("not_offered", N_("“%(given)s” is not one of the choices."), {"given": level[:40]}, "level")
        )
    elif level not in levels:
        found.append(Problem("only_read", N_("This can only be shared for reading."), field="level"))
    if ends_on is not None and ends_on < clock.today(actor.zone):
        found.append(Problem("past", N_("This day is past. The last day can be today."), field="ends_on"))
    return found


def _too_long(actor: Actor, key: str, ids: Collection[UUID], ends_on: date | None) -> list[Problem]:
    """Who sees a record for a time hands it on for that time: else a share with one's own team would outlast one's own."""
    last = min((end for id in ids if (end := opened_until(actor, key, id))), default=date.max)
    if (ends_on or date.max) <= last:
        return []
    text = N_("It is open to you yourself until %(day)s. Share it up to that day at most.")
    return [Problem("longer_than_yours", text, {"day": last.isoformat()}, "ends_on")]


@transaction.atomic
def unshare(actor: Actor, share_id: UUID, *, reason: str = "") -> None:
    """Close a record again to whom it was opened. Raises `Forbidden` as `may_end` has it."""
    actor.require(Can.SHARE)
    share = Share.objects.select_related("user", "team").filter(pk=share_id).first()
    if share is None:
        raise NotFound(noun="accounts.share")
    must_see(actor, share.noun, share.record)
    _must_end(actor, share)
    whom = share.user or share.team
    share.delete()
    _tell(actor, Act.UNSHARED, share.noun, [share.record], reason=clean_line(reason, max_length=500),
          params={"with": whom.name if whom else ""})  # fmt: skip


def _must_end(actor: Actor, share: Share) -> None:
    if not may_end(actor, share, is_guest=opened_until(actor, share.noun, share.record) is not None):
        raise Forbidden(can=Can.SHARE)


def move_shares(actor: Actor, key: str, old: UUID, new: UUID) -> None:  # allow: journal — its caller records the merge
    """Let the shares of one record open another one: where both are open to the same, by the wider and longer of the two.

    The caller holds both records and has decided that they are one.
    """
    hold_policy()
    by_whom = {(one.user_id, one.team_id): one for one in Share.objects.filter(noun=key, record=new)}
    moved = list(Share.objects.filter(noun=key, record=old).order_by("pk"))
    for share in moved:
        twin = by_whom.get((share.user_id, share.team_id))
        if twin is not None and _width(twin) >= _width(share):
            share.delete()
            continue
        if twin is not None:
            twin.delete()
        share.record = new
        share.save(update_fields=["record"])
    if moved:
        bump_policy(actor, (Fact(key, new),))


def _width(share: Share) -> tuple[int, date]:
    return list(LEVELS).index(share.level), share.ends_on or date.max


def _tell(
    actor: Actor, act: Act, key: str, ids: Collection[UUID], *, reason: str, params: dict[str, str]
) -> tuple[Fact, ...]:
    """One entry on each record, under its name; and the rights of everybody are made anew."""
    register = noun(key).register
    rows = {row.id: row for row in register.show(Actor.system(), list(ids), (register.heading,))}
    what = [Change(key, id, rows[id].title[:300], rows[id].company) for id in ids if id in rows]
    record_many(actor, act, what, reason=reason, params=params)
    facts = tuple(Fact(key, one.id, one.company) for one in what if one.id)
    bump_policy(actor, facts)
    return facts

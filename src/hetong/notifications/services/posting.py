"""Notices as mails: at once, after the quiet hours, or together once a working day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext

from hetong.accounts.models import Company, Grant, User
from hetong.accounts.queries import actor_for
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.notifications.models import Notice, Preference, Rhythm
from hetong.notifications.queries.notices import Drawn, drawn, find_notices
from hetong.notifications.queries.wishes import mail_wish, rhythm_of
from hetong.notifications.table import answerable, kind_named
from hetong.reference.queries import is_working_day
from hetong.ui.values import shown

from .rendering import Answer
from .replies import new_reply_address
from .sending import MailOrder, send_mails

LONGEST_DIGEST = 100
DIGEST_REACH = dt.timedelta(days=7)
SUMMED_ALONE = Q(in_app=False, mail="digest")
"""What is wanted in the summary and nowhere else: it counts as read in the app from the first."""


def post_mails(notices: Sequence[Notice], users: Mapping[UUID, User]) -> None:
    """Write the mails of new notices to those who want them at once, and mark as read what is not wanted in the app."""
    wishes = mail_wish({one.user_id for one in notices})
    orders, silent, told = [], [], []
    for id, user in users.items():
        mine = [one for one in notices if one.user_id == id]
        at_once = [one for one in mine if _mail(wishes, one) == "now"]
        silent += [one.pk for one in mine if (wish := wishes.get((id, one.kind))) and not wish.in_app]
        if at_once:
            orders += _orders(user, at_once)
            told += [one.pk for one in at_once]
    if silent:
        Notice.objects.filter(pk__in=silent).update(read_at=clock.now())
    if orders:
        send_mails(Actor.system(), orders)
        Notice.objects.filter(pk__in=told).update(summed_at=clock.now())


def _mail(wishes: Mapping[tuple[UUID, str], object], one: Notice) -> str:
    wish = wishes.get((one.user_id, one.kind))
    kind = kind_named(one.kind)
    return str(getattr(wish, "mail", "") or (kind.mail if kind else "off"))


def _orders(user: User, notices: Sequence[Notice]) -> list[MailOrder]:
    """One mail a notice, in the thread of its record, held back in the person's quiet hours."""
    after = quiet_until(rhythm_of(user.pk), user.zone)
    actor = actor_for(user, via="job")
    with translation.override(user.language):
        return [
            MailOrder(
                "notice", user, f"notice:{one.id}", {"words": _subject(one)}, link_to(one.id), lines=lines_of(one),
                thread=f"{one.page_noun}.{one.page}.{user.pk}", after=after, answer=_answer(actor, notice),
            )
            for one, notice in zip(drawn(actor, notices), notices, strict=True)
        ]  # fmt: skip


def _answer(actor: Actor, notice: Notice) -> Answer | None:
    """How the notice is answered by mail; None where it is not, where its reader may not, or where no mails are taken in."""
    what = answerable(notice.noun) if settings.REPLY_ADDRESS and actor.id else None
    said = what.said(actor, notice.subject) if what else None
    if said is None or actor.id is None:
        return None
    return Answer(new_reply_address(actor.id, notice.noun, notice.subject), said.words, said.readers)


def _subject(one: Drawn) -> str:
    return f"{one.title}: {one.words}" if one.title else one.words


def lines_of(one: Drawn) -> tuple[str, ...]:
    """A notice as paragraphs: what, the values, the note, why; in the language of now."""
    values = [f"{label}: {in_text(value)}" for label, value in one.values]
    note = [f"“{one.note}”"] if one.note else []
    why = gettext("Why you get this: %(why)s") % {"why": one.why}
    return tuple(part for part in (one.words, " · ".join(values), *note, why) if part)


def in_text(value: object) -> str:
    """A typed value without mark-up."""
    return " ".join(strip_tags(shown(value)).split())


def link_to(notice: UUID) -> str:
    """The address in a mail: it leads on to tab and anchor, after signing in where that is needed."""
    return f"{settings.BASE_URL}/notices/{notice}/"


def quiet_until(rhythm: Rhythm, zone: str) -> dt.datetime | None:
    """When the person may be written to again; None: now. Quiet hours may pass midnight."""
    start, end = rhythm.quiet_from, rhythm.quiet_to
    if start is None or end is None or start == end:
        return None
    local = clock.now().astimezone(ZoneInfo(zone))
    now = local.time()
    is_quiet = start <= now < end if start < end else now >= start or now < end
    if not is_quiet:
        return None
    day = local.date() + dt.timedelta(days=1) if start > end and now >= start else local.date()
    return dt.datetime.combine(day, end, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


# -- the digest ----------------------------------------------------------------------------------


def send_digests() -> str:
    """Write to everybody whose hour has come today what is new and wanted together; nothing on days off. Run often."""
    sent = 0
    since = clock.now() - DIGEST_REACH
    apart = Preference.objects.filter(SUMMED_ALONE)
    new = Q(read_at=None) | Q(user__in=apart.values("user"))
    people = Notice.objects.filter(new, summed_at=None, created_at__gte=since).values("user").distinct()
    for user in User.objects.filter(pk__in=people, is_active=True).order_by("pk"):
        sent += _digest(user)
    return f"{sent} digests" if sent else ""


@transaction.atomic
def _digest(user: User) -> bool:
    rhythm, today = rhythm_of(user.pk), clock.today(user.zone)
    now = clock.now().astimezone(ZoneInfo(user.zone)).time()
    if rhythm.digested_on == today or now < rhythm.digest_at or not _is_worked(user, today):
        return False
    actor = actor_for(user, via="job")
    wishes = mail_wish([user.pk])
    after = clock.now() - DIGEST_REACH
    apart = Preference.objects.filter(SUMMED_ALONE, user=user).values("kind")
    new = find_notices(actor).filter(Q(read_at=None) | Q(kind__in=apart), summed_at=None, created_at__gte=after)
    wanted = [one for one in new if _mail(wishes, one) == "digest"][:LONGEST_DIGEST]
    Rhythm.objects.update_or_create(user=user, defaults={"digested_on": today})
    if not wanted:
        return False
    with translation.override(user.language):
        lines = [" · ".join([_subject(one), *lines_of(one)[1:-1]]) for one in drawn(actor, wanted)]
        order = MailOrder(
            "digest", user, f"digest:{user.pk}:{today}", {"count": len(lines)}, f"{settings.BASE_URL}/notices/",
            lines=tuple(lines),
        )  # fmt: skip
    send_mails(Actor.system(), [order])
    Notice.objects.filter(pk__in=[one.pk for one in wanted]).update(summed_at=clock.now())
    return True


def _is_worked(user: User, day: dt.date) -> bool:
    """Whether the day is worked in a country of the person's companies."""
    companies = Company.objects.filter(pk__in=Grant.objects.filter(user=user, company__isnull=False).values("company"))
    countries = set(companies.values_list("country", flat=True))
    return any(is_working_day(country, day) for country in countries) if countries else day.weekday() < 5

"""What a person signs in with, when a second step is asked, on which devices they are, and who stands in for them. Reads only."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.values import is_unnamed

from .models import ApiToken, Delegation, User
from .policy import Can

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
FACTORS = (APP, PASSKEY)
"""What counts as a second step; recovery codes only stand in for one."""
NAMES = {APP: _("Authenticator app"), PASSKEY: _("Passkey"), CODES: _("Recovery codes")}
EVERYBODY = "all"

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def has_factor(user_id: UUID | None) -> bool:
    """Whether a second step is asked of this person."""
    return bool(Authenticator.objects.filter(user=user_id, type__in=FACTORS).exists())


def lacks_factor(actor: Actor) -> bool:
    """Whether the site wants a second step of this actor and there is none: then only the page to add one is open."""
    wanted = settings.SECOND_FACTOR
    if not wanted or actor.kind is not ActorKind.USER:
        return False
    is_asked = EVERYBODY in wanted or any(grant.role.key in wanted for grant in actor.grants)
    return is_asked and not has_factor(actor.id)


def factors_shown(user: User) -> list[dict[str, Any]]:
    """The person's app and passkeys as they are listed, oldest first."""
    return [
        {
            "id": one.pk, "type": one.type, "name": one.wrap().name if one.type == PASSKEY else str(NAMES[APP]),
            "created_at": one.created_at, "last_used_at": one.last_used_at,
        }
        for one in Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("pk")
    ]  # fmt: skip


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    codes = Authenticator.objects.filter(user=user, type=CODES).first()
    return len(codes.wrap().get_unused_codes()) if codes else 0


def find_sessions(user_id: UUID | None) -> list[UserSession]:
    """The devices on which the person is signed in, the last used first; ended ones are left out."""
    sessions = UserSession.objects.filter(user=user_id).order_by("-last_seen_at")
    return [session for session in sessions if session.exists()]


def sessions_shown(user_id: UUID | None, current: str) -> list[dict[str, Any]]:
    """The same as they are listed; ``current`` is the key of the session that asks."""
    return [
        {
            "id": session.pk, "device": device_words(session.user_agent), "ip": session.ip, "created_at": session.created_at,
            "last_seen_at": session.last_seen_at, "is_current": session.session_key == current,
        }
        for session in find_sessions(user_id)
    ]  # fmt: skip


def device_words(agent: str) -> str:
    """The browser and system that a user agent string names, such as “Firefox · Windows”."""
    browser = next((name for mark, name in BROWSERS if re.search(mark, agent)), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part) or gettext("Unknown device")


def mail_folder() -> str:
    """The folder that mails are written to where no mail server is set; empty where mails are sent."""
    return str(settings.MAIL.get("EMAIL_FILE_PATH", ""))


def stood_in_for(actor: Actor, what: str) -> QuerySet[Delegation, UUID]:
    """The people in whose place the actor may do a kind of act today, as ids to look in; the day is the actor's own."""
    today = clock.today(actor.zone)
    found = Delegation.objects.filter(to=actor.id, starts_on__lte=today, ends_on__gte=today, what__in=["", what])
    if actor.kind not in (ActorKind.USER, ActorKind.TOKEN):
        found = found.none()
    return found.values_list("user", flat=True)


def find_delegations(actor: Actor, user: UUID | None = None) -> Any:
    """Standing-ins of one's own, or for those who manage people of ``user``: present and coming ones first."""
    delegations = Delegation.objects.select_related("user", "to").order_by("-ends_on", "pk")
    if user is None or user == actor.id:
        return delegations.filter(Q(user=actor.id) | Q(to=actor.id))
    return delegations.filter(user=user) if actor.may(Can.MANAGE_USERS) else delegations.none()


WHAT = {"": _("Everything"), "approvals": _("Approvals")}
"""What one may stand in for: the first part of a permission, or everything."""


def delegations_shown(actor: Actor, user: UUID) -> list[dict[str, Any]]:
    """Standing-ins as they are listed, with which may be ended now; without names for who may not read them."""
    rows, hides_people = [], is_unnamed("accounts.user", actor)
    for one in find_delegations(actor, user)[:100]:
        today = clock.today(one.user.zone)
        rows.append({
            "id": one.pk, "user": "–" if hides_people else one.user.name, "to": "–" if hides_people else one.to.name,
            "starts_on": one.starts_on, "ends_on": one.ends_on,
            "what": str(WHAT.get(one.what, one.what)), "reason": one.reason, "is_mine": one.user_id == user,
            "is_over": one.ends_on < today, "is_on": one.starts_on <= today <= one.ends_on,
            "may_end": one.ends_on >= today and one.user_id == user,
        })  # fmt: skip
    return rows


def tokens_shown(actor: Actor, user: UUID) -> list[dict[str, Any]]:
    """The API tokens of somebody that still work, for those who manage people; never a secret."""
    if not actor.may(Can.MANAGE_USERS):
        return []
    tokens = ApiToken.objects.filter(user=user, revoked_at=None).exclude(expires_at__lte=clock.now()).order_by("-pk")
    return [
        {
            "id": one.pk,
            "label": one.label,
            "prefix": one.prefix,
            "expires_at": one.expires_at,
            "last_used_at": one.last_used_at,
        }
        for one in tokens
    ]

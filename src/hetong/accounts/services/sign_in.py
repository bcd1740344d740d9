"""What signing in and out leaves in the journal; connected to Django's signals in ``config/wiring.py`` (law 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hetong.accounts.events import Act
from hetong.accounts.models import User
from hetong.accounts.preview import Mark
from hetong.accounts.queries import actor_for
from hetong.audit.services import record
from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind

from .previews import SESSION, end_preview
from .sessions import USED_KEY


def note_sign_in(sender: Any, request: Any, user: User, **rest: Any) -> None:
    """Somebody signed in."""
    if getattr(request, "session", None) is not None:
        request.session[USED_KEY] = int(clock.now().timestamp())
    record(actor_for(user, via=_via(request)), Act.SIGNED_IN, "accounts.user", user.pk)


def note_sign_out(sender: Any, request: Any, user: User | None, **rest: Any) -> None:
    """Somebody signed out."""
    if user is not None:
        if kept := getattr(request, "session", {}).get(SESSION):
            end_preview(actor_for(user, via=_via(request)), Mark.of(kept), reason="signed out")
        record(actor_for(user, via=_via(request)), Act.SIGNED_OUT, "accounts.user", user.pk)


def note_failure(sender: Any, credentials: Mapping[str, Any], request: Any = None, **rest: Any) -> None:
    """A try failed. What was typed is not kept: people type passwords into the wrong field."""
    user = User.objects.filter(email=str(credentials.get("email") or "").strip().lower()).first()
    nobody = Actor(ActorKind.OUTSIDER, None, "", via=_via(request))
    record(nobody, Act.SIGN_IN_FAILED, "accounts.user", user.pk if user else None)


def note_factor_failure(sender: Any, request: Any, user: User, **rest: Any) -> None:
    """A code of the second step was wrong; the code is not kept."""
    nobody = Actor(ActorKind.OUTSIDER, None, "", via=_via(request))
    record(nobody, Act.FACTOR_FAILED, "accounts.user", user.pk)


def _via(request: Any) -> str:
    return f"web:{getattr(request, 'request_id', '')}" if request is not None else "cli"

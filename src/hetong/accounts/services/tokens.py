from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hetong.accounts.events import Act
from hetong.accounts.models import ApiToken, User
from hetong.accounts.policy import Can
from hetong.accounts.queries import digest_of
from hetong.audit.services import record
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, NotFound

from .people import must_manage

PREFIX = "htg_"


@transaction.atomic
def make_token(
    actor: Actor,
    user: User,
    *,
    label: str,
    permissions: Collection[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new API token for ``user`` and its secret, which is shown this once. One's own, or as administrator."""
    if actor.id != user.pk:
        must_manage(actor, [user])
    if user.kind != "staff" or not user.is_active:
        raise Forbidden(can=Can.USE_API)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user=user, label=label, prefix=secret[:12], digest=digest_of(secret), created_at=clock.now(), expires_at=expires_at,
        permissions=sorted(permissions) if permissions is not None else None,
    )  # fmt: skip
    token.save(force_insert=True)
    record(actor, Act.TOKEN_MADE, "accounts.user", user.pk, prefix=token.prefix)
    return token, secret


@transaction.atomic
def revoke_token(actor: Actor, token_id: UUID) -> None:
    """Make a token useless from now on; one's own, or as administrator."""
    token = ApiToken.objects.select_related("user").filter(pk=token_id, revoked_at=None).first()
    if token is None or (token.user_id != actor.id and not actor.may(Can.MANAGE_USERS)):
        raise NotFound(noun="accounts.token")
    if token.user_id != actor.id:
        must_manage(actor, [token.user])
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    record(actor, Act.TOKEN_REVOKED, "accounts.user", token.user_id, prefix=token.prefix)

"""Who looks after the mails that leave: whoever manages people."""

from __future__ import annotations

from hetong.accounts.policy import Can
from hetong.kernel.routes import Route, get, post

ROUTES: tuple[Route, ...] = (
    get("notifications:mails", Can.MANAGE_USERS),
    post("notifications:mail_retry", Can.MANAGE_USERS),
)

"""Notices are one's own; mails are looked after by whoever manages people, reminders by whoever sets up contracts."""

from __future__ import annotations

from hetong.accounts.policy import Can
from hetong.kernel.routes import Open, Route, form, get, post

ROUTES: tuple[Route, ...] = (
    get("notifications:list"),
    get("notifications:bell"),
    get("notifications:count"),
    post("notifications:read"),
    get("notifications:notice"),
    post("notifications:unread"),
    post("notifications:mute"),
    form("notifications:pass_on"),
    get("notifications:reminders"),
    form("notifications:pause"),
    post("notifications:resume"),
    form("notifications:wishes"),
    post("notifications:mail_test"),
    post("notifications:replies_end"),
    post("notifications:device_add"),
    post("notifications:device_test"),
    post("notifications:device_remove"),
    get("notifications:manifest", open_to=Open.ANYONE),
    get("notifications:worker", open_to=Open.ANYONE),
    get("notifications:rules", Can.MANAGE_COMPANIES),
    form("notifications:rule", Can.MANAGE_COMPANIES),
    get("api:notices"),
    post("api:notices_read"),
    post("api:notice_unread"),
    post("api:notice_mute"),
    post("api:notice_unmute"),
    post("api:notice_pass_on"),
    get("api:notice_wishes"),
    Route("api:notice_wishes", ("PUT",)),
    get("notifications:rooms", Can.MANAGE_COMPANIES),
    form("notifications:room_add", Can.MANAGE_COMPANIES),
    form("notifications:room", Can.MANAGE_COMPANIES),
    post("notifications:room_test", Can.MANAGE_COMPANIES),
    post("notifications:room_switch", Can.MANAGE_COMPANIES),
    post("notifications:post_retry", Can.MANAGE_COMPANIES),
    get("notifications:mails", Can.MANAGE_USERS),
    post("notifications:mail_retry", Can.MANAGE_USERS),
)

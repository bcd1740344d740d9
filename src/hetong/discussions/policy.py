"""Who may read and write in discussions. Reading needs the record and the right to read discussions at all."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hetong.audit.policy import Can as Audit
from hetong.discussions.states import EDIT_WITHIN, Channel
from hetong.kernel.routes import Route, form, get, post

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from hetong.kernel.actors import Actor

THREAD, COMMENT = "discussions.thread", "discussions.comment"


class Can(StrEnum):
    VIEW = "discussions.view"
    COMMENT = "discussions.comment"
    SHARE = "discussions.share"
    MODERATE = "discussions.moderate"


def may_write(actor: Actor, channel: str, company: Any) -> bool:
    """Whether the actor's roles allow writing in that channel."""
    if channel == Channel.SHARED and not actor.may(Can.SHARE, company):
        return False
    return actor.may(Can.COMMENT, company)


def may_edit(actor: Actor, raw: Mapping[str, Any], now: dt.datetime) -> bool:
    """Whether the actor may change the words of a comment: the author, soon after writing, while they stand."""
    return (
        actor.id is not None
        and raw["author"] == actor.id
        and raw["withdrawn_at"] is None
        and now - raw["at"] <= EDIT_WITHIN[raw["thread__channel"]]
        and may_write(actor, raw["thread__channel"], raw["thread__company_id"])
    )


def may_withdraw(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may take a comment back: its author, or who keeps order."""
    if raw["withdrawn_at"] is not None:
        return False
    is_own = actor.id is not None and raw["author"] == actor.id
    return is_own or actor.may(Can.MODERATE, raw["thread__company_id"])


ROUTES: tuple[Route, ...] = (
    get("discussions:panel", Can.VIEW),
    post("discussions:add", Can.COMMENT),
    get("discussions:asked", Can.VIEW, noun="discussions.mention"),
    get("discussions:place", Can.VIEW, noun=COMMENT),
    get("discussions:people", Can.COMMENT),
    form("discussions:invite", "accounts.share"),
    form("discussions:edit", Can.COMMENT, noun=COMMENT),
    get("discussions:edits", Audit.VIEW_HISTORY, noun=COMMENT),
    post("discussions:withdraw", Can.COMMENT, Can.MODERATE, noun=COMMENT),
    get("discussions:file", Can.VIEW, noun=COMMENT),
    post("discussions:resolve", Can.COMMENT, noun=THREAD),
    post("discussions:reopen", Can.COMMENT, noun=THREAD),
    get("api:subject_comments", Can.VIEW),
    post("api:subject_comments", Can.COMMENT),
    get("api:comment", Can.VIEW, noun=COMMENT),
    Route("api:comment", ("PATCH",), (Can.COMMENT,), COMMENT),
    post("api:comment_withdraw", Can.COMMENT, Can.MODERATE, noun=COMMENT),
    get("api:thread", Can.VIEW, noun=THREAD),
    post("api:thread_resolve", Can.COMMENT, noun=THREAD),
    post("api:thread_reopen", Can.COMMENT, noun=THREAD),
)

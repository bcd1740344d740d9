"""The registers of rounds and tasks. What a round says of its record is read from the record's own register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.accounts.security import stood_in_for
from hetong.approvals.models import Round, Task
from hetong.approvals.policy import STAND_IN, Can, may_decide
from hetong.approvals.states import RoundState, TaskState
from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import Choice, Field, Kind, Raw, Register, Text, Verb
from hetong.kernel.where import by_id

ROUND_STATES: Mapping[str, tuple[Text, str]] = {
    RoundState.OPEN: (pgettext_lazy("approval", "Open"), "in_approval"),
    RoundState.APPROVED: (pgettext_lazy("approval", "Approved"), "approved"),
    RoundState.REJECTED: (pgettext_lazy("approval", "Rejected"), "rejected"),
    RoundState.WITHDRAWN: (pgettext_lazy("approval", "Withdrawn"), "suspended"),
    RoundState.VOID: (pgettext_lazy("approval", "No longer counts"), "void"),
}
TASK_STATES: Mapping[str, tuple[Text, str]] = {
    TaskState.WAITING: (pgettext_lazy("approval", "Waiting"), "in_approval"),
    TaskState.APPROVED: (pgettext_lazy("approval", "Approved"), "approved"),
    TaskState.REJECTED: (pgettext_lazy("approval", "Rejected"), "rejected"),
    TaskState.CLOSED: (pgettext_lazy("approval", "Not needed"), "suspended"),
}
"""The word of each state, and the stage whose glyph it is drawn with."""


def _states(words: Mapping[str, tuple[Text, str]]) -> list[Choice]:
    return [Choice(code, word, glyph) for code, (word, glyph) in words.items()]


def _away(actor: Actor) -> Collection[UUID]:
    """The people in whose place the actor decides today; asked once per request."""
    key = "approvals.away"
    if key not in actor.known:
        actor.known[key] = frozenset(stood_in_for(actor, STAND_IN))
    found: frozenset[UUID] = actor.known[key]
    return found


def verbs_of(actor: Actor, raw: Raw) -> Iterable[Verb]:
    """Approve and reject, for the one who was asked, while the round is open."""
    if may_decide(actor, raw, partial(_away, actor)):
        base = f"/approvals/{raw['pk']}/"
        yield Verb("approve", _("Approve"), f"{base}approve/", "check", binding=True)
        yield Verb("reject", _("Reject"), f"{base}reject/", "x", danger=True, asks="reject")


ROUND = Register(
    "approvals.round",
    Round,
    [
        Field("title", _("What is asked for"), path="title"),
        Field("noun", _("Kind of record"), path="noun"),
        Field("subject", _("Record"), needs=("subject",), compute=lambda raw, actor: raw["subject"], filter=by_id("subject")),
        Field("number", _("Round"), Kind.NUMBER, "number"),
        Field("state", _("State"), Kind.CHOICE, "state", choices=lambda: _states(ROUND_STATES), column=True),
        Field("note", _("What the sender says"), Kind.LONG_TEXT, "note", sortable=False),
        Field("content_hash", _("SHA-256 of the content"), path="content_hash", sortable=False),
        Field("opened_by", _("Asked by"), path="opened_by_label", column=True),
        Field("opened_at", _("Asked"), Kind.INSTANT, "opened_at", column=True),
        Field("closed_at", _("Ended"), Kind.INSTANT, "closed_at"),
        Field(
            "company", _("Our company"), Kind.REFERENCE, "company_id", to="accounts.company", title="company__name",
            key="company__name_key",
        ),
    ],
    heading="title",
    versioned=False,
)  # fmt: skip

OF_ROUND = frozenset({"title", "noun", "subject", "number", "note", "opened_by"})
"""What a task repeats of its round."""


class TaskRegister(Register):
    """Who may not read something of a round does not read it from its tasks either."""

    def _levels(self, actor: Actor, fields: Mapping[str, Field], company: UUID | None, stage: str) -> dict[str, Level]:
        own = super()._levels(actor, fields, company, stage)
        hidden = {name for name in OF_ROUND & own.keys() if ROUND.level(actor, name, company) is Level.HIDDEN}
        return own | dict.fromkeys(hidden, Level.HIDDEN)


TASK = TaskRegister(
    "approvals.task",
    Task,
    [
        Field("title", _("What is asked for"), path="round__title"),
        Field("noun", _("Kind of record"), path="round__noun"),
        Field("subject", _("Record"), needs=("round__subject",), compute=lambda raw, actor: raw["round__subject"],
            filter=by_id("round__subject")),
        Field("round", _("Round"), Kind.REFERENCE, "round_id", to="approvals.round", title="round__title", sortable=False),
        Field("number", _("Which round"), Kind.NUMBER, "round__number"),
        Field(
            "assignee", _("Who decides"), Kind.REFERENCE, "assignee_id", to="accounts.user", title="assignee__name",
            key="assignee__name_key", column=True,
        ),
        Field("state", _("State"), Kind.CHOICE, "state", choices=lambda: _states(TASK_STATES), column=True),
        Field("comment", _("Comment"), Kind.LONG_TEXT, "comment", sortable=False),
        Field("note", _("What the sender says"), Kind.LONG_TEXT, "round__note", sortable=False),
        Field("opened_by", _("Asked by"), path="round__opened_by_label", column=True),
        Field("asked_at", _("Asked"), Kind.INSTANT, "asked_at", column=True),
        Field("decided_by", _("Decided by"), path="decided_by_label"),
        Field("decided_at", _("Decided"), Kind.INSTANT, "decided_at", column=True),
    ],
    heading="title",
    company="round__company_id",
    facts=("assignee_id", "state", "round__state", "round__opened_by"),
    verbs=verbs_of,
    edit=Can.DECIDE,
)  # fmt: skip

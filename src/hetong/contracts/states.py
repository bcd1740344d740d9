"""The states of a contract: one lifecycle as data, and the two states that stand beside it."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.states import Machine


class Stage(StrEnum):
    """Where a contract stands in its life; statuses that administrators make map to one of these."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    SIGNING = "signing"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    CLOSING = "closing"
    CLOSED = "closed"
    ARCHIVED = "archived"
    VOID = "void"
    DISCARDED = "discarded"


class Class(StrEnum):
    """What a contract does for us: it earns, it costs, it frames others, or no money is involved."""

    INCOME = "income"
    EXPENSE = "expense"
    FRAMEWORK = "framework"
    NONE = "none"


class Term(StrEnum):
    """How a contract ends: on its day, never without notice, or only by notice."""

    FIXED = "fixed"
    AUTO_RENEW = "auto_renew"
    EVERGREEN = "evergreen"


class Signature(StrEnum):
    """Who has signed."""

    NONE = "none"
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class Performance(StrEnum):
    """How far what was agreed is done."""

    NOT_STARTED = "not_started"
    ONGOING = "ongoing"
    DONE = "done"


def _from(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


LIFECYCLE: Machine[Stage] = Machine(
    {
        "review": (_from(Stage.DRAFT), Stage.IN_REVIEW),
        "return": (_from(Stage.IN_REVIEW), Stage.DRAFT),
        "submit": (_from(Stage.DRAFT, Stage.IN_REVIEW), Stage.IN_APPROVAL),
        "withdraw": (_from(Stage.IN_APPROVAL), Stage.DRAFT),
        "approve": (_from(Stage.IN_APPROVAL), Stage.APPROVED),
        "reject": (_from(Stage.IN_APPROVAL), Stage.REJECTED),
        "revise": (_from(Stage.REJECTED, Stage.APPROVED), Stage.DRAFT),
        "send_to_sign": (_from(Stage.APPROVED), Stage.SIGNING),
        "recall": (_from(Stage.SIGNING), Stage.APPROVED),
        "mark_signed": (_from(Stage.SIGNING), Stage.SIGNING),
        "activate": (_from(Stage.SIGNING), Stage.ACTIVE),
        "adopt": (_from(Stage.DRAFT), Stage.ACTIVE),
        "adopt_closed": (_from(Stage.DRAFT), Stage.CLOSED),
        "suspend": (_from(Stage.ACTIVE), Stage.SUSPENDED),
        "resume": (_from(Stage.SUSPENDED), Stage.ACTIVE),
        "terminate": (_from(Stage.ACTIVE, Stage.SUSPENDED, Stage.CLOSING), Stage.TERMINATED),
        "expire": (_from(Stage.ACTIVE), Stage.EXPIRED),
        "supersede": (_from(Stage.ACTIVE, Stage.EXPIRED), Stage.SUPERSEDED),
        "begin_closing": (_from(Stage.ACTIVE, Stage.TERMINATED, Stage.EXPIRED), Stage.CLOSING),
        "close": (_from(Stage.CLOSING, Stage.SUPERSEDED), Stage.CLOSED),
        "archive": (_from(Stage.CLOSED, Stage.REJECTED, Stage.VOID), Stage.ARCHIVED),
        "unarchive": (_from(Stage.ARCHIVED), Stage.CLOSED),
        "void": (_from(Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.APPROVED, Stage.SIGNING), Stage.VOID),
        "discard": (_from(Stage.DRAFT), Stage.DISCARDED),
        "restore": (_from(Stage.DISCARDED), Stage.DRAFT),
    }
)

BY_OTHERS = frozenset({"approve", "reject", "mark_signed", "expire", "supersede"})
"""The verbs that no button has: a decision, a signature, the calendar or a successor causes them."""

OFFERED: tuple[str, ...] = tuple(verb for verb in LIFECYCLE.moves if verb not in BY_OTHERS)
"""The verbs that people and programs use on a contract itself, in the order of the table."""

NEED_REASON = frozenset({"return", "void", "reject", "suspend", "terminate", "adopt", "adopt_closed", "unarchive"})
"""Verbs that say why, since somebody else has to live with them."""

ASK = NEED_REASON | {"submit", "withdraw", "recall", "close", "archive"}
"""Verbs that have a form of their own: a reason, a note, a day, a checklist."""

EDITABLE = frozenset({Stage.DRAFT, Stage.IN_REVIEW})
"""The stages in which what was agreed may still be written."""

IN_FORCE = frozenset({Stage.ACTIVE, Stage.SUSPENDED})
"""The stages in which what was agreed binds both sides."""

OVER = frozenset({Stage.VOID, Stage.DISCARDED, Stage.CLOSED, Stage.ARCHIVED, Stage.SUPERSEDED, Stage.REJECTED})
"""The stages in which nothing is ahead any more."""


BEFORE_FORCE = frozenset({Stage.DRAFT, Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.APPROVED, Stage.SIGNING})
"""The stages on the way into force, in which it still matters who the other side is."""


class LapseRule(StrEnum):
    """What becomes of a contract whose other side lacks a qualification that its type asks for."""

    WARN = "warn"
    STOP = "stop"


class PlanKind(StrEnum):
    """What an instalment plans: money (and, unless the contract has an invoice plan of its own, its invoice)."""

    SETTLE = "settle"
    INVOICE = "invoice"


class Stated(StrEnum):
    """How an instalment's share is stated: a percentage, an amount, or whatever the others leave."""

    PERCENT = "percent"
    AMOUNT = "amount"
    REST = "rest"


class Trigger(StrEnum):
    """What makes an instalment fall due."""

    DATE = "date"
    SIGNING = "signing"
    MILESTONE = "milestone"


class Basis(StrEnum):
    """Whether a plan states amounts without or with tax."""

    NET = "net"
    GROSS = "gross"


class FlagState(StrEnum):
    """Whether an abnormal flag still stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class Renewal(StrEnum):
    """What is decided before a contract's day of notice or its end."""

    RENEW = "renew"
    RENEGOTIATE = "renegotiate"
    LAPSE = "lapse"

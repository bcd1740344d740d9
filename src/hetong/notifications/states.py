from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a message stands; one that is being sent is ``waiting`` with its next try put off by a lease."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """Nobody wants it any more: the chat room is off, the notice was read. Mails are never dropped."""


class ChatKind(StrEnum):
    """The chat services whose robots take messages."""

    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"
    SLACK = "slack"
    TEAMS = "teams"


class Fate(StrEnum):
    """What becomes of a mail that comes in."""

    TAKEN = "taken"
    """Its words stand where they belong."""
    REFUSED = "refused"
    """Its writer may not, or it cannot be kept; they were told."""
    ASIDE = "aside"
    """Nobody was told: who wrote is not known to be one of ours, or a program wrote."""

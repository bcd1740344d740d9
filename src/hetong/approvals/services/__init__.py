from .approvers import NoApprover, NoTeam
from .decisions import NotAsked, OwnRound, RoundOver, decide
from .rounds import (
    AlreadyDecided,
    DecidedMeanwhile,
    RoundOpen,
    RoundRequest,
    open_rounds,
    void_rounds,
    withdraw_rounds,
)

__all__ = [
    "AlreadyDecided", "DecidedMeanwhile", "NoApprover", "NoTeam", "NotAsked", "OwnRound", "RoundOpen", "RoundOver",
    "RoundRequest", "decide", "open_rounds", "void_rounds", "withdraw_rounds",
]  # fmt: skip

from .approvers import NoApprover, NoTeam
from .decisions import ChosenByOneself, NotAsked, OwnRound, RoundOver, decide
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
    "AlreadyDecided", "ChosenByOneself", "DecidedMeanwhile", "NoApprover", "NoTeam", "NotAsked", "OwnRound", "RoundOpen", "RoundOver",
    "RoundRequest", "decide", "open_rounds", "void_rounds", "withdraw_rounds",
]  # fmt: skip

"""Reads of rounds and tasks, and of what the decision card shows."""

from .cards import Decision, Face, decision_of, install_beside, install_faces, subjects_of, talk_beside
from .rounds import (
    approved_round,
    decided_tasks,
    find_rounds,
    get_task,
    is_asked,
    my_open_task,
    my_open_tasks,
    my_rounds,
    open_round,
    open_tasks,
    tasks_of,
)

__all__ = [
    "Decision", "Face", "approved_round", "decided_tasks", "decision_of", "find_rounds", "get_task", "install_beside", "install_faces",
    "is_asked", "my_open_task", "my_open_tasks", "my_rounds", "open_round", "open_tasks", "subjects_of", "talk_beside", "tasks_of",
]  # fmt: skip

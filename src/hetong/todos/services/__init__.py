from .refreshing import refresh_all, refresh_named
from .tasks import (
    AskedInPerson,
    DoneThere,
    NotYourTodo,
    TodoOver,
    add_tasks,
    edit_tasks,
    pass_on,
    snooze,
    take_over,
    tick,
    untick,
    wake,
)

__all__ = [
    "AskedInPerson", "DoneThere", "NotYourTodo", "TodoOver", "add_tasks", "edit_tasks", "pass_on", "refresh_all", "refresh_named",
    "snooze", "take_over", "tick", "untick", "wake",
]  # fmt: skip

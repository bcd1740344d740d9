from .feeds import FeedRefused, make_feed, note_feed_use, renew_feed, revoke_feed
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
    "AskedInPerson", "DoneThere", "FeedRefused", "NotYourTodo", "TodoOver", "add_tasks", "edit_tasks", "make_feed",
    "note_feed_use", "pass_on", "refresh_all", "refresh_named", "renew_feed", "revoke_feed",
    "snooze", "take_over", "tick", "untick", "wake",
]  # fmt: skip

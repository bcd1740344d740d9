from .by_mail import COMMENT_BY_MAIL
from .comments import CommentOrder, NotToCome, add_comments, edit_comments, withdraw_comments
from .inviting import invite
from .threads import reopen_threads, resolve_threads

__all__ = [
    "COMMENT_BY_MAIL", "CommentOrder", "NotToCome", "add_comments", "edit_comments", "invite", "reopen_threads", "resolve_threads",
    "withdraw_comments",
]  # fmt: skip

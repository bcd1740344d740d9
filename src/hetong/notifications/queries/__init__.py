"""Reads of mails, of one's own notices, and of how one wants them."""

from .mails import find_mails, mails_shown
from .notices import Drawn, count_unread, drawn, find_notices, get_notice, grouped, unread_notices
from .wishes import mail_wish, preferences_of, rhythm_of

__all__ = [
    "Drawn", "count_unread", "drawn", "find_mails", "find_notices", "get_notice", "grouped", "mail_wish", "mails_shown",
    "preferences_of", "rhythm_of", "unread_notices",
]  # fmt: skip

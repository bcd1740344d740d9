"""Reads of mails, of one's own notices, and of how one wants them."""

from .mails import find_mails, letters_shown, mails_shown, silence
from .notices import Drawn, before, count_unread, drawn, find_notices, get_notice, grouped, owner_of, unread_notices
from .wishes import mail_wish, preferences_of, rhythm_of

__all__ = [
    "Drawn", "before", "count_unread", "drawn", "find_mails", "find_notices", "get_notice", "grouped", "letters_shown", "mail_wish",
    "mails_shown", "owner_of", "preferences_of", "rhythm_of", "silence", "unread_notices",
]  # fmt: skip

from .pauses import AlreadyPaused, pause_reminders, resume_reminders
from .people import mail_address_change, mail_invitations, mail_password_notes, mail_resets, mail_security_notes
from .posting import send_digests
from .reading import mute_record, pass_on, read_notices, unmute_record, unread_notice
from .reminders import remind
from .rules import set_reminder_rule
from .sending import MailOrder, deliver_mails, purge_old, retry_mail, send_mails, send_test
from .telling import Word, put, tell
from .wishes import set_preferences, set_rhythm, set_wishes

__all__ = [
    "AlreadyPaused",
    "MailOrder",
    "Word",
    "deliver_mails",
    "mail_address_change",
    "mail_invitations",
    "mail_password_notes",
    "mail_resets",
    "mail_security_notes",
    "mute_record",
    "pass_on",
    "pause_reminders",
    "purge_old",
    "put",
    "read_notices",
    "remind",
    "resume_reminders",
    "retry_mail",
    "send_digests",
    "send_mails",
    "send_test",
    "set_preferences",
    "set_reminder_rule",
    "set_rhythm",
    "set_wishes",
    "tell",
    "unmute_record",
    "unread_notice",
]  # fmt: skip

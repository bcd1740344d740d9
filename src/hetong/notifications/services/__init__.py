from .devices import add_device, forget_device, remove_device, send_test_pushes
from .pauses import AlreadyPaused, pause_reminders, resume_reminders
from .people import mail_address_change, mail_invitations, mail_password_notes, mail_resets, mail_security_notes
from .posting import send_digests
from .pushing import deliver_pushes, purge_sent
from .reading import mute_record, pass_on, read_notices, unmute_record, unread_notice
from .receiving import take_mail, take_waiting
from .reminders import remind
from .replies import end_reply_addresses, purge_received
from .robots import deliver_posts, retry_post, silent_rooms
from .rooms import RoomWish, add_room, edit_room, send_test_post, switch_room
from .rules import set_reminder_rule
from .saying import say, say_news
from .sending import MailOrder, deliver_mails, purge_old, retry_mail, send_mails, send_test, silent_server
from .telling import Word, put, tell
from .wishes import set_preferences, set_rhythm, set_wishes

__all__ = [
    "AlreadyPaused",
    "MailOrder",
    "RoomWish",
    "Word",
    "add_device",
    "add_room",
    "deliver_mails",
    "deliver_posts",
    "deliver_pushes",
    "edit_room",
    "end_reply_addresses",
    "forget_device",
    "mail_address_change",
    "mail_invitations",
    "mail_password_notes",
    "mail_resets",
    "mail_security_notes",
    "mute_record",
    "pass_on",
    "pause_reminders",
    "purge_old",
    "purge_received",
    "purge_sent",
    "put",
    "read_notices",
    "remind",
    "remove_device",
    "resume_reminders",
    "retry_mail",
    "retry_post",
    "say",
    "say_news",
    "send_digests",
    "send_mails",
    "send_test",
    "send_test_post",
    "send_test_pushes",
    "set_preferences",
    "set_reminder_rule",
    "set_rhythm",
    "set_wishes",
    "silent_rooms",
    "silent_server",
    "switch_room",
    "take_mail",
    "take_waiting",
    "tell",
    "unmute_record",
    "unread_notice",
]  # fmt: skip

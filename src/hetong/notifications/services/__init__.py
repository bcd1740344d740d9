from .people import mail_address_change, mail_invitations, mail_password_notes, mail_resets, mail_security_notes
from .sending import MailOrder, deliver_mails, purge_mails, retry_mail, send_mails

__all__ = [
    "MailOrder", "deliver_mails", "mail_address_change", "mail_invitations", "mail_password_notes", "mail_resets",
    "mail_security_notes", "purge_mails", "retry_mail", "send_mails",
]  # fmt: skip

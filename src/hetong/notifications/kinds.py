"""What the mails say: each kind with its subject, its paragraphs and its button, worded in the recipient's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hetong.kernel.errors import N_


@dataclass(frozen=True)
class MailKind:
    """A kind of mail. The texts are English sources with ``%(name)s`` places for the params of the mail.

    ``holds_secret``: its link lets somebody in, so its text is forgotten once sent. ``lasts``: how long the link
    works; a mail that could not leave by then is given up.
    """

    key: str
    subject: str
    paragraphs: tuple[str, ...]
    button: str = ""
    holds_secret: bool = False
    lasts: timedelta | None = None


KINDS: dict[str, MailKind] = {
    kind.key: kind
    for kind in (
        MailKind(
            "invitation",
            N_("Your account on %(site)s"),
            (
                N_("%(by)s has given you an account on %(site)s. You sign in with this address: %(email)s"),
                N_("Choose your password with the link below. It works once, within seven days."),
            ),
            N_("Choose a password"),
            holds_secret=True,
            lasts=timedelta(days=7),
        ),
        MailKind(
            "password_reset",
            N_("Choose a new password for %(site)s"),
            (
                N_(
                    "Somebody asked for a new password for your account on %(site)s. The link below works once, within an hour."
                ),
                N_("If it was not you, do nothing: your password stays as it is."),
            ),
            N_("Choose a new password"),
            holds_secret=True,
            lasts=timedelta(hours=1),
        ),
        MailKind(
            "password_changed",
            N_("Your password for %(site)s was changed"),
            (
                N_(
                    "The password of your account on %(site)s was changed just now, and your other devices were signed out."
                ),
                N_("If it was not you, tell your administrator at once."),
            ),
        ),
        MailKind(
            "address_confirmation",
            N_("Confirm your address for %(site)s"),
            (
                N_(
                    "You want to sign in to %(site)s with this address from now on. Confirm it with the link below, within a day."
                ),
                N_("If you know nothing of this, do nothing."),
            ),
            N_("Confirm this address"),
            holds_secret=True,
            lasts=timedelta(days=1),
        ),
        MailKind(
            "address_changed",
            N_("Your address for %(site)s was changed"),
            (
                N_("You now sign in to %(site)s with another address; this one no longer works."),
                N_("If it was not you, tell your administrator at once."),
            ),
        ),
        MailKind(
            "factor_changed",
            N_("Your second step for %(site)s was changed"),
            (
                N_("A way to confirm your sign-in to %(site)s was added, removed or renewed just now."),
                N_("If it was not you, tell your administrator at once."),
            ),
        ),
        MailKind("notice", "%(words)s", (), N_("Open it")),
        MailKind(
            "digest",
            N_("What is new for you: %(count)s"),
            (N_("This is new for you since the last summary."),),
            N_("See all notices"),
        ),
        MailKind(
            "answer_refused",
            N_("Not taken: %(words)s"),
            (N_("Your mail was not taken: nothing of it stands in the discussion."),),
            N_("Open the discussion"),
        ),
        MailKind(
            "test",
            N_("A test from %(site)s"),
            (N_("%(by)s sent this to see whether mails arrive. They do."),),
        ),
    )
}

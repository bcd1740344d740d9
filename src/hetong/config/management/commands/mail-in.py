"""`hetong mail-in`: one mail on standard input, as a mail server hands it on."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hetong.notifications.services import take_mail
from hetong.notifications.services.receiving import LARGEST

LATER = 75
"""What mail servers understand as “not now”: they keep the mail and try again."""


class Command(BaseCommand):
    """Takes one mail. Whatever becomes of it is noted under Settings, Mails; only a fault of ours asks for another try."""

    help = "Read one mail from standard input: an answer to a notice becomes a comment. The same mail again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """To whom the server delivers it."""
        parser.add_argument("--recipient", default="", help="the address it is delivered to, where no header says so")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it, or ask the server to come back."""
        if not settings.REPLY_ADDRESS:
            raise CommandError("HETONG_REPLY_ADDRESS is not set, so no answers are expected.", returncode=LATER)
        try:
            noted = take_mail(sys.stdin.buffer.read(LARGEST + 1), recipient=options["recipient"])
        except Exception as fault:
            raise CommandError(f"not now: {type(fault).__name__}", returncode=LATER) from fault
        self.stdout.write(noted.fate)

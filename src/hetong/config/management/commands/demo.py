from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hetong.config.demo.build import build, is_there
from hetong.config.demo.people import DOMAIN, PASSWORD
from hetong.config.seed import seed
from hetong.kernel import clock


class Command(BaseCommand):
    help = "Fill an empty installation with a made-up group of two companies."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size", choices=("s", "m", "l"), default="s", help="how much of it (m and l come with a later version)"
        )
        parser.add_argument("--as-of", help="the demo's today, as YYYY-MM-DD (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["size"] != "s":
            raise CommandError("Only size s is there yet.")
        if is_there():
            self.stdout.write("The demo is there already.")
            return
        seed()
        build(self._day(options["as_of"]), self.stdout.write)
        self.stdout.write(f"Sign in as sales@{DOMAIN} (or admin, manager, legal, …) with the password {PASSWORD}.")

    @staticmethod
    def _day(text: str | None) -> dt.date:
        try:
            return dt.date.fromisoformat(text) if text else clock.today()
        except ValueError as broken:
            raise CommandError(f"“{text}” is not a day; write it as 2026-03-31.") from broken

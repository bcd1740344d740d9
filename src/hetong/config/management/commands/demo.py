from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from hetong.config.databases import BEHIND, is_behind
from hetong.config.demo.build import CONTRACTS_OF_SIZE, build, found_size
from hetong.config.demo.people import DOMAIN, PASSWORD
from hetong.config.demo.remove import RealWork, remove
from hetong.config.seed import seed
from hetong.kernel import clock

NOT_REMOVED = """\
The demo stays as it is, for work that is not the demo's hangs on it:
{lines}
Give these records to people and companies of your own, or remove them, then try again."""


class Command(BaseCommand):
    help = "Fill an installation with a made-up group of two companies, or take it out again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--size", choices=tuple(CONTRACTS_OF_SIZE), help="s: 85 contracts (default), m: 2,000, l: 20,000"
        )
        parser.add_argument("--as-of", help="the demo's today, as YYYY-MM-DD (default: today)")
        parser.add_argument("--remove", action="store_true", help="take the demo out again, as a whole")

    def handle(self, *args: Any, **options: Any) -> None:
        if is_behind(connection):
            raise CommandError(BEHIND, returncode=2)
        there = found_size()
        if options["remove"]:
            self._remove(there)
        elif there:
            self._is_there(there, options["size"])
        else:
            seed()
            build(self._day(options["as_of"]), self.stdout.write, options["size"] or "s")
            self.stdout.write(f"Sign in as sales@{DOMAIN} (or admin, manager, legal, …) with the password {PASSWORD}.")

    def _is_there(self, there: str, wanted: str | None) -> None:
        if wanted in (None, there):
            self.stdout.write(f"The demo is there already (size {there}). Nothing was changed.")
            return
        raise CommandError(
            f"The demo is there already, in size {there}. To have it in size {wanted}, take it out first: “hetong demo --remove”."
        )

    def _remove(self, there: str) -> None:
        if not there:
            self.stdout.write("There is no demo here. Nothing was changed.")
            return
        try:
            count = remove()
        except RealWork as found:
            raise CommandError(NOT_REMOVED.format(lines="\n".join(f"  {one}" for one in found.lines))) from found
        self.stdout.write(f"The demo is gone: {count:,} rows. The journal keeps what was done in it.")
        self.stdout.write("If no administrator of your own is left, make one with “hetong createadmin”.")

    @staticmethod
    def _day(text: str | None) -> dt.date:
        try:
            return dt.date.fromisoformat(text) if text else clock.today()
        except ValueError as broken:
            raise CommandError(f"“{text}” is not a day; write it as 2026-03-31.") from broken

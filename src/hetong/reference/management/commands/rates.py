"""`hetong rates load [FILE]`: exchange rates of the European Central Bank."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError
from hetong.reference.gateways import SHIPPED
from hetong.reference.services import load_rates
from hetong.reference.shipped import RATES_SINCE


class Command(BaseCommand):
    """Loads exchange rates."""

    help = "Load exchange rates: the ECB's eurofxref-hist.zip, eurofxref.zip or eurofxref-daily.xml."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to load and how much of it."""
        parser.add_argument("act", choices=["load"])
        parser.add_argument("file", nargs="?", type=Path, help="a file of the ECB; without one, the rates we ship")
        parser.add_argument("--all", action="store_true", help=f"every day since 1999, not only since {RATES_SINCE}")
        parser.add_argument("--json", action="store_true", help="say what was done as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how much."""
        file = options["file"] or SHIPPED
        try:
            content = file.read_bytes()
            loaded = load_rates(Actor.system(), content, since=None if options["all"] else RATES_SINCE)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except DomainError as error:
            raise CommandError(f"{error.text} {error.then}") from error
        if options["json"]:
            said = {"count": loaded.count, "first": str(loaded.first or ""), "last": str(loaded.last or "")}
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(f"{loaded.count} rates loaded, {loaded.first} to {loaded.last}.")

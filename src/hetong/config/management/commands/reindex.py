from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hetong.search.indexed import indexed_nouns
from hetong.search.services import rebuild


class Command(BaseCommand):
    help = "Build the search index again, noun by noun; a run that was stopped goes on with --resume."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("nouns", nargs="*", help="which kinds of record, such as contracts.contract (default: all)")
        parser.add_argument("--resume", action="store_true", help="only what is not whole, from where it stopped")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        known = [entry.key for entry in indexed_nouns()]
        unknown = [key for key in options["nouns"] if key not in known]
        if unknown:
            raise CommandError(f"{', '.join(unknown)} cannot be searched; what can: {', '.join(known)}.")
        started = time.perf_counter()

        def told(key: str, done: int) -> None:
            if not options["json"] and done % 10_000 == 0:
                self.stdout.write(f"{key:28} {done:>9} …")

        done = rebuild(options["nouns"], afresh=not options["resume"], told=told)
        took = time.perf_counter() - started
        if options["json"]:
            self.stdout.write(json.dumps({"records": done, "seconds": round(took, 2)}))
            return
        for key, count in done.items():
            self.stdout.write(f"{key:28} {count:>9}")
        self.stdout.write(f"{sum(done.values())} records in {took:.1f} s")

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hetong.audit.sealer import seal
from hetong.config.doctor import CHECKS, run


class Command(BaseCommand):
    help = "Check the installation's data; exits 1 and names every finding when something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("checks", nargs="*", help=f"which checks (default: all of {', '.join(CHECKS)})")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = [name for name in options["checks"] if name not in CHECKS]
        if unknown:
            raise CommandError(f"There is no check {', '.join(unknown)}; there are {', '.join(CHECKS)}.")
        seal()
        results = dict(run(options["checks"]))
        total = sum(len(found) for found in results.values())
        if options["json"]:
            self.stdout.write(
                json.dumps({"findings": total, "checks": {n: [f.__dict__ for f in fs] for n, fs in results.items()}})
            )
        else:
            for name, found in results.items():
                self.stdout.write(f"{name:14} {'ok' if not found else f'{len(found)} findings'}")
                for one in found[:20]:
                    self.stdout.write(f"  {one.where}: {one.what}")
        if total:
            raise SystemExit(1)

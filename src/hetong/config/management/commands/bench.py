from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hetong.config.bench import BENCHES, run


class Command(BaseCommand):
    help = "Measure the product on many made-up rows and print each figure beside its budget."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", choices=[*BENCHES, "all"], default="all")
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        asked = options["names"] if isinstance(options["names"], list) else [options["names"]]
        names = list(BENCHES) if "all" in asked or not asked else asked
        figures = []
        for name in names:
            for figure in run(name, options["rows"]):
                figures.append(figure)
                if not options["json"]:
                    self.stdout.write(figure.as_line())
        if options["json"]:
            self.stdout.write(json.dumps([figure.as_dict() for figure in figures], ensure_ascii=False, indent=1))

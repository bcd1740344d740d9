"""`hetong backup FILE`: the whole house in one file, while it works."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hetong.config.backup import Unusable, back_up


class Command(BaseCommand):
    """Copies the database, the files, the heads of the journal and the key."""

    help = "Write a backup of everything into one file; people may go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--without-key", action="store_true", help="leave the key out; keep it elsewhere, or all is lost"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say what is in it; a refusal is one line."""
        path: Path = options["file"]
        try:
            manifest = back_up(path.absolute(), with_key=not options["without_key"])
        except Unusable as refused:
            raise CommandError(str(refused)) from refused
        except OSError as unwritable:
            raise CommandError(f"{path}: {unwritable.strerror or unwritable}") from unwritable
        size, count = path.stat().st_size, len(manifest["parts"])
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(path), "bytes": size, "parts": count, "key": manifest["key"]}))
            return
        self.stdout.write(f"{count:,} parts, {size // 1000:,} kB written to {path}")
        self.stdout.write(
            "It holds the key: whoever has the file can read everything."
            if manifest["key"]
            else "The key is not in it: without HETONG_SECRET_KEY what is sealed stays shut."
        )

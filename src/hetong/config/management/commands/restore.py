"""`hetong restore FILE`: an empty house becomes what a backup holds."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hetong.config.backup import Unusable, restore


class Command(BaseCommand):
    """Checks every part, puts all in place, brings an older one up to date and lets the doctor look at it."""

    help = "Restore a backup into an empty HETONG_HOME (and an empty database); ends with 1 where the doctor finds anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What from."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="say what the doctor found, as `doctor --json` does")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore; a refusal is one line and leaves the house empty."""
        path: Path = options["file"]
        try:
            manifest = restore(path)
        except Unusable as refused:
            raise CommandError(str(refused)) from refused
        except OSError as unreadable:
            raise CommandError(f"{path}: {unreadable.strerror or unreadable}") from unreadable
        made = f"{len(manifest['parts']):,} parts of {manifest['made_at'][:19]}, Hetong {manifest['hetong']}"
        if not options["json"]:
            self.stdout.write(f"{made}, are in place.")
        # The key that this process started with is the one of the empty house.
        for words in (["migrate", "--verbosity", "0"], ["doctor", *["--json"] * options["json"]]):
            self.stdout.flush()
            done = subprocess.run([sys.executable, "-m", "hetong.config.cli", *words], check=False)  # noqa: S603 - ourselves
            if done.returncode:
                raise SystemExit(1)

"""`hetong openapi`: the description of the API as OpenAPI 3.1."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from hetong.config.api import description


class Command(BaseCommand):
    """Prints the OpenAPI document, or writes it into a file."""

    help = "Print the API's OpenAPI 3.1 document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("--output", type=Path, help="a file to write instead of printing")
        parser.add_argument(
            "--json",
            action="store_true",
            help="taken for likeness with the other commands; the document is always JSON",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write it."""
        text = description()
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")

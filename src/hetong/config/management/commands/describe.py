"""`hetong describe`: pages of the documentation that are printed from the code."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import BaseCommand

from hetong.config.printed import lifecycle_page, policy_page

PAGES: Mapping[str, Callable[[], str]] = {"policy": policy_page, "lifecycle": lifecycle_page}


class Command(BaseCommand):
    """Prints who may do what, or the lifecycle of a contract, as Markdown."""

    help = "Print a page about this installation's code as Markdown: policy or lifecycle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which page."""
        parser.add_argument("page", choices=tuple(PAGES))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(PAGES[options["page"]](), ending="")

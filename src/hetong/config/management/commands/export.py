"""`hetong export KIND FILE`: every record of a kind as CSV or XLSX, with the columns that `hetong import` takes."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hetong.config.management.commands.createadmin import in_words
from hetong.exchange.importing import KINDS
from hetong.kernel.errors import DomainError
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun
from hetong.ui.lists.export import shown_rows, tell_export
from hetong.ui.lists.sheets import csv_lines, write_xlsx

from ._people import acting


class Command(BaseCommand):
    """Writes what the person may see; nothing in the file is run by a spreadsheet."""

    help = "Export all records of a kind to a .csv or .xlsx file, with the columns that import accepts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, where to, as whom."""
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", default="", metavar="MAIL", help="who exports (default: the first administrator)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; a refusal is one line."""
        try:
            count = self._export(options)
        except DomainError as refused:
            raise CommandError(in_words(refused)) from refused
        except OSError as unwritable:
            raise CommandError(f"{options['file']}: {unwritable.strerror or unwritable}") from unwritable
        self.stdout.write(
            json.dumps({"rows": count}) if options["json"] else f"{count:,} rows written to {options['file']}"
        )

    def _export(self, options: dict[str, Any]) -> int:
        actor = acting(options["user"])
        path: Path = options["file"]
        if path.suffix.lower() not in (".csv", ".xlsx"):
            raise CommandError("The file's name ends in .csv or .xlsx.")
        entry = noun(KINDS[options["kind"]].noun)
        fields = [one for one in entry.register.readable(actor) if one.path is not None or one.load is not None]
        rows, count = entry.visible_to(actor), 0

        def counted() -> Any:
            nonlocal count
            row: Row
            for row in shown_rows(actor, entry, rows, fields, []):
                count += 1
                yield row

        if path.suffix.lower() == ".xlsx":
            write_xlsx(path, str(entry.labels[1]), fields, counted())
        else:
            with path.open("wb") as file:
                file.writelines(csv_lines(fields, counted()))
        tell_export(actor, entry, count, path.suffix[1:].lower(), "")
        return count

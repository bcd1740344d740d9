"""`hetong import KIND FILE`: records out of a file, by the same services as the pages of the import."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hetong.config.management.commands.createadmin import in_words
from hetong.documents.services import Upload
from hetong.exchange.importing import KINDS
from hetong.exchange.importing.options import OPTIONS, option_said
from hetong.exchange.queries.imports import count_error_rows, error_file, error_rows, get_import
from hetong.exchange.services import begin_import, check_now, import_now, set_mapping, set_options
from hetong.exchange.services.imports import NotMapped
from hetong.exchange.services.working import TOTALS
from hetong.exchange.states import Duplicates
from hetong.jobs.worker import drain_outbox
from hetong.kernel.errors import DomainError

from ._people import acting, company_named

SHOWN = 20


def pair(text: str) -> tuple[str, str]:
    """``NAME=VALUE`` as both."""
    name, is_pair, value = text.rpartition("=") if text.count("=") > 1 else text.partition("=")
    if not is_pair or not name:
        raise ArgumentTypeError(f"“{text}” should be written as NAME=VALUE")
    return name, value


class Command(BaseCommand):
    """Imports a file; bad rows are named, the others go in. A row that is in is never imported twice."""

    help = "Import records from a CSV, TSV, XLSX, XLS or ODS file. The same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, from where, for whom."""
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--profile", default="", help="a known kind of file (gbizinfo), or a mapping you saved under that name"
        )
        parser.add_argument("--company", default="", help="name or id of our company (default: the only one)")
        parser.add_argument("--user", default="", metavar="MAIL", help="who imports (default: the first administrator)")
        parser.add_argument(
            "--key", action="append", default=[], metavar="FIELD", help="a field by which a row is known again; repeat"
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            type=pair,
            metavar="COLUMN=FIELD",
            help="what a column of the file means where it is not guessed; repeat",
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            type=pair,
            metavar="NAME=VALUE",
            help=f"said once for all rows; repeat. Names: {', '.join(OPTIONS)}",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--duplicates",
            choices=list(Duplicates),
            default=Duplicates.IMPORT,
            help="rows that stand twice in the file",
        )
        parser.add_argument("--errors", type=Path, help="write the bad rows with their reasons to this file")
        parser.add_argument(
            "--no-drain", action="store_true", help="leave what follows from it (dues, search) to the worker"
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep the file, map it, check or run it; a refusal is one line."""
        try:
            self._import(options)
        except DomainError as refused:
            raise CommandError(in_words(refused)) from refused
        except OSError as unreadable:
            raise CommandError(f"{options['file']}: {unreadable.strerror or unreadable}") from unreadable

    def _import(self, options: dict[str, Any]) -> None:
        actor, company = acting(options["user"]), company_named(options["company"])
        path: Path = options["file"]
        with path.open("rb") as file:
            id = begin_import(actor, options["kind"], company, Upload(path.name, file), profile=options["profile"])
        row = get_import(actor, id)
        keys = options["key"] or row.keys
        started = time.monotonic_ns()
        try:
            if options["set"]:
                set_options(actor, id, {name: option_said(name, value) for name, value in options["set"]})
            set_mapping(actor, id, {**row.mapping, **dict(options["map"])}, keys, options["duplicates"])
            counts = check_now(actor, id) if options["dry_run"] else import_now(actor, id)
        except NotMapped as refused:
            raise CommandError(
                f"{path.name}: {in_words(refused)} The columns are: {', '.join(row.columns)}."
            ) from refused
        took = (time.monotonic_ns() - started) // 1_000_000
        if options["errors"]:
            options["errors"].write_text("".join(error_file(actor, id)), encoding="utf-8", newline="")
        self._say(options, counts, took)
        more = count_error_rows(actor, id) - SHOWN
        for bad in error_rows(actor, id, SHOWN):
            for problem in bad.problems:
                self.stderr.write(
                    f"{path.name}:{bad.line}: {f'{problem.column}: ' if problem.column else ''}{problem.text} {problem.then}".rstrip()
                )
        if more > 0 and not options["errors"]:
            self.stderr.write(f"… and {more:,} more bad rows; --errors FILE writes them all, with their reasons")
        if not options["dry_run"] and not options["no_drain"]:
            self._drain()

    def _say(self, options: dict[str, Any], counts: dict[str, int], took: int) -> None:
        """``took`` in milliseconds."""
        told = {name: counts.get(name, 0) for name in TOTALS}
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write("  ".join(f"{name} {count:,}" for name, count in told.items()))
        speed = told["rows"] * 1000 // max(took, 1)
        self.stderr.write(f"{'checked' if options['dry_run'] else 'imported'} in {took / 1000:.1f} s, {speed:,} rows/s")

    def _drain(self) -> None:
        started, ran = time.perf_counter(), 0
        while count := drain_outbox():
            ran += count
        if ran:
            self.stderr.write(f"what follows from it: {ran:,} steps in {time.perf_counter() - started:.1f} s")

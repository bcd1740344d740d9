from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hetong.exchange.verifying import NotAPackage, Verdict, verify


class Command(BaseCommand):
    help = "Check an archive package: every file against its manifest. Needs no database."
    requires_system_checks: list[str] = []  # nothing of the installation is asked

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--expect", default="", metavar="SHA256", help="the manifest's SHA-256 as the journal has it"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verdict = verify(options["file"], expected=options["expect"])
        except NotAPackage as refused:
            if options["json"]:
                self.stdout.write(json.dumps({"file": str(options["file"]), "ok": False, "refused": str(refused)}))
            raise CommandError(f"{options['file']}: {refused}.", returncode=2) from refused
        if options["json"]:
            self.stdout.write(json.dumps(verdict.as_dict(), ensure_ascii=False, indent=1))
        else:
            self._tell(verdict)
        if not verdict.is_good:
            raise CommandError(f"{options['file']}: not what it was when it was made.", returncode=1)

    def _tell(self, verdict: Verdict) -> None:
        contract, product = verdict.facts.get("contract") or {}, verdict.facts.get("product") or {}
        self.stdout.write(f"Contract   {contract.get('number') or contract.get('id')}  {contract.get('title', '')}")
        self.stdout.write(
            f"Made       {verdict.facts.get('made_at')} by {product.get('name')} {product.get('version')}"
        )
        for name, value in (verdict.facts.get("hashes") or {}).items():
            self.stdout.write(f"{name.capitalize():10} {value or '-'}")
        self.stdout.write(f"Manifest   {verdict.manifest_sha256}  (compare it with the contract's history)")
        for word, names in (("changed", verdict.changed), ("missing", verdict.missing), ("extra", verdict.extra)):
            for name in names:
                self.stdout.write(f"{word:10} {name}")
        for note in verdict.notes:
            self.stdout.write(f"note       {note}")
        if verdict.is_good:
            self.stdout.write(f"Untouched: {verdict.files} files, {verdict.bytes} bytes, each as the manifest says.")

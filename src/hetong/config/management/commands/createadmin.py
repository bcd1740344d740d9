"""`hetong createadmin MAIL --name NAME`: the first administrator, or a lost password of theirs."""

from __future__ import annotations

import getpass
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from hetong.accounts.models import User
from hetong.accounts.services import add_administrator
from hetong.config.seed import seed
from hetong.kernel.errors import DomainError, Invalid
from hetong.ui.errors import problem_words, wording

VARIABLE = "HETONG_ADMIN_PASSWORD"


class Command(BaseCommand):
    """Makes an administrator of all companies, or gives an existing one a new password."""

    help = f"Make an administrator. The password is asked for, or read from --password-file or {VARIABLE}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and where the password comes from."""
        parser.add_argument("mail")
        parser.add_argument("--name", default="", help="how the person is called; else the part before the @")
        parser.add_argument("--password-file", type=Path, help="a file whose first line is the password")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the password by the same rules as on the pages, then make the account."""
        name = options["name"] or options["mail"].partition("@")[0]
        password = self._password(options["password_file"])
        try:
            validate_password(password, User(email=options["mail"], name=name))
            seed()
            user, is_new = add_administrator(options["mail"], name, password)
        except ValidationError as weak:
            raise CommandError(" ".join(weak.messages)) from weak
        except DomainError as refused:
            raise CommandError(in_words(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps({"id": str(user.pk), "email": user.email, "created": is_new}))
        else:
            self.stdout.write(f"{user.email} is administrator" + ("." if is_new else "; the password is new."))

    def _password(self, file: Path | None) -> str:
        if file is not None:
            try:
                return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
            except OSError as unreadable:
                raise CommandError(f"{file}: {unreadable.strerror}") from unreadable
        if VARIABLE in os.environ:
            return os.environ[VARIABLE]
        if not sys.stdin.isatty():
            raise CommandError(f"There is no terminal to ask for the password: use --password-file or {VARIABLE}.")
        password = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != password:
            raise CommandError("The two differ; nothing was changed.")
        return password


def in_words(refused: DomainError) -> str:
    """A refusal as one line for a terminal."""
    problems = (
        [f"{p.field}: {problem_words(p)}" if p.field else problem_words(p) for p in refused.problems]
        if isinstance(refused, Invalid)
        else []
    )
    return " ".join(problems or [said for said in wording(refused) if said])

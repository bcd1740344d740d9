"""The command line `hetong`: Django's commands and our own, with our settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

# Everything that Hetong writes is for its own user alone.
PRIVATE = 0o077
_PROCESS_OF = {"serve": "web", "worker": "worker", "bench": "web"}
# What a bench measures are pages as the server gives them: with its pool of connections.

COMMANDS = {
    "To start": ("migrate", "createadmin", "serve", "worker", "demo"),
    "Data in and out": ("import", "export", "backup", "restore", "mail-in"),
    "To check and mend": ("doctor", "verify", "reindex", "daily"),
    "For programs and who writes them": ("token", "openapi", "describe", "bench"),
}
"""What `hetong help` lists. Django's own commands work as well; those that go round the rules of the house are not advertised."""
UNREACHABLE = """\
hetong: The database cannot be reached: {why}
    Is it running, and is HETONG_DATABASE_URL right?
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; a setting or a database that cannot be used ends it with a few words and status 2."""
    words = list(sys.argv if arguments is None else ["hetong", *arguments])
    os.umask(PRIVATE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hetong.config.settings")
    os.environ.setdefault("HETONG_PROCESS", _PROCESS_OF.get(words[1] if len(words) > 1 else "", "command"))

    # Imported here, because Django reads the variables above when it is.
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    from hetong.config.environment import SettingError

    try:
        settings.INSTALLED_APPS  # noqa: B018  # read first: Django would hide the reason behind "unknown command"
        if words[1:] in ([], ["help"], ["--help"], ["-h"]):
            sys.stdout.write(overview())
            return
        execute_from_command_line(words)
    except SettingError as error:
        sys.stderr.write(f"hetong: {error}\n")
        sys.exit(2)
    except DatabaseError:
        trouble = trouble_of_database()
        if not trouble:
            raise
        sys.stderr.write(trouble)
        sys.exit(2)


def overview() -> str:
    """The commands in groups, each with what it does."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    apps, lines = get_commands(), ["Hetong: contracts from draft to archive, and the customers behind them.", ""]
    for group, names in COMMANDS.items():
        said = [
            f"  {name:12} {load_command_class(str(apps[name]), name).help.partition('. ')[0].rstrip('.')}"
            for name in names
        ]
        lines += [f"{group}:", *said, ""]
    return "\n".join([*lines, "“hetong COMMAND --help” tells more of one.", ""])


def trouble_of_database() -> str:
    """Why nothing can be done with the database as it is, and what to do; empty where it is up and up to date."""
    from django.db import DatabaseError, connection

    from hetong.config.databases import BEHIND, is_behind

    try:
        return f"hetong: {BEHIND}\n" if is_behind(connection) else ""
    except DatabaseError as error:
        return UNREACHABLE.format(why=str(error).strip().partition("\n")[0])


if __name__ == "__main__":
    main()

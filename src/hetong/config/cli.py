"""The command line `hetong`: Django's commands and our own, with our settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

# Everything that Hetong writes is for its own user alone.
PRIVATE = 0o077
_PROCESS_OF = {"serve": "web", "worker": "worker", "bench": "web"}
# What a bench measures are pages as the server gives them: with its pool of connections.


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; a setting that cannot be used ends it with one line and status 2."""
    words = list(sys.argv if arguments is None else ["hetong", *arguments])
    os.umask(PRIVATE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hetong.config.settings")
    os.environ.setdefault("HETONG_PROCESS", _PROCESS_OF.get(words[1] if len(words) > 1 else "", "command"))

    # Imported here, because Django reads the variables above when it is.
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from hetong.config.environment import SettingError

    try:
        settings.INSTALLED_APPS  # noqa: B018  # read first: Django would hide the reason behind "unknown command"
        execute_from_command_line(words)
    except SettingError as error:
        sys.stderr.write(f"hetong: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()

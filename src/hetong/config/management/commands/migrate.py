"""`hetong migrate`: Django's migrations, the table in which throttles count, and what PostgreSQL finds words by."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from hetong.config.seed import seed
from hetong.config.word_indexes import keep_word_indexes

# A migration that cannot get its lock gives up instead of holding up everybody behind it.
LOCK_WAIT = "10s"


class Command(DjangoMigrate):
    """Brings the database up to date."""

    help = "Set up the database, or bring it up to date with this version; what is there is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then make the cache table, the shipped facts and the indexes of words where they are missing."""
        connection = connections[options["database"]]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_WAIT])
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            call_command("createcachetable", database=options["database"], verbosity=0)
            # Tests make their database this way, and fill it themselves.
            if not options["run_syncdb"]:
                seed()
                keep_word_indexes(connection)

"""`hetong worker`: the outbox, the schedule and long jobs, without the web."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from hetong.config.databases import BEHIND, is_behind
from hetong.jobs.worker import Worker


class Command(BaseCommand):
    """Runs background work until told to stop."""

    help = "Run background work: the outbox, the schedule, long jobs. Several may run on PostgreSQL."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or Ctrl-C; the job in hand is finished first. Ends with 2 where the database is not up to date."""
        if is_behind(connection):
            raise CommandError(BEHIND, returncode=2)
        stop = threading.Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        self.stdout.write("Hetong's worker is running. (Ctrl-C stops it)")
        Worker().run(stop)

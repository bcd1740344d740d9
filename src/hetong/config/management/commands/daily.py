from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hetong.config.wiring import OF_THE_DAY
from hetong.jobs.models import Schedule
from hetong.jobs.wiring import WIRED, Daily
from hetong.jobs.worker import drain_outbox, run_timed
from hetong.kernel import clock


class Command(BaseCommand):
    help = (
        "Run what follows from the day (dues, expiry, reminders) and every daily job once, as of a day, and their "
        "consequences. Days on which it did not run are caught up with; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", help="the day to run for, as YYYY-MM-DD (default: today)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        day = self._day(options["as_of"])
        daily = [name for name, timed in WIRED.schedule.items() if isinstance(timed.when, Daily)]
        names = [*OF_THE_DAY, *daily]
        with clock.set_to(day) if day else clock.set_to(clock.now(), frozen=False):
            drained, ok = drain_outbox(), {}
            for name in names:
                ok[name] = run_timed(name)
                drained += drain_outbox()  # what one brings about is seen by the next
        results = dict(Schedule.objects.filter(job__in=names).values_list("job", "result"))
        if options["json"]:
            self.stdout.write(json.dumps({"jobs": results, "outbox": drained}))
        else:
            for name in names:
                self.stdout.write(f"{name:28} {'ok' if ok[name] else 'FAILED'} {results.get(name, '')}")
        if not all(ok.values()):
            raise SystemExit(1)

    @staticmethod
    def _day(text: str | None) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError as broken:
            raise CommandError(f"“{text}” is not a day; write it as 2026-03-31.") from broken

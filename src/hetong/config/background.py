"""Runs the jobs worker in a thread beside the web server, and stops it with the server."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from hetong.jobs.worker import Worker

STOP_SECONDS = 20
_LOG = logging.getLogger("hetong.worker")


class BackgroundWorker:
    """A worker thread that lives as long as a `with` block."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._thread = threading.Thread(target=self._run, name="hetong-worker", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            _LOG.warning("a job was still running after %s s and is left to its retry", STOP_SECONDS)

    def _run(self) -> None:
        try:
            Worker().run(self._stop)
        except Exception:  # a thread that ends says nothing by itself
            _LOG.exception("the background worker has stopped; restart Hetong")

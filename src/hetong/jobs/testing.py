"""For tests of higher floors: doing what waits, and doing several things at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import close_old_connections, connections

from hetong.kernel.errors import DomainError

from .worker import drain_outbox

__all__ = ["drain_outbox", "together", "trying"]
Work = Callable[[], object]


def together(works: Sequence[Work]) -> None:
    """Run all at once, each in a thread with a connection of its own; what one raises fails the test.

    For tests with the fixture ``on_disk``: SQLite's other tests share one connection.
    """
    failures: list[BaseException] = []

    def guarded(work: Work) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            close_old_connections()
            connections.close_all()

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def trying(outcomes: list[str], act: Work) -> Work:
    """The act as a thread's work: ``outcomes`` gets “done” or the code of the refusal."""

    def work() -> None:
        try:
            act()
        except DomainError as refused:
            outcomes.append(refused.code)
        else:
            outcomes.append("done")

    return work

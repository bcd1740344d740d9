"""Workers that are killed at any moment: no notice, mail or push is lost, and none is doubled (trust A11, G2)."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from hetong.accounts.services import seed_roles
from hetong.accounts.testing import Cast, forget_access, make_cast
from hetong.config.roles import ROLES
from hetong.config.tests.test_push import Browser
from hetong.contracts.services import seed_setup
from hetong.contracts.testing import make_contract
from hetong.discussions.testing import say
from hetong.jobs.models import Outbox
from hetong.jobs.models import State as Work
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.notifications.gateways import Device, use, use_push
from hetong.notifications.models import Mail, Notice, Push
from hetong.notifications.services import add_device, deliver_mails, deliver_pushes
from hetong.notifications.states import State

pytestmark = pytest.mark.usefixtures("on_disk")
NAMED = ("lin", "ben")
NEVER = 10**9


class Taking:
    """The other side of both gateways: what it took stands in a file, whatever becomes of the worker."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, line: str) -> None:
        held = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(held, f"{line}\n".encode())
        os.close(held)

    def taken(self) -> Counter[str]:
        return Counter(self.path.read_text().split()) if self.path.exists() else Counter()


class MailServer(Taking):
    def send(self, recipient: str, content: bytes, name: str) -> str:
        self.note(name)
        return ""


class PushServer(Taking):
    def send(self, device: Device, payload: str, topic: str, key: str) -> None:
        self.note(topic)


def work(mails: MailServer, pushes: PushServer, last: int) -> None:
    """Do all that is due, and die of SIGKILL just before the statement of that number."""
    count = itertools.count(1)

    def until(execute: Callable[..., Any], *asked: Any) -> Any:
        if next(count) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*asked)

    use(mails), use_push(pushes)
    with connection.execute_wrapper(until):
        while drain_outbox() or deliver_mails() or deliver_pushes():
            pass


def worked(workers: int, *args: Any) -> int:
    """Let so many workers run side by side, each a process with a connection of its own; how many were killed."""
    connections.close_all()
    running = [multiprocessing.get_context("fork").Process(target=_child, args=args) for _n in range(workers)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    ends = Counter(one.exitcode for one in running)
    assert set(ends) <= {0, -signal.SIGKILL}, ends
    return ends[-signal.SIGKILL]


def _child(*args: Any) -> None:
    """Without what pytest does at the end of a process: the parent's files are the parent's."""
    try:
        work(*args)
        connections.close_all()
    except BaseException:
        os._exit(1)
    os._exit(0)


def people() -> Cast:
    """The cast, committed, so that every process sees it."""
    seed_roles(ROLES)
    seed_setup()
    forget_access()
    return make_cast()


@pytest.mark.parametrize(
    "kills", [pytest.param(5, id="sample"), pytest.param(50, id="campaign", marks=pytest.mark.long)]
)
def test_workers_that_are_killed_lose_and_double_nothing(kills: int, tmp_path: Path) -> None:
    """Each of a mail and a push leaves under one id: one that was taken as the worker died comes again as the very same."""
    cast = people()
    contract = make_contract(cast.ada)
    for name in NAMED:
        add_device(getattr(cast, name), **Browser(f"https://push.example.com/{name}").given)
    mails, pushes = MailServer(tmp_path / "mails"), PushServer(tmp_path / "pushes")
    luck, workers = random.Random(20261122), 1 if connection.vendor == "sqlite" else 2  # noqa: S311 - dice for a test
    killed = rounds = 0
    while killed < kills:
        with clock.set_to(clock.now() + timedelta(minutes=6 * rounds)):  # what a dead worker held is free again
            say(cast.ada, "contracts.contract", contract.pk, "@Lin and @Ben, please look")
            killed += worked(workers, mails, pushes, luck.randrange(1, 160))
        rounds += 1
    with clock.set_to(clock.now() + timedelta(minutes=6 * rounds + 600)):
        assert worked(1, mails, pushes, NEVER) == 0
    wanted = rounds * len(NAMED)
    assert not Outbox.objects.exclude(state=Work.DONE).exists()
    assert Notice.objects.filter(kind="mentioned").count() == wanted
    assert Counter(Mail.objects.values_list("state", flat=True)) == {State.SENT: wanted}
    assert Counter(Push.objects.values_list("state", flat=True)) == {State.SENT: wanted}
    for server in (mails, pushes):
        taken = server.taken()
        assert len(taken) == wanted, "each arrived"
        again = taken.total() - wanted
        assert again <= killed, "only what a worker had just handed over as it died comes again, under the same id"

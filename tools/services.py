"""A throw-away PostgreSQL server and a Chromium, for tests and benchmarks.

    .venv/bin/python -m tools.services run -- COMMAND …     a server for as long as the command runs
    .venv/bin/python -m tools.services start                 leaves a server running, prints its URL
    .venv/bin/python -m tools.services stop

The server listens on a socket in a private folder, not on the network. It never runs as root: root
hands it to the user `postgres` or `nobody`. Without --durable it does not wait for the disk, which
is right for tests and wrong for everything else.
"""

from __future__ import annotations

import argparse
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tools import debian, steps

START_SECONDS = 60
RUNNING = steps.CACHE / "postgresql.json"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=60",
    "shared_buffers=256MB",
    "autovacuum_naptime=10s",
    "max_wal_size=4GB",
    "timezone=UTC",
)


@dataclass(frozen=True)
class Owner:
    """The user as whom the server runs: ourselves, or somebody without rights when we are root."""

    uid: int
    gid: int
    name: str

    @classmethod
    def chosen(cls) -> Owner:
        """Ourselves, or `postgres`, or `nobody`."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), "hetong")
        for name in ("postgres", "nobody"):
            try:
                user = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(user.pw_uid, user.pw_gid, "hetong")
        raise steps.StepFailed("PostgreSQL may not run as root, and there is no user postgres or nobody")


class Server:
    """One PostgreSQL cluster in a folder of its own."""

    def __init__(self, *, durable: bool = False) -> None:
        self.programs = postgresql_programs()
        self.owner = Owner.chosen()
        # Under the system's folder for temporary files: its path is short (a socket's may have 107 characters),
        # and the owner can reach it wherever the checkout lies.
        self.folder = Path(tempfile.mkdtemp(prefix="hetong-pg-"))
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the database, as HETONG_DATABASE_URL takes it."""
        return f"postgres://{self.owner.name}@/hetong?host={quote(str(self.folder), safe='/')}"

    def start(self) -> None:
        """Make the cluster and its database, and wait until it answers."""
        if os.geteuid() == 0:
            os.chown(self.folder, self.owner.uid, self.owner.gid)
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", self.owner.name, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        settings = (*SETTINGS, f"unix_socket_directories={self.folder}", *(() if self.durable else FAST))
        command = [self._program("postgres"), "-D", data, *(word for line in settings for word in ("-c", line))]
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **self._as_owner(),
            )
        self._wait()
        self._run("createdb", "-h", self.folder, "-U", self.owner.name, "hetong")

    def stop(self) -> None:
        """Stop the server and remove everything it wrote."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid if self._process else 0

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        ready = [str(self._program("pg_isready")), "-q", "-h", str(self.folder)]
        while subprocess.run(ready, env=debian.environment(), stdin=subprocess.DEVNULL).returncode != 0:
            if time.monotonic() > deadline or (self._process and self._process.poll() is not None):
                log = (self.folder / "server.log").read_text(errors="replace")
                raise steps.StepFailed(f"PostgreSQL did not start:\n{log[-2000:]}")
            time.sleep(0.1)

    def _run(self, name: str, *arguments: object) -> None:
        words = [str(self._program(name)), *map(str, arguments)]
        done = subprocess.run(
            words, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, **self._as_owner()
        )
        if done.returncode != 0:
            raise steps.StepFailed(f"{name} failed:\n{done.stderr[-2000:]}")

    def _program(self, name: str) -> Path:
        return self.programs / name

    def _as_owner(self) -> dict[str, Any]:
        """How to start a program as the owner. Root gives up its groups as well."""
        environment = {**debian.environment(), "HOME": str(self.folder), "TZ": "UTC"}
        if os.geteuid() != 0:
            return {"env": environment}
        return {"env": environment, "user": self.owner.uid, "group": self.owner.gid, "extra_groups": []}


def postgresql_programs() -> Path:
    """The folder of initdb and postgres; fetched from Debian's packages when missing."""
    patterns = ("usr/lib/postgresql/*/bin/initdb", "usr/local/pgsql/bin/initdb", "usr/pgsql-*/bin/initdb")
    found = debian.program(*patterns)
    if found is None and (on_path := shutil.which("initdb")):
        found = Path(on_path).resolve()
    if found is None:
        debian.fetch("postgresql")
        found = debian.program(*patterns)
    if found is None:
        raise steps.StepFailed("PostgreSQL's server programs are missing; install the package postgresql")
    return found.parent


def chromium() -> Path:
    """A Chromium for the browser tests: HETONG_CHROMIUM, the system's, or Debian's package."""
    named = os.environ.get("HETONG_CHROMIUM")
    if named:
        return Path(named)
    patterns = ("usr/lib/chromium/chromium", "usr/bin/chromium", "usr/bin/google-chrome", "usr/bin/chromium-browser")
    found = debian.program(*patterns)
    if found is None:
        debian.fetch("chromium")
        found = debian.program(*patterns)
    if found is None:
        raise steps.StepFailed("Chromium is missing; install the package chromium, or set HETONG_CHROMIUM")
    return found


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """A server's address for as long as the block runs; the server is stopped however the block ends."""
    server = Server(durable=durable)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda caught, frame: sys.exit(128 + caught))
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


def main() -> int:
    """`run`, `start` or `stop`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("run", "start", "stop"))
    parser.add_argument("--durable", action="store_true", help="wait for the disk, as a real server does")
    parser.add_argument("command", nargs="*")
    chosen = parser.parse_args()
    if chosen.verb == "run":
        with postgresql(durable=chosen.durable) as url:
            environment = {**os.environ, "HETONG_DATABASE_URL": url}
            return subprocess.run(chosen.command, env=environment).returncode
    if chosen.verb == "start":
        return start_and_leave(durable=chosen.durable)
    return stop_left()


def start_and_leave(*, durable: bool) -> int:
    """Start a server that outlives this program, and print how to reach it."""
    if RUNNING.exists():
        stop_left()
    server = Server(durable=durable)
    server.start()
    steps.CACHE.mkdir(exist_ok=True)
    RUNNING.write_text(json.dumps({"pid": server.pid, "folder": str(server.folder)}), encoding="utf-8")
    steps.say(f"export HETONG_DATABASE_URL='{server.url}'")
    return 0


def stop_left() -> int:
    """Stop the server that `start` left running."""
    if not RUNNING.exists():
        return 0
    left = json.loads(RUNNING.read_text(encoding="utf-8"))
    folder = Path(left["folder"])
    pid_file = folder / "data/postmaster.pid"
    if pid_file.exists() and pid_file.read_text().split("\n")[0] == str(left["pid"]):
        os.kill(left["pid"], signal.SIGINT)
        for _ in range(200):
            if not pid_file.exists():
                break
            time.sleep(0.1)
    shutil.rmtree(folder, ignore_errors=True)
    RUNNING.unlink()
    return 0


if __name__ == "__main__":
    steps.finish(main)

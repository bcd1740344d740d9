"""Asking the typesetting child: started when the first paper is wanted, one deadline, killed and started again."""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from django.utils.translation import gettext_lazy as _

import hetong
from hetong.kernel.errors import N_, DomainError

ROOT: Final = Path(hetong.__file__).resolve().parent
FONTS: Final = Path(__file__).resolve().parent / "fonts"
FONT_FILES: Final = tuple(f"NotoSans{script}-{weight}.ttf" for script in ("SC", "TC") for weight in ("Regular", "Bold"))

SECONDS: Final = 20
"""Wall time of one paper; one of a page takes some 20 ms, one of 100 pages a second."""

AT_ONCE: Final = 2
PAPERS_PER_CHILD: Final = 1000

_LOG = logging.getLogger("hetong.files")
_NAME: Final = re.compile(r"[a-z_]+/[a-z_]+")


class TypesetFailed(DomainError):
    """A paper could not be made: the child refused it, broke, or took too long. Nothing was kept."""

    code = "typeset_failed"
    status = 503
    text = N_("The PDF could not be made (%(why)s).")
    then = N_("Try again. If it fails again, ask an administrator to look at the log.")


@dataclass(frozen=True)
class TypesetJob:
    """What to set: the template ``app/name`` (``<app>/templates/<app>/<name>.typ``), and its data as JSON has them."""

    template: str
    data: Mapping[str, Any]

    @property
    def path(self) -> str:
        """Where the template stands, below the package."""
        if not _NAME.fullmatch(self.template):
            raise ValueError(f"no name of a template: {self.template}")
        app, _, name = self.template.partition("/")
        return f"{app}/templates/{app}/{name}.typ"


class ChildGone(Exception):
    """The child ended before it answered."""


@dataclass(eq=False)
class Child:
    """One process that sets papers, used by one thread at a time."""

    process: subprocess.Popen[bytes]
    papers: int = 0
    is_late: bool = field(default=False, init=False)

    @classmethod
    def start(cls, root: Path) -> Child:
        """A new one. Started as a program, never forked: a fork of a process that has set type hangs.

        Raises `TypesetFailed` where the fonts are missing: papers would be full of boxes.
        """
        if not all((FONTS / name).is_file() for name in FONT_FILES):
            _LOG.error("the fonts of papers are not in %s; python -m tools.frontend puts them there", FONTS)
            raise TypesetFailed(why=_("its fonts are missing"))
        command = [sys.executable, "-B", "-s", "-m", "hetong.files.typeset.child", str(root), str(FONTS)]
        surroundings = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT.parent)}
        return cls(
            subprocess.Popen(  # noqa: S603 - our own program with our own words
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=surroundings | {"RAYON_NUM_THREADS": "1"},
            )
        )

    def ask(self, question: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Its answer. Raises `ChildGone`; at the deadline it is killed first."""
        deadline = threading.Timer(seconds, self._too_late)
        deadline.daemon = True
        deadline.start()
        try:
            return self._talk(question, seconds)
        except (OSError, ValueError) as broken:
            raise ChildGone from broken
        finally:
            deadline.cancel()

    def _talk(self, question: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        asked, said = self._pipes()
        head = {"length": len(question), "seconds": int(seconds) + 5}
        asked.write(json.dumps(head).encode() + b"\n" + question)
        asked.flush()
        line: dict[str, Any] = json.loads(said.readline())
        made = said.read(line["length"])
        if len(made) != line["length"]:
            raise ChildGone
        self.papers += 1
        return line, made

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self.process.stdin is None or self.process.stdout is None:
            raise ChildGone
        return self.process.stdin, self.process.stdout

    def _too_late(self) -> None:
        self.is_late = True
        self.process.kill()

    def end(self) -> None:
        """Kill it and take its last word, so that nothing is left behind."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self.process.wait()


class Press:
    """The children of this process: at most two, each for one paper at a time, kept for the next."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.forget()

    def forget(self) -> None:
        """Begin without children; what another process started is left to that process."""
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._is_closed = False

    def set(self, job: TypesetJob, *, seconds: float = SECONDS) -> bytes:
        """The paper as PDF/A. Raises `TypesetFailed`."""
        question = json.dumps({"template": job.path, "data": job.data}).encode()
        with self._room:
            said, made = self._ask(question, job.template, seconds)
        if said["state"] != "done":
            _LOG.error("setting %s failed: %s", job.template, said.get("why"))
            raise TypesetFailed(template=job.template, why=_("the template refused its data"))
        if said["replaced"]:
            _LOG.warning("setting %s: no font has these characters: %a", job.template, said["replaced"])
        return made

    def _ask(self, question: bytes, template: str, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Ask a child; one that had been idle may have ended meanwhile, so a new one is asked once more."""
        for is_last in (False, True):
            child = self._take(fresh=is_last)
            try:
                answer = child.ask(question, seconds)
            except ChildGone:
                self._drop(child)
                if child.is_late or child.papers == 0 or self._is_closed:
                    _LOG.exception("setting %s ended the child%s", template, ", too late" if child.is_late else "")
                    why = _("it took too long") if child.is_late else _("the typesetter broke off")
                    raise TypesetFailed(template=template, why=why) from None
            else:
                self._keep(child)
                return answer
        raise AssertionError("the second round returns or raises")

    def _take(self, *, fresh: bool) -> Child:
        with self._lock:
            if self._idle and not fresh:
                return self._idle.pop()
        child = Child.start(self.root)
        with self._lock:
            self._all.add(child)
        return child

    def _keep(self, child: Child) -> None:
        if child.papers >= PAPERS_PER_CHILD or self._is_closed:
            self._drop(child)
            return
        with self._lock:
            self._idle.append(child)

    def _drop(self, child: Child) -> None:
        with self._lock:
            self._all.discard(child)
        child.end()

    def processes(self) -> list[int]:
        """The process ids of the children there are now."""
        with self._lock:
            return [child.process.pid for child in self._all]

    def close(self) -> None:
        """End every child, also one at work."""
        with self._lock:
            children, self._all, self._idle, self._is_closed = list(self._all), set(), [], True
        for child in children:
            child.end()


PRESS: Final = Press()
atexit.register(PRESS.close)
os.register_at_fork(after_in_child=PRESS.forget)


def typeset(job: TypesetJob) -> bytes:
    """The paper as PDF/A, the same bytes for the same data. Takes its time: never inside a transaction.

    A character that no font of ours has becomes a box. Raises `TypesetFailed`.
    """
    return PRESS.set(job)

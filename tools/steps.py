"""Steps with progress lines, and stamps that let a step be skipped when nothing it reads has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CACHE = ROOT / ".tools"
PYTHON = VENV / "bin" / "python"
HETONG = VENV / "bin" / "hetong"


class StepFailed(Exception):
    """A step did not work; the message says what the reader can do."""


def say(text: str) -> None:
    """Print a line at once, also when the output goes to a file or a pipe."""
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step, and say how long it took."""
    say(f"==> {title}")
    started = time.monotonic()
    yield
    seconds = time.monotonic() - started
    if seconds >= 1:
        say(f"    {seconds:.0f} s")


def run(arguments: Sequence[object], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a program that reads nothing from the keyboard; a failure ends the step."""
    words = [str(argument) for argument in arguments]
    status = subprocess.run(words, cwd=cwd, env=dict(env) if env else None, stdin=subprocess.DEVNULL).returncode
    if status != 0:
        raise StepFailed(f"this command ended with status {status}: {' '.join(words)}")


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """A hash over the names and contents of files, so that a fresh checkout counts as unchanged."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(os.path.relpath(path, ROOT).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


class Stamp:
    """Remembers in a file with which inputs a step was done last."""

    def __init__(self, path: Path, value: str) -> None:
        self.path = path
        self.value = value

    def is_fresh(self) -> bool:
        """Whether the step was done with these very inputs."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.value

    def set(self) -> None:
        """Remember that the step is done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.value, encoding="utf-8")


def files_under(folder: Path, *, without: Iterable[str] = ()) -> list[Path]:
    """Every file below a folder, leaving out the folders named."""
    left_out = set(without)
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in left_out]
        found.extend(Path(parent, name) for name in names)
    return found


def finish(main: Callable[[], int | None]) -> None:
    """Run a tool's main function; a failed step is one line and status 1, an interrupt is quiet."""
    try:
        status = main()
    except StepFailed as error:
        sys.stdout.flush()
        sys.stderr.write(f"!!! {error}\n")
        status = 1
    except KeyboardInterrupt:
        status = 130
    sys.exit(status or 0)

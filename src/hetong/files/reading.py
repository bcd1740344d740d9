"""Asking the child process: a fresh one for every file, one deadline, at most two at a time."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import hetong

from .child import LARGEST_OUTPUT

SECONDS: Final = 40
"""Wall time of one child; its processor time is limited to 30 seconds inside."""

_LOG = logging.getLogger("hetong.files")
_AT_ONCE: Final = threading.BoundedSemaphore(2)
_SOURCE: Final = str(Path(hetong.__file__).resolve().parent.parent)


@dataclass(frozen=True)
class Answer:
    """What a child said: ``done`` with pieces and facts, ``protected``, ``too_large`` or ``failed``."""

    state: str
    pieces: tuple[bytes, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def ask(file: BinaryIO, act: str, media_type: str, *numbers: int, seconds: float = SECONDS) -> Answer:
    """Let a child read the file. A crash, a limit or the deadline is the answer ``failed``, never an exception."""
    command = [sys.executable, "-B", "-s", "-m", "hetong.files.child", act, media_type, *map(str, numbers)]
    surroundings = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": _SOURCE}
    with _AT_ONCE, tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603 - our own program with our own words
                command, stdin=file, stdout=out, stderr=subprocess.DEVNULL, timeout=seconds, cwd="/", env=surroundings
            )
        except (subprocess.TimeoutExpired, OSError) as late:
            _LOG.warning("reading a file (%s, %s) ended: %s", act, media_type, type(late).__name__)
            return Answer("failed")
        if done.returncode:
            _LOG.warning("reading a file (%s, %s) ended with %s", act, media_type, done.returncode)
            return Answer("failed")
        return _parse(out)


def _parse(out: BinaryIO) -> Answer:
    out.seek(0)
    content = out.read(LARGEST_OUTPUT)
    line, _newline, rest = content.partition(b"\n")
    try:
        said = json.loads(line)
        pieces, at = [], 0
        for length in said["lengths"]:
            pieces.append(rest[at : at + length])
            at += length
    except (ValueError, KeyError, TypeError):
        return Answer("failed")
    return Answer(said["state"], tuple(pieces), dict(said.get("facts") or {}))

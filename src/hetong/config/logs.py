"""How the process writes its log: one line an event, as text or, with HETONG_LOG_FORMAT=json, as JSON.

A log line never breaks in two and never holds control characters: what a stranger typed must not be
able to forge a line of its own. Nor does it hold what lets somebody in: the keys of links and API
tokens are blotted out, tracebacks included (trust D3).
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_KEYS = re.compile(
    r"(?P<link>/(?:login/(?:password|address)|s|sign|calendar)/)[^\s\"'?<>]+|(?P<token>\bhtg_)[\w-]+|(?P<bearer>Bearer )[\w.~+/=-]+"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class TextLines(logging.Formatter):
    """Readable lines; control characters of the message are written as escapes."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, followed by the traceback when there is one."""
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        line = f"{moment} {record.levelname:<7} {record.name}: {_escape(blotted(record.getMessage()))}"
        if record.exc_info:
            line += "\n" + blotted(self.formatException(record.exc_info))
        return line


class JsonLines(logging.Formatter):
    """One JSON object a line, for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one JSON object with instant (UTC), level, logger and message."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": blotted(record.getMessage()),
        }
        status = getattr(record, "status_code", None)
        if status is not None:
            entry["status"] = status
        if record.exc_info:
            entry["traceback"] = blotted(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


def blotted(text: str) -> str:
    """The text with the keys of links and tokens replaced."""
    return _KEYS.sub(lambda found: next(part for part in found.groups() if part) + "…", text)


def logging_settings(kind: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, in one of the two shapes."""
    formatter = JsonLines if kind == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # Our own line says where Hetong is; uvicorn's greetings add nothing to it.
            "uvicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
            "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }


def _escape(message: str) -> str:
    return _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", message)

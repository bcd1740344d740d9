"""A stranger's text cannot forge a line of the log."""

from __future__ import annotations

import json
import logging

import pytest

from hetong.config.logs import JsonLines, TextLines


def record(message: str) -> logging.LogRecord:
    """A record as a request would write it."""
    return logging.LogRecord("hetong.web", logging.WARNING, __file__, 1, message, None, None)


@pytest.mark.parametrize("hostile", ["a\nERROR forged", "a\r\nb", "a\x1b[31mred", "a\u2028b"])
def test_one_event_is_one_line(hostile: str) -> None:
    line = TextLines().format(record(hostile))
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert json.loads(JsonLines().format(record(hostile)))["message"] == hostile
    assert "\n" not in JsonLines().format(record(hostile))


def test_a_traceback_is_kept() -> None:
    try:
        int("why")
    except ValueError as error:
        event = record("failed")
        event.exc_info = (ValueError, error, error.__traceback__)
    assert "ValueError: invalid" in TextLines().format(event)
    assert "ValueError: invalid" in json.loads(JsonLines().format(event))["traceback"]

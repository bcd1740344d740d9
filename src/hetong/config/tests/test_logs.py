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


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Not Found: /login/password/MDE5/abc-def/", "/login/password/…"),
        ("Not Found: /login/address/WyJh:1x:y_z/", "/login/address/…"),
        ("Not Found: /s/4f3aQ_x", "/s/…"),
        ("bad token htg_abcDEF-123_x", "htg_…"),
        ("Authorization: Bearer abc.def-g", "Bearer …"),
    ],
)
def test_what_lets_somebody_in_is_blotted_out(written: str, kept: str) -> None:
    """D3."""
    for line in (TextLines().format(record(written)), json.loads(JsonLines().format(record(written)))["message"]):
        assert line.endswith(kept)


def test_an_ordinary_address_stays_readable() -> None:
    assert "/contracts/0198/?sort=-ends_on" in TextLines().format(record("GET /contracts/0198/?sort=-ends_on"))

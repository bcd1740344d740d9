"""Settings are read as what they should be, or the start stops with the variable's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from hetong.config.environment import Environment, SettingError


def test_a_value_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n", encoding="utf-8")
    assert Environment({"HETONG_X_FILE": str(secret)}).text("HETONG_X") == "from the file"


def test_a_value_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="HETONG_X_FILE"):
        Environment({"HETONG_X_FILE": str(tmp_path), "HETONG_X": "a"}).text("HETONG_X")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="HETONG_X_FILE: cannot be read"):
        Environment({"HETONG_X_FILE": str(tmp_path / "absent")}).text("HETONG_X")


def test_nothing_given_is_the_default() -> None:
    nothing = Environment({"HETONG_X": "  "})
    assert nothing.text("HETONG_X", "usual") == "usual"
    assert nothing.flag("HETONG_X", default=True) is True
    assert nothing.number("HETONG_X", 7) == 7
    assert nothing.words("HETONG_X") == []
    assert nothing.web_address("HETONG_X") is None


@pytest.mark.parametrize(("text", "meant"), [("1", True), ("Yes", True), ("off", False), ("0", False)])
def test_a_flag_reads_the_usual_words(text: str, meant: bool) -> None:
    assert Environment({"HETONG_X": text}).flag("HETONG_X") is meant


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(SettingError, match="HETONG_X"):
        Environment({"HETONG_X": "maybe"}).flag("HETONG_X")


@pytest.mark.parametrize("text", ["seven", "1.5", "-1"])
def test_a_number_is_whole_and_not_too_small(text: str) -> None:
    with pytest.raises(SettingError, match="HETONG_X"):
        Environment({"HETONG_X": text}).number("HETONG_X", 7)


@pytest.mark.parametrize(
    "text", ["contracts.example.com", "ftp://example.com", "https://example.com/hetong", "https://"]
)
def test_a_web_address_is_a_whole_one_without_a_path(text: str) -> None:
    with pytest.raises(SettingError, match="HETONG_X"):
        Environment({"HETONG_X": text}).web_address("HETONG_X")


def test_a_slash_at_the_end_of_an_address_is_forgiven() -> None:
    address = Environment({"HETONG_X": "https://example.com/"}).web_address("HETONG_X")
    assert address is not None
    assert address.geturl() == "https://example.com"


def test_words_are_parted_by_commas_and_lines() -> None:
    assert Environment({"HETONG_X": "a, b\nc,"}).words("HETONG_X") == ["a", "b", "c"]

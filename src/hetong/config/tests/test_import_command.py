"""`hetong import` and `hetong export` answer in figures that programs can read (S1-11, S1-12; DESIGN §8)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hetong.contracts.models import Contract
from hetong.contracts.services import seed_setup
from hetong.parties.models import Party

CUT = Path("tests/data/ledger/procurement_first500.csv")


@pytest.fixture
def setup(cast):
    seed_setup()
    return cast


def run(capsys, *words: str) -> dict[str, int]:
    call_command(*words, "--json")
    answer: dict[str, int] = json.loads(capsys.readouterr().out)
    return answer


def ledger(tmp_path: Path, rows: int) -> str:
    """The first rows of the real ledger."""
    file = tmp_path / "ledger.csv"
    file.write_text("".join(CUT.read_text(encoding="utf-8").splitlines(keepends=True)[: rows + 1]), encoding="utf-8")
    return str(file)


def test_the_answer_has_the_six_counts_and_a_dry_run_keeps_nothing(setup, capsys, tmp_path):
    words = ("import", "contracts", ledger(tmp_path, 30), "--profile", "gbizinfo", "--company", "North AB")

    tried = run(capsys, *words, "--dry-run")
    assert (tried["rows"], tried["created"], Party.objects.count()) == (30, 30, 0)
    done = run(capsys, *words)

    assert list(done) == ["rows", "created", "updated", "unchanged", "duplicates", "errors"]
    assert (done["rows"], done["created"], done["errors"]) == (30, 30, 0)
    assert run(capsys, *words) == done | {"created": 0, "unchanged": 30}


def test_bad_rows_go_to_a_file_with_their_reasons(setup, capsys, tmp_path):
    file, bad = tmp_path / "kunder.csv", tmp_path / "bad.csv"
    file.write_text("Name,E-mail\nAlfa AB,a@example.com\nBeta AB,nowhere\n", encoding="utf-8")

    done = run(capsys, "import", "parties", str(file), "--company", "North AB", "--errors", str(bad))

    assert (done["created"], done["errors"]) == (1, 1)
    assert "nowhere" in bad.read_text(encoding="utf-8-sig")


def test_more_bad_rows_than_are_named_are_counted_with_the_way_to_them(setup, capsys, tmp_path):
    file = tmp_path / "kunder.csv"
    file.write_text("Name,E-mail\n" + "Beta AB,nowhere\n" * 23, encoding="utf-8")
    call_command("import", "parties", str(file), "--company", "North AB", "--dry-run")
    assert "… and 3 more bad rows; --errors FILE" in capsys.readouterr().err


def test_a_file_in_which_something_is_missing_is_refused_with_the_columns_it_has(setup, tmp_path):
    file = tmp_path / "kunder.csv"
    file.write_text("Colour,Shape\nred,round\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"No column is mapped to “Name”\. The columns are: Colour, Shape\."):
        call_command("import", "parties", str(file), "--company", "North AB")


def test_what_is_not_guessed_is_said_on_the_command_line(setup, capsys, tmp_path):
    """S1-11: columns that are called otherwise, and what holds for all rows."""
    file = tmp_path / "avtal.csv"
    file.write_text("Vad;Motpart;Värde\nRamavtal;Alfa AB;1 234,50 kr\n", encoding="utf-8")
    words = ("import", "contracts", str(file), "--company", "North AB", "--map", "Vad=title")

    missing = run(capsys, *words, "--dry-run")
    done = run(capsys, *words, "--set", "add_parties=yes", "--set", "currency=SEK")

    assert (missing["created"], missing["errors"]) == (0, 1)
    assert (done["created"], done["errors"]) == (1, 0)
    contract = Contract.objects.get()
    assert (contract.title, contract.gross_minor, contract.currency) == ("Ramavtal", 123450, "SEK")
    assert Party.objects.get().name == "Alfa AB"


def test_an_odd_word_on_the_command_line_is_refused_by_its_name(setup, tmp_path):
    words = ("import", "contracts", ledger(tmp_path, 3), "--company", "North AB")
    with pytest.raises(CommandError, match="colour: This field is not known here"):
        call_command(*words, "--set", "colour=red")
    with pytest.raises(CommandError, match="add_parties: This must be yes or no"):
        call_command(*words, "--set", "add_parties=perhaps")
    with pytest.raises(CommandError, match="should be written as NAME=VALUE"):
        call_command(*words, "--map", "Titel")


def test_a_way_of_reading_that_nobody_kept_is_refused_with_those_there_are(setup, tmp_path):
    with pytest.raises(CommandError, match=r"“gbiz” is no kept way of reading these files\. There are: gbizinfo\."):
        call_command("import", "contracts", ledger(tmp_path, 3), "--profile", "gbiz", "--company", "North AB")


def test_what_is_exported_can_be_imported_again_and_changes_nothing(setup, capsys, tmp_path):
    first, out = tmp_path / "kunder.csv", tmp_path / "out.csv"
    first.write_text("Number,Name,Country\n1001,Alfa AB,SE\n1002,Beta AB,FI\n", encoding="utf-8")
    run(capsys, "import", "parties", str(first), "--company", "North AB", "--key", "number")

    assert run(capsys, "export", "parties", str(out)) == {"rows": 2}
    again = run(capsys, "import", "parties", str(out), "--company", "North AB", "--key", "number")

    assert (again["created"], again["updated"], again["errors"]) == (0, 0, 0)


def test_a_company_that_is_not_named_among_several_is_asked_for(setup, tmp_path):
    with pytest.raises(CommandError, match="--company"):
        call_command("import", "contracts", ledger(tmp_path, 1), "--profile", "gbizinfo")

"""`hetong import` and `hetong export` answer in figures that programs can read (S1-11, S1-12; DESIGN §8)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

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

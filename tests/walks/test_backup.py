"""S3-03, I1: a backup taken while people work becomes the same house elsewhere, in which the doctor finds nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.e2e.installation import own_database

FIRST = """
import io
from hetong.accounts.services.people import add_administrator
from hetong.accounts.models import Company
from hetong.accounts.queries import actor_for
from hetong.contracts.testing import make_contract
from hetong.documents.services import Upload, add_documents
from hetong.documents.models import DocumentKind
from hetong.parties.testing import make_party
Company.objects.create(name="North AB", country="SE", currency="SEK", language="sv")
admin = actor_for(add_administrator("boss@example.com", "Boss", "long enough to be kept")[0])
contract = make_contract(admin, counterparty=make_party(admin, name="Nordic Acme AB").pk, title="Pumps for Umeå")
kind = DocumentKind.objects.get(key="annex").pk
add_documents(admin, "contracts.contract", contract.pk, [Upload("drawing.txt", io.BytesIO(b"twelve pumps"))], kind=str(kind))
"""
MORE = """
import sys
from hetong.accounts.models import User
from hetong.accounts.queries import actor_for
from hetong.parties.testing import make_party
from hetong.audit.sealer import seal
admin = actor_for(User.objects.get(email="boss@example.com"))
for n in range(60):
    make_party(admin, name=f"Party number {n}")
    if n % 10 == 0:
        seal()
    print("made", n, flush=True)
"""
SEEN = """
import json
from hetong.audit.models import Entry
from hetong.contracts.models import Contract
from hetong.documents.models import Version
from hetong.files.gateways import storage
from hetong.parties.models import Party
blob = Version.objects.get().blob
print(json.dumps({"contracts": list(Contract.objects.values_list("title", flat=True)), "parties": Party.objects.count(),
                  "entries": Entry.objects.count(), "file": storage().open(blob.sha256).read().decode()}))
"""


@dataclass(frozen=True)
class House:
    """A home and a database of its own, with `hetong` run in it."""

    home: Path
    address: str

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HETONG_", "PYTEST_"))}
        return {
            **kept,
            "HETONG_HOME": str(self.home),
            **({"HETONG_DATABASE_URL": self.address} if self.address else {}),
        }

    def run(self, *words: str, ends: int = 0) -> str:
        """What a command prints, which ends with that status."""
        command = [sys.executable, "-m", "hetong.config.cli", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=900)  # noqa: S603
        assert done.returncode == ends, done.stdout + done.stderr
        return done.stdout + done.stderr

    def started(self, code: str) -> subprocess.Popen[str]:
        """The code, running beside."""
        command = [sys.executable, "-m", "hetong.config.cli", "shell", "--no-imports", "-c", code]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)  # noqa: S603

    def told(self, code: str) -> str:
        """What the code prints."""
        return self.run("shell", "--no-imports", "-c", code).strip()


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[list[House]]:
    """Two places: one to fill, whose name has signs that mean something in addresses, and an empty one."""
    with ExitStack() as stack:
        made = []
        for name in ("first", "second"):
            folder = tmp_path / f"{name} #1?%41"
            folder.mkdir(mode=0o700)
            made.append(House(folder, stack.enter_context(own_database(f"backup{name}"))))
        yield made


def test_a_backup_taken_during_work_is_restored_elsewhere(houses: list[House], tmp_path: Path) -> None:
    first, second = houses
    file = tmp_path / "house.zip"
    first.run("migrate", "--verbosity", "0")
    first.told(FIRST)
    before = json.loads(first.told(SEEN))
    with first.started(MORE) as work:
        assert work.stdout is not None
        assert work.stdout.readline() == "made 0\n"
        told = json.loads(first.run("backup", str(file), "--json").splitlines()[0])
        work.communicate(timeout=900)
    assert work.returncode == 0
    after = json.loads(first.told(SEEN))
    assert told["key"] is True
    assert file.stat().st_mode & 0o077 == 0, "it holds everything there is"
    assert "is there already" in first.run("backup", str(file), ends=1)

    assert json.loads(second.run("restore", str(file), "--json"))["findings"] == 0
    now = json.loads(second.told(SEEN))
    assert (now["contracts"], now["file"]) == (["Pumps for Umeå"], "twelve pumps")
    assert before["parties"] < now["parties"] <= after["parties"]
    assert before["entries"] < now["entries"] <= after["entries"]
    assert (second.home / "secret-key").read_text() == (first.home / "secret-key").read_text()
    assert "There is something here already" in second.run("restore", str(file), ends=1)


def test_what_is_no_whole_backup_of_ours_is_refused_and_leaves_the_house_empty(
    houses: list[House], tmp_path: Path
) -> None:
    """I1, E5: nothing is put in place before every part was checked; no name leads out of the house."""
    first, second = houses
    first.run("migrate", "--verbosity", "0")
    (first.home / "files/ab").mkdir(parents=True)
    (first.home / "files/ab/cd").write_bytes(b"bytes")
    file, bad = tmp_path / "house.zip", tmp_path / "bad.zip"
    first.run("backup", str(file))
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for changed, said in (
        ({"files/ab/cd": b"other bytes"}, "is not as it was written"),
        ({"manifest.json": b"{"}, "no whole backup"),
        (later(parts), "made by a newer Hetong"),
        (elsewhere(parts), "has no place in a house"),
        ({"database": b"not one"}, "is not as it was written"),
    ):
        with ZipFile(bad, "w") as archive:
            for name, content in {**parts, **changed}.items():
                archive.writestr(name, content)
        assert said in second.run("restore", str(bad), ends=1)
        assert not any(path.is_file() for path in (second.home / "files").rglob("*"))
        assert not (tmp_path / "out").exists()
    assert "are in place" in second.run("restore", str(file), ends=1), (
        "as if never tried; the doctor minds the stray file"
    )


def later(parts: dict[str, bytes]) -> dict[str, bytes]:
    manifest = json.loads(parts["manifest.json"])
    manifest["migrations"].append(["contracts", "9999_of_tomorrow"])
    return {"manifest.json": json.dumps(manifest).encode()}


def elsewhere(parts: dict[str, bytes]) -> dict[str, bytes]:
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"]["files/../../out"] = manifest["parts"]["files/ab/cd"]
    return {"manifest.json": json.dumps(manifest).encode(), "files/../../out": b"bytes"}

"""The lock files install the same on every machine, from any index."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path
from subprocess import run
from zipfile import ZipFile

import pytest

from tools import bootstrap

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("base", "build", "dev")


def locked(name: str) -> dict[str, str]:
    """The packages of a lock file with their versions."""
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    return {package.lower(): version for package, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_address(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    for forbidden in ("://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host"):
        assert forbidden not in text


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_lock_files_agree_with_each_other() -> None:
    base, build, dev = (locked(name) for name in LOCKS)
    for package, version in {**base, **build}.items():
        assert dev.get(package, version) == version, package


def make_wheel(folder: Path, name: str, version: str, *more: str) -> str:
    """A package of nothing; its line in a lock file comes back."""
    path, info = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    with ZipFile(path, "w") as wheel:
        facts = ("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *more)
        wheel.writestr(f"{info}/METADATA", "\n".join(facts))
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{sha256(path.read_bytes()).hexdigest()}\n"


def test_a_newer_release_of_a_package_that_is_asked_for_with_extras_changes_nothing(tmp_path: Path) -> None:
    """It once stopped every installation on the day that the release came out."""
    lock = tmp_path / "lock.txt"
    lock.write_text(
        make_wheel(tmp_path, "asked", "1.0", "Provides-Extra: more")
        + make_wheel(tmp_path, "asking", "1.0", "Requires-Dist: asked[more]>=1")
    )
    make_wheel(tmp_path, "asked", "1.1", "Provides-Extra: more")
    pip = [sys.executable, "-m", "pip", "--isolated", "install", "--dry-run", "--ignore-installed", "--no-index"]
    words = [*pip, "--find-links", str(tmp_path), "--require-hashes", *map(str, bootstrap.held_to([lock]))]
    done = run(words, capture_output=True, text=True)  # noqa: S603 - our own words

    assert done.returncode == 0, done.stderr
    assert "asked-1.0 asking-1.0" in done.stdout


def test_what_the_package_asks_for_is_what_is_locked() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        asked = tomllib.load(file)["project"]["dependencies"]
    names = {re.match(r"[\w.-]+", line).group().lower() for line in asked}
    written = (ROOT / "requirements/base.in").read_text(encoding="utf-8")
    direct = {re.match(r"[\w.-]+", line).group().lower() for line in written.splitlines() if line and line[0] != "#"}
    assert names == direct
    assert names <= set(locked("base"))
    assert locked("base")["django"].startswith("5.2.")


def imported_by(paths: Iterable[Path]) -> dict[str, str]:
    """The top-level modules that files import, each with one file that does."""
    found: dict[str, str] = {}
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            found.update({name.split(".")[0]: str(path.relative_to(ROOT)) for name in names})
    return found


def files(*folders: str) -> list[Path]:
    """The Python files below the folders."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def is_for_tests(path: Path) -> bool:
    """Whether a file of the package is needed by tests only."""
    return "tests" in path.parts or path.name == "testing.py"


def undeclared(modules: dict[str, str], declared: set[str]) -> list[str]:
    """The modules that no declared package provides."""
    providers = packages_distributions()
    ours = {"hetong", "tools", "tests", "conftest"}
    foreign = {name: path for name, path in modules.items() if name not in sys.stdlib_module_names | ours}
    return [
        f"{name} in {path}"
        for name, path in foreign.items()
        if not {package.lower().replace("_", "-") for package in providers.get(name, [])} & declared
    ]


def direct(*names: str) -> set[str]:
    """The packages that the .in files ask for by name."""
    lines = [line for name in names for line in (ROOT / f"requirements/{name}.in").read_text("utf-8").splitlines()]
    return {re.split(r"[^\w.-]", line)[0].lower() for line in lines if line and line[0] not in "#-"}


def test_the_product_imports_only_what_it_asks_for() -> None:
    product = [path for path in files("src") if not is_for_tests(path)]
    assert undeclared(imported_by(product), direct("base") | {"asgiref"}) == []


def test_tests_and_tools_import_only_what_they_ask_for() -> None:
    everything = direct(*LOCKS) | set(locked("base"))
    assert undeclared(imported_by(files("src", "tests", "tools")), everything) == []

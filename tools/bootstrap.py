"""Makes the virtual environment and puts Hetong into it: `-m tools.bootstrap run` or `dev`.

Needs Python 3.11 or newer and a package index; nothing else. Everything installed is checked
against the hashes in requirements/. A second call with nothing changed returns at once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def use_new_enough_python() -> None:
    """Go on under a newer Python of this machine when this one is too old, or say what is missing."""
    if sys.version_info[:2] >= OLDEST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, "-m", "tools.bootstrap", *sys.argv[1:]])
    sys.stderr.write(
        f"!!! Hetong needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.\n"
        "    Install one, or name one: make demo PYTHON=/path/to/python3.12\n"
    )
    sys.exit(1)


use_new_enough_python()

from tools import steps  # noqa: E402  # after the version is known to be new enough

REQUIREMENTS = steps.ROOT / "requirements"
RUN = ("base", "build")
DEV = (*RUN, "dev")


def main() -> int:
    """Make the environment, install what is locked, install Hetong itself as a link to this folder."""
    names = DEV if sys.argv[1:] == ["dev"] else RUN
    make_venv()
    install_requirements(names)
    install_hetong()
    return 0


def make_venv() -> None:
    """Create .venv, unless one with a new enough Python and pip is there."""
    if steps.PYTHON.exists() and works([steps.PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    with steps.step(f"Making .venv with Python {sys.version.split()[0]}"):
        if not works([sys.executable, "-c", "import ensurepip, venv"]):
            install_venv_module()
        steps.run([sys.executable, "-m", "venv", "--clear", steps.VENV])


def install_venv_module() -> None:
    """Debian keeps the module apart from Python; root can fetch it, anybody else is told its name."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        install = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
        if works(install) or (works([apt, "update", "-qq"]) and works(install)):
            return
    raise steps.StepFailed(f"this Python has no venv module; install the package {package} (Debian, Ubuntu) first")


def install_requirements(names: tuple[str, ...]) -> None:
    """Install the locked packages, each checked against its hashes."""
    files = lock_files(names)
    wider = steps.Stamp(steps.VENV / ".installed-dev", steps.fingerprint(lock_files(DEV)))
    stamp = steps.Stamp(steps.VENV / f".installed-{'dev' if names == DEV else 'run'}", steps.fingerprint(files))
    if wider.is_fresh() or stamp.is_fresh():
        return
    with steps.step(f"Installing the packages of {', '.join(path.name for path in files)}"):
        command = [steps.PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        steps.run([*command, *held_to(files)], env=quiet_pip())
    stamp.set()


def held_to(files: Sequence[Path]) -> list[object]:
    """What tells pip to install what is locked and nothing else.

    The files are constraints too: where a package asks for another one with extras, older pips look past the version that is locked for it.
    """
    return [word for path in files for word in ("-r", path, "-c", path)]


def lock_files(names: tuple[str, ...]) -> list[Path]:
    """The lock files of a set."""
    return [REQUIREMENTS / f"{name}.txt" for name in names]


def install_hetong() -> None:
    """Link this folder into the environment, so that `hetong` is a command there."""
    inputs = [steps.ROOT / "pyproject.toml", steps.ROOT / "hatch_build.py", steps.ROOT / "src/hetong/__init__.py"]
    stamp = steps.Stamp(steps.VENV / ".installed-hetong", steps.fingerprint(inputs, str(steps.ROOT)))
    if stamp.is_fresh() and steps.HETONG.exists():
        return
    with steps.step("Installing Hetong"):
        command = [steps.PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
        steps.run([*command, "--no-build-isolation", "-e", steps.ROOT], env=quiet_pip())
    stamp.set()


def quiet_pip() -> dict[str, str]:
    """An environment in which pip asks nothing and does not speak of being root or new versions."""
    return {**os.environ, "PIP_NO_INPUT": "1", "PIP_ROOT_USER_ACTION": "ignore"}


def works(command: Sequence[object]) -> bool:
    """Whether a command ends well; its output is not shown."""
    words = [str(word) for word in command]
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


if __name__ == "__main__":
    steps.finish(main)

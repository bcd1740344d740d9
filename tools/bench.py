"""`make bench NAME=… ARGS=…`: the budgets of the design beside what this machine measures.

ENGINE=postgresql measures on a throw-away server that waits for the disk, as a real one does.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from contextlib import ExitStack

from tools import catalogues, frontend, services, steps


def main() -> int:
    """Run `hetong bench` in a home of its own."""
    frontend.build()
    catalogues.build()
    wanted = ["bench", *shlex.split(os.environ.get("NAME", "")), *shlex.split(os.environ.get("ARGS", ""))]
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="hetong-bench-"))
        environment = {**os.environ, "HETONG_HOME": home}
        if os.environ.get("ENGINE", "sqlite").startswith("postgres"):
            environment["HETONG_DATABASE_URL"] = stack.enter_context(services.postgresql(durable=True))
        preparations = (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"])
        for arguments in (*preparations, wanted):
            done = subprocess.run([str(steps.HETONG), *arguments], env=environment, stdin=subprocess.DEVNULL)
            if done.returncode != 0:
                return done.returncode
    return 0


if __name__ == "__main__":
    steps.finish(main)

"""`make bench NAME=…`: the budgets of the design beside what this machine measures.

ENGINE=postgresql measures on a throw-away server that waits for the disk, as a real one does.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from contextlib import ExitStack

from tools import services, steps


def main() -> int:
    """Run `hetong bench` in a home of its own."""
    names = shlex.split(os.environ.get("NAME", "")) or ["all"]
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="hetong-bench-"))
        environment = {**os.environ, "HETONG_HOME": home}
        if os.environ.get("ENGINE", "sqlite").startswith("postgres"):
            environment["HETONG_DATABASE_URL"] = stack.enter_context(services.postgresql(durable=True))
        for arguments in (["migrate", "--verbosity", "0"], ["bench", *names]):
            done = subprocess.run([str(steps.HETONG), *arguments], env=environment, stdin=subprocess.DEVNULL)
            if done.returncode != 0:
                return done.returncode
    return 0


if __name__ == "__main__":
    steps.finish(main)

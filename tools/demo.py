"""`make demo`: the database, example data, and Hetong at an address on this machine."""

from __future__ import annotations

import argparse
import os
from typing import NoReturn

from tools import catalogues, frontend, steps

LOGINS = ("admin", "sales", "sales2", "manager", "legal", "finance", "delivery", "agent", "executive", "auditor")


def main() -> int:
    """Build, migrate, fill once, then become the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default="8000")
    parser.add_argument("--size", default="s", choices=("s", "m", "l"))
    parser.add_argument("--no-serve", action="store_true", help="stop when everything is ready")
    chosen = parser.parse_args()
    frontend.build()
    catalogues.build()
    environment = {
        **os.environ,
        "HETONG_BASE_URL": os.environ.get("HETONG_BASE_URL") or f"http://localhost:{chosen.port}",
    }
    with steps.step("Preparing the database"):
        steps.run([steps.HETONG, "migrate", "--verbosity", "0"], env=environment)
    with steps.step("Filling in the example companies"):
        steps.run([steps.HETONG, "demo", "--size", chosen.size], env=environment)
    if not chosen.no_serve:
        become_server(chosen.port, environment)
    return 0


def become_server(port: str, environment: dict[str, str]) -> NoReturn:
    """Print the logins and let the server take over this process, so that Ctrl-C reaches it alone."""
    steps.say("")
    steps.say("    Logins (password hetong-demo):")
    for names in (LOGINS[:5], LOGINS[5:]):
        steps.say("    " + "  ".join(f"{name}@demo.example" for name in names))
    steps.say("")
    os.execve(steps.HETONG, [str(steps.HETONG), "serve", "--port", port], environment)


if __name__ == "__main__":
    steps.finish(main)

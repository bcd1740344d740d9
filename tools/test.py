"""`make test` and its relatives: the whole suite on SQLite, then on PostgreSQL.

ENGINES=sqlite (or postgresql) runs one of the two; ARGS goes to pytest. Browser tests and the how-tos run
once, with SQLite: what they show does not depend on the engine. The last lines printed are pytest's own.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
from contextlib import ExitStack

from tools import catalogues, debian, frontend, services, steps

ENGINES = ("sqlite", "postgresql")
MARKS = {
    "test": {"sqlite": "not long", "postgresql": "not long and not e2e and not once"},
    "long": {"sqlite": "long", "postgresql": "long"},
    "e2e": {"sqlite": "e2e and not long", "postgresql": "e2e and not long"},
    "snap": {"sqlite": "snapshot", "postgresql": "snapshot"},
}
NOTHING_COLLECTED = 5


def main() -> int:
    """Prepare everything first, so that what is missing is said before the first test runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=tuple(MARKS), nargs="?", default="test")
    kind = parser.parse_args().kind
    engines = wanted_engines("sqlite" if kind in {"e2e", "snap"} else " ".join(ENGINES))
    frontend.build()
    catalogues.build()
    environment = test_environment(kind)
    statuses = []
    with ExitStack() as stack:
        urls = {engine: url_of(engine, stack) for engine in engines}
        for engine in engines:
            steps.say(f"==> {'Browser tests' if kind == 'e2e' else 'Tests'} on {engine}")
            statuses.append(pytest(MARKS[kind][engine], {**environment, **of_engine(engine, urls[engine])}))
    return next((status for status in statuses if status not in {0, NOTHING_COLLECTED}), 0)


def wanted_engines(default: str) -> list[str]:
    """The engines named in ENGINES, in the order in which they run."""
    words = (os.environ.get("ENGINES") or default).replace(",", " ").split()
    if unknown := set(words) - set(ENGINES):
        raise steps.StepFailed(f"ENGINES may name {' and '.join(ENGINES)}, not {' '.join(sorted(unknown))}")
    return [engine for engine in ENGINES if engine in words]


def test_environment(kind: str) -> dict[str, str]:
    """What pytest's process sees: the browser, the length of the campaigns."""
    environment = dict(os.environ)
    if kind in {"test", "e2e", "snap"}:
        environment["HETONG_CHROMIUM"] = str(services.chromium())
        if debian.library_path():
            environment["HETONG_CHROMIUM_LIBRARIES"] = debian.library_path()
    if kind == "long":
        environment["HYPOTHESIS_PROFILE"] = "long"
    if kind == "snap":
        environment["HETONG_SNAP"] = "1"
    return environment


def of_engine(engine: str, url: str) -> dict[str, str]:
    """Where the database is, and on PostgreSQL its own tools: backups are made with them."""
    if engine == "sqlite":
        return {"HETONG_DATABASE_URL": url}
    path = os.pathsep.join([str(services.postgresql_programs()), os.environ.get("PATH", os.defpath)])
    return {"HETONG_DATABASE_URL": url, "PATH": path}


def url_of(engine: str, stack: ExitStack) -> str:
    """SQLite needs no address; PostgreSQL gets a throw-away server unless one is named."""
    if engine == "sqlite":
        return ""
    named = os.environ.get("HETONG_DATABASE_URL", "")
    if named.startswith("postgres"):
        return named
    return stack.enter_context(services.postgresql())


def pytest(marks: str, environment: dict[str, str]) -> int:
    """Run pytest with two workers, or as ARGS says."""
    given = shlex.split(os.environ.get("ARGS", ""))
    workers = (
        [] if any(word.startswith(("-n", "--pdb")) for word in given) else ["-n", str(min(os.cpu_count() or 2, 4))]
    )
    command = [steps.PYTHON, "-m", "pytest", "-q", "--tb=short", "-m", marks, *workers, *given]
    done = subprocess.run([str(word) for word in command], cwd=steps.ROOT, env=environment, stdin=subprocess.DEVNULL)
    return done.returncode


if __name__ == "__main__":
    steps.finish(main)

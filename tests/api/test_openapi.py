"""The description of the API is committed: a change of it is seen in review."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from conftest import Snapshot
from hetong.config.api import description

DOCUMENT = Path(__file__).parent.parent / "openapi.json"


def test_the_description_is_the_committed_one(snapshot: Snapshot) -> None:
    snapshot(DOCUMENT, description())


def test_the_command_prints_the_same() -> None:
    out = StringIO()
    call_command("openapi", stdout=out)
    assert json.loads(out.getvalue()) == json.loads(description())


def test_every_operation_says_what_it_does_and_is_named_once() -> None:
    document = json.loads(description())
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation["summary"].endswith(".") for operation in operations)

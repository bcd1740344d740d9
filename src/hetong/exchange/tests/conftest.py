from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def put(tmp_path: Path):
    def put(content: bytes | str, name: str = "a.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put

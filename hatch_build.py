"""Build hook: makes the browser's files and compiles the texts before they are put into the wheel.

It calls the very code that `make demo` calls, so that a wheel and a checkout serve the same files.
An editable install is left alone: there the Makefile makes both.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]  # whatever it is configured with
    """Fills src/hetong/ui/static/ui/build and src/hetong/locale before a wheel is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make what is missing or older than its sources."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root)))
        from tools import catalogues, frontend

        frontend.build()
        catalogues.build()

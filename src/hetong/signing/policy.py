"""What may be done with envelopes, and by whom."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route


class Can(StrEnum):
    SIGN = "signing.sign"


ROUTES: tuple[Route, ...] = ()

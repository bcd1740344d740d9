"""What may be done with envelopes, and by whom."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route, get, post

ENVELOPE = "signing.envelope"


class Can(StrEnum):
    SIGN = "signing.sign"


ROUTES: tuple[Route, ...] = (
    get("signing:panel"),
    post("signing:complete", Can.SIGN),
    post("signing:side", Can.SIGN),
    get("api:envelopes"),
    get("api:envelope", noun=ENVELOPE),
    post("api:envelope_complete", Can.SIGN, noun=ENVELOPE),
    post("api:envelope_side", Can.SIGN, noun=ENVELOPE),
)

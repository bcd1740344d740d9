"""What happens in the frame that others want to know of."""

from __future__ import annotations

from collections.abc import Mapping

from hetong.kernel.events import Event
from hetong.kernel.fields import Text


class Exported(Event):
    """Rows left as a file: each fact names the noun and tells how many rows, in what form, by which question."""

    code = "ui.exported"


SENTENCES: Mapping[str, Text] = {}

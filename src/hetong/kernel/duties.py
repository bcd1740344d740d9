"""Acts that one person does not do twice over: a refusal for that reason is kept in the journal, not only told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from .errors import Forbidden
from .events import Fact


class DutyConflict(Forbidden):
    """The actor has done the other half already. ``pair`` names the two duties, ``refused`` the journal code.

    ``about``: the records that it was tried on, each with the fact ``label``.
    """

    code = "duties_apart"
    pair: ClassVar[str] = ""
    refused: ClassVar[str] = ""

    def __init__(self, code: str = "", /, about: Iterable[Fact] = (), **params: Any) -> None:
        super().__init__(code, **params)
        self.about = tuple(about)

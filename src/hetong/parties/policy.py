from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route


class Can(StrEnum):
    VIEW = "parties.view"
    ADD = "parties.add"
    EDIT = "parties.edit"
    EDIT_BANKS = "parties.edit_banks"
    MERGE = "parties.merge"
    MANAGE_KINDS = "parties.manage_kinds"


ROUTES: tuple[Route, ...] = ()

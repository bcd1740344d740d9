from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route


class Can(StrEnum):
    VIEW = "contracts.view"
    ADD = "contracts.add"
    EDIT = "contracts.edit"
    MOVE = "contracts.move"
    FLAG = "contracts.flag"
    VOID = "contracts.void"
    MANAGE_TYPES = "contracts.manage_types"


ROUTES: tuple[Route, ...] = ()

"""Contracts with all that hangs on them, in the API."""

from .contracts import router
from .moves import router as moves
from .paper import router as paper
from .plan import router as plan

router.add_router("", moves)
router.add_router("", plan)
router.add_router("", paper)

__all__ = ["router"]

"""To-dos, and the calendars that tell their days, in the API."""

from .feeds import router as feeds
from .todos import router

router.add_router("", feeds)

__all__ = ["router"]

"""Keeping the index true to the records."""

from .following import follow_event
from .rebuilding import catch_up, rebuild
from .writing import write_rows

__all__ = ["catch_up", "follow_event", "rebuild", "write_rows"]

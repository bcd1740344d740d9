"""For tests of higher floors."""

from .worker import drain_outbox

__all__ = ["drain_outbox"]

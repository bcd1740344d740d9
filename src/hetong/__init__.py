"""Hetong: contracts from the opportunity to the archive, on one record, on the reader's own server."""

__version__ = "0.1.0"

"""What an import is made of, without a database: kinds and their columns, guessing what a column means, reading a cell."""

from .cells import Formats, read_cell
from .kinds import KINDS, Column, Kind, kind_of
from .mapping import guess_mapping

__all__ = ["KINDS", "Column", "Formats", "Kind", "guess_mapping", "kind_of", "read_cell"]

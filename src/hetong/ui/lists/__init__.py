"""Lists made from registers: filters, sorting, grouping, columns, saved views, totals, bulk edits, export.

The whole state of a list is its address, so an address can be kept, shared and reloaded. A list asks the
database for what it shows and for nothing else, and shows a reader nothing that the register would not.
"""

from .page import list_page
from .table import Shipped, Table

__all__ = ["Shipped", "Table", "list_page"]

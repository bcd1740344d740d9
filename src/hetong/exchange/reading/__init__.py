"""Tables out of files that nobody promised anything about: text in any encoding and spreadsheets. It knows no record.

It guesses how a file is read and says so, reads it as it is told, and refuses with file, line, reason and what now.
"""

from .errors import SheetRefused, UnknownReading
from .how import DATES, DECIMALS, DELIMITERS, ENCODINGS, QUOTES, Reading, from_json, to_json
from .kinds import judge
from .tables import Preview, Row, Table, guess_reading, preview, read_table, sheet_names

__all__ = [
    "DATES",
    "DECIMALS",
    "DELIMITERS",
    "ENCODINGS",
    "QUOTES",
    "Preview",
    "Reading",
    "Row",
    "SheetRefused",
    "Table",
    "UnknownReading",
    "from_json",
    "guess_reading",
    "judge",
    "preview",
    "read_table",
    "sheet_names",
    "to_json",
]

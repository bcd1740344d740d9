"""Looking at a file before it is kept: what it really is, and whether it is harmless to keep."""

from .errors import (
    ContentContradictsName,
    DangerousArchive,
    EmptyFile,
    FileTooLarge,
    NotAccepted,
    OldOffice,
    RefusedFile,
    TooManyPixels,
)
from .verdict import Verdict, inspect

__all__ = [
    "ContentContradictsName",
    "DangerousArchive",
    "EmptyFile",
    "FileTooLarge",
    "NotAccepted",
    "OldOffice",
    "RefusedFile",
    "TooManyPixels",
    "Verdict",
    "inspect",
]

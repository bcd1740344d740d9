from .documents import (
    Upload,
    add_documents,
    company_of,
    edit_documents,
    move_documents,
    restore_documents,
    retire_documents,
)
from .kinds import add_kinds, edit_kinds, seed_kinds
from .versions import accept_version, add_version, propose_version, reject_version

__all__ = [
    "Upload",
    "accept_version",
    "add_documents",
    "add_kinds",
    "add_version",
    "company_of",
    "edit_documents",
    "edit_kinds",
    "move_documents",
    "propose_version",
    "reject_version",
    "restore_documents",
    "retire_documents",
    "seed_kinds",
]

from .editing import add_rows, edit_rows
from .journal import Change, changes, erase, log_access, log_exports, record, record_many
from .refusals import collecting, keeps_refusals
from .verifying import run_verifying, start_verifying

__all__ = [
    "Change", "add_rows", "changes", "collecting", "edit_rows", "erase", "keeps_refusals", "log_access", "log_exports",
    "record", "record_many", "run_verifying", "start_verifying",
]  # fmt: skip

from .editing import add_rows, edit_rows, fill_in
from .journal import Change, added, changes, erase, log_access, log_exports, people, record, record_added, record_many
from .refusals import collecting, keeps_refusals
from .repointing import repoint
from .verifying import run_verifying, start_verifying

__all__ = [
    "Change", "add_rows", "added", "changes", "collecting", "edit_rows", "erase", "fill_in", "keeps_refusals", "log_access", "log_exports",
    "people", "record", "record_added", "record_many", "repoint", "run_verifying", "start_verifying",
]  # fmt: skip

from .editing import add_rows, edit_rows
from .journal import ERASED, Change, changes, erase, log_access, record, record_many

__all__ = ["ERASED", "Change", "add_rows", "changes", "edit_rows", "erase", "log_access", "record", "record_many"]

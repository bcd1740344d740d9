from .editing import add_rows, edit_rows
from .journal import Change, changes, erase, log_access, log_exports, record, record_many

__all__ = ["Change", "add_rows", "changes", "edit_rows", "erase", "log_access", "log_exports", "record", "record_many"]

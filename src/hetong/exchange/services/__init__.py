from .imports import (
    begin_import,
    cancel_import,
    check_import,
    mend_rows,
    run_import,
    set_mapping,
    set_options,
    set_reading,
    undo_import,
)
from .packages import build_packages
from .tasks import check_now, import_now, run_check, run_run, run_undo, undo_now

__all__ = [
    "begin_import", "build_packages", "cancel_import", "check_import", "check_now", "import_now", "mend_rows", "run_check",
    "run_import", "run_run", "run_undo", "set_mapping", "set_options", "set_reading", "undo_import", "undo_now",
]  # fmt: skip

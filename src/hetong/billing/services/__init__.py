from .added import edit_dues, edit_invoices, edit_payments
from .credits import Credit, credit_invoices
from .dues import hold_dues, open_planned_dues, release_dues, skip_dues, unskip_dues
from .invoices import (
    DueShare,
    InvoiceOrder,
    Preview,
    ReceivedInvoice,
    issue_invoices,
    preview_invoices,
    register_invoices,
)
from .ledger import Wanted
from .merging import check_merge
from .opening import OpeningInvoice, take_over_invoices
from .payments import (
    allocate_payment,
    confirm_payments,
    record_payments,
    reject_payments,
    report_payments,
    reverse_payments,
    unallocate,
)
from .planning import end_dues, open_dues, replan_dues, resume_dues, suspend_dues
from .reporting import PaymentReport
from .setup import add_types, edit_types, seed_types
from .taking_back import take_back_dues

__all__ = [
    "Credit", "DueShare", "InvoiceOrder", "OpeningInvoice", "PaymentReport", "Preview", "ReceivedInvoice", "Wanted", "add_types",
    "allocate_payment", "check_merge",
    "confirm_payments", "credit_invoices", "edit_dues", "edit_invoices", "edit_payments", "edit_types", "end_dues", "hold_dues",
    "issue_invoices", "open_dues",
    "open_planned_dues", "preview_invoices", "record_payments", "register_invoices", "reject_payments", "release_dues",
    "replan_dues", "report_payments", "resume_dues", "reverse_payments", "seed_types", "skip_dues", "suspend_dues",
    "take_back_dues", "take_over_invoices", "unallocate", "unskip_dues",
]  # fmt: skip

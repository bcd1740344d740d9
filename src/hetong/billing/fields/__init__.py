"""The registers of billing's nouns: what each record has, said once."""

from .due import DUE
from .invoice import INVOICE, INVOICE_LINE
from .payment import ALLOCATION, PAYMENT
from .setup import BILL_TYPE

__all__ = ["ALLOCATION", "BILL_TYPE", "DUE", "INVOICE", "INVOICE_LINE", "PAYMENT"]

from .due import Due
from .invoice import Invoice, InvoiceLine
from .payment import Allocation, Payment
from .setup import BillType

__all__ = ["Allocation", "BillType", "Due", "Invoice", "InvoiceLine", "Payment"]

"""What is due, invoiced and paid: dues, invoices, credit notes, payments and their allocation.

A due is the only thing that is invoiced or settled. Owns every posting and the contract's money totals
that follow from it. It refuses to invoice or settle more than is due, and to change what was posted: a
correction is a new row.
"""

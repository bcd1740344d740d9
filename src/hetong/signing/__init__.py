"""Signatures on any record: what is signed, by whom on both sides, on which day, and the signed file.

Owns the fact of signing. It refuses a signed copy without names, dates and file, and text that nobody
confirmed to be the approved one; what a signature means for the record is the record's own business.
"""

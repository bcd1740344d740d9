"""Documents with versions on any record."""

"""The journal: who changed what, when, from where and why, append-only and sealed into a chain.

Every service records here in its own transaction. Rows are never edited: triggers refuse it, every
entry carries a keyed digest, one sealer links them, and the head of the chain is also kept outside
the database. Only values may be blanked, and only by `erase`, which leaves an entry of its own.
"""

"""Finding records by words: over every noun, in the fields the reader may read, among the rows they may see.

Owns the search page and the records of the command palette. It keeps no index of its own yet: it asks
the folded keys that lists sort and match on, so what is saved is found at once.
"""

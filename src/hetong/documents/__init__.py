"""Documents with their versions, on any record.

Rights on a document are the rights on its record, narrowed by its kind: a kind is readable or not as a
whole. One version is current at a time; earlier ones stay and cannot be mistaken for it. It refuses to
change what was accepted: a new version takes its place.
"""

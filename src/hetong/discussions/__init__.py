"""Discussion on any record: threads of comments inside the house, and apart from them threads with the other side.

Owns what people say. A thread belongs to one channel for good, so a reply can never change sides. It refuses
comments from who may only read the record, and changes by anybody but the author; what is withdrawn leaves a trace.
"""

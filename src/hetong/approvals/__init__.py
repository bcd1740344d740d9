"""Rounds of approval on any record: who decides, on exactly which content, and what they decided.

Owns the decision. It refuses decisions by whoever asked for them, and by anybody who was not asked;
what a decision means for the record is the record's own business, which hears of it by an event.
"""

"""Whom we deal with: customers, suppliers, partners, and the people, addresses and accounts of each.

A party is one identity shared by all our companies; what one company has agreed with it (number, owner,
payment days, credit) stands in its terms, and through these a party is visible. Numbers with check
digits are checked before they are kept, no number belongs to two parties, and what others refer to is
retired, never deleted. Parties knows no contracts: contracts asks it for a snapshot.
"""

from .apart import say_apart, take_back_apart
from .banks import add_banks, edit_banks
from .details import add_addresses, add_contacts, add_numbers, edit_addresses, edit_contacts, edit_numbers
from .kinds import add_kinds, edit_kinds
from .merging import formerly, leads_to, merge_parties
from .parties import add_parties, edit_parties, restore_parties, retire_parties
from .taking_back import take_back_contacts, take_back_parties
from .terms import add_terms, edit_terms

__all__ = [
    "add_addresses", "add_banks", "add_contacts", "add_kinds", "add_numbers", "add_parties", "add_terms",
    "edit_addresses", "edit_banks", "edit_contacts", "edit_kinds", "edit_numbers", "edit_parties", "edit_terms",
    "formerly", "leads_to", "merge_parties", "restore_parties", "retire_parties", "say_apart",
    "take_back_apart", "take_back_contacts", "take_back_parties",
]  # fmt: skip

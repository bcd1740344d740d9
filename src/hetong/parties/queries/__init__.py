from .cards import PartyCard, party_card
from .duplicates import Alike, Duplicates, find_duplicates, pieces_of
from .parties import default_company, find_kinds, find_parties, must_edit, number_holders
from .snapshots import differences, snapshot, snapshots

__all__ = [
    "Alike", "Duplicates", "PartyCard", "default_company", "differences", "find_duplicates", "find_kinds", "find_parties",
    "must_edit", "number_holders", "party_card", "pieces_of", "snapshot", "snapshots",
]  # fmt: skip

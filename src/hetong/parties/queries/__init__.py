from .cards import PartyCard, find_namesakes, party_card
from .duplicates import Alike, Duplicates, find_duplicates, pieces_of
from .merging import Comparison, Pair, SaidApart, apart_from, compare, likely_duplicates, said_apart
from .parties import default_company, find_kinds, find_parties, must_edit, number_holders
from .snapshots import differences, snapshot, snapshots

__all__ = [
    "Alike", "Comparison", "Duplicates", "Pair", "PartyCard", "SaidApart", "apart_from", "compare", "default_company", "differences",
    "find_duplicates",
    "find_kinds", "find_namesakes", "find_parties", "likely_duplicates", "must_edit", "number_holders", "party_card", "pieces_of",
    "said_apart", "snapshot", "snapshots",
]  # fmt: skip

from .apart import Apart
from .details import Address, Contact, PartyBank, PartyId
from .merged import MergedParty
from .party import Party, PartyKind, PartyTerms, SimilarName

__all__ = [
    "Address", "Apart", "Contact", "MergedParty", "Party", "PartyBank", "PartyId", "PartyKind", "PartyTerms", "SimilarName",
]  # fmt: skip

from .details import Address, Contact, PartyBank, PartyId
from .party import Party, PartyKind, PartyTerms, SimilarName

__all__ = ["Address", "Contact", "Party", "PartyBank", "PartyId", "PartyKind", "PartyTerms", "SimilarName"]

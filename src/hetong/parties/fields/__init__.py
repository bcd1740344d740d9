from .choices import kind_choices
from .details import ADDRESS, BANK, CONTACT, NUMBER
from .party import PARTY
from .settings import KIND
from .terms import TERMS

__all__ = ["ADDRESS", "BANK", "CONTACT", "KIND", "NUMBER", "PARTY", "TERMS", "kind_choices"]

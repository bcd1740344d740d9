"""The registers of contracts' nouns: what each record has, said once."""

from .contract import CONTRACT
from .line import LINE
from .paper import LOAN, ORIGINAL
from .plan import INSTALMENT, MILESTONE
from .project import PROJECT
from .setup import STATUS, TYPE
from .trace import FLAG, MEMBER

__all__ = [
    "CONTRACT", "FLAG", "INSTALMENT", "LINE", "LOAN", "MEMBER", "MILESTONE", "ORIGINAL", "PROJECT", "STATUS", "TYPE",
]  # fmt: skip

"""The registers of contracts' nouns: what each record has, said once."""

from .contract import CONTRACT
from .line import LINE
from .project import PROJECT
from .setup import STATUS, TYPE
from .trace import FLAG, MEMBER

__all__ = ["CONTRACT", "FLAG", "LINE", "MEMBER", "PROJECT", "STATUS", "TYPE"]

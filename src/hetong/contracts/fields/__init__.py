"""The registers of contracts' nouns: what each record has, said once."""

from .contract import CONTRACT
from .line import LINE
from .project import PROJECT
from .setup import STATUS, TYPE

__all__ = ["CONTRACT", "LINE", "PROJECT", "STATUS", "TYPE"]

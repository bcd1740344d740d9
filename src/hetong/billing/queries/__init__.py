from .closing import close_problems
from .doctor import Unequal, money_checks, number_checks
from .dues import billed_instalments, count_dues

__all__ = ["Unequal", "billed_instalments", "close_problems", "count_dues", "money_checks", "number_checks"]

from .closing import close_problems
from .doctor import Unequal, money_checks, number_checks
from .dues import count_dues

__all__ = ["Unequal", "close_problems", "count_dues", "money_checks", "number_checks"]

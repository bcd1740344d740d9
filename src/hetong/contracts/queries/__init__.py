"""Reads of contracts: each starts from what the actor may see."""

from .alike import Alike, find_alike
from .content import content_hashes, content_of
from .contracts import (
    children_summary,
    count_contracts,
    count_lines,
    find_contracts,
    find_moves,
    get_contract,
    is_editable,
    overview_facts,
    party_differences,
    party_summary,
    project_summary,
)
from .paper import originals_out
from .plan import PlannedShare, one_off_totals, plan_of
from .plan_check import plan_problems
from .terms import KeyDates, key_dates, next_event
from .value import TaxTotals, tax_of, tax_totals, value_of

__all__ = [
    "Alike", "KeyDates", "PlannedShare", "TaxTotals", "children_summary", "content_hashes", "content_of", "count_contracts",
    "count_lines", "find_alike", "find_contracts", "find_moves", "get_contract", "is_editable", "key_dates", "next_event",
    "one_off_totals", "originals_out", "overview_facts", "party_differences", "party_summary", "plan_of", "plan_problems",
    "project_summary", "tax_of", "tax_totals", "value_of",
]  # fmt: skip

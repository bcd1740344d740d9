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
    signed_sides,
    stage_on,
)
from .paper import count_originals, find_overdue_loans, originals_out
from .plan import PlannedShare, one_off_totals, plan_of
from .plan_check import plan_problems
from .plan_page import Plan, count_stages, may_read_amounts, plan_ahead, plan_page, typed_sums
from .qualifications import Qualification, cautions, qualifications_of
from .terms import KeyDates, key_dates, next_event
from .texts import current_texts
from .value import TaxTotals, tax_of, tax_totals, value_of

__all__ = [
    "Alike", "KeyDates", "Plan", "PlannedShare", "Qualification", "TaxTotals", "cautions", "children_summary", "content_hashes",
    "content_of", "count_contracts", "count_lines", "count_originals", "count_stages", "current_texts", "find_alike", "find_contracts",
    "find_moves", "find_overdue_loans", "get_contract", "is_editable", "key_dates", "may_read_amounts", "next_event", "one_off_totals",
    "originals_out", "overview_facts", "party_differences", "party_summary", "plan_ahead", "plan_of", "plan_page", "plan_problems",
    "project_summary", "qualifications_of", "signed_sides", "stage_on", "tax_of", "tax_totals", "typed_sums", "value_of",
]  # fmt: skip

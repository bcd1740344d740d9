from .contracts import add_contracts, edit_contracts, take_party_details
from .flags import flag_contracts, unflag_contracts
from .lines import add_lines, edit_lines, remove_lines
from .projects import add_projects, edit_projects
from .setup import (
    add_statuses,
    add_types,
    edit_statuses,
    edit_types,
    make_status_default,
    offer_statuses,
    offer_types,
    remove_statuses,
    seed_setup,
    shift_status,
)
from .stages import (
    discard_contracts,
    move_contracts,
    restore_contracts,
    return_contracts,
    review_contracts,
    set_status,
    void_contracts,
)
from .team import add_members, remove_members
from .upkeep import MoneyTotals, refresh_next_events, set_money_totals

__all__ = [
    "MoneyTotals", "add_contracts", "add_lines", "add_members", "add_projects", "add_statuses", "add_types", "discard_contracts",
    "edit_contracts", "edit_lines", "edit_projects", "edit_statuses", "edit_types", "flag_contracts",
    "make_status_default", "move_contracts", "offer_statuses", "offer_types", "refresh_next_events", "remove_lines",
    "remove_members", "remove_statuses", "restore_contracts", "return_contracts", "review_contracts", "seed_setup", "set_money_totals",
    "set_status", "shift_status", "take_party_details", "unflag_contracts", "void_contracts",
]  # fmt: skip

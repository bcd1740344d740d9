from .adopting import adopt_closed_contracts, adopt_contracts
from .approval import apply_decisions, next_numbers, revise_contracts, submit_contracts, withdraw_contracts
from .archiving import archive_contracts, unarchive_contracts
from .checks import check_writable
from .closing import CloseItem, begin_closing, close_contracts, close_items, register_checks, waive_item
from .contracts import add_contracts, edit_contracts, take_party_details
from .flags import flag_contracts, unflag_contracts
from .lines import add_lines, edit_lines, remove_lines
from .merging import check_merge
from .milestones import reach_milestones, unreach_milestones
from .paper import (
    add_originals,
    edit_originals,
    lend_originals,
    remove_originals,
    return_originals,
    stamp_originals,
)
from .plan import (
    add_instalments,
    add_milestones,
    edit_instalments,
    edit_milestones,
    remove_instalments,
    remove_milestones,
    shift_instalment,
)
from .plan_maker import make_plan
from .projects import add_projects, edit_projects
from .qualifications import let_qualification_pass
from .renewal import decide_renewals
from .replanning import billed_stages, register_billed, replan
from .running import (
    expire_ended,
    resume_contracts,
    supersede_contracts,
    suspend_contracts,
    terminate_contracts,
)
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
from .signature import (
    activate_contracts,
    activate_signed,
    check_signing,
    note_signatures,
    recall_contracts,
    send_to_sign,
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
from .taking_back import take_back_contracts
from .team import add_members, remove_members
from .upkeep import MoneyTotals, refresh_next_events, set_money_totals

__all__ = [
    "CloseItem",
    "MoneyTotals",
    "activate_contracts",
    "activate_signed",
    "add_contracts",
    "add_instalments",
    "add_lines",
    "add_members",
    "add_milestones",
    "add_originals",
    "add_projects",
    "add_statuses",
    "add_types",
    "adopt_closed_contracts",
    "adopt_contracts",
    "apply_decisions",
    "archive_contracts",
    "begin_closing",
    "billed_stages",
    "check_merge",
    "check_signing",
    "check_writable",
    "close_contracts",
    "close_items",
    "decide_renewals",
    "discard_contracts",
    "edit_contracts",
    "edit_instalments",
    "edit_lines",
    "edit_milestones",
    "edit_originals",
    "edit_projects",
    "edit_statuses",
    "edit_types",
    "expire_ended",
    "flag_contracts",
    "lend_originals",
    "let_qualification_pass",
    "make_plan",
    "make_status_default",
    "move_contracts",
    "next_numbers",
    "note_signatures",
    "offer_statuses",
    "offer_types",
    "reach_milestones",
    "recall_contracts",
    "refresh_next_events",
    "register_billed",
    "register_checks",
    "remove_instalments",
    "remove_lines",
    "remove_members",
    "remove_milestones",
    "remove_originals",
    "remove_statuses",
    "replan",
    "restore_contracts",
    "resume_contracts",
    "return_contracts",
    "return_originals",
    "review_contracts",
    "revise_contracts",
    "seed_setup",
    "send_to_sign",
    "set_money_totals",
    "set_status",
    "shift_instalment",
    "shift_status",
    "stamp_originals",
    "submit_contracts",
    "supersede_contracts",
    "suspend_contracts",
    "take_back_contracts",
    "take_party_details",
    "terminate_contracts",
    "unarchive_contracts",
    "unflag_contracts",
    "unreach_milestones",
    "void_contracts",
    "waive_item",
    "withdraw_contracts",
]

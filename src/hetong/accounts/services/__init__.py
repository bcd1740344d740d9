from .access import bump_policy, grant_roles, seed_roles, withdraw_grants
from .banks import add_banks, edit_banks
from .companies import add_companies, add_teams, edit_companies, edit_teams
from .delegations import add_delegation, end_delegation
from .duties import end_waiver, waive_duty
from .factors import add_app, add_passkey, clear_factors, remove_factor, renew_codes
from .keys import Answer, find_answer, keep_answer, purge_keys, take_key
from .links import (
    LinkFor,
    address_key,
    ask_address,
    ask_reset,
    confirm_address,
    invite_users,
    link_opens,
    link_parts,
    make_password_link,
    read_address_key,
)
from .people import add_administrator, add_users, edit_own_preferences, edit_users, set_password
from .series import remove_series, set_series, take_numbers, written
from .sessions import end_sessions, note_use
from .sharing import move_shares, share_records, unshare
from .sign_in import note_factor_failure, note_failure, note_sign_in, note_sign_out
from .tokens import make_token, revoke_token

__all__ = [
    "Answer", "LinkFor", "add_administrator", "add_app", "add_banks", "add_companies", "add_delegation", "add_passkey",
    "add_teams", "add_users", "address_key", "ask_address", "ask_reset", "bump_policy", "clear_factors",
    "confirm_address", "edit_banks", "edit_companies", "edit_own_preferences", "edit_teams", "edit_users", "end_delegation",
    "end_sessions", "end_waiver", "find_answer", "grant_roles", "invite_users", "keep_answer", "link_opens", "link_parts",
    "make_password_link", "make_token", "move_shares", "note_factor_failure", "note_failure", "note_sign_in", "note_sign_out",
    "note_use", "purge_keys", "read_address_key", "remove_factor", "remove_series", "renew_codes", "revoke_token",
    "seed_roles", "set_password", "set_series", "share_records", "take_key", "take_numbers", "unshare",
    "waive_duty", "withdraw_grants", "written",
]  # fmt: skip

from .access import bump_policy, grant_roles, seed_roles, share_records, unshare, withdraw_grants
from .companies import add_companies, add_teams, edit_companies, edit_teams
from .keys import Answer, find_answer, keep_answer, purge_keys, take_key
from .people import add_administrator, add_users, edit_own_preferences, edit_users, make_password_link, set_password
from .series import remove_series, set_series, take_numbers, written
from .sign_in import note_failure, note_sign_in, note_sign_out
from .tokens import make_token, revoke_token

__all__ = [
    "Answer", "add_administrator", "add_companies", "add_teams", "add_users", "bump_policy", "edit_companies",
    "edit_own_preferences", "edit_teams", "edit_users", "find_answer", "grant_roles", "keep_answer",
    "make_password_link", "make_token", "note_failure", "note_sign_in", "note_sign_out", "purge_keys", "remove_series",
    "revoke_token", "seed_roles", "set_password", "set_series", "share_records", "take_key", "take_numbers", "unshare",
    "withdraw_grants", "written",
]  # fmt: skip

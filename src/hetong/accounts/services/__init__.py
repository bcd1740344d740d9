from .access import bump_policy, grant_roles, seed_roles, share_records, unshare, withdraw_grants
from .keys import Answer, find_answer, keep_answer, purge_keys, take_key
from .series import take_numbers
from .tokens import make_token, revoke_token

__all__ = [
    "Answer", "bump_policy", "find_answer", "grant_roles", "keep_answer", "make_token", "purge_keys", "revoke_token",
    "seed_roles", "share_records", "take_key", "take_numbers", "unshare", "withdraw_grants",
]  # fmt: skip

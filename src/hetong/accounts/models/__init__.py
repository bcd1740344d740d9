from .access import FieldRule, Grant, PolicyState, Role, Share
from .company import Bank, Company, Series, Team
from .user import ApiToken, Delegation, Key, Outsider, User

__all__ = [
    "ApiToken", "Bank", "Company", "Delegation", "FieldRule", "Grant", "Key", "Outsider", "PolicyState", "Role",
    "Series", "Share", "Team", "User",
]  # fmt: skip

from .access import DutyWaiver, FieldRule, Grant, LegalHold, PolicyState, Retention, Role, Share
from .company import Bank, Company, Series, Team
from .custom import CustomField, CustomIndex, FieldKind
from .user import ApiToken, Delegation, Key, Outsider, User

__all__ = [
    "ApiToken", "Bank", "Company", "CustomField", "CustomIndex", "Delegation", "DutyWaiver", "FieldKind", "FieldRule", "Grant",
    "Key", "LegalHold", "Outsider", "PolicyState", "Retention", "Role", "Series", "Share", "Team", "User",
]  # fmt: skip

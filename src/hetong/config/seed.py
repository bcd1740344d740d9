"""What every installation starts with: shipped roles, types, statuses, kinds, taxes, rates. Safe to run again."""

from __future__ import annotations

from hetong.accounts.services import seed_roles
from hetong.billing.services import seed_types
from hetong.contracts.services import seed_setup
from hetong.documents.services.kinds import seed_kinds
from hetong.reference.services import seed as seed_reference

from .roles import ROLES


def seed() -> None:
    """Make what is shipped and missing; what an administrator changed stays as it is."""
    seed_roles(ROLES)
    seed_reference()
    seed_setup()
    seed_kinds()
    seed_types()

"""What there is: every kind of record, in one table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.accounts.fields import COMPANY, TEAM, USER
from hetong.accounts.models import Company, Team
from hetong.accounts.queries import find_colleagues, find_teams
from hetong.kernel.nouns import Noun

NOUNS: tuple[Noun, ...] = (
    Noun("accounts.company", Company, COMPANY, Company.objects.visible_to, (_("Company"), _("Companies")), icon="building", is_searched=False),
    Noun("accounts.team", Team, TEAM, find_teams, (_("Team"), _("Teams")), icon="users-group", is_searched=False),
    Noun("accounts.user", USER.model, USER, find_colleagues, (_("Person"), _("People")), icon="user", is_searched=False),
)

"""What there is: every kind of record, in one table."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.accounts.fields import COMPANY, TEAM, USER
from hetong.accounts.models import Company, Team, User
from hetong.accounts.policy import Can as Accounts
from hetong.accounts.queries import find_people, find_teams
from hetong.accounts.services import add_companies, add_teams, add_users, edit_companies, edit_teams, edit_users
from hetong.kernel.nouns import Noun
from hetong.reference.fields import CALENDAR_DAY, TAX_RATE
from hetong.reference.models import CalendarDay, TaxRate
from hetong.reference.policy import Can as Reference
from hetong.reference.services import add_calendar_days, add_tax_rates, edit_calendar_days, edit_tax_rates

NOUNS: tuple[Noun, ...] = (
    Noun(
        "reference.tax_rate", TaxRate, TAX_RATE, TaxRate.objects.visible_to, (_("Tax rate"), _("Tax rates")), "", "percentage",
        Reference.MANAGE, add_tax_rates, edit_tax_rates, is_searched=False,
    ),
    Noun(
        "reference.calendar_day", CalendarDay, CALENDAR_DAY, CalendarDay.objects.visible_to, (_("Calendar day"), _("Calendar days")),
        "", "calendar", Reference.MANAGE, add_calendar_days, edit_calendar_days, is_searched=False,
    ),
    Noun(
        "accounts.company", Company, COMPANY, Company.objects.visible_to, (_("Company"), _("Companies")), "settings/companies", "building",
        Accounts.MANAGE_COMPANIES, add_companies, edit_companies, is_searched=False,
    ),
    Noun(
        "accounts.team", Team, TEAM, find_teams, (_("Team"), _("Teams")), "settings/teams", "users-group",
        Accounts.MANAGE_COMPANIES, add_teams, edit_teams, is_searched=False,
    ),
    Noun(
        "accounts.user", User, USER, find_people, (_("Person"), _("People")), "settings/users", "user",
        Accounts.MANAGE_USERS, add_users, edit_users, is_searched=False,
    ),
)

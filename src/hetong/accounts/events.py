"""What happens in accounts: journal codes with their sentences, and events."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    SIGNED_IN = "accounts.signed_in"
    SIGN_IN_FAILED = "accounts.sign_in_failed"
    SIGNED_OUT = "accounts.signed_out"
    COMPANY_ADDED = "accounts.company_added"
    COMPANY_EDITED = "accounts.company_edited"
    TEAM_ADDED = "accounts.team_added"
    TEAM_EDITED = "accounts.team_edited"
    USER_ADDED = "accounts.user_added"
    USER_EDITED = "accounts.user_edited"
    USER_DEACTIVATED = "accounts.user_deactivated"
    PASSWORD_SET = "accounts.password_set"  # noqa: S105 - a journal code
    PASSWORD_LINK_MADE = "accounts.password_link_made"  # noqa: S105 - a journal code
    ROLE_EDITED = "accounts.role_edited"
    GRANTED = "accounts.granted"
    GRANT_WITHDRAWN = "accounts.grant_withdrawn"
    SHARED = "accounts.shared"
    UNSHARED = "accounts.unshared"
    TOKEN_MADE = "accounts.token_made"  # noqa: S105 - a journal code
    TOKEN_REVOKED = "accounts.token_revoked"  # noqa: S105 - a journal code
    SERIES_SET = "accounts.series_set"
    SERIES_REMOVED = "accounts.series_removed"


SENTENCES = {
    Act.SIGNED_IN: _("signed in"),
    Act.SIGN_IN_FAILED: _("failed to sign in"),
    Act.SIGNED_OUT: _("signed out"),
    Act.COMPANY_ADDED: _("added the company"),
    Act.COMPANY_EDITED: _("changed the company"),
    Act.TEAM_ADDED: _("added the team"),
    Act.TEAM_EDITED: _("changed the team"),
    Act.USER_ADDED: _("added the user"),
    Act.USER_EDITED: _("changed the user"),
    Act.USER_DEACTIVATED: _("deactivated the user"),
    Act.PASSWORD_SET: _("set the password"),
    Act.PASSWORD_LINK_MADE: _("made a link to set the password"),
    Act.ROLE_EDITED: _("changed the role"),
    Act.GRANTED: _("granted the role %(role)s"),
    Act.GRANT_WITHDRAWN: _("withdrew the role %(role)s"),
    Act.SHARED: _("shared the record with %(with)s"),
    Act.UNSHARED: _("stopped sharing the record with %(with)s"),
    Act.TOKEN_MADE: _("made the API token %(prefix)s"),
    Act.TOKEN_REVOKED: _("revoked the API token %(prefix)s"),
    Act.SERIES_SET: _("set how numbers are written: %(now)s"),
    Act.SERIES_REMOVED: _("removed an unused number series"),
}


class AccessChanged(Event):
    """Grants, roles, rules, shares or memberships changed."""

    code = "accounts.access_changed"


class CompaniesChanged(Event):
    """Companies were added or edited."""

    code = "accounts.companies_changed"


class TeamsChanged(Event):
    """Teams were added or edited."""

    code = "accounts.teams_changed"


class UsersChanged(Event):
    """Users were added, edited or deactivated."""

    code = "accounts.users_changed"

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
    BANK_ADDED = "accounts.bank_added"
    BANK_EDITED = "accounts.bank_edited"
    TEAM_ADDED = "accounts.team_added"
    TEAM_EDITED = "accounts.team_edited"
    USER_ADDED = "accounts.user_added"
    USER_EDITED = "accounts.user_edited"
    USER_DEACTIVATED = "accounts.user_deactivated"
    PASSWORD_SET = "accounts.password_set"  # noqa: S105 - a journal code
    PASSWORD_LINK_MADE = "accounts.password_link_made"  # noqa: S105 - a journal code
    INVITED = "accounts.invited"
    RESET_ASKED = "accounts.reset_asked"
    ADDRESS_ASKED = "accounts.address_asked"
    FACTOR_ADDED = "accounts.factor_added"
    FACTOR_REMOVED = "accounts.factor_removed"
    FACTOR_RENEWED = "accounts.factor_renewed"
    FACTOR_FAILED = "accounts.factor_failed"
    SESSION_ENDED = "accounts.session_ended"
    DELEGATED = "accounts.delegated"
    DELEGATION_ENDED = "accounts.delegation_ended"
    HANDED_OVER = "accounts.handed_over"
    ROLE_ADDED = "accounts.role_added"
    ROLE_EDITED = "accounts.role_edited"
    ROLE_RETIRED = "accounts.role_retired"
    ROLE_RESTORED = "accounts.role_restored"
    ROLE_RESET = "accounts.role_reset"
    RULES_SET = "accounts.rules_set"
    CUSTOM_FIELD_ADDED = "accounts.custom_field_added"
    CUSTOM_FIELD_EDITED = "accounts.custom_field_edited"
    CUSTOM_FIELD_RETIRED = "accounts.custom_field_retired"
    CUSTOM_FIELD_RESTORED = "accounts.custom_field_restored"
    PREVIEW_BEGUN = "accounts.preview_begun"
    PREVIEW_ENDED = "accounts.preview_ended"
    GRANTED = "accounts.granted"
    GRANT_WITHDRAWN = "accounts.grant_withdrawn"
    SHARED = "accounts.shared"
    SHARED_UNTIL = "accounts.shared_until"
    UNSHARED = "accounts.unshared"
    DUTY_WAIVED = "accounts.duty_waived"
    DUTY_KEPT = "accounts.duty_kept"
    PERSON_ERASED = "accounts.person_erased"
    HELD = "accounts.held"
    HOLD_LIFTED = "accounts.hold_lifted"
    RETENTION_SET = "accounts.retention_set"
    ERASE_REFUSED = "accounts.erase_refused"
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
    Act.BANK_ADDED: _("added the account of our company"),
    Act.BANK_EDITED: _("changed the account of our company"),
    Act.TEAM_ADDED: _("added the team"),
    Act.TEAM_EDITED: _("changed the team"),
    Act.USER_ADDED: _("added the user"),
    Act.USER_EDITED: _("changed the user"),
    Act.USER_DEACTIVATED: _("deactivated the user"),
    Act.PASSWORD_SET: _("set the password"),
    Act.PASSWORD_LINK_MADE: _("made a link to set the password"),
    Act.INVITED: _("sent an invitation"),
    Act.RESET_ASKED: _("asked for a new password"),
    Act.ADDRESS_ASKED: _("asked to change the e-mail address"),
    Act.FACTOR_ADDED: _("added a second step: %(what)s"),
    Act.FACTOR_REMOVED: _("removed a second step: %(what)s"),
    Act.FACTOR_RENEWED: _("renewed the recovery codes"),
    Act.FACTOR_FAILED: _("gave a wrong code"),
    Act.SESSION_ENDED: _("ended %(count)s sessions"),
    Act.DELEGATED: _("let %(to)s stand in from %(starts)s to %(ends)s"),
    Act.DELEGATION_ENDED: _("ended the standing in of %(to)s"),
    Act.HANDED_OVER: _("handed %(count)s records over to %(to)s"),
    Act.ROLE_ADDED: _("added the role"),
    Act.ROLE_EDITED: _("changed the role"),
    Act.ROLE_RETIRED: _("retired the role"),
    Act.ROLE_RESTORED: _("took the role into use again"),
    Act.ROLE_RESET: _("set the role back to what was shipped"),
    Act.RULES_SET: _("changed field rules of the role"),
    Act.CUSTOM_FIELD_ADDED: _("added the field"),
    Act.CUSTOM_FIELD_EDITED: _("changed the field"),
    Act.CUSTOM_FIELD_RETIRED: _("retired the field"),
    Act.CUSTOM_FIELD_RESTORED: _("took the field into use again"),
    Act.PREVIEW_BEGUN: _("began to view as %(label)s"),
    Act.PREVIEW_ENDED: _("stopped viewing as %(label)s"),
    Act.GRANTED: _("granted the role %(role)s"),
    Act.GRANT_WITHDRAWN: _("withdrew the role %(role)s"),
    Act.SHARED: _("shared the record with %(with)s"),
    Act.SHARED_UNTIL: _("shared the record with %(with)s until %(until)s"),
    Act.UNSHARED: _("stopped sharing the record with %(with)s"),
    Act.DUTY_WAIVED: _("made an exception from duties kept apart, until %(until)s"),
    Act.DUTY_KEPT: _("ended an exception from duties kept apart"),
    Act.PERSON_ERASED: _("erased what was held on the person"),
    Act.HELD: _("held the record for a legal case"),
    Act.HOLD_LIFTED: _("lifted the legal hold"),
    Act.RETENTION_SET: _("set how many months are kept: %(kind)s, %(months)s"),
    Act.ERASE_REFUSED: _("tried to erase personal values while managing people, and was refused"),
    Act.TOKEN_MADE: _("made the API token %(prefix)s"),
    Act.TOKEN_REVOKED: _("revoked the API token %(prefix)s"),
    Act.SERIES_SET: _("set how numbers are written: %(now)s"),
    Act.SERIES_REMOVED: _("removed an unused number series"),
}


class AccessChanged(Event):
    """Grants, roles, rules, shares or memberships changed."""

    code = "accounts.access_changed"


class RecordsShared(Event):
    """Records were opened to a person or a team; ``share`` is the id of the share."""

    code = Act.SHARED


class CustomFieldsChanged(Event):
    """Fields were added to kinds of record, changed, retired or taken back into use."""

    code = "accounts.custom_fields_changed"


class CompaniesChanged(Event):
    """Companies were added or edited."""

    code = "accounts.companies_changed"


class BanksChanged(Event):
    """Accounts of our companies were added or edited."""

    code = "accounts.banks_changed"


class TeamsChanged(Event):
    """Teams were added or edited."""

    code = "accounts.teams_changed"


class UsersChanged(Event):
    """Users were added, edited or deactivated."""

    code = "accounts.users_changed"


class UsersInvited(Event):
    """People are to get a mail with a link to choose a password."""

    code = "accounts.invited"


class PasswordResetAsked(Event):
    """Somebody asked for a new password; the id may be nobody's, so that asking does the same work for every address."""

    code = "accounts.reset_asked"


class PasswordChanged(Event):
    """A password was set or changed."""

    code = "accounts.password_set"


class AddressChanged(Event):
    """A new address is ``wanted``, or the one ``before`` was replaced."""

    code = "accounts.address_asked"


class FactorsChanged(Event):
    """A second step of somebody was added, removed or renewed."""

    code = "accounts.factor_added"

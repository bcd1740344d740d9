from __future__ import annotations

from django.urls import include, path

from .views import companies, delegations, me, people, security, settings, sign_in, tokens

app = (
    [
        path("portal/", sign_in.portal, name="portal"),
        path("settings/", settings.index, name="settings"),
        path("settings/me/", me.me, name="me"),
        path("settings/sign-in/", security.overview, name="security"),
        path("settings/sign-in/prove/", security.prove, name="prove"),
        path("settings/sign-in/address/", security.address, name="address"),
        path("settings/sign-in/app/", security.factor_app, name="factor_app"),
        path("settings/sign-in/passkey/", security.factor_passkey, name="factor_passkey"),
        path("settings/sign-in/<int:factor_id>/remove/", security.factor_remove, name="factor_remove"),
        path("settings/sign-in/codes/", security.codes_renew, name="codes_renew"),
        path("settings/sign-in/devices/<int:session_id>/end/", security.session_end, name="session_end"),
        path("settings/sign-in/devices/end/", security.sessions_end, name="sessions_end"),
        path("settings/stand-ins/", delegations.delegations, name="delegations"),
        path("settings/stand-ins/<uuid:delegation_id>/end/", delegations.delegation_end, name="delegation_end"),
        path("settings/tokens/", tokens.tokens, name="tokens"),
        path("settings/tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
        path("settings/companies/", companies.companies, name="companies"),
        path("settings/companies/new/", companies.company_add, name="company_add"),
        path("settings/companies/<uuid:company_id>/", companies.company, name="company"),
        path("settings/companies/<uuid:company_id>/edit/", companies.company_edit, name="company_edit"),
        path("settings/teams/", companies.teams, name="teams"),
        path("settings/teams/new/", companies.team_add, name="team_add"),
        path("settings/teams/<uuid:team_id>/", companies.team, name="team"),
        path("settings/teams/<uuid:team_id>/edit/", companies.team_edit, name="team_edit"),
        path("settings/users/", people.users, name="users"),
        path("settings/users/new/", people.user_add, name="user_add"),
        path("settings/users/<uuid:user_id>/", people.user, name="user"),
        path("settings/users/<uuid:user_id>/edit/", people.user_edit, name="user_edit"),
        path("settings/users/<uuid:user_id>/roles/", people.user_grants, name="user_grants"),
        path(
            "settings/users/<uuid:user_id>/roles/<uuid:grant_id>/withdraw/",
            people.grant_withdraw,
            name="grant_withdraw",
        ),
        path("settings/users/<uuid:user_id>/link/", people.user_link, name="user_link"),
        path("settings/users/<uuid:user_id>/invite/", people.user_invite, name="user_invite"),
        path("settings/users/<uuid:user_id>/second-step/", people.user_factors_clear, name="user_factors_clear"),
        path("settings/users/<uuid:user_id>/stand-ins/", delegations.user_delegations, name="user_delegations"),
        path(
            "settings/users/<uuid:user_id>/tokens/<uuid:token_id>/revoke/",
            people.user_token_revoke,
            name="user_token_revoke",
        ),
        path("settings/users/<uuid:user_id>/activity/", people.user_activity, name="user_activity"),
        path("settings/roles/", settings.roles, name="roles"),
        path("settings/components/", settings.components, name="components"),
    ],
    "accounts",
)

urlpatterns = [
    path("login/", sign_in.sign_in, name="account_login"),
    path("login/code/", sign_in.second_step, name="mfa_authenticate"),
    path("login/forgotten/", sign_in.forgotten, name="forgotten"),
    path("login/address/<str:key>/", sign_in.confirm_address, name="confirm_address"),
    path("login/password/<str:user>/<str:key>/", sign_in.first_password, name="first_password"),
    path("logout/", sign_in.sign_out, name="account_logout"),
    path("preferences/", sign_in.preferences, name="preferences"),
    path("settings/me/password/", me.password, name="account_change_password"),
    path("", include(app)),
]

"""Who there is and what they may do: companies, teams, users, roles, grants, scopes, shares, tokens, series.

Builds the `Actor` of a request, answers which rows a scope reaches, keeps idempotency keys and number
series. It knows no record of higher floors: roles and permissions are data.
"""

"""Owns the settings, the addresses, the command line and the three tables that join the apps.

It is the only place that knows every app: `nouns` says what there is, `wiring` what happens when,
`navigation` what appears where. It refuses to hold rules of the business: those live in the app of
their noun. Nothing imports it.
"""

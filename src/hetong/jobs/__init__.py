"""Work that happens later: the outbox of events, the schedule, and long jobs that a person started.

Owns `publish()` and the worker. It knows no listener by itself: ``config/wiring.py`` hands the tables in.
A failing consequence never undoes the fact that caused it; it waits for a retry where people see it.
"""

"""Currencies and rates, taxes, countries, calendars."""

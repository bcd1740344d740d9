from hetong.reference.places import countries, country_name, currencies, currency_name

from .calendars import (
    DayFacts,
    add_working_days,
    back_to_working_day,
    calendar_names,
    day_facts,
    forward_to_working_day,
    is_published,
    is_working_day,
    public_holidays,
    unusual_days,
    worked_weekends,
)
from .rates import OLDEST, Conversion, NoRate, Quote, convert, newest_day, quotes_on, rate
from .taxes import NoTaxRate, find_tax_rates, tax_rate

__all__ = [
    "OLDEST",
    "Conversion",
    "DayFacts",
    "NoRate",
    "NoTaxRate",
    "Quote",
    "add_working_days",
    "back_to_working_day",
    "calendar_names",
    "convert",
    "countries",
    "country_name",
    "currencies",
    "currency_name",
    "day_facts",
    "find_tax_rates",
    "forward_to_working_day",
    "is_published",
    "is_working_day",
    "newest_day",
    "public_holidays",
    "quotes_on",
    "rate",
    "tax_rate",
    "unusual_days",
    "worked_weekends",
]

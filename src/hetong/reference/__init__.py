"""Facts of the world that contracts refer to: currencies and exchange rates with their source and day,
tax rates with their validity, countries, working calendars.

It knows no company and no record. It refuses to guess: a day without a rate is refused with the way to
load one, and a year whose holidays are not published yet says so.
"""

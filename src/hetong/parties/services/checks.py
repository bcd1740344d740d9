"""Rules on one value that several nouns of parties share; each gives the problems of one row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from hetong.kernel.errors import N_, Conflict, Problem
from hetong.parties.identifiers import BadNumber

_WEBSITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[\w-]{2,63}(?::\d{1,5})?(?:/[^\s\"'<>]*)?", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s()./\-–#*]{3,}(?:\s?(?:ext|x|ankn|转|轉|分機|分机)\.?\s?\d{1,6})?", re.IGNORECASE)


class TakenMeanwhile(Conflict):
    """Someone saved the same number a moment ago; the constraint of the database refused the second one."""

    code = "taken_meanwhile"
    text = N_("Someone saved the same number or account a moment ago.")
    then = N_("Look the party up before adding it again. What you typed is kept.")


@contextmanager
def constraints_as_conflict() -> Iterator[None]:
    """Turn the refusal of a uniqueness constraint, which only a race can cause, into words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        raise TakenMeanwhile() from refused


def bad_number(broken: BadNumber, field: str) -> Problem:
    """The refusal of a number, beside its field."""
    return Problem(broken.code, broken.wording, broken.params, field=field)


def ways_to_reach(row: Any) -> Iterator[Problem]:
    """Mail address, phone numbers and website of a row are what they should be; a website gets its https."""
    if getattr(row, "email", ""):
        try:
            validate_email(row.email)
        except ValidationError:
            yield Problem(
                "bad_email",
                N_("“%(given)s” is not a mail address. Example: name@example.com"),
                {"given": row.email},
                "email",
            )
    for name in ("phone", "mobile"):
        number = getattr(row, name, "")
        if number and not _PHONE.fullmatch(number):
            yield Problem(
                "bad_phone", N_("“%(given)s” is not a phone number. Example: +46 8 123 456 78"), {"given": number}, name
            )
    website = getattr(row, "website", "")
    if website:
        if not _WEBSITE.fullmatch(website):
            yield Problem(
                "bad_website",
                N_("“%(given)s” is not a web address. Example: https://example.com"),
                {"given": website},
                "website",
            )
        elif "://" not in website:
            row.website = f"https://{website}"

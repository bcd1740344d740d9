"""What the forms of a party ask, and the look for duplicates while one is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError
from hetong.kernel.text import clean_line
from hetong.parties.identifiers import scheme_of_country
from hetong.parties.queries import Duplicates, apart_from, find_duplicates
from hetong.ui.forms import RecordForm

EDIT_FIELDS = (
    "name", "local_name", "kinds", "country", "is_person", "registration_number", "vat_number", "address_lines", "postal_code", "city",
    "number", "owner", "team", "payment_days", "email", "phone", "website", "language", "industry", "other_names", "parent", "note",
)  # fmt: skip
ADD_FIELDS = (*EDIT_FIELDS[:10], "company", *EDIT_FIELDS[10:])


def typed_duplicates(actor: Actor, typed: Mapping[str, Any], besides: UUID | None = None) -> Duplicates:
    """The parties that look like what stands in the form; text that cannot be kept is left to the form to refuse."""
    try:
        names = [clean_line(str(typed.get(name) or ""))[:200] for name in ("name", "local_name")]
        country = str(typed.get("country") or "")[:2]
        numbers = [
            (scheme_of_country(country), str(typed.get("registration_number") or "")),
            ("eu_vat", str(typed.get("vat_number") or "")),
        ]
        apart = [besides] if besides else [UUID(str(typed["besides"]))] if typed.get("besides") else []
        return find_duplicates(
            actor, names, numbers, country=country, besides=[*apart, *(id for one in apart for id in apart_from(one))]
        )
    except (DomainError, ValueError):
        return Duplicates()


def warning_of(actor: Actor, form: RecordForm, *, besides: UUID | None = None) -> dict[str, Any] | None:
    """What to show before a party is saved that may be there already.

    A number that another party has is no warning: the service refuses it, beside its field.
    """
    found = typed_duplicates(actor, form.given(), besides)
    return {"duplicates": found, "ask_anyway": True} if found and not found.has_same_number else None

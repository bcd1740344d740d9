"""What may be done with parties, by whom."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route, form, get, post


class Can(StrEnum):
    VIEW = "parties.view"
    ADD = "parties.add"
    EDIT = "parties.edit"
    EDIT_BANKS = "parties.edit_banks"
    MERGE = "parties.merge"
    MANAGE_KINDS = "parties.manage_kinds"


PARTY = "parties.party"
DETAILS: tuple[tuple[str, Can], ...] = (
    ("contact", Can.EDIT), ("number", Can.EDIT), ("address", Can.EDIT), ("bank", Can.EDIT_BANKS), ("terms", Can.EDIT),
)  # fmt: skip
"""What hangs on a party, and the permission to change it."""

API: tuple[Route, ...] = (
    get("api:parties", Can.VIEW),
    post("api:parties", Can.ADD),
    get("api:party", Can.VIEW, noun="parties.party"),
    Route("api:party", ("PATCH",), (Can.EDIT,), "parties.party"),
    post("api:party_retire", Can.EDIT, noun="parties.party"),
    post("api:party_restore", Can.EDIT, noun="parties.party"),
    get("api:party_duplicates", Can.MERGE),
    post("api:party_merge", Can.MERGE, noun="parties.party"),
    post("api:party_apart", Can.MERGE, noun="parties.party"),
    post("api:party_apart_end", Can.MERGE, noun="parties.party"),
    get("api:contacts", Can.VIEW),
    post("api:contacts", Can.EDIT),
    get("api:contact", Can.VIEW, noun="parties.contact"),
    Route("api:contact", ("PATCH",), (Can.EDIT,), "parties.contact"),
)

ROUTES: tuple[Route, ...] = (
    *API,
    get("parties:list", Can.VIEW),
    form("parties:add", Can.ADD),
    get("parties:duplicates", Can.ADD, Can.EDIT),
    get("parties:card", Can.VIEW, noun=PARTY),
    get("parties:alike", Can.VIEW, noun=PARTY),
    form("parties:edit", Can.EDIT, noun=PARTY),
    post("parties:retire", Can.EDIT, noun=PARTY),
    post("parties:restore", Can.EDIT, noun=PARTY),
    get("parties:likely", Can.MERGE),
    form("parties:merge", Can.MERGE, noun=PARTY),
    post("parties:apart", Can.MERGE, noun=PARTY),
    post("parties:apart_end", Can.MERGE, noun=PARTY),
    *(form(f"parties:{what}_add", can, noun=PARTY) for what, can in DETAILS),
    *(form(f"parties:{what}_edit", can, noun=PARTY) for what, can in DETAILS),
    get("parties:kinds", Can.MANAGE_KINDS),
    form("parties:kind_add", Can.MANAGE_KINDS),
    get("parties:kind", Can.MANAGE_KINDS),
    form("parties:kind_edit", Can.MANAGE_KINDS),
)

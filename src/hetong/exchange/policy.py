"""Who may take a contract's record with them, and who may bring records in from files.

Packages are documents: the rules of documents say who reads them. An import adds and changes records by the services of
their nouns, so it needs those rights too; adopting contracts needs its own.
"""

from __future__ import annotations

from enum import StrEnum

from hetong.contracts.policy import Can as Contracts
from hetong.kernel.routes import Route, form, get, post


class Can(StrEnum):
    IMPORT = "exchange.import"


ROUTES: tuple[Route, ...] = (
    get("exchange:record", Contracts.VIEW, noun="contracts.contract"),
    get("exchange:imports", Can.IMPORT),
    form("exchange:import_new", Can.IMPORT),
    get("exchange:import_template", Can.IMPORT),
    get("exchange:import", Can.IMPORT),
    form("exchange:import_reading", Can.IMPORT),
    form("exchange:import_columns", Can.IMPORT),
    form("exchange:import_rows", Can.IMPORT),
    post("exchange:import_check", Can.IMPORT),
    post("exchange:import_run", Can.IMPORT),
    post("exchange:import_cancel", Can.IMPORT),
    post("exchange:import_undo", Can.IMPORT),
    get("exchange:import_errors", Can.IMPORT),
    get("api:imports", Can.IMPORT),
    post("api:imports", Can.IMPORT),
    get("api:import", Can.IMPORT),
    get("api:import_rows", Can.IMPORT),
    *(
        post(f"api:import_{step}", Can.IMPORT)
        for step in ("reading", "mapping", "options", "rows", "check", "run", "cancel", "undo")
    ),
)

"""Who may take a contract's record with them. Packages are documents: the rules of documents say who reads them."""

from __future__ import annotations

from hetong.contracts.policy import Can as Contracts
from hetong.kernel.routes import Route, get

ROUTES: tuple[Route, ...] = (get("exchange:record", Contracts.VIEW, noun="contracts.contract"),)

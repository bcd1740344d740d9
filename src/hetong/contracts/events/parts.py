"""Contracts, their lines, teams, flags and statuses."""

from __future__ import annotations

from hetong.contracts.events.codes import Act
from hetong.kernel.events import Event


class ContractsAdded(Event):
    """Contracts were added as drafts."""

    code = Act.ADDED


class ContractsEdited(Event):
    """What contracts say was changed."""

    code = Act.EDITED


class StatusesSet(Event):
    """Contracts took another status of the same stage."""

    code = Act.STATUS_SET


class RenewalsDecided(Event):
    """It was decided whether contracts are renewed. Facts: ``decision`` (renew | renegotiate | lapse), ``day``."""

    code = Act.RENEWAL_DECIDED


class ContractsFlagged(Event):
    """Contracts were marked abnormal."""

    code = Act.FLAGGED


class ContractsUnflagged(Event):
    """Abnormal flags were resolved."""

    code = Act.UNFLAGGED


class ValueChanged(Event):
    """The lines of contracts, and so their value, changed."""

    code = Act.VALUE_CHANGED


class TeamJoined(Event):
    """Colleagues joined a contract's team. Facts: ``users`` (ids)."""

    code = Act.TEAM_JOINED


class TeamLeft(Event):
    """Colleagues left a contract's team."""

    code = Act.TEAM_LEFT


class LinesAdded(Event):
    """Lines were added to contracts."""

    code = Act.LINES_ADDED


class LinesEdited(Event):
    """Lines of contracts were changed."""

    code = Act.LINES_EDITED


class LinesRemoved(Event):
    """Lines of contracts were removed."""

    code = Act.LINES_REMOVED

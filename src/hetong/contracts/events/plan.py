"""Stages of plans, milestones, originals on paper."""

from __future__ import annotations

from hetong.contracts.events.codes import Act
from hetong.kernel.events import Event


class InstalmentsAdded(Event):
    """Stages were added to plans."""

    code = Act.STAGES_ADDED


class InstalmentsEdited(Event):
    """Stages of plans were changed while their contracts were drafted."""

    code = Act.STAGES_EDITED


class InstalmentsRemoved(Event):
    """Stages were removed from plans while their contracts were drafted."""

    code = Act.STAGES_REMOVED


class PlanChanged(Event):
    """The plan of a contract in force was changed; the facts name its ``instalments`` that are new, others or gone."""

    code = Act.PLAN_CHANGED


class MilestonesAdded(Event):
    """Milestones were added to contracts."""

    code = Act.MILESTONES_ADDED


class MilestonesEdited(Event):
    """Milestones of contracts were changed."""

    code = Act.MILESTONES_EDITED


class MilestonesRemoved(Event):
    """Milestones of contracts were removed."""

    code = Act.MILESTONES_REMOVED


class MilestonesReached(Event):
    """Milestones were reached; the rows are their contracts, the facts name ``milestone`` and ``reached_on``."""

    code = Act.MILESTONES_REACHED


class MilestonesUnreached(Event):
    """It was taken back that milestones were reached; rows and facts as when they are."""

    code = Act.MILESTONES_UNREACHED


class OriginalsAdded(Event):
    """Originals on paper were noted."""

    code = Act.ORIGINALS_ADDED


class OriginalsEdited(Event):
    """What is noted about originals was changed."""

    code = Act.ORIGINALS_EDITED


class OriginalsRemoved(Event):
    """Originals that were noted by mistake were removed."""

    code = Act.ORIGINALS_REMOVED


class OriginalsStamped(Event):
    """Originals were stamped."""

    code = Act.ORIGINALS_STAMPED


class OriginalsLent(Event):
    """Originals were lent out."""

    code = Act.ORIGINALS_LENT


class OriginalsReturned(Event):
    """Originals came back."""

    code = Act.ORIGINALS_RETURNED

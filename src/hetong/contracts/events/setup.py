"""Projects, and what contracts are set up with."""

from __future__ import annotations

from hetong.contracts.events.codes import Act
from hetong.kernel.events import Event


class ProjectsAdded(Event):
    """Projects were added."""

    code = Act.PROJECTS_ADDED


class ProjectsEdited(Event):
    """Projects were changed."""

    code = Act.PROJECTS_EDITED


class TypesAdded(Event):
    """Contract types were added."""

    code = Act.TYPES_ADDED


class TypesEdited(Event):
    """Contract types were changed."""

    code = Act.TYPES_EDITED


class TypesRetired(Event):
    """Contract types are no longer offered, or are again."""

    code = Act.TYPES_RETIRED


class StatusesAdded(Event):
    """Statuses were added."""

    code = Act.STATUSES_ADDED


class StatusesEdited(Event):
    """Statuses were changed."""

    code = Act.STATUSES_EDITED


class StatusesRetired(Event):
    """Statuses are no longer offered, or are again."""

    code = Act.STATUSES_RETIRED


class StatusesRemoved(Event):
    """Statuses that nothing ever used were removed."""

    code = Act.STATUSES_REMOVED

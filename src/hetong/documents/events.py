"""What happens to documents: journal codes with their sentences, and events."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    ADDED = "documents.added"
    ADDED_HERE = "documents.added_here"
    EDITED = "documents.edited"
    PROPOSED = "documents.version_proposed"
    ACCEPTED = "documents.version_accepted"
    REJECTED = "documents.version_rejected"
    MOVED = "documents.moved"
    RETIRED = "documents.retired"
    RESTORED = "documents.restored"
    KIND_ADDED = "documents.kind_added"
    KIND_EDITED = "documents.kind_edited"


SENTENCES = {
    Act.ADDED: _("added the document"),
    Act.ADDED_HERE: _("added a document"),
    Act.EDITED: _("changed the document"),
    Act.PROPOSED: _("proposed a new version"),
    Act.ACCEPTED: _("made version %(number)s the current one"),
    Act.REJECTED: _("rejected a proposed version"),
    Act.MOVED: _("moved the document here when its record became part of this one"),
    Act.RETIRED: _("retired the document"),
    Act.RESTORED: _("took the document back into use"),
    Act.KIND_ADDED: _("added the kind of document"),
    Act.KIND_EDITED: _("changed the kind of document"),
}


class DocumentsChanged(Event):
    """Something happened to documents; the facts name the record and, where one is meant, the version."""

    code = "documents.changed"


class DocumentsAdded(DocumentsChanged):
    code = "documents.added"


class DocumentsEdited(DocumentsChanged):
    code = "documents.edited"


class VersionsProposed(DocumentsChanged):
    code = "documents.version_proposed"


class VersionsAccepted(DocumentsChanged):
    code = "documents.version_accepted"


class VersionsRejected(DocumentsChanged):
    code = "documents.version_rejected"


class DocumentsRetired(DocumentsChanged):
    code = "documents.retired"


class DocumentsRestored(DocumentsChanged):
    code = "documents.restored"


class KindsChanged(Event):
    """Kinds of document were added or changed."""

    code = "documents.kinds_changed"

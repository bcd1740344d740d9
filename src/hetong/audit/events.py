"""Journal codes of the journal itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ERASED = "audit.erased"
DEMO_REMOVED = "audit.demo_removed"
ACCESS_SEALED = "audit.access_sealed"

SENTENCES = {
    ERASED: _("erased personal values from the history"),
    DEMO_REMOVED: _("removed the demo, with everything that belonged to it"),
    ACCESS_SEALED: _("sealed the access log"),
}

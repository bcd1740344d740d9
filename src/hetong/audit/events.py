"""Journal codes of the journal itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ERASED = "audit.erased"
DEMO_REMOVED = "audit.demo_removed"
ACCESS_SEALED = "audit.access_sealed"
VERIFIED = "audit.verified"
FOUND_BROKEN = "audit.found_broken"

SENTENCES = {
    ERASED: _("erased personal values from the history"),
    DEMO_REMOVED: _("removed the demo, with everything that belonged to it"),
    ACCESS_SEALED: _("sealed the access log"),
    VERIFIED: _("checked the journal: %(count)s sealed entries, nothing is wrong"),
    FOUND_BROKEN: _("checked the journal and found %(count)s faults, the first at %(where)s: %(what)s"),
}

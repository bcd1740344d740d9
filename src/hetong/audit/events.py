"""Journal codes of the journal itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ERASED = "audit.erased"
ACCESS_SEALED = "audit.access_sealed"

SENTENCES = {
    ERASED: _("erased personal values from the history"),
    ACCESS_SEALED: _("sealed the access log"),
}

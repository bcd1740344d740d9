"""Journal codes of the journal itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .sealer import ACCESS_SEALED
from .services import ERASED

SENTENCES = {
    ERASED: _("erased personal values from the history"),
    ACCESS_SEALED: _("sealed the access log"),
}

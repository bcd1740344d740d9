"""What leaves and what comes in as a whole: journal codes with their sentences, and events."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    PACKAGES_WANTED = "exchange.packages_wanted"
    PACKAGED = "exchange.packaged"
    IMPORTED = "exchange.imported"
    IMPORT_UNDONE = "exchange.import_undone"


SENTENCES = {
    Act.PACKAGES_WANTED: _("asked for the archive package"),
    Act.PACKAGED: _("made the archive package"),
    Act.IMPORTED: _("imported the file %(name)s: %(created)s added, %(updated)s changed, %(errors)s rows refused"),
    Act.IMPORT_UNDONE: _("undid the import of the file %(name)s: %(removed)s records removed, %(kept)s kept"),
}


class PackagesWanted(Event):
    """One contract of many archived at once still needs its package: packages are made one by one."""

    code = Act.PACKAGES_WANTED


class Packaged(Event):
    """An archive package was made and stored; facts: ``manifest_sha256`` and ``package_sha256``."""

    code = Act.PACKAGED

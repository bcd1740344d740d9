"""What happens to files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class TextsRead(Event):
    """The text of files was read, or could not be; the facts' ids are those of the blobs."""

    code = "files.text_read"


SENTENCES = {TextsRead.code: _("read the text of a file")}

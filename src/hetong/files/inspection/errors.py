"""Why a file is not taken."""

from __future__ import annotations

from typing import ClassVar

from hetong.kernel.errors import N_, Invalid


class RefusedFile(Invalid):
    """The file cannot be kept; nothing of it was."""

    code = "refused_file"
    text = N_("“%(name)s” cannot be taken.")


class EmptyFile(RefusedFile):
    """The file has no content."""

    code = "empty_file"
    text = N_("“%(name)s” is empty.")
    then = N_("Save it again in the program it comes from, then add it here.")


class FileTooLarge(RefusedFile):
    """The file is larger than this installation takes."""

    code = "file_too_large"
    status: ClassVar[int] = 413
    text = N_("“%(name)s” is larger than %(limit)s MB.")
    then = N_("Make it smaller, for example by scanning at 300 dpi, or split it.")


class NotAccepted(RefusedFile):
    """The content is of a kind that is not kept: programs, web pages, drawings with scripts, packed folders."""

    code = "not_accepted"
    text = N_("“%(name)s” is %(found)s, which is not kept here.")
    then = N_("Add it as PDF, Word, Excel, PowerPoint, OpenDocument, text, or a picture (PNG, JPEG, WebP, GIF, TIFF).")


class OldOffice(RefusedFile):
    """A file of Office before 2007, or one protected by a password: it cannot be looked into."""

    code = "old_office"
    text = N_("“%(name)s” is an old or password-protected Office file, which cannot be looked into.")
    then = N_("Save it as DOCX, XLSX or PDF without a password, then add it here.")


class ContentContradictsName(RefusedFile):
    """The name says one kind, the content is another."""

    code = "content_contradicts_name"
    text = N_("“%(name)s” is named like another kind of file than it is: its content is %(found)s.")
    then = N_("If you trust it, give it the right ending. If it came by mail from a stranger, do not open it.")


class DangerousArchive(RefusedFile):
    """A packed file (Word and Excel files are packed too) that would harm whoever unpacks it."""

    code = "dangerous_archive"
    text = N_("“%(name)s” is packed in a way that is not safe to open (%(why)s).")
    then = N_("Save it again in the program it comes from, then add it here.")


class TooManyPixels(RefusedFile):
    """The picture would need gigabytes of memory to be drawn."""

    code = "too_many_pixels"
    text = N_("“%(name)s” has %(width)s × %(height)s pixels, more than can be shown.")
    then = N_("Scan or export it at a lower resolution.")

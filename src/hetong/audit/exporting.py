"""The journal as a file: one line per changed field, in the reader's words, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from io import StringIO

from django.utils import translation
from django.utils.translation import gettext as _

from hetong.kernel.actors import Actor
from hetong.ui.lists.sheets import safe_text

from .journal import Asked, every_entry
from .queries import FieldChange, Happening

MOST = 100_000
"""Entries of one file; for more, ask for a shorter time."""


def journal_csv(actor: Actor, asked: Asked) -> Iterator[bytes]:
    """The file in pieces, beginning with the mark by which spreadsheets know UTF-8."""
    with translation.override(actor.language):
        heads = [
            _("When (UTC)"), _("Who"), _("Because of"), _("What"), _("Code"), _("Kind of record"), _("Record"), _("Id"), _("Field"),
            _("Before"), _("After"), _("Reason"), _("From where"), _("Batch"), _("Entry"), _("Place in the chain"),
        ]  # fmt: skip
        yield "\ufeff".encode() + _line(heads)
    count = 0
    for one in every_entry(actor, asked, most=MOST):
        count += 1
        with translation.override(actor.language):
            yield b"".join(_line(_cells(one, change)) for change in one.changes or (None,))
    if count == MOST:
        with translation.override(actor.language):
            yield _line([_("Cut off here: a file holds %(most)s entries. Ask for a shorter time.") % {"most": MOST}])


def _cells(one: Happening, change: FieldChange | None) -> list[str]:
    at = one.at.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    changed = ["", "", ""]
    if change is not None:
        erased = _("erased")
        changed = [
            str(change.label),
            *((erased, erased) if change.is_blank else (change.before_text, change.after_text)),
        ]
    return [
        at, one.who, one.because_of, one.sentence, one.code, str(one.kind), one.label, str(one.subject or ""), *changed, one.reason,
        one.via, str(one.batch or ""), str(one.id), str(one.seq or ""),
    ]  # fmt: skip


def _line(cells: Sequence[str]) -> bytes:
    held = StringIO()
    csv.writer(held, lineterminator="\r\n").writerow([safe_text(cell) for cell in cells])
    return held.getvalue().encode()

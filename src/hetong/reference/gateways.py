"""Exchange rates as the European Central Bank publishes them: the long zip, its CSV, the daily XML or CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from hetong.kernel.errors import N_, DomainError, Invalid
from hetong.kernel.money import PLACES
from hetong.kernel.scaled import RATE, Scaled

SHIPPED = Path(__file__).parent / "data" / "eurofxref-hist.zip"
LARGEST = 64 * 1024 * 1024
Quote = tuple[str, dt.date, int]
"""Currency, day, units of 10^-10 per euro."""

_XML_DAY = re.compile(r"<Cube\s+time=['\"](\d{4}-\d\d-\d\d)['\"]\s*>(.*?)</Cube>\s*(?=<Cube\s+time|</Cube>)", re.DOTALL)
_XML_RATE = re.compile(r"<Cube\s+currency=['\"]([A-Z]{3})['\"]\s+rate=['\"]([0-9.]+)['\"]\s*/>")


class NotRates(Invalid):
    """The file is none of those that the ECB publishes."""

    code = "not_rates"
    text = N_("This file holds no exchange rates of the European Central Bank.")
    then = N_("Use eurofxref-hist.zip, eurofxref.zip, or eurofxref-daily.xml from the bank's site.")


def read_rates(content: bytes) -> list[Quote]:
    """The rates of a file, newest first as the bank writes them. Currencies long gone are left out."""
    try:
        text = _text(content)
        found = list(_from_xml(text) if text.lstrip().startswith("<") else _from_csv(text))
    except (ValueError, KeyError, zipfile.BadZipFile, DomainError) as broken:
        raise NotRates from broken
    if not found:
        raise NotRates
    return found


def _text(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content[:LARGEST].decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(archive.namelist()[0]) as file:
        return file.read(LARGEST).decode("utf-8-sig")


def _from_xml(text: str) -> Iterator[Quote]:
    for day, cubes in _XML_DAY.findall(text):
        yield from _quotes(dt.date.fromisoformat(day), _XML_RATE.findall(cubes))


def _from_csv(text: str) -> Iterator[Quote]:
    rows = csv.reader(io.StringIO(text))
    head = [cell.strip() for cell in next(rows, [""])]
    if head[0] != "Date":
        raise ValueError(head[0])
    for row in rows:
        if row:
            yield from _quotes(_day(row[0].strip()), zip(head[1:], row[1:], strict=False))


def _day(text: str) -> dt.date:
    """ISO in the long file, "13 April 2026" in the daily one."""
    if text[:4].isdigit():
        return dt.date.fromisoformat(text)
    return dt.datetime.strptime(text, "%d %B %Y").replace(tzinfo=dt.UTC).date()


def _quotes(day: dt.date, pairs: Iterable[tuple[str, str]]) -> Iterator[Quote]:
    for currency, rate in pairs:
        figure = rate.strip()
        if currency in PLACES and figure and figure != "N/A":
            yield currency, day, Scaled.of(figure, RATE).units

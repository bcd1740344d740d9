"""What somebody wrote above a quoted mail of ours, cut out by what we know of that mail and not by its reader's program.

Every mail that may be answered begins with a line of its own (`MARK`), and the line or block with which a program
introduces the quotation names our address. Both are the same in every language and program (decision 0056).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

MARK = "##-"
"""How the line begins that stands above all that we write."""
LONGEST = 200_000
"""Characters that are looked at; a comment is far shorter."""

QUOTED = re.compile(r"^\s*(?:>\s?)+")
SIGNATURE = "-- "
RULE = re.compile(r"^\s*[-_=*]{3,}[^-_=*]{0,40}[-_=*]*\s*$")
"""What some programs draw above a quotation, with words in it or not."""
HEADER = re.compile(r"^\s*\*{0,2}[^\W\d][^:：]{0,24}[:：]\*{0,2}\s*\S")
MOST_INTRODUCING = 8
"""Lines with which a quotation is introduced, at most."""


def answer_in(text: str, ours: Sequence[str] = ()) -> str:
    """The words of the writer; quoted mails of ours, what introduces them, and a signature are left out.

    ``ours``: the addresses, in small letters, from which we write.
    """
    lines = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
    first = next((n for n, line in enumerate(lines) if _is_ours(line, ours)), None)
    if first is not None:
        lines = lines[: _introduced_from(lines, first)] + _between(lines, first)
    ends = next((n for n, line in enumerate(lines) if line == SIGNATURE), len(lines))
    return "\n".join(lines[:ends]).strip()


def _is_ours(line: str, ours: Sequence[str]) -> bool:
    """Whether the line is the mark, or introduces a quotation by an address of ours."""
    bare = QUOTED.sub("", line).strip().lower()
    named = any(f"{before}{address}" in bare for address in ours for before in ("<", "mailto:"))
    return bare.startswith(MARK) or named


def _introduced_from(lines: Sequence[str], first: int) -> int:
    """The line from which on the letter is a quotation: “On … wrote:”, “From: …” and a rule above belong to it."""
    start = first
    is_mark = QUOTED.sub("", lines[first]).strip().startswith(MARK)
    if is_mark:
        start = _over_blank(lines, start)
        start = _over_wrote(lines, start) if _ends_in_colon(lines, start) else _over_headers(lines, start, least=2)
    elif lines[first].lstrip("> ")[:1] == "<" or " " not in lines[first].strip().partition(">")[0]:
        start = max(0, first - 1)  # the address was wrapped into a line of its own
    else:
        start = _over_headers(lines, first, least=1)
    above = _over_blank(lines, start)
    return above - 1 if above and RULE.match(lines[above - 1]) else start


def _over_blank(lines: Sequence[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _ends_in_colon(lines: Sequence[str], end: int) -> bool:
    return bool(end) and lines[end - 1].rstrip().endswith((":", "："))


def _over_wrote(lines: Sequence[str], end: int) -> int:
    """Over the sentence that ends in a colon, which may run over some lines; never over the first paragraph."""
    start = end
    while start and lines[start - 1].strip() and end - start < MOST_INTRODUCING:
        start -= 1
    return start or end - 1


def _over_headers(lines: Sequence[str], end: int, *, least: int) -> int:
    """Over a block of “Name: value” lines, where it has so many."""
    start = end
    while start and HEADER.match(lines[start - 1]) and end - start < MOST_INTRODUCING:
        start -= 1
    return start if end - start >= least else end


def _between(lines: Sequence[str], first: int) -> list[str]:
    """What was written under or between quoted lines; nothing where the quotation is not marked line by line."""
    rest = lines[first + 1 :]
    is_marked = any(QUOTED.match(line) for line in lines[first : first + 4])
    return [line for line in rest if not QUOTED.match(line)] if is_marked else []


class _Text(HTMLParser):
    """HTML as lines of text; what stands in a quotation gets a mark before each line."""

    BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr", "blockquote"})
    SILENT = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self.depth = 0
        self.silence = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silence += 1
        if tag in self.BREAKS:
            self._break()
        if tag == "blockquote":
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silence = max(0, self.silence - 1)
        if tag == "blockquote":
            self._break()
            self.depth = max(0, self.depth - 1)
        elif tag in self.BREAKS and tag != "br":
            self._break()

    def handle_data(self, data: str) -> None:
        if self.silence:
            return
        words = re.sub(r"\s+", " ", data)
        if words.strip() or self.lines[-1]:
            if not self.lines[-1]:
                words = ("> " * bool(self.depth)) + words.lstrip()
            self.lines[-1] += words

    def _break(self) -> None:
        if self.lines[-1].strip():
            self.lines[-1] = self.lines[-1].rstrip()
            self.lines.append("")


def html_text(html: str) -> str:
    """The words of an HTML message, a paragraph a line."""
    reader = _Text()
    reader.feed(html[:LONGEST])
    reader.close()
    return "\n".join(line for line in reader.lines if line.strip())

"""What somebody typed as safe HTML: paragraphs, lists, bold, italics, code, addresses; nothing else has a meaning.

Everything is escaped first, and marks only add fixed tags around text that is escaped already, so no input makes
a tag or an attribute of its own. Addresses become links only where they begin with http or https.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_BLOCK = re.compile(r"\n{2,}")
_POINT = re.compile(r"^[-*•] +(?=\S)")
_CODE = re.compile(r"`([^`\n]+)`")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_LINK = re.compile(r"https?://[^\s<>\"'`]+")
_TRAILING = ".,;:!?)]}»”。，；：！？）】」』"
MOST_NAMES = 50


def text_html(text: str, names: Collection[str] = ()) -> SafeString:
    """The text as HTML; ``names`` are those of people and teams that stand out where they follow an @."""
    marked = sorted({name for name in names if name}, key=len, reverse=True)[:MOST_NAMES]
    mention = (
        re.compile("@(" + "|".join(re.escape(name) for name in marked) + r")(?!\w)", re.IGNORECASE) if marked else None
    )
    blocks = (_block(one, mention) for one in _BLOCK.split(text.strip("\n")) if one.strip())
    return mark_safe("".join(blocks))  # noqa: S308 - every part below is escaped


def _block(text: str, mention: re.Pattern[str] | None) -> str:
    """A list where every line begins with a point, else a paragraph that keeps its line ends."""
    lines = text.split("\n")
    if all(_POINT.match(line) for line in lines):
        points = (f"<li>{_line(_POINT.sub('', line), mention)}</li>" for line in lines)
        return f"<ul>{''.join(points)}</ul>"
    return f"<p>{'<br>'.join(_line(line, mention) for line in lines)}</p>"


def _line(text: str, mention: re.Pattern[str] | None) -> str:
    """One line: code and addresses are taken as they stand, marks count in what lies between them."""
    drawn, at = [], 0
    for start, end, html in _fixed(text):
        drawn += [_marked(text[at:start], mention), html]
        at = end
    return "".join([*drawn, _marked(text[at:], mention)])


def _fixed(text: str) -> Iterator[tuple[int, int, str]]:
    """The parts in which nothing else is read, from the left, as (start, end, HTML)."""
    at = 0
    while True:
        found = [m for m in (_CODE.search(text, at), _LINK.search(text, at)) if m]
        if not found:
            return
        first = min(found, key=lambda m: m.start())
        if first.re is _CODE:
            at = first.end()
            yield first.start(), at, format_html("<code>{}</code>", first.group(1))
        else:
            url = first.group().rstrip(_TRAILING)
            at = max(first.start() + len(url), first.start() + 1)
            link = '<a href="{}" rel="noopener noreferrer nofollow">{}</a>'
            yield first.start(), first.start() + len(url), format_html(link, url, url)


def _marked(text: str, mention: re.Pattern[str] | None) -> str:
    if mention is None:
        return _emphasised(text)
    drawn, at = [], 0
    for found in mention.finditer(text):
        drawn += [_emphasised(text[at : found.start()]), format_html('<b class="mention">@{}</b>', found.group(1))]
        at = found.end()
    return "".join([*drawn, _emphasised(text[at:])])


def _emphasised(text: str) -> str:
    return _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", escape(text)))

"""No inline style or script, nothing from other hosts, nothing marked as safe.

The content security policy refuses inline code, so a page that needs it would be broken for
everybody; and each exception to escaping is a place where a stranger's text becomes our page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.lint.source import Finding, Source

RULE = "templates"
_FAULTS: tuple[tuple[str, str], ...] = (
    (r"<[^>]*\sstyle\s*=", "style= is refused by the policy; use a class"),
    (r"<style\b", "a style sheet in the page; put it into frontend/css"),
    (
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*type\s*=\s*[\"']application/json[\"'])",
        "an inline script; put it into frontend/src",
    ),
    (r"<[^>]*\son[a-z]+\s*=\s*[\"']", "an inline handler; listen in frontend/src"),
    (r"\bhx-on\b|\bhx-vals\s*=\s*[\"']js:", "htmx would have to evaluate code, which the policy refuses"),
    (r"[\"']\s*javascript:", "a javascript: address"),
    (r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)\s*=\s*[\"'](?:https?:)?//", "a file from another host"),
    (r"\|\s*safe\b|\{%\s*autoescape\s+off", "text that is not escaped"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), message) for pattern, message in _FAULTS)
_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}", re.DOTALL)


def check(source: Source) -> Iterator[Finding]:
    """Places that the policy would refuse or that let text through unescaped."""
    if not source.is_template:
        return
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), source.text)
    for pattern, message in _PATTERNS:
        for match in pattern.finditer(text):
            yield Finding(source.path, text.count("\n", 0, match.start()) + 1, RULE, message)

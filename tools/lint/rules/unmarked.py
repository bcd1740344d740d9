"""What a reader reads is worded in the reader's language.

So a text stands inside `_()`, `N_()`, `{% translate %}` or `{% blocktranslate %}`, where `make messages`
finds it. A bare word in a template, a bare label of a field, verb or choice, and a bare text of a
refusal stay English for everybody, and no test of a catalogue notices.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tools.lint.source import Finding, Source, called_name

RULE = "unmarked"
# The position of the words in calls that make something to be shown.
_WORDED = {"Field": 1, "Verb": 1, "Item": 1, "Group": 0, "Shipped": 1, "Problem": 1, "Waiting": 1}
_MESSAGES = frozenset({"success", "error", "warning", "info"})
_NAMED = frozenset({"label", "title", "help", "help_text", "text", "then", "new_label", "about", "placeholder"})
_READ = frozenset({"aria-label", "title", "placeholder", "alt"})
_QUIET = frozenset({"script", "style", "code", "kbd", "svg", "pre"})
_BLOCK = re.compile(r"\{%\s*(blocktranslate|blocktrans|comment)\b.*?\{%\s*end\1\s*%\}", re.DOTALL)
_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")
_PATH = re.compile(r"[a-z]+(_+[a-z]+)+")
_NAMES = frozenset({"Hetong", "OpenAPI", "SHA", "Esc", "Ctrl", "Enter"})


def check(source: Source) -> Iterator[Finding]:
    """Words in templates and labels in Python that no catalogue will hold."""
    if not source.is_package or source.is_test or source.is_migration:
        return
    if source.is_template:
        yield from _in_template(source)
    elif source.is_python:
        for node in ast.walk(source.tree):
            for text in _bare_texts(node):
                yield Finding(
                    source.path, text.lineno, RULE, f"“{ast.literal_eval(text)}” is not marked for translation"
                )


class _Words(HTMLParser):
    """Finds words outside of tags, and in attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._quiet: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _QUIET or "id" in (dict(attrs).get("class") or "").split():
            self._quiet.append(tag)
        for name, value in attrs:
            if name in _READ and value:
                self._note(value)

    def handle_endtag(self, tag: str) -> None:
        if self._quiet[-1:] == [tag]:
            self._quiet.pop()

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self._note(data)

    def _note(self, text: str) -> None:
        words = [word for word in _WORD.findall(text) if word not in _NAMES]
        if words:
            self.found.append((self.getpos()[0], " ".join(words)))


def _in_template(source: Source) -> Iterator[Finding]:
    """Bare words between tags and in spoken attributes; a text file has no tags and is all words."""
    if not source.path.endswith(".html"):
        return
    page = _Words()
    page.feed(_TAG.sub(_blank, _BLOCK.sub(_blank, source.text)))
    page.close()
    for line, words in page.found:
        yield Finding(source.path, line, RULE, f"“{words[:60]}” is not marked for translation")


def _blank(found: re.Match[str]) -> str:
    """As many lines as before, so that later findings name the right one."""
    return "\n" * found.group(0).count("\n")


def _bare_texts(node: ast.AST) -> Iterator[ast.expr]:
    """String constants where a marked text belongs; an ORM path is none."""
    if isinstance(node, ast.Call):
        yield from (text for text in _shown_by(node) if _is_words(text))
    if isinstance(node, ast.ClassDef):
        for line in node.body:
            if (
                isinstance(line, ast.Assign | ast.AnnAssign)
                and line.value
                and _named_text(line)
                and _is_words(line.value)
            ):
                yield line.value


def _shown_by(call: ast.Call) -> Iterator[ast.expr]:
    name = called_name(call)
    at = _WORDED.get(name)
    if (
        name in _MESSAGES
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "messages"
    ):
        at = 1
    if at is None:
        return
    yield from call.args[at : at + 1]
    yield from (word.value for word in call.keywords if word.arg in _NAMED)


def _named_text(line: ast.Assign | ast.AnnAssign) -> bool:
    targets = line.targets if isinstance(line, ast.Assign) else [line.target]
    return any(isinstance(target, ast.Name) and target.id in {"text", "then"} for target in targets)


def _is_words(text: ast.expr) -> bool:
    return (
        isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and bool(_WORD.search(text.value))
        and not _PATH.fullmatch(text.value)
    )

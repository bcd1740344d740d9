"""The program of the typesetting child: asked again and again through its input, it answers with PDFs.

``python -m hetong.files.typeset.child ROOT FONTS``. A question and an answer are each a line of JSON that
ends in the length of the bytes that follow. It ends when its input does, so it never outlives its parent,
and when nobody has asked for a while. It imports nothing of the product.
"""

from __future__ import annotations

import json
import re
import resource
import select
import signal
import sys
import unicodedata
from collections.abc import Callable
from typing import Any, Final

import typst

MEMORY = 1024 * 1024 * 1024
IDLE_SECONDS = 600
MOST_MENDS = 60
"""Kinds of character per paper that the fonts may lack before all text beyond them is replaced."""

STANDARD: Final = "a-2b"
"""ISO 19005-2 level B. A standard is always asked for: without one, a missing glyph is silent."""

BOX = "\N{WHITE SQUARE}"
"""Stands for a character that no font of ours has: a paper shows that something is missing, never nothing."""

_MISSING = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT = frozenset("\n\u00ad\u200c\u200d")
"""Line ends, soft hyphens, and the joiners that Arabic and Indic spelling needs; marks that turn text around go."""

_COMPILERS: dict[str, typst.Compiler] = {}


def limit() -> None:
    """Take away what setting type does not need, for good: memory, new files, network, programs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the parent, whose end ends us
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(("socket.", "subprocess.", "os.exec", "os.spawn", "os.system", "os.fork", "shutil.")):
            raise PermissionError(event)

    sys.addaudithook(refuse)


def compiler_for(template: str, root: str, fonts: str) -> typst.Compiler:
    """The compiler of a template: it keeps the fonts and what it has read of the template."""
    found = _COMPILERS.get(template)
    if found is None:
        found = typst.Compiler(f"{root}/{template}", root=root, font_paths=[fonts], ignore_system_fonts=True)
        _COMPILERS[template] = found
    return found


def every_text(content: Any, change: Callable[[str], str]) -> Any:
    """The same JSON value with every text in it changed."""
    if isinstance(content, str):
        return change(content)
    if isinstance(content, list):
        return [every_text(one, change) for one in content]
    if isinstance(content, dict):
        return {key: every_text(one, change) for key, one in content.items()}
    return content


def tidy(text: str) -> str:
    """Composed, without characters that show nothing or turn the text around them around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    composed = unicodedata.normalize("NFC", lines)
    return "".join(c for c in composed if c in _KEPT or unicodedata.category(c) not in _DROPPED)


def missing_in(message: str) -> str:
    """The text that the fonts cannot show, out of typst's refusal; empty when it refused for another reason."""
    found = _MISSING.search(message)
    if found is None:
        return ""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else {"n": "\n", "t": "\t"}.get(m[2], m[2]), found[1])


def beyond_latin_and_chinese(text: str) -> str:
    """The text with a box for each character outside the scripts our fonts are made for: the last resort."""
    return "".join(c if ord(c) < 0x530 or 0x2000 <= ord(c) < 0x2800 or 0x3000 <= ord(c) < 0xA000 else BOX for c in text)


def set_paper(compiler: typst.Compiler, data: Any) -> tuple[bytes, str]:
    """The PDF, and the characters that had to be replaced. Raises `typst.TypstError`."""
    content, replaced = every_text(data, tidy), ""
    for mend in range(MOST_MENDS + 1):
        try:
            packed = json.dumps(content, ensure_ascii=False)
            made = compiler.compile(format="pdf", sys_inputs={"data": packed}, pdf_standards=STANDARD)
        except typst.TypstError as refused:
            missing = missing_in(str(refused))
            if not missing or mend == MOST_MENDS:
                raise
            replaced += missing
            content = every_text(content, _without(missing, is_last=mend == MOST_MENDS - 1))
        else:
            return bytes(made or b""), replaced  # type: ignore[arg-type]  # one PDF; only pictures of pages are a list
    raise AssertionError("the last round returns or raises")


def _without(missing: str, *, is_last: bool) -> Callable[[str], str]:
    if is_last:
        return beyond_latin_and_chinese
    table = str.maketrans(dict.fromkeys(missing, BOX))
    return lambda text: text.translate(table)


def answer(question: dict[str, Any], root: str, fonts: str) -> tuple[dict[str, Any], bytes]:
    """The line to write, and the PDF."""
    try:
        compiler = compiler_for(question["template"], root, fonts)
        made, replaced = set_paper(compiler, question["data"])
    except Exception as broken:  # one paper that cannot be set must not end the child; the asker hears why
        return {"state": "failed", "why": f"{type(broken).__name__}: {broken}"[:1000]}, b""
    return {"state": "done", "replaced": "".join(dict.fromkeys(replaced))[:200]}, made


def main(root: str, fonts: str) -> None:
    """Answer until the input ends, nobody asks, or one paper takes far too long (the alarm ends the process)."""
    limit()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([questions], [], [], IDLE_SECONDS)[0]:
        line = questions.readline()
        if not line:
            return
        head = json.loads(line)
        question = json.loads(questions.read(head["length"]))
        signal.alarm(head["seconds"])
        said, made = answer(question, root, fonts)
        signal.alarm(0)
        answers.write(json.dumps(said | {"length": len(made)}).encode() + b"\n" + made)
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""What makes a translation wrong that no reader of the language is needed to see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from babel.messages.catalog import Message

SAME: Final = "same"
PLACE: Final = re.compile(r"%\((\w+)\)[sd]|%%|%[sd]|\{(\w*)\}")
HAN: Final = re.compile(r"[\u3400-\u9fff]")
HALF_WIDTH: Final = re.compile(r"[\u3400-\u9fff][,;:?!()]|[,;:?!()][\u3400-\u9fff]")
SHORTENED: Final = re.compile(r"\b(no|nos|incl|excl|t\.o\.m|nr)\.$", re.IGNORECASE)
LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
ENDINGS: Final = {"zh": {".": "。", "?": "？", ":": "：", "…": "…"}, "sv": {".": ".", "?": "?", ":": ":", "…": "…"}}
# Wording of the other side of the strait, and words that read as something else (glossary).
FORBIDDEN: Final = {
    "zh_Hans": ("中止", "合約", "資料", "登入"),
    "zh_Hant": (
        *("合同", "字段", "數據", "設置", "保存", "登錄", "登陸", "用戶", "默認", "搜索", "打印", "鏈接", "視圖"),
        *("導入", "導出", "模板", "審批", "台賬", "台帳", "續簽", "序列號", "對賬", "賬", "日誌", "門戶", "審計"),
        *("中止", "回款", "聯系", "缺省", "質保", "信息", "文件夾", "軟件", "網絡", "服務器", "郵箱", "屏幕"),
    ),
    "sv": ("suspenderad", "Suspenderad", "!"),
}


# Each of the two character sets of old lacks the other script's own characters.
CHARACTERS: Final = {"zh_Hans": "gb2312", "zh_Hant": "big5"}


def is_translated(message: Message) -> bool:
    """Whether every form has a text and none waits for another look."""
    return all(forms(message)) and not message.fuzzy


def forms(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    said = message.string
    return tuple(said) if isinstance(said, list | tuple) else (said or "",)


def sources(message: Message) -> tuple[str, ...]:
    """The text, and its plural if it has one."""
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def shortened(message: Message) -> str:
    """Enough of the text to find it."""
    text = sources(message)[0]
    return text if len(text) <= 60 else text[:59] + "…"


def faults(message: Message, language: str) -> Iterator[str]:
    """What is wrong with the translation of one text."""
    if message.fuzzy:
        yield "is marked fuzzy"
    if not all(forms(message)):
        yield "has no translation"
        return
    yield from wrong_places(message)
    yield from untranslated(message, language)
    for text in forms(message):
        yield from wrong_words(text, language)
        yield from wrong_ends(text, sources(message)[-1], language)


def wrong_places(message: Message) -> Iterator[str]:
    """Places for values differ, so that a value would be lost or the page would fail."""
    wanted = [places(text) for text in sources(message)]
    for index, text in enumerate(forms(message)):
        # A language with a single form says with it what the plural says.
        allowed = wanted if len(forms(message)) == len(wanted) and index == 0 else wanted[-1:]
        if places(text) not in allowed:
            yield f"has other places for values: {' '.join(places(text)) or 'none'}"


def places(text: str) -> list[str]:
    """The places for values, however often they occur."""
    return sorted({match.group(0) for match in PLACE.finditer(text)})


def untranslated(message: Message, language: str) -> Iterator[str]:
    """The translation is the source, or has no letter of its language."""
    if SAME in message.user_comments or not LETTERS.search(PLACE.sub("", sources(message)[-1])):
        return
    # The singular may well be the same word; the last form is the plural, or the only one.
    text = forms(message)[-1]
    if text in sources(message):
        yield "is not translated"
    elif language.startswith("zh") and not HAN.search(text):
        yield "has no Chinese character"


def wrong_words(text: str, language: str) -> Iterator[str]:
    """Words of another region, exclamation marks, half-width marks beside Chinese characters."""
    for word in FORBIDDEN[language]:
        if word in text:
            yield f"says “{word}”"
    if language.startswith("zh"):
        if foreign := "".join(sign for sign in HAN.findall(text) if not sign.encode(CHARACTERS[language], "ignore")):
            yield f"has characters of the other script: {foreign}"
        if "！" in text or "!" in text:
            yield "has an exclamation mark"
        if found := HALF_WIDTH.search(PLACE.sub("0", text)):
            yield f"has a half-width mark in “{found.group(0)}”"


def wrong_ends(text: str, source: str, language: str) -> Iterator[str]:
    """A sentence begins and ends as a sentence, a label as a label; spaces at the edges stay."""
    if language == "sv" and (source[:1] + text[:1]).isalpha() and source[0].isupper() != text[0].isupper():
        yield "begins with another case"
    ends = ENDINGS[language[:2]]
    last = source.rstrip()[-1:]
    if SHORTENED.search(source) or SHORTENED.search(text):
        return
    if last in ends and not text.rstrip().endswith(ends[last]):
        yield f"should end with “{ends[last]}”"
    elif last not in ends and text.rstrip()[-1:] in {"。", "."}:
        yield "ends like a sentence"
    if (source[:1].isspace(), source[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace()):
        yield "has other spaces at its edges"

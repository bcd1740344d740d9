"""Text as it is kept, as it is sorted and matched, and as names are compared.

Matching is done on a stored key that Python makes, so both engines sort and find alike.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hetong.kernel.errors import N_, Invalid

_INVISIBLE: Final = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        0x180E,
        *range(0x200B, 0x2010),  # zero width, direction marks
        *range(0x202A, 0x202F),  # direction embeddings and overrides: they make text read falsely
        *range(0x2060, 0x2070),  # word joiner, direction isolates
        0xFEFF,  # byte order mark
    ]
)
"""Characters without a picture; they never tell two texts apart."""

_DECEIVING: Final = dict.fromkeys([0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Those of them that are taken out of what is kept; joiners and marks that scripts need stay."""


class RefusedCharacters(Invalid):
    """The text holds characters that are not text: NUL, control codes, half characters."""

    code = "refused_characters"
    text = N_("The text contains the character %(character)s, which cannot be kept.")
    then = N_("Remove it; it is usually left over from copying out of another program.")


class TooLong(Invalid):
    """The text has more characters than its field keeps."""

    code = "too_long"
    text = N_("This is too long: %(length)s characters, at most %(limit)s fit.")
    then = N_("Shorten it.")


def fold(text: str) -> str:
    """The key that text is sorted and matched by: width, case and spacing do not count.

    NFKC, casefolded, runs of white space as one space, nothing at the ends, invisible characters
    dropped. Folding a key again changes nothing.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    folded = unicodedata.normalize("NFKC", folded.casefold())
    folded = unicodedata.normalize("NFKC", folded.casefold())
    return " ".join(folded.translate(_INVISIBLE).split())


def refuse_controls(text: str) -> str:
    """The text itself; RefusedCharacters for what no engine or document should ever hold.

    That is NUL and every control code but tab and line ends, lone surrogates, and code points
    that are no characters.
    """
    if not text.isprintable() and (found := _NO_TEXT.search(text)):
        raise RefusedCharacters(character=f"U+{ord(found.group()):04X}")
    return text


def clean_line(text: str, *, max_length: int | None = None) -> str:
    """One line as it is kept: NFC, runs of spaces, tabs and line ends as one space, trimmed."""
    kept = refuse_controls(text).translate(_DECEIVING)
    return _limited(" ".join(unicodedata.normalize("NFC", kept).split()), max_length)


def clean_text(text: str, *, max_length: int | None = None) -> str:
    """Several lines as they are kept: NFC, one kind of line end, no space at any line's end."""
    kept = refuse_controls(text).translate(_DECEIVING)
    kept = unicodedata.normalize("NFC", kept.replace("\r\n", "\n").replace("\r", "\n"))
    return _limited("\n".join(line.rstrip() for line in kept.split("\n")).strip(), max_length)


_ENDS_OF_PLANES: Final = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_NO_TEXT: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_ENDS_OF_PLANES}]")
"""Control codes but tab and line ends, surrogates, noncharacters; the deceiving direction marks are only removed."""


def _limited(text: str, max_length: int | None) -> str:
    if max_length is not None and len(text) > max_length:
        raise TooLong(length=len(text), limit=max_length)
    return text


# -- names ---------------------------------------------------------------------------------------

_COMPANY_WORDS: Final = """
    ab publ aktiebolag aktiebolaget hb kb handelsbolag kommanditbolag enskild firma
    ltd limited inc incorporated corp corporation co company llc llp lp plc pllc pty pte bhd sdn
    gmbh ag kg kgaa ohg ug gbr mbh ev eg se
    sa sas sarl sasu eurl sca snc sci
    spa srl srls sl slu sau sll ltda lda eireli
    bv nv vof cv bvba
    as asa aps ivs oy oyj ans da ks
    zrt kft nyrt doo dd ad ood eood sro spol zoo sp
    ooo oao zao pao ооо оао зао пао ао
    kk gk yk pt tbk jsc pjsc cjsc
"""
_LEGAL_WORDS: Final = frozenset(_COMPANY_WORDS.split())
"""Words that say what kind of company it is; dots are gone by then (S.A. is sa, sp. z o.o. zoo)."""

_LEADING_WORDS: Final = frozenset(
    ("ab", "kb", "hb", "pt", "ooo", "oao", "zao", "pao", "ооо", "оао", "зао", "пао", "ао")
)
"""Those that also stand in front of a name."""

_LEGAL_CHINESE: Final = (
    "股份有限公司|有限责任公司|有限責任公司|集团有限公司|集團有限公司|有限合伙企业|有限合夥企業"
    "|股份公司|有限公司|公司|株式会社|有限会社|合同会社|合資会社|合名会社|주식회사|유한회사"
)
_LEGAL_ENDS: Final = re.compile(rf"^(?:{_LEGAL_CHINESE})|(?:{_LEGAL_CHINESE})$")
_BRACKETED: Final = re.compile(r"\((?:株|有|合|同|주|유|publ|plc|pty|pvt)\)")
_DROPPED: Final = re.compile(r"[.'’`´·・]")
_BROKEN: Final = re.compile(r"[^\w]+|_+")
_INITIALS: Final = re.compile(r"\bz o ?o\b")
_WIDE: Final = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_WIDE: Final = re.compile(rf"(?<=[{_WIDE}]) (?=[{_WIDE}])")


def name_key(name: str) -> str:
    """What two spellings of one party's name have in common, for finding duplicates.

    Folded, legal forms and punctuation taken out, Chinese and Japanese without spaces:
    "Acme Co., Ltd." and "ACME" are alike, "华为技术有限公司" and "华为 技术" too. A name that is
    nothing but a legal form keeps it. The key finds candidates; a person decides.
    """
    bare = _BRACKETED.sub(" ", fold(name))
    words = _BROKEN.sub(" ", _DROPPED.sub("", bare)).strip()
    tokens = _INITIALS.sub("zoo", words).split()
    core = _without_legal_words(tokens) or tokens
    joined = _BETWEEN_WIDE.sub("", " ".join(core))
    return _LEGAL_ENDS.sub("", joined).strip() or joined


def _without_legal_words(tokens: list[str]) -> list[str]:
    """The tokens without the legal forms at their end, and one in front."""
    end = len(tokens)
    while end and tokens[end - 1] in _LEGAL_WORDS:
        end -= 1
    start = 1 if end > 1 and tokens[0] in _LEADING_WORDS else 0
    return tokens[start:end]

"""Amounts in Chinese capital numerals (大写), as bills and bank forms in renminbi state them beside the figures.

Source: 支付结算办法 (银发〔1997〕393号), annex 1, 正确填写票据和结算凭证的基本规定: digits 壹 to 玖 and 零, units 拾 佰 仟 万 亿
元 角 分; 整 after 元 or 角 where nothing follows; 零 once for zeros between digits.
"""

from __future__ import annotations

from typing import Final

from hetong.kernel.labels import language_tag
from hetong.kernel.money import Money

CURRENCY: Final = "CNY"
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_TRADITIONAL: Final = str.maketrans("贰叁陆万亿币", "貳參陸萬億幣")


def capitals(amount: Money, language: str) -> str:
    """人民币柒拾叁万零捌佰叁拾柒元叁角玖分; in traditional characters for a reader of those. ValueError unless it is
    renminbi and not negative."""
    if amount.currency != CURRENCY or amount.minor < 0:
        raise ValueError("capital numerals are for renminbi, and amounts on papers are not negative")
    yuan, fen = divmod(amount.minor, 100)
    text = f"人民币{_whole(yuan)}{_fraction(yuan, fen)}"
    return text.translate(_TRADITIONAL) if language_tag(language) == "zh-hant" else text


def _whole(yuan: int) -> str:
    return f"{_number(yuan)}元" if yuan else ""


def _fraction(yuan: int, fen: int) -> str:
    jiao, rest = divmod(fen, 10)
    if not fen:
        return "整" if yuan else "零元整"
    if not rest:
        return f"{_DIGITS[jiao]}角整"
    if not jiao:
        return f"{'零' if yuan else ''}{_DIGITS[rest]}分"
    return f"{_DIGITS[jiao]}角{_DIGITS[rest]}分"


def _number(value: int) -> str:
    """The number in capitals: hundred millions, ten thousands, the rest; 零 where places between digits are empty."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if value >= size:
            high, low = divmod(value, size)
            gap = "零" if low and low < size // 10 else ""
            return f"{_number(high)}{unit}{gap}{_number(low) if low else ''}"
    return _up_to_9999(value)


def _up_to_9999(value: int) -> str:
    words, gap = "", False
    for digit, place in zip(f"{value:04d}", _PLACES, strict=True):
        if digit == "0":
            gap = bool(words)
            continue
        words += f"{'零' if gap else ''}{_DIGITS[int(digit)]}{place}"
        gap = False
    return words

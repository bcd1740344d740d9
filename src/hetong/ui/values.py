"""Typed values as HTML: one place decides how money, dates, references and states look.

Works on the shape of a value (money has ``minor`` and ``currency``, a choice has ``code`` and ``label``),
so that it needs no import of the apps above and takes the kernel's classes as they are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hetong.kernel import clock
from hetong.kernel.numerals import format_number
from hetong.ui.glyphs import PIGMENTS, glyph_of

NIL = mark_safe('<span class="nil">–</span>')
NBSP = "\N{NO-BREAK SPACE}"

# words at the end of a company's name that its seal does not carry
_LEGAL_FORMS = frozenset({
    "ab", "as", "a/s", "asa", "oy", "oyj", "gmbh", "ag", "kg", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv",
    "ltd", "llc", "llp", "inc", "plc", "pty", "co", "corp", "k.k", "kk",
})  # fmt: skip
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")


def kind_of(row: Any, name: str) -> str:
    """The kind of a field of a shown row, as its register says; "" where there is no register."""
    field = register.all().get(name) if (register := getattr(row, "register", None)) else None
    return str(getattr(field, "kind", "") or "")


def shown(value: Any, kind: str = "") -> SafeString:
    """Any typed value as HTML; an empty one is a dash in faint ink, never a zero.

    ``kind`` is needed only for what the value does not say of itself: that a number is a percentage.
    """
    if value is None or value == "" or value == () or value == []:
        return NIL
    if kind == "percent" and not isinstance(value, SafeString):
        return percent_html(value)
    draw = _DRAWN.get(type(value))
    if draw is None:
        draw = _DRAWN[type(value)] = _drawing_of(value)
    return draw(value)


_DRAWN: dict[type, Callable[[Any], SafeString]] = {}
"""How values of a type are drawn, learnt from the first one."""


def _drawing_of(value: Any) -> Callable[[Any], SafeString]:
    for kinds, draw in (
        (SafeString, lambda it: it),
        (bool, _flag_html),
        (dt.datetime, instant_html),
        (dt.date, day_html),
    ):
        if isinstance(value, kinds):
            return draw
    return _drawing_of_shape(value)


def _drawing_of_shape(value: Any) -> Callable[[Any], SafeString]:
    for names, draw in (
        (("minor", "currency"), money_html),
        (("units", "exponent"), _scaled_html),
        (("code", "label"), choice_html),
        (("url", "title"), reference_html),
        (("url", "label"), reference_html),
    ):
        if all(hasattr(value, name) for name in names):
            return draw
    if isinstance(value, int):
        return _whole_html
    if isinstance(value, list | tuple | set | frozenset):
        return list_html
    return _plain_html


def _markup(html: str) -> SafeString:
    """Markup of ours around parts that ``escape`` has seen."""
    return mark_safe(html)  # noqa: S308 - every caller escapes what it puts in


def _flag_html(value: bool) -> SafeString:
    return format_html("<span>{}</span>", _("Yes") if value else _("No"))


def _scaled_html(value: Any) -> SafeString:
    return _markup(f'<span class="nowrap">{escape(figures(trimmed(str(value))))}</span>')


def _whole_html(value: int) -> SafeString:
    return _markup(f'<span class="nowrap">{escape(figures(str(value)))}</span>')


def _plain_html(value: Any) -> SafeString:
    return text_html(str(value))


# -- figures -------------------------------------------------------------------------------------


def figures(number: str, decimals: int = 0) -> str:
    """A plain decimal string ("-1234.50") grouped for the reader's language, with a real minus sign."""
    return format_number(number, get_language() or "en", decimals=decimals)


def trimmed(number: str) -> str:
    """A decimal string without the zeros that say nothing."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def money_html(value: Any) -> SafeString:
    """Code left, figures right. Currencies without decimals keep the invisible ones, so that columns line up."""
    amount = str(value.amount)
    decimals = len(amount.partition(".")[2])
    return _markup(
        f'<span class="money"><span class="cur">{escape(value.currency)}</span>'
        f' <span class="{"" if decimals else "nodec"}">{escape(figures(amount, decimals))}</span></span>'
    )


def percent_html(value: Any) -> SafeString:
    """A percentage with its sign a no-break space away."""
    return format_html('<span class="nowrap">{}{}%</span>', figures(trimmed(str(value))), NBSP)


# -- dates ---------------------------------------------------------------------------------------


def day_html(value: Any) -> SafeString:
    """ISO, the form for tables."""
    if not isinstance(value, dt.date):
        return NIL
    iso = value.isoformat()[:10]
    return _markup(f'<time class="nowrap" datetime="{iso}">{iso}</time>')


def instant_html(value: Any) -> SafeString:
    """Day and minute in the reader's zone; the zone itself in the title."""
    if not isinstance(value, dt.datetime):
        return day_html(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S %Z").strip(),
        local.strftime("%Y-%m-%d %H:%M"),
    )


def day_words(value: Any) -> str:
    """The form for sentences. The year is named when it is not the present one."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if not isinstance(value, dt.date):
        return ""
    is_this_year = value.year == timezone.localtime(clock.now()).year
    return _day_words(value, (get_language() or "en").split("-")[0], is_this_year)


@lru_cache(maxsize=4096)
def _day_words(day: dt.date, language: str, is_this_year: bool) -> str:
    if language == "zh":
        return day.strftime("%m-%d") if is_this_year else day.isoformat()
    month = "N" if language == "sv" else "M"  # "3 nov", "18 juni": as short as the language has it
    return date_format(day, f"j {month}" if is_this_year else f"j {month} Y").replace(" ", NBSP)


# -- names and states ----------------------------------------------------------------------------


def initials(name: str) -> str:
    """What a name seal carries: the surname's character of an East Asian name, else two initials."""
    words = [w for w in name.split() if w.strip(".,").lower() not in _LEGAL_FORMS] or name.split()
    if not words:
        return "?"
    if _IDEOGRAPH.match(words[0]):
        return words[0][0]
    letters = [w[0] for w in words if w[0].isalnum()] or [words[0][0]]
    return (letters[0] + (letters[-1] if len(letters) > 1 else "")).upper()


def language_of(text: str) -> str:
    """A language tag for text in Chinese script shown on a page of another language; "" where none is needed."""
    if not _IDEOGRAPH.search(text) or (get_language() or "en").startswith("zh"):
        return ""
    return "zh-Hant" if re.search(r"[臺灣體書會學國與為這個們來時說對後開關門車電話發經過]", text) else "zh-Hans"


def glyph_svg(stage: str) -> SafeString:
    """The drawing of a stage, or nothing where there is no shape for it."""
    found = glyph_of(stage)
    if found is None:
        return mark_safe("")
    return format_html(
        '<svg viewBox="0 0 14 14" aria-hidden="true"><g class="g">{}</g></svg>',
        mark_safe(found.shape),  # noqa: S308 - our own constants
    )


@lru_cache(maxsize=1024)
def badge_html(label: str, stage: str, color: str = "") -> SafeString:
    """Glyph and word. A pigment that somebody chose wins over the one of the stage."""
    found = glyph_of(stage)
    pigment = color if color in PIGMENTS else found.pigment if found else "faint"
    return format_html('<span class="badge pig-{}">{}{}</span>', pigment, glyph_svg(stage), label)


@lru_cache(maxsize=1024)
def icon_html(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite. ``size`` "sm" is 15 px, else 18 px; ``label`` only where no word stands beside it."""
    if not label:
        return _unnamed_icon(name, size)
    css, href = _icon_parts(name, size)
    return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href)


@lru_cache(maxsize=512)
def _unnamed_icon(name: str, size: str) -> SafeString:
    """Some seventy of them stand on a page."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', *_icon_parts(name, size))


def _icon_parts(name: str, size: str) -> tuple[str, str]:
    return "icon icon-sm" if size == "sm" else "icon", f"{static('ui/build/icons.svg')}#i-{name}"


def warning_html(warning: Any) -> SafeString:
    """A second sign beside a status: a triangle with its word, which narrow tables keep for the title and for ears."""
    if not warning:
        return SafeString("")
    return format_html(
        '<span class="tag tag-late" title="{0}">{1}<span class="word">{0}</span></span>',
        str(warning),
        icon_html("alert-triangle"),
    )


def choice_html(value: Any) -> SafeString:
    """A choice with a glyph is a status; one with only a colour is a tag; one with neither is a word."""
    stage, color = getattr(value, "glyph", "") or "", getattr(value, "color", "") or ""
    if glyph_of(stage):
        return _markup(badge_html(str(value.label), stage, color) + warning_html(getattr(value, "warning", "")))
    if color in PIGMENTS:
        return format_html('<span class="tag tag-{}">{}</span>', color, value.label)
    return text_html(str(value.label))


def reference_html(value: Any) -> SafeString:
    """A link to another record, marked with its language where its script is foreign to the page."""
    title = str(getattr(value, "title", "") or getattr(value, "label", "") or "–")
    language = getattr(value, "lang", "") or language_of(title)
    lang = f' lang="{escape(language)}"' if language else ""
    if not value.url:
        return _markup(f"<span{lang}>{escape(title)}</span>")
    return _markup(f'<a href="{escape(value.url)}"{lang}>{escape(title)}</a>')


def list_html(items: Iterable[Any]) -> SafeString:
    """Several values in one line."""
    return format_html_join(", ", "{}", ((shown(one),) for one in items))


def text_html(text: str) -> SafeString:
    """Plain text; line breaks are kept."""
    language = language_of(text)
    escaped = text if isinstance(text, SafeString) else escape(text)
    if "\n" in text:
        escaped = escaped.replace("\n", "<br>")
    return _markup(f'<span lang="{language}">{escaped}</span>' if language else escaped)


@lru_cache(maxsize=4096)
def seal_html(name: str, external: bool = False, large: bool = False, named: bool = False) -> SafeString:
    """The name seal of a person or party: filled for ours, dashed for theirs. ``named`` adds the hidden name."""
    css = "avatar" + (" avatar-ext" if external else "") + (" avatar-lg" if large else "")
    seal = format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials(name))
    if not named:
        return seal
    return format_html('<span title="{}">{}<span class="visually-hidden">{}</span></span>', name, seal, name)

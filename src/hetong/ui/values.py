"""Typed values as HTML: one place decides how money, dates, references and states look.

Works on the shape of a value (money has ``minor`` and ``currency``, a choice has ``code`` and ``label``),
so that it needs no import of the apps above and takes the kernel's classes as they are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
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
    if isinstance(value, SafeString):
        return value
    if kind == "percent":
        return percent_html(value)
    if isinstance(value, bool):
        return format_html("<span>{}</span>", _("Yes") if value else _("No"))
    if isinstance(value, dt.datetime):
        return instant_html(value)
    if isinstance(value, dt.date):
        return day_html(value)
    return _shown_by_shape(value)


def _shown_by_shape(value: Any) -> SafeString:
    if hasattr(value, "minor") and hasattr(value, "currency"):
        return money_html(value)
    if hasattr(value, "units") and hasattr(value, "exponent"):
        return format_html('<span class="nowrap">{}</span>', figures(trimmed(str(value))))
    if hasattr(value, "code") and hasattr(value, "label"):
        return choice_html(value)
    if hasattr(value, "url") and (hasattr(value, "title") or hasattr(value, "label")):
        return reference_html(value)
    if isinstance(value, int):
        return format_html('<span class="nowrap">{}</span>', figures(str(value)))
    if isinstance(value, list | tuple | set | frozenset):
        return list_html(value)
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
    return format_html(
        '<span class="money"><span class="cur">{}</span> <span class="{}">{}</span></span>',
        value.currency,
        "" if decimals else "nodec",
        figures(amount, decimals),
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
    return format_html('<time class="nowrap" datetime="{}">{}</time>', iso, iso)


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
    this_year = value.year == timezone.localtime(clock.now()).year
    language = (get_language() or "en").split("-")[0]
    if language == "zh":
        return value.strftime("%m-%d") if this_year else value.isoformat()
    month = "F" if language == "sv" else "M"
    return date_format(value, f"j {month}" if this_year else f"j {month} Y").replace(" ", NBSP)


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


def badge_html(label: str, stage: str, color: str = "") -> SafeString:
    """Glyph and word. A pigment that somebody chose wins over the one of the stage."""
    found = glyph_of(stage)
    pigment = color if color in PIGMENTS else found.pigment if found else "faint"
    return format_html('<span class="badge pig-{}">{}{}</span>', pigment, glyph_svg(stage), label)


def icon_html(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite. ``size`` "sm" is 15 px, else 18 px; ``label`` only where no word stands beside it."""
    css = "icon icon-sm" if size == "sm" else "icon"
    href = f"{static('ui/build/icons.svg')}#i-{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


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
        return format_html(
            "{}{}", badge_html(str(value.label), stage, color), warning_html(getattr(value, "warning", ""))
        )
    if color in PIGMENTS:
        return format_html('<span class="tag tag-{}">{}</span>', color, value.label)
    return text_html(str(value.label))


def reference_html(value: Any) -> SafeString:
    """A link to another record, marked with its language where its script is foreign to the page."""
    title = str(getattr(value, "title", "") or getattr(value, "label", "") or "–")
    language = getattr(value, "lang", "") or language_of(title)
    lang = format_html(' lang="{}"', language) if language else ""
    if not value.url:
        return format_html("<span{}>{}</span>", lang, title)
    return format_html('<a href="{}"{}>{}</a>', value.url, lang, title)


def list_html(items: Iterable[Any]) -> SafeString:
    """Several values in one line."""
    return format_html_join(", ", "{}", ((shown(one),) for one in items))


def text_html(text: str) -> SafeString:
    """Plain text; line breaks are kept."""
    language = language_of(text)
    escaped = conditional_escape(text)
    if "\n" in text:
        escaped = mark_safe(escaped.replace("\n", "<br>"))  # noqa: S308 - escaped just above
    if language:
        return format_html('<span lang="{}">{}</span>', language, escaped)
    return escaped

"""Tags and filters of every page (a builtin library, no ``{% load %}`` needed).

Small drawings (icons, stage glyphs, name seals, bars), typed values as HTML, form controls, URLs.
Everything here escapes; nothing here needs a style attribute or a script.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms, template
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hetong.kernel.shown import Row
from hetong.ui import glyphs, values
from hetong.ui.streams import make_ticket

register = template.Library()


# -- drawings ------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite. ``size`` "sm" is 15 px, else 18 px; ``label`` only where no word stands beside it."""
    return values.icon_html(name, size, label)


@register.simple_tag
def glyph(stage: str) -> SafeString:
    """The shape of a stage, without its word: never alone on a page."""
    return values.glyph_svg(str(stage))


@register.simple_tag
def badge(choice: Any, glyph: str = "", color: str = "") -> SafeString:
    """A status: glyph and word. Takes a `Choice`, or a word with a glyph and a pigment."""
    if choice is None or choice == "":
        return values.NIL
    label = getattr(choice, "label", choice)
    return values.badge_html(str(label), glyph or getattr(choice, "glyph", ""), color or getattr(choice, "color", ""))


@register.simple_tag
def added(row: Any) -> SafeString:
    """What a shown row holds in the fields that the house added, on a line of its own; nothing where it holds nothing."""
    found = [
        (str(one.label), values.shown(row[one.name]))
        for one in row.register or ()
        if one.kept and one.write and row.get(one.name) not in (None, "", False)
    ]  # fmt: skip
    return (
        format_html('<span class="small muted added">{}</span>', format_html_join(" · ", "{}: {}", found))
        if found
        else SafeString("")
    )


@register.simple_tag
def row_status(row: Any) -> SafeString:
    """The status of a shown row as a badge: its custom status, else its stage or state; nothing where it has none."""
    for name in ("status", "stage", "state"):
        found = row.get(name) if hasattr(row, "get") else None
        if found is not None and hasattr(found, "label"):
            return values.choice_html(found)
    return mark_safe("")


@register.simple_tag
def chop(name: Any, external: bool = False, large: bool = False, named: bool = False) -> SafeString:
    """The name seal of a person or party: filled for ours, dashed for theirs. ``named`` adds the hidden name."""
    return values.seal_html(str(name or ""), external, large, named)


@register.simple_tag
def mark(ours: bool = False, theirs: bool = False, css: str = "") -> SafeString:
    """Who has signed: a filled half is signed, an outlined one is not, joined when both have."""
    joined = ours and theirs
    words = (
        _("Both halves signed")
        if joined
        else _("We have signed")
        if ours
        else _("They have signed")
        if theirs
        else _("Nobody has signed")
    )
    return format_html(
        '<span class="sig {}"><svg viewBox="0 0 24 24" role="img" aria-label="{}">'
        '<path class="{}" d="{}"/><path class="{}" d="{}"/></svg></span>',
        css,
        words,
        "lf" if ours else "o",
        glyphs.TENON_JOINED if joined else glyphs.TENON,
        "rf" if theirs else "o",
        glyphs.MORTISE_JOINED if joined else glyphs.MORTISE,
    )


@register.simple_tag
def bar(*pieces: Any) -> SafeString:
    """A bar of one scale: pairs of a kind and a width in percent, from the left.

    Kinds: a ink, b hatch, c malachite, d carmine, e ochre, - empty. Figures always stand beside it.
    """
    drawn, at = [], Decimal(0)
    for kind, width in zip(pieces[::2], pieces[1::2], strict=True):
        share = max(Decimal(0), min(100 - at, Decimal(str(width or 0))))
        if kind != "-" and share:
            drawn.append((kind, f"{at:.2f}", f"{share:.2f}"))
        at += share
    rects = format_html_join("", '<rect class="{}" x="{}%" width="{}%" height="100%"/>', drawn)
    return format_html(
        '<svg class="bar" aria-hidden="true"><rect class="bg" width="100%" height="100%"/>{}</svg>', rects
    )


# -- values --------------------------------------------------------------------------------------


@register.filter(name="shown")
def shown_value(value: Any) -> SafeString:
    """A typed value (money, date, reference, choice, list ...) as HTML."""
    return values.shown(value)


@register.simple_tag
def shown(row: Any, name: str) -> SafeString:
    """The value of one field of a shown row; nothing at all where the reader may not see the field."""
    held = getattr(row, "values", row)
    if not hasattr(held, "__contains__") or name not in held:
        return mark_safe("")
    return values.shown(held[name], values.kind_of(row, name))


@register.filter
def amount(value: Any) -> str:
    """The figures of an amount without its currency, where the head or the label names it."""
    number = str(getattr(value, "amount", "") or "")
    return values.figures(number, len(number.partition(".")[2])) if number else "–"


@register.filter
def day(value: Any) -> SafeString:
    """A date in a table: ISO."""
    return values.day_html(value)


@register.filter
def day_words(value: Any) -> str:
    """A date in a sentence: "30 Nov", "18 juni", "11-30"; with the year when it is not this one."""
    return values.day_words(value)


@register.filter
def instant(value: Any) -> SafeString:
    """A moment in the reader's zone."""
    return values.instant_html(value)


@register.filter
def held(row: Any, name: str) -> Any:
    """The raw typed value of a field of a row (None where it is hidden), for conditions in templates."""
    return row.get(name) if hasattr(row, "get") else None


@register.filter
def verb(row: Any, name: str) -> Any:
    """The act of that name that the reader may do with a row now, or nothing."""
    return row.verb(name) if hasattr(row, "verb") else None


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """One entry of a mapping by a variable key."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def script_of(text: Any) -> str:
    """The language tag of a title in a script foreign to the page, so that its glyphs draw right; else ""."""
    return values.language_of(str(text or ""))


@register.filter
def initials(name: Any) -> str:
    """What the name seal of this name carries."""
    return values.initials(str(name or ""))


# -- forms ---------------------------------------------------------------------------------------

_CONTROL_CLASS: tuple[tuple[type, str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.CheckboxSelectMultiple, "checks"),
    (forms.RadioSelect, "checks"),
    (forms.Select, "form-select"),
    (forms.FileInput, ""),
    (forms.HiddenInput, ""),
)


@register.filter
def control(field: Any, extra: str = "") -> SafeString:
    """A bound field's widget in our dress; ``extra`` adds a class. Described-by and invalid come from Django."""
    widget = field.field.widget
    css = next((name for kind, name in _CONTROL_CLASS if isinstance(widget, kind)), "form-control")
    own = widget.attrs.get("class", "")
    rendered: SafeString = field.as_widget(attrs={"class": " ".join(c for c in (css, own, extra) if c)})
    return rendered


@register.filter
def is_check(field: Any) -> bool:
    """Whether the control is one tick box, whose label stands to the right of it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_group(field: Any) -> bool:
    """Whether the control is several inputs, which need a fieldset and a legend."""
    return isinstance(field.field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)


@register.filter
def is_file(field: Any) -> bool:
    """Whether the control takes a file."""
    return isinstance(field.field.widget, forms.FileInput)


@register.simple_tag
def once_key() -> SafeString:
    """A fresh key, so that a form sent twice acts once."""
    return format_html('<input type="hidden" name="once_key" value="{}">', uuid4())


# -- addresses and notices -----------------------------------------------------------------------


@register.filter
def nav_item(nav: Any, keys: str) -> Any:
    """The first entry of the navigation that has one of the keys ("approvals,todos"), for the phone's bar."""
    entries = {_of(entry, "key"): entry for group in nav or () for entry in group["items"]}
    return next((entries[key] for key in keys.split(",") if key in entries), None)


_GO = {
    "home": "h", "todos": "t", "approvals": "a", "parties": "p", "customers": "p", "sales": "s", "contracts": "c",
    "projects": "j", "items": "i", "renewals": "r", "billing": "b", "delivery": "d", "service": "v",
    "reports": "o", "settings": "e", "catalogue": "l", "documents": "m",
}  # fmt: skip


@register.filter
def go_letter(key: str) -> str:
    """The letter that leads to an entry of the navigation after G; the same in every language."""
    return _GO.get(key, "")


@register.filter
def undo_url(message: Any) -> str:
    """The address that takes a message's act back: its extra tags are "undo /address/"."""
    tags = (message.extra_tags or "").split()
    return tags[1] if len(tags) == 2 and tags[0] == "undo" else ""


@register.simple_tag(takes_context=True)
def theme_attribute(context: RequestContext) -> str:
    """The theme the reader chose, "" where the system decides."""
    theme = str(context.get("theme") or "system")
    return theme if theme in ("light", "dark") else ""


# -- tables --------------------------------------------------------------------------------------

_FIGURE_KINDS = frozenset({"money", "number", "percent"})
_WIDTHS = {
    "money": "w-val", "number": "w-num", "percent": "w-num", "date": "w-date", "instant": "w-instant",
    "choice": "w-stat", "flag": "w-flag",
}  # fmt: skip
_REM = {
    "w-no": 7.5, "w-num": 6, "w-val": 9.25, "w-date": 7, "w-instant": 9.5, "w-stat": 8.5, "w-flag": 5,
    "w-next": 10.25, "w-own": 3.75, "w-per": 9, "w-title": 9, "text": 7,
}  # fmt: skip
_TICK, _TIGHTER = 2.75, 5
_SIZES = (("few", 40), ("some", 62), ("more", 74), ("many", 84), ("lots", 118))
"""Least widths of tables and columns in rem, as in tables.css; a table may be some rem tighter than its columns want."""
_ROLES = {
    "title": "c-title cut",
    "second": "c-cust cut",
    "number": "c-no id",
    "status": "c-stat",
    "value": "c-val",
    "next": "c-next cut",
    "person": "c-own",
}


def _of(column: Any, name: str) -> str:
    held = column.get(name) if isinstance(column, dict) else getattr(column, name, "")
    return str(held or "")


@register.filter
def is_figure(column: Any) -> bool:
    """Whether the column holds figures, which stand on the right."""
    return _of(column, "kind") in _FIGURE_KINDS


@register.filter
def column_width(column: Any) -> str:
    """The class that gives a column its width: by its place or name, else by kind; text shares what is left."""
    if own := _of(column, "width"):
        return own
    if _of(column, "role") == "number" or _of(column, "name") == "number":
        return "w-no"
    return _WIDTHS.get(_of(column, "kind"), "") or ("w-title" if _of(column, "role") == "title" else "")


@register.filter
def column_count(columns: Any) -> str:
    """How wide a table wants to be, in words the style sheet knows: the widest of its sizes that leaves texts their room."""
    wanted = _TICK + sum(_REM[column_width(one) or "text"] for one in columns)
    return next((word for word, rem in _SIZES if wanted <= rem + _TIGHTER), "lots")


@register.filter
def column_class(column: Any) -> str:
    """The class of a cell: its role on a phone (else hidden there), figures to the right."""
    figure = " num" if is_figure(column) else ""
    return (_ROLES.get(_of(column, "role")) or "c-more cut") + figure


@register.filter
def has_minor_verbs(verbs: Any) -> bool:
    """Whether there are acts that belong into the menu beside the main ones."""
    return any(not (v.primary or v.binding or v.name == "edit") for v in verbs or ())


@register.filter
def unlocalized(value: Any) -> str:
    """A number for an attribute of a drawing: a point, whatever the language."""
    return f"{Decimal(str(value or 0)):.2f}"


# -- the component sheet -------------------------------------------------------------------------


@register.filter
def words_of(text: str) -> list[str]:
    """The words of a constant of a template, to loop over."""
    return text.split()


@register.filter
def samples(text: str) -> list[list[str]]:
    """Lines of two words, as "SEK 1.00|JPY 2"."""
    return [line.split(" ", 1) for line in text.split("|")]


@register.simple_tag(takes_context=True)
def live_ticket(context: Any) -> str:
    """What the page may hear of while it is open: its reader's own, its record's (``row``), and ``live_on`` of its view."""
    row = context.get("row")
    own = [str(row.id)] if isinstance(row, Row) else []
    return make_ticket(context["actor"], [*own, *(context.get("live_on") or ())])

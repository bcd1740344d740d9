"""The control that asks for a field, by its kind; and the text that stands in it for a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Choice, Field, Kind, Ref
from hetong.kernel.labels import Labels
from hetong.kernel.money import PLACES, Money, is_active
from hetong.kernel.numerals import format_number
from hetong.kernel.scaled import Scaled

from .options import Option, listed, titles_of

FIRST_CURRENCIES = ("SEK", "EUR", "USD", "CNY", "TWD", "GBP", "NOK", "DKK", "JPY", "HKD")
AUTOCOMPLETE = {
    "name": "organization",
    "legal_name": "organization",
    "email": "email",
    "phone": "tel",
    "mobile": "tel",
    "address": "street-address",
    "postal_code": "postal-code",
    "city": "address-level2",
    "country": "country",
    "website": "url",
    "given_name": "given-name",
    "family_name": "family-name",
    "job_title": "organization-title",
}
INPUT_TYPES = {"email": "email", "phone": "tel", "mobile": "tel", "website": "url"}


def currency_choices(also: str = "") -> list[tuple[str, str]]:
    """The currencies new records may use, the usual ones first; ``also`` keeps one that is no longer offered."""
    usual = [c for c in FIRST_CURRENCIES if is_active(c)]
    others = sorted(c for c in PLACES if is_active(c) and c not in usual)
    codes = [*([also] if also and also not in usual + others else []), *usual, *others]
    return [(code, code) for code in codes]


class MoneyInput(forms.MultiWidget):
    """Currency and amount as one control."""

    template_name = "ui/forms/money.html"

    def __init__(self, currency: str = "") -> None:
        amount = forms.TextInput(attrs={"class": "form-control num", "inputmode": "decimal", "autocomplete": "off"})
        select = forms.Select(
            choices=[("", "–"), *currency_choices(currency)],
            attrs={"class": "form-select", "aria-label": gettext_lazy("Currency")},
        )
        super().__init__({"currency": select, "": amount})

    def decompress(self, value: Any) -> list[str]:
        currency, _space, amount = str(value or "").partition(" ")
        return [currency, amount] if currency[:3].isalpha() and currency else ["", str(value or "")]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_1" if id_ else ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        amount = str(data.get(name) or "").strip()
        currency = str(data.get(f"{name}_currency") or "").strip()
        return f"{currency} {amount}".strip() if amount else ""


class LabelsInput(forms.MultiWidget):
    """One input per language."""

    template_name = "ui/forms/labels.html"

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = list(languages)
        super().__init__(
            {
                code.replace("-", "_"): forms.TextInput(
                    attrs={"class": "form-control", "lang": code, "aria-label": _language(code)}
                )
                for code in languages
            }
        )

    def decompress(self, value: Any) -> list[str]:
        return [str((value or {}).get(code, "")) for code in self.languages]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for code, inner in zip(self.languages, context["widget"]["subwidgets"], strict=True):
            inner["language"] = _language(code)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        given = {code: str(data.get(f"{name}_{code.replace('-', '_')}") or "").strip() for code in self.languages}
        return {code: text for code, text in given.items() if text}


def _language(code: str) -> str:
    return str(get_language_info(code)["name_local"])


class Raw(forms.Field):
    """A field that keeps what was typed: the register reads it, not the form."""

    def __init__(self, one: Field, widget: forms.Widget, **more: Any) -> None:
        super().__init__(required=False, label=str(one.label), help_text=str(one.help), widget=widget, **more)
        self.one = one
        self.widget.wide = one.kind in (Kind.LONG_TEXT, Kind.LIST, Kind.LABELS)

    def clean(self, value: Any) -> Any:
        return value


def control_of(
    actor: Actor, one: Field, *, current: Any = None, amount_only: str | None = None, required: bool | None = None
) -> Raw:
    """The form field that asks for ``one``. ``current`` is the typed value now, always among the options.

    ``amount_only`` is the currency of an amount whose currency is asked for elsewhere (may be empty).
    """
    widget = _widget(actor, one, current, amount_only)
    field = Raw(one, widget)
    field.required = one.required if required is None else required
    # the server says what is missing, in words; the browser's bubble would hide the other problems
    field.widget.is_required = False
    if isinstance(field.widget, forms.TextInput):
        field.widget.attrs.setdefault("autocomplete", AUTOCOMPLETE.get(one.name, "off"))
    return field


def _widget(actor: Actor, one: Field, current: Any, amount_only: str | None) -> forms.Widget:
    makers: Mapping[Kind, Callable[[], forms.Widget]] = {
        Kind.LONG_TEXT: lambda: forms.Textarea(attrs={"rows": 4}),
        Kind.FLAG: forms.CheckboxInput,
        Kind.DATE: lambda: forms.DateInput(attrs={"type": "date", "min": "1900-01-01", "max": "2200-12-31"}),
        Kind.INSTANT: lambda: forms.TextInput(attrs={"inputmode": "numeric"}),
        Kind.MONEY: lambda: _money(one, current, amount_only),
        Kind.NUMBER: _number,
        Kind.PERCENT: lambda: _number("%"),
        Kind.LABELS: lambda: LabelsInput([code for code, _name in settings.LANGUAGES]),
        Kind.CHOICE: lambda: forms.Select(choices=_choices(one, current)),
        Kind.LIST: lambda: forms.CheckboxSelectMultiple(choices=_list_choices(actor, one, current)),
        Kind.REFERENCE: lambda: _reference(actor, one, current),
    }
    return makers.get(one.kind, lambda: _text(one))()


def _number(suffix: str = "") -> forms.Widget:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    widget.suffix = suffix  # type: ignore[attr-defined]  # read by the template
    return widget


def _text(one: Field) -> forms.Widget:
    attrs = {"type": INPUT_TYPES[one.name]} if one.name in INPUT_TYPES else {}
    if "currency" in one.name and one.max_length == 3:
        return forms.Select(choices=[("", "–"), *currency_choices()])
    return forms.TextInput(attrs={"maxlength": str(one.max_length), **attrs})


def _money(one: Field, current: Any, amount_only: str | None) -> forms.Widget:
    if amount_only is None:
        return MoneyInput(current.currency if isinstance(current, Money) else "")
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    widget.prefix = amount_only  # type: ignore[attr-defined]  # read by the template
    return widget


def _choices(one: Field, current: Any) -> list[tuple[str, str]]:
    offered = [(c.code, str(c.label)) for c in one.choices() if not c.is_retired] if one.choices else []
    if isinstance(current, Choice) and current.code not in dict(offered):
        offered.append((current.code, str(current.label)))
    return [("", "–"), *offered]


def _list_choices(actor: Actor, one: Field, current: Any) -> list[tuple[str, str]]:
    if one.choices is not None:
        offered = [(c.code, str(c.label)) for c in one.choices()]
    else:
        offered = [(str(o.id), o.title) for o in (listed(actor, one.to) or [])] if one.to else []
    known = dict(offered)
    return offered + [(c.code, str(c.label)) for c in current or () if isinstance(c, Choice) and c.code not in known]


def _reference(actor: Actor, one: Field, current: Any) -> forms.Widget:
    options = listed(actor, one.to)
    if options is None:
        return picker(one.to, current)
    pairs = [(str(o.id), f"{o.title} · {o.context}" if o.context else o.title) for o in options]
    if isinstance(current, Ref) and str(current.id) not in dict(pairs):
        pairs.append((str(current.id), current.title))
    return forms.Select(choices=[("", "–"), *pairs])


def picker(key: str, current: Any) -> forms.Widget:
    """A search input; its value is an id once the script has picked, else words that the server looks up."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("Type to search")})
    widget.picker_url = f"/pick/{key}/"  # type: ignore[attr-defined]  # read by the template
    widget.picker_text = current.title if isinstance(current, Ref) else ""  # type: ignore[attr-defined]  # read by the template
    return widget


def picked_title(actor: Actor, one: Field, raw: str) -> str:
    """The title to show in a picker that holds an id which was just typed or sent."""
    return next(iter(titles_of(actor, one.to, [raw]).values()), "") if one.to and raw else ""


def raw_of(one: Field, value: Any, language: str, *, amount_only: bool = False) -> Any:
    """What stands in the control for a typed value: text in the reader's own notation, a list, a mapping or a flag."""
    match value:
        case None:
            return (
                {}
                if one.kind is Kind.LABELS
                else []
                if one.kind is Kind.LIST
                else False
                if one.kind is Kind.FLAG
                else ""
            )
        case bool():
            return value
        case Money():
            places = PLACES.get(value.currency, 2)
            amount = format_number(str(value.amount), language, decimals=places)
            return amount if amount_only else f"{value.currency} {amount}"
        case Scaled():
            return format_number(_trimmed(str(value)), language)
        case dt.datetime() | dt.date():
            return value.isoformat()
        case Ref():
            return str(value.id)
        case Choice():
            return value.code
        case _:
            return _raw_rest(one, value, language)


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _raw_rest(one: Field, value: Any, language: str) -> Any:
    if isinstance(value, Labels | Mapping):
        return dict(value)
    if one.kind is Kind.LABELS:
        return {language: str(value)}
    if isinstance(value, list | tuple):
        return [raw_of(one, item, language) for item in value]
    if one.kind is Kind.NUMBER:
        return format_number(str(value), language)
    return str(value)


__all__ = ["Option", "Raw", "control_of", "picked_title", "raw_of"]

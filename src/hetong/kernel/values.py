"""Values between the database, the reader and the writer.

``typed`` turns SQL values into `Money`, `Scaled`, dates, `Ref` and `Choice`; ``plain`` turns those into
JSON for the journal and the API; ``read`` turns input (text of a form, JSON of the API) into what a
service stores, or names the `Problem`. No engine ever sees a value that ``read`` did not accept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from . import kept, numerals
from .actors import Actor, Level
from .errors import N_, DomainError, Problem
from .fields import Choice, Field, Kind, Raw, Ref, Register, words
from .labels import Labels
from .money import Money
from .scaled import Scaled
from .text import clean_line, clean_text

if TYPE_CHECKING:
    Lists = Mapping[str, Mapping[UUID, Any]]

PERCENT_SCALE = 4
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)


# -- from the database ---------------------------------------------------------------------------


Reader = Callable[[Raw], Any]


def reader(one: Field, actor: Actor, lists: Lists) -> Reader:
    """What reads the field's typed value out of a raw row; a record is named only to those who may read its name."""
    if one.compute is not None:
        return _named(partial(_computed, one.compute, actor), actor)
    if one.load is not None or one.kind is Kind.LIST:
        held, none = lists.get(one.name, {}), None if one.load is not None else ()
        return _named(lambda raw: held.get(raw["pk"], none), actor)
    return _column_reader(one, actor, lists)


def _computed(compute: Callable[[Raw, Actor], Any], actor: Actor, raw: Raw) -> Any:
    return compute(raw, actor)


def _named(read: Reader, actor: Actor) -> Reader:
    """The same value, its title blank where it is a record whose name the actor may not read."""

    def named(raw: Raw) -> Any:
        value = read(raw)
        return replace(value, title="") if isinstance(value, Ref) and is_unnamed(value.noun, actor) else value

    return named


def _column_reader(one: Field, actor: Actor, lists: Lists) -> Reader:
    if one.kept:
        return _kept_reader(one, actor, lists)
    path = one.path if isinstance(one.path, str) else f"x_{one.name}"
    convert = _converter(one, actor)

    def from_column(raw: Raw) -> Any:
        value = raw[path]
        return None if value is None or value == "" else convert(value, raw)

    return from_column


def _kept_reader(one: Field, actor: Actor, lists: Lists) -> Reader:
    """What reads an added field; the titles of the records it names were found before."""
    convert, names = _converter(one, actor), lists.get(one.name, {})

    def from_custom(raw: Raw) -> Any:
        value = kept.taken(one, raw)
        if value is None or one.kind is Kind.MONEY:
            return value
        if one.kind is Kind.REFERENCE:
            title = words(names.get(value), actor.language)
            return Ref(value, title, noun_url(one.to, value) if title else "", one.to)
        return convert(value, raw)

    return from_custom


def noun_url(key: str, id: UUID) -> str:
    """The address of a record's page; empty where its noun has none."""
    from .nouns import noun

    return noun(key).url(id) if key else ""


def is_unnamed(key: str, actor: Actor) -> bool:
    """Whether the actor may nowhere read what records of that noun are called."""
    if actor.is_system or not key:
        return False
    from .nouns import noun

    register = noun(key).register
    return register.level(actor, register.heading) is Level.HIDDEN


def _converter(one: Field, actor: Actor) -> Callable[[Any, Raw], Any]:
    match one.kind:
        case Kind.MONEY:
            beside = str(one.currency)  # a column: added fields hold their own
            return lambda value, raw: Money(int(value), raw[beside]) if raw.get(beside) else None
        case Kind.PERCENT:
            return lambda value, raw: Scaled(int(value), PERCENT_SCALE)
        case Kind.NUMBER:
            return lambda value, raw: Scaled(int(value), one.scale) if one.scale else int(value)
        case Kind.CHOICE:
            known = lru_cache(maxsize=None)(partial(choice_of, one))
            return lambda value, raw: known(str(value))
        case Kind.REFERENCE:
            return _reference_reader(one, actor)
        case Kind.LABELS:
            return lambda value, raw: words(value, actor.language)
        case _:
            return lambda value, raw: value


def choice_of(one: Field, code: str) -> Choice:
    """The choice of that code; a code no longer offered is shown as it is stored."""
    offered = one.choices() if one.choices else ()
    return next((c for c in offered if c.code == code), Choice(code, code))


def _reference_reader(one: Field, actor: Actor) -> Callable[[UUID, Raw], Ref]:
    is_nameless = is_unnamed(one.to, actor)
    known: dict[UUID, Ref] = {}

    def reference(id: UUID, raw: Raw) -> Ref:
        found = known.get(id)
        if found is None:
            title = "" if is_nameless else words(raw.get(one.title), actor.language)
            found = known[id] = Ref(id, title, noun_url(one.to, id), one.to)
        return found

    return reference


def load_lists(register: Register, chosen: Iterable[Field], ids: Collection[Any], actor: Actor) -> Lists:
    """The values of the list fields (many-to-many paths), one query per field, and of the fields with a ``load``."""
    found: dict[str, Mapping[UUID, Any]] = {}
    loaded: dict[Any, Mapping[UUID, Mapping[str, Any]]] = {}
    for one in chosen:
        if one.load is not None:
            if one.load not in loaded:
                loaded[one.load] = one.load(ids, actor)
            by_id = loaded[one.load]
            found[one.name] = {id: values[one.name] for id, values in by_id.items() if one.name in values}
            continue
        if one.kind is not Kind.LIST or one.compute is not None or not isinstance(one.path, str):
            continue
        rows = register.model._default_manager.filter(pk__in=ids, **{f"{one.path}__isnull": False})
        by_row: dict[UUID, tuple[Any, ...]] = {}
        is_nameless = is_unnamed(one.to, actor)
        for pk, value, title in rows.values_list("pk", one.path, one.title).order_by(one.key or one.title, one.path):
            by_row[pk] = (*by_row.get(pk, ()), Choice(str(value), "" if is_nameless else words(title, actor.language)))
        found[one.name] = by_row
    return found


def plain(value: Any) -> Any:
    """JSON of a typed value: money {"amount","currency"}, ISO dates, references {"id","title"}."""
    match value:
        case None | bool() | int() | str():
            return value
        case Money():
            return {"amount": value.amount, "currency": value.currency}
        case dt.date():
            return value.isoformat()
        case Ref():
            return {"id": str(value.id), "title": value.title}
        case Choice():
            return value.code
        case Mapping():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
        case _:
            return str(value)


# -- from the writer -----------------------------------------------------------------------------


class Unreadable(DomainError):
    """The input cannot be read as the field's kind; carries the words for the `Problem`."""

    def __init__(self, code: str, text: str, **params: Any) -> None:
        super().__init__(code, **params)
        self.wording = text


def read(one: Field, given: Any, *, locale: str = "", currency: str = "") -> Any:
    """Input as stored value. ``locale`` empty means canonical (API, URL): ISO dates, point decimals.

    Raises `Unreadable`. An empty value is None (text: the empty string).
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return [] if one.kind is Kind.LIST else "" if one.kind in (Kind.TEXT, Kind.LONG_TEXT) else None
    reader = _READERS[one.kind]
    try:
        return reader(one, given, locale, currency)
    except Unreadable:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, DomainError) as broken:
        raise Unreadable("unreadable", _UNREADABLE[one.kind], given=str(given)[:80]) from broken


def _text(one: Field, given: Any, locale: str, currency: str) -> str:
    if not isinstance(given, str):
        raise TypeError
    text = clean_text(given) if one.kind is Kind.LONG_TEXT else clean_line(given)
    limit = 20_000 if one.kind is Kind.LONG_TEXT else one.max_length
    if len(text) > limit:
        raise Unreadable(
            "too_long",
            N_("This is too long: %(length)s characters, at most %(limit)s fit."),
            length=len(text),
            limit=limit,
        )
    return text


def _number(one: Field, given: Any, locale: str, currency: str) -> int:
    if isinstance(given, bool):
        raise TypeError
    scaled = Scaled.of(_plain_number(given, locale), one.scale)
    if one.scale == 0 and abs(scaled.units) > 2**31:
        raise OverflowError
    return scaled.units


def _percent(one: Field, given: Any, locale: str, currency: str) -> int:
    if isinstance(given, bool):
        raise TypeError
    text = given.replace("%", "").strip() if isinstance(given, str) else given
    units = Scaled.of(_plain_number(text, locale), PERCENT_SCALE).units
    if abs(units) > 100_000 * 10**PERCENT_SCALE:
        raise OverflowError
    return units


def _plain_number(given: Any, locale: str) -> str:
    if isinstance(given, str):
        return str(numerals.parse_number(given, locale)) if locale else given.strip()
    return str(given)


def _money(one: Field, given: Any, locale: str, currency: str) -> Money:
    if isinstance(given, Mapping):
        return Money.of(str(given["amount"]), str(given["currency"]))
    if isinstance(given, bool):
        raise TypeError
    text = str(given).strip()
    if len(text) > 4 and text[:3].isalpha():
        currency, text = text[:3].upper(), text[3:].strip()
    if not currency:
        raise Unreadable("no_currency", N_("Name the currency too, for example “SEK 1,234.50”."))
    return Money.of(_plain_number(text, locale), currency)


def _date(one: Field, given: Any, locale: str, currency: str) -> dt.date:
    day = (
        given
        if isinstance(given, dt.date)
        else numerals.parse_date(given, locale)
        if locale
        else dt.date.fromisoformat(given)
    )
    if not EARLIEST <= day <= LATEST:
        raise Unreadable("date_range", N_("%(day)s is outside the years 1900 to 2200."), day=day.isoformat())
    return day


def _instant(one: Field, given: Any, locale: str, currency: str) -> dt.datetime:
    moment = given if isinstance(given, dt.datetime) else dt.datetime.fromisoformat(given)
    if moment.tzinfo is None or not EARLIEST <= moment.date() <= LATEST:
        raise ValueError
    return moment


def _choice(one: Field, given: Any, locale: str, currency: str) -> str:
    offered = [c.code for c in one.choices()] if one.choices else []
    if not isinstance(given, str) or given not in offered:
        raise Unreadable("not_offered", N_("“%(given)s” is not one of the choices."), given=str(given)[:80])
    return given


def _uuid(one: Field, given: Any, locale: str, currency: str) -> UUID:
    if isinstance(given, Mapping):
        given = given["id"]
    return given if isinstance(given, UUID) else UUID(given)


def _flag(one: Field, given: Any, locale: str, currency: str) -> bool:
    if isinstance(given, bool):
        return given
    if locale and given in ("on", "true", "1"):
        return True
    if locale and given in ("off", "false", "0"):
        return False
    raise ValueError


def _list(one: Field, given: Any, locale: str, currency: str) -> list[Any]:
    if not isinstance(given, list | tuple):
        raise TypeError
    if one.choices is not None:
        return [_choice(one, item, locale, currency) for item in given]
    return [item if isinstance(item, UUID) else UUID(item) for item in given if item]


def _labels(one: Field, given: Any, locale: str, currency: str) -> dict[str, str]:
    if isinstance(given, str):
        given = {"en": given}
    return Labels(given).clean()


_READERS = {
    Kind.TEXT: _text, Kind.LONG_TEXT: _text, Kind.NUMBER: _number, Kind.PERCENT: _percent, Kind.MONEY: _money,
    Kind.DATE: _date, Kind.INSTANT: _instant, Kind.CHOICE: _choice, Kind.REFERENCE: _uuid, Kind.FLAG: _flag,
    Kind.LIST: _list, Kind.LABELS: _labels,
}  # fmt: skip

_UNREADABLE = {
    Kind.TEXT: N_("This must be text."),
    Kind.LONG_TEXT: N_("This must be text."),
    Kind.NUMBER: N_("“%(given)s” is not a number that fits here. Example: 1,234.5"),
    Kind.PERCENT: N_("“%(given)s” is not a percentage that fits here. Example: 12.5"),
    Kind.MONEY: N_("“%(given)s” is not an amount that fits here. Example: SEK 1,234.50"),
    Kind.DATE: N_("“%(given)s” is not a date. Example: 2026-03-31"),
    Kind.INSTANT: N_("“%(given)s” is not a moment with its zone. Example: 2026-03-31T14:00:00+02:00"),
    Kind.CHOICE: N_("“%(given)s” is not one of the choices."),
    Kind.REFERENCE: N_("“%(given)s” does not name a record."),
    Kind.FLAG: N_("This must be yes or no."),
    Kind.LIST: N_("This must be a list of choices."),
    Kind.LABELS: N_("Give at least one language a text."),
}


def problem(one: Field, broken: Unreadable) -> Problem:
    """The refusal of one field's input."""
    return Problem(broken.code, broken.wording, broken.params, field=one.name)

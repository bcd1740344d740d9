"""The register of fields: the only way a record's values reach a reader.

A `Register` says once, per noun, what fields there are. Lists, forms, filters, exports, the API,
search, history and rules are all read from it. It is a table of facts: it renders nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from itertools import repeat
from typing import Any, cast
from uuid import UUID

from django.db.models import Aggregate, Case, F, Model, QuerySet, Value, When
from django.db.models.expressions import Combinable

from .actors import Actor, Level
from .errors import UnknownField
from .joined import joined
from .kept import COLUMN, titles
from .labels import Labels
from .levels import levels_of
from .memory import are_new, held_of
from .paging import Lead
from .shown import TOGETHER as TOGETHER
from .shown import Choice as Choice
from .shown import Ref as Ref
from .shown import Row as Row
from .shown import Text as Text
from .shown import Together as Together
from .shown import Verb as Verb
from .shown import Waiting as Waiting

Raw = Mapping[str, Any]


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    INSTANT = "instant"
    CHOICE = "choice"
    REFERENCE = "reference"
    FLAG = "flag"
    LIST = "list"
    LABELS = "labels"


HIDDEN_FOR_AGENTS: Mapping[str, Level] = {"agent": Level.HIDDEN}


@dataclass(frozen=True)
class Field:
    """One field of a noun.

    ``path``: ORM path or expression the value is read from, or a function that gives the expression for
    an actor (what a field is may depend on who reads); None means shown only (``compute``, ``load``).
    ``load(ids, actor)``: values of many rows at once, as {id: {field name: typed value}}; fields that
    name the same function are loaded by one call.
    ``key``: ORM path (or expression) of the folded companion that text sorts and matches on.
    ``currency``: for money, the ORM path (or expression) of its currency. ``scale``: digits of a scaled number.
    ``to`` and ``title``: for a reference, the noun it leads to and the ORM path of its title.
    ``needs``: further ORM paths that ``compute(raw, actor)`` reads. ``derived_from``: fields whose
    hiding hides this one. ``material`` fields enter the content hash; ``personal`` ones are erasable.
    ``default_rule``: level by role key where no rule is set. ``filter``: own translation of a
    condition to a Q, for what has no single path.
    """

    name: str
    label: Text
    kind: Kind = Kind.TEXT
    path: str | Combinable | Callable[[Actor], Combinable] | None = None
    write: bool = False
    required: bool = False
    key: str | Combinable = ""
    currency: str | Combinable = ""
    scale: int = 0
    to: str = ""
    title: str = ""
    choices: Callable[[], Sequence[Choice]] | None = None
    needs: tuple[str, ...] = ()
    compute: Callable[[Raw, Actor], Any] | None = None
    load: Callable[[Collection[UUID], Actor], Mapping[UUID, Mapping[str, Any]]] | None = None
    filter: Callable[[str, Sequence[str], Actor], Any] | None = None
    group: Text = ""
    help: Text = ""
    column: bool = False
    material: bool = False
    personal: bool = False
    searchable: bool = False
    indexed: bool = False
    """Search finds the record by it too, though lists do not match on it (it needs no ``key``)."""
    sortable: bool = True
    lead: Callable[[Actor, bool], Lead | None] | None = None
    """For a sort whose value is looked up row by row: how its first rows are known without looking at all (`paging.Lead`);
    of the reader and whether the order is by this field alone."""
    aggregate: type[Aggregate] | None = None
    derived_from: tuple[str, ...] = ()
    default_rule: Mapping[str, Level] = field(default_factory=dict)
    max_length: int = 500
    initial: Any = None
    kept: bool = False
    """Added by an administrator: its value lies in the row's JSON column under the field's name (`kernel.kept`)."""
    is_fast: bool = False
    """Whether an added field's values also stand in typed rows, which filters and searches read."""
    is_retired: bool = False
    """Whether an administrator took it out of use: no form and no list offers it, and what it holds stays readable."""
    required_from: str = ""
    """The stage from which on it must be filled in; empty for never."""
    of: tuple[str, str] | None = None
    """Noun and name of the field of another record, which this one asks for where that record comes into being with this
    one: its rules hold, and the service that makes it says what it needs."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The plain ORM paths that showing this field reads."""
        if self.kept:
            return (COLUMN,)
        own = (self.path,) if isinstance(self.path, str) and self.kind is not Kind.LIST else ()
        beside = (self.currency,) if isinstance(self.currency, str) else ()
        return tuple(p for p in (*own, *beside, self.title if self.kind is Kind.REFERENCE else "", *self.needs) if p)


class Register:
    """The fields of one noun and what holds for the noun as a whole.

    ``company`` and ``stage`` are ORM paths (stage may be empty). ``facts`` are further ORM paths that
    ``verbs(actor, raw)`` and ``waiting(actor, raw)`` need. ``may_edit(actor, raw)``: whether ``edit`` is among the verbs,
    where that is sooner said than all of them. ``heading`` names the field a row is known
    by. ``parent``: (ORM path of the parent id, parent noun) for nouns that share its rights.
    ``checked_at``: the stages whose verbs ask for the added fields that are required from there on. ``is_part``: a
    second register of a noun, of what people may write of their own; the fields that the house adds are the first one's.
    ``beside(added)``: out of the added fields by noun, those of records that come into being with one of these (`Field.of`).
    """

    def __init__(
        self,
        noun: str,
        model: type[Model],
        fields: Iterable[Field],
        *,
        heading: str,
        company: str = "company_id",
        stage: str = "",
        facts: tuple[str, ...] = (),
        verbs: Callable[[Actor, Raw], Iterable[Verb]] | None = None,
        may_edit: Callable[[Actor, Raw], bool] | None = None,
        waiting: Callable[[Actor, Raw], Waiting | None] | None = None,
        parent: tuple[str, str] | None = None,
        edit: str = "",
        versioned: bool = True,
        checked_at: Sequence[str] = (),
        is_part: bool = False,
        beside: Callable[[Mapping[str, Sequence[Field]]], Iterable[Field]] | None = None,
    ) -> None:
        self.noun, self.model, self.heading = noun, model, heading
        self.fields: dict[str, Field] = {f.name: f for f in fields}
        self.company, self.stage, self.facts, self.parent = company, stage, facts, parent
        self.verbs, self.may_edit, self.waiting = verbs, may_edit, waiting
        self.edit, self.versioned = edit, versioned
        self.checked_at, self.is_part, self.beside = checked_at, is_part, beside

    def __iter__(self) -> Iterator[Field]:
        return iter(self.all().values())

    @cached_property
    def stage_column(self) -> tuple[type[Model], str] | None:
        """The model and the column that hold the stage: the row's own, or those of the record it hangs on."""
        *steps, column = self.stage.split("__")
        model: type[Model] = self.model
        for step in steps:
            model = cast("type[Model]", model._meta.get_field(step).related_model)
        return (model, column) if column else None

    @cached_property
    def first_stage(self) -> str:
        """The stage at which a new record starts; empty where there are no stages."""
        if self.stage_column is None:
            return ""
        model, column = self.stage_column
        return str(model._meta.get_field(column).get_default() or "")  # type: ignore[union-attr]  # a column of its own

    @property
    def is_of_a_person(self) -> bool:
        """Whether what a row is called can be erased: it is kept as a value then, and in no label."""
        return self.fields[self.heading].personal

    def all(self) -> dict[str, Field]:
        """Every field, those that administrators added included."""
        return joined().all_of(self)

    # -- rules ---------------------------------------------------------------------------------

    def level(self, actor: Actor, name: str, company: UUID | None = None, stage: str = "") -> Level:
        """What the actor may do with a field of rows in ``company`` (None: in any company) at ``stage``."""
        return Level.EDIT if actor.is_system else self.levels(actor, company, stage).get(name, Level.HIDDEN)

    def levels(self, actor: Actor, company: UUID | None = None, stage: str = "") -> Mapping[str, Level]:
        """What the actor may do with each field of rows in ``company`` at ``stage`` (empty: at the stage that allows most).

        Who holds no role there reads what the roles held elsewhere let them read, and writes nothing. Worked out once per actor.
        """
        fields, key = self.all(), (self.noun, company, stage)
        held: tuple[Mapping[str, Field], dict[str, Level]] | None = actor.known.get(key)
        if held is None or (held[0] is not fields and held[0] != fields):
            held = actor.known[key] = (fields, self._levels(actor, fields, company, stage))
        return held[1]

    def _levels(self, actor: Actor, fields: Mapping[str, Field], company: UUID | None, stage: str) -> dict[str, Level]:
        return levels_of(self, actor, fields, company, stage)

    def readable(self, actor: Actor) -> list[Field]:
        """The fields the actor may read in at least one company."""
        levels = self.levels(actor)
        return [f for f in self if levels[f.name] > Level.HIDDEN]

    def writable(self, actor: Actor, company: UUID | None = None, stage: str = "") -> list[Field]:
        """The fields the actor may write in ``company`` at ``stage``."""
        levels = self.levels(actor, company, stage)
        return [f for f in self if f.write and levels[f.name] is Level.EDIT]

    def field(self, actor: Actor, name: str) -> Field:
        """The field, or `UnknownField`: one that is hidden everywhere answers like one that does not exist."""
        if self.level(actor, name) is Level.HIDDEN or name not in self.all():
            raise UnknownField(fields=name)
        return self.all()[name]

    def guarded(self, actor: Actor, one: Field, path: str | Combinable = "") -> Combinable:
        """The SQL value of a field, null in companies whose rules hide it; for filter, sort, group and sum.

        A reference is not ordered by a name that the actor may not read, but by its id.
        """
        from .values import is_unnamed  # values needs the classes of this module

        if path and one.to and is_unnamed(one.to, actor):
            path = ""
        given = F(path) if isinstance(path, str) and path else path
        expression = given or expression_of(one, actor)
        if expression is None:
            raise UnknownField(fields=one.name)
        companies = actor.companies()
        if companies is None or not self.company:
            return expression
        open_in = [c for c in companies if self.level(actor, one.name, c) > Level.HIDDEN]
        if len(open_in) == len(companies):
            return expression
        return Case(When(**{f"{self.company}__in": open_in}, then=expression), default=Value(None))

    # -- reading -------------------------------------------------------------------------------

    def show(
        self, actor: Actor, rows: QuerySet[Any] | Iterable[Model | UUID], names: Collection[str] | None = None
    ) -> list[Row]:
        """The rows as this actor may see them, in the order given; one query, plus one per list field.

        ``rows`` must already be narrowed by ``visible_to``: this decides about fields, not about rows.
        """
        from .values import load_lists, reader  # values needs the classes of this module

        chosen = [f for f in self.readable(actor) if names is None or f.name in names]
        raws = self.raw(rows, chosen)
        lists = {**load_lists(self, chosen, [raw["pk"] for raw in raws], actor), **titles(chosen, raws, actor)}
        readers = [(f.name, reader(f, actor, lists)) for f in chosen]
        title = reader(self.fields[self.heading], actor, {})
        shown, together = [], Together([raw["pk"] for raw in raws])
        for raw in raws:
            raw[TOGETHER] = together
            levels = self.levels(actor, raw.get(self.company), str(raw.get(self.stage) or ""))
            values = {name: read(raw) for name, read in readers if levels[name] > Level.HIDDEN}
            named = title(raw) if levels[self.heading] > Level.HIDDEN else ""
            shown.append(self._row(actor, raw, values, levels, str(named or "")))
        return shown

    def raw(
        self, rows: QuerySet[Any] | Iterable[Model | UUID], chosen: Iterable[Field], *, bare: bool = False
    ) -> list[dict[str, Any]]:
        """The SQL values of ``chosen`` and of the register's own facts, one dict a row, in the order given.

        ``bare``: without those facts, where nobody is to be shown a row.
        """
        paths, expressions = self._selection(chosen, bare=bare)
        if isinstance(rows, QuerySet):
            return list(rows.annotate(**expressions).values(*paths, *expressions))
        ids = [row.pk if isinstance(row, Model) else row for row in rows]
        found = self.model._default_manager.filter(pk__in=ids).annotate(**expressions).values(*paths, *expressions)
        by_id = {raw["pk"]: raw for raw in found}
        return [by_id[id] for id in ids if id in by_id]

    def _selection(self, chosen: Iterable[Field], *, bare: bool = False) -> tuple[list[str], dict[str, Combinable]]:
        own = ("version" if self.versioned else "", self.company, self.stage, *self.facts)
        paths = dict.fromkeys(("pk", *(() if bare else (p for p in own if p))))
        if not bare:
            paths.update(dict.fromkeys(self.fields[self.heading].paths))
        expressions: dict[str, Combinable] = {}
        for one in chosen:
            paths.update(dict.fromkeys(one.paths))
            if one.load is None and not one.kept and isinstance(one.path, Combinable):
                expressions[f"x_{one.name}"] = one.path
        return list(paths), expressions

    def _row(
        self, actor: Actor, raw: dict[str, Any], values: dict[str, Any], levels: Mapping[str, Level], title: str
    ) -> Row:
        from .nouns import noun

        return Row(
            id=raw["pk"],
            noun=self.noun,
            version=raw.get("version", 0),
            url=noun(self.noun).url(raw["pk"]),
            title=title,
            values=values,
            levels=levels,
            company=raw.get(self.company),
            stage=str(raw.get(self.stage) or ""),
            register=self,
            verbs_of=partial(self.verbs, actor, raw) if self.verbs else None,
            may_edit_of=partial(self.may_edit, actor, raw) if self.may_edit else None,
            waiting_of=partial(self.waiting, actor, raw) if self.waiting else None,
        )

    def snapshot(
        self, rows: Iterable[Model | UUID], names: Collection[str] | None = None
    ) -> dict[UUID, dict[str, Any]]:
        """The values of each row in journal form (JSON), whatever any reader may see; for before and after."""
        stored = self._journalled(names)
        raws = self.raw(rows, stored, bare=True)
        ids = [raw["pk"] for raw in raws]
        return by_row(ids, self._in_journal_form(raws, stored, listed=ids))

    def held(self, rows: Sequence[Model], names: Collection[str] | None = None) -> dict[UUID, dict[str, Any]]:
        """The same of rows as they are in memory, which saves reading back what was written or is about to be."""
        return by_row([row.pk for row in rows], self.held_columns(rows, names))

    def held_columns(self, rows: Sequence[Model], names: Collection[str] | None = None) -> dict[str, Sequence[Any]]:
        """The same a field at a time: the value of each row in the order given."""
        stored = self._journalled(names)
        paths, expressions = self._selection(stored, bare=True)
        raws = held_of(rows, paths, expressions)
        return self._in_journal_form(raws, stored, listed=[] if are_new(rows) else raws.columns["pk"])

    def _journalled(self, names: Collection[str] | None) -> list[Field]:
        return [f for f in self if f.path is not None and not callable(f.path) and (names is None or f.name in names)]

    def _in_journal_form(
        self, raws: Sequence[Raw], stored: Sequence[Field], *, listed: Collection[Any]
    ) -> dict[str, Sequence[Any]]:
        """By field the value of each row. ``listed``: the ids of those rows that may have values in other tables."""
        from .stored import journal_column
        from .values import load_lists, reader

        if not raws:
            return {f.name: [] for f in stored}
        actor = Actor.system()
        lists = {**(load_lists(self, stored, listed, actor) if listed else {}), **titles(stored, raws, actor)}
        return {f.name: journal_column(f, reader(f, actor, lists), raws, are_bare=not listed) for f in stored}


def by_row(ids: Sequence[UUID], columns: Mapping[str, Sequence[Any]]) -> dict[UUID, dict[str, Any]]:
    """Values of rows that are held a field at a time, row by row."""
    values = zip(*columns.values(), strict=True) if columns else repeat(())
    return {id: dict(zip(columns, own, strict=True)) for id, own in zip(ids, values, strict=False)}


def expression_of(one: Field, actor: Actor) -> Combinable | None:
    """The SQL value of a field for this actor; None for one that is shown only."""
    if isinstance(one.path, str):
        return F(one.path)
    return one.path(actor) if callable(one.path) else one.path


def words(value: Any, language: str) -> str:
    """A title that is either plain text or admin-made `Labels`, in ``language``."""
    return Labels(value).text(language) if isinstance(value, dict) else str(value or "")

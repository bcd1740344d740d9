"""Two records that may be one party: which those are, and what each of a pair says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Field, Row, Text
from hetong.kernel.merging import named_by
from hetong.parties.fields import PARTY, TERMS
from hetong.parties.models import Apart, Party, PartyId, PartyTerms

TERMS_CHOICE: Final = "terms"
CHOSEN_WHOLE: Final = frozenset({TERMS_CHOICE})
"""What is chosen as a whole and is no field of the party."""
OF_OTHERS: Final = ("registration_number", "vat_number", "address_lines")
"""Fields that stand in rows of their own, of which one is in use; the first of the address stands for all of it."""
FROM_BOTH: Final = frozenset({"other_names", "kinds"})
"""What is kept from both."""
MOST_ALIKE: Final = 6
"""Of a sign that more parties share than this, nothing is concluded."""
LONGEST_LIST: Final = 60
EVERYBODYS: Final = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com", "me.com", "aol.com",
    "gmx.com", "gmx.de", "web.de", "proton.me", "protonmail.com", "mail.com", "telia.com", "bredband.net", "spray.se", "comhem.se",
    "qq.com", "163.com", "126.com", "foxmail.com", "sina.com", "sohu.com", "139.com", "189.cn", "yeah.net", "aliyun.com", "hinet.net",
)  # fmt: skip
"""Mail domains that say nothing about who somebody is."""


class Sign(StrEnum):
    """Why two records may be one party; the strongest first."""

    NUMBER = "number"
    NAME = "name"
    MAIL = "mail"


SIGNS: dict[str, Text] = {
    Sign.NUMBER: _("same number"), Sign.NAME: _("same name"), Sign.MAIL: _("same mail domain"),
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """Two records that may be one party."""

    rows: tuple[Row, Row]
    """The one that was there first stands first."""
    signs: tuple[str, ...]

    @property
    def this_id(self) -> UUID:
        """The one that would stay."""
        return self.rows[0].id

    @property
    def other_id(self) -> UUID:
        """The one that would go."""
        return self.rows[1].id

    @property
    def words(self) -> list[Text]:
        """Why they are laid before the reader."""
        return [SIGNS[sign] for sign in self.signs]


def likely_duplicates(actor: Actor, party: UUID | None = None) -> list[Pair]:
    """Pairs of parties that the actor sees and that share a number, a folded name or a mail domain; the likeliest first.

    Of one party, or of all; pairs of which somebody said that they are two are left out. Who may not read a field learns
    nothing from it.
    """
    found: dict[tuple[UUID, UUID], list[str]] = {}
    for sign, ids in _groups(actor, party):
        for pair in combinations(sorted(ids), 2):
            if party is None or party in pair:
                signs = found.setdefault(pair, [])
                signs.extend({sign} - set(signs))
    for mark in _said_to_be_two({id for pair in found for id in pair}):
        found.pop(mark, None)
    order = list(Sign)
    ranked = sorted(found, key=lambda pair: (-len(found[pair]), min(order.index(Sign(s)) for s in found[pair]), pair))
    ranked = ranked[:LONGEST_LIST]
    wanted = {id for pair in ranked for id in pair}
    rows = {
        row.id: row
        for row in PARTY.show(
            actor,
            Party.objects.visible_among(actor).filter(pk__in=wanted),
            ("name", "local_name", "numbers", "owner", "country", "is_active"),
        )
    }
    return [
        Pair((rows[one], rows[other]), tuple(sorted(found[one, other], key=lambda s: order.index(Sign(s)))))
        for one, other in ranked if one in rows and other in rows
    ]  # fmt: skip


def _said_to_be_two(ids: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
    """The pairs among them of which somebody said that they are two parties."""
    marks = Apart._default_manager.filter(one__in=ids, other__in=ids)
    return marks.values_list("one", "other") if ids else ()


def apart_from(party: UUID) -> set[UUID]:
    """The records that look like this one and are another party, as somebody said."""
    marks = Apart._default_manager.filter(Q(one=party) | Q(other=party)).values_list("one", "other")
    return {id for pair in marks for id in pair} - {party}


@dataclass(frozen=True)
class SaidApart:
    """Two records of which somebody said that they are two parties."""

    rows: tuple[Row, Row]
    at: datetime
    by: str
    reason: str


def said_apart(actor: Actor, party: UUID | None = None) -> list[SaidApart]:
    """The pairs that are said to be two parties and of which the actor sees both, the newest first; of one party, or of all."""
    marks = Apart._default_manager.order_by("-at", "pk")
    if party is not None:
        marks = marks.filter(Q(one=party) | Q(other=party))
    seen = Party.objects.visible_to(actor).values("pk")
    found = list(marks.filter(one__in=seen, other__in=seen)[:LONGEST_LIST])
    wanted = {id for mark in found for id in (mark.one_id, mark.other_id)}
    names = ("name", "local_name", "numbers", "country", "is_active")
    rows = {row.id: row for row in PARTY.show(actor, list(wanted), names)}
    return [SaidApart((rows[mark.one_id], rows[mark.other_id]), mark.at, mark.by_label, mark.reason) for mark in found]


def _groups(actor: Actor, party: UUID | None) -> Iterator[tuple[str, list[UUID]]]:
    """What several parties have in common, each time with those parties."""
    readable = {one.name for one in PARTY.readable(actor)}
    seen = Party.objects.visible_to(actor)
    if "numbers" in readable:
        numbers = PartyId.objects.filter(party__in=seen.values("pk"))  # allow: visibility — of parties that are seen
        yield from _shared(Sign.NUMBER, numbers, "normalised", "party", party)
    if "name" in readable:
        yield from _shared(Sign.NAME, seen.exclude(similar_key=""), "similar_key", "pk", party)
    if "email" in readable:
        mails = seen.exclude(mail_domain__in=("", *EVERYBODYS))
        yield from _shared(Sign.MAIL, mails, "mail_domain", "pk", party)


def _shared(
    sign: str, rows: QuerySet[Any], column: str, id: str, party: UUID | None
) -> Iterator[tuple[str, list[UUID]]]:
    rows = rows.order_by()
    if party is not None:
        own = list(rows.filter(**{id: party}).values_list(column, flat=True).distinct())
        rows = rows.filter(**{f"{column}__in": own})
    common = rows.values(column).annotate(n=Count(id, distinct=True)).filter(n__range=(2, MOST_ALIKE))
    shared = list(common.order_by(column).values_list(column, flat=True)[: LONGEST_LIST * 2])
    groups: dict[str, list[UUID]] = {}
    for value, pk in rows.filter(**{f"{column}__in": shared}).values_list(column, id).distinct():
        groups.setdefault(value, []).append(pk)
    for ids in groups.values():
        yield sign, ids


# -- two of them side by side --------------------------------------------------------------------


def choosable() -> list[Field]:
    """The fields of a party of which one value stays: its own columns, added ones, its main numbers and its address."""
    columns = {one.attname for one in Party._meta.concrete_fields}
    return [
        one for one in PARTY
        if one.write and one.name not in FROM_BOTH and (one.kept or one.path in columns or one.name in OF_OTHERS)
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What two records say in one field."""

    name: str
    label: Text
    this: Any
    other: Any
    is_choice: bool
    """Both say something, and not the same, and the reader may change it."""
    is_terms: bool = False
    """``this`` and ``other`` are lists of terms, each a list of what is agreed."""


EMPTY: Final[tuple[Any, ...]] = (None, "", [], False)


@dataclass(frozen=True)
class Comparison:
    """Two records of a party laid side by side, as their reader may see them."""

    this: Row
    other: Row
    lines: tuple[Line, ...]
    moves: tuple[tuple[Text, int], ...]
    """What moves, by kind, as far as the reader sees it."""

    @property
    def choices(self) -> list[Line]:
        """Where the two differ."""
        return [line for line in self.lines if line.is_choice]

    @property
    def rest(self) -> list[Line]:
        """What is the same, or said by one alone."""
        return [line for line in self.lines if not line.is_choice]


def compare(actor: Actor, this: UUID, other: UUID) -> Comparison:
    """What two parties say, field by field. Raises `NotFound`."""
    rows = {row.id: row for row in PARTY.show(actor, Party.objects.visible_among(actor).filter(pk__in=[this, other]))}
    if this not in rows or other not in rows:
        raise NotFound(noun=PARTY.noun)
    lines = [line for one in choosable() if (line := _line(actor, one, rows[this], rows[other]))]
    return Comparison(
        rows[this], rows[other], (*lines, *_terms(actor, this, other)), tuple(_moves(actor, other))
    )  # fmt: skip


def _line(actor: Actor, one: Field, this: Row, other: Row) -> Line | None:
    if one.name not in this or one.name not in other:
        return None
    ours, theirs = _said(one.name, this), _said(one.name, other)
    if ours in EMPTY and theirs in EMPTY:
        return None
    differ = ours != theirs and ours not in EMPTY and (theirs not in EMPTY)
    return Line(one.name, one.label, ours, theirs, differ and PARTY.level(actor, one.name) is Level.EDIT)


def _said(name: str, row: Row) -> Any:
    if name != "address_lines":
        return row.get(name)
    parts = [str(row.get(part) or "") for part in ("address_lines", "postal_code", "city")]
    return " · ".join(part.replace("\n", ", ") for part in parts if part)


def _terms(actor: Actor, this: UUID, other: UUID) -> Iterator[Line]:
    """The terms that both have with the same company of ours: whose stay."""
    by_company: dict[Any, dict[UUID, Row]] = {}
    names = ("party", "company", "number", "owner", "payment_days", "credit_limit")
    rows = PartyTerms.objects.visible_to(actor).filter(party__in=[this, other]).order_by("company", "pk")
    for row in TERMS.show(actor, rows, names):
        if "party" in row:
            by_company.setdefault(row.company, {})[row["party"].id] = row
    pairs = [pair for pair in by_company.values() if len(pair) == 2]
    if pairs:
        yield Line(
            TERMS_CHOICE,
            _("Terms"),
            [_told(pair[this]) for pair in pairs],
            [_told(pair[other]) for pair in pairs],
            is_choice=True,
            is_terms=True,
        )


def _told(row: Row) -> list[Any]:
    return [
        row[name]
        for name in ("company", "number", "owner", "payment_days", "credit_limit")
        if row.get(name) not in EMPTY
    ]


def _moves(actor: Actor, other: UUID) -> Iterable[tuple[Text, int]]:
    counts: dict[str, tuple[Text, int]] = {}
    for entry, rows in named_by(PARTY.noun, other):
        if entry.may_view(actor):
            count = entry.visible_to(actor).filter(pk__in=rows.values("pk")).count()
            known = counts.get(entry.key, (entry.labels[1], 0))[1]
            counts[entry.key] = (entry.labels[1], known + count)
    return [one for one in counts.values() if one[1]]

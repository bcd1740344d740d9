"""Making the rows of records: from what they are now, whatever happened to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Left

from hetong.files.models import Derived, DerivedText
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind
from hetong.kernel.shown import Ref
from hetong.kernel.values import load_lists, plain, reader
from hetong.search.indexed import TEXT_CODE, Code, Indexed, code_of, indexed_nouns, is_indexed
from hetong.search.models import SearchRow, SearchText, SearchWord
from hetong.search.words import loose_words, start, words

AT_ONCE, FILES_AT_ONCE = 500, 40
"""Records of one step: few enough that whoever saves meanwhile does not notice, and fewer where their files are read."""
LONGEST_TEXT: Final = 1_000_000
"""Characters of a file that are indexed."""
MOST_BYTES: Final = 800_000
"""Bytes of different words in one row; PostgreSQL keeps up to a megabyte of them."""

Raw = dict[str, Any]


def write_rows(key: str, ids: Collection[UUID]) -> int:
    """Make the rows of these records of one noun again; those of records that are gone go. Returns how many changed."""
    found = [entry for entry in indexed_nouns() if entry.key == key]
    wanted = sorted(set(ids))
    changed = 0
    for entry in found:
        step = at_once(entry)
        for first in range(0, len(wanted), step):
            with transaction.atomic():
                changed += _write(entry, wanted[first : first + step])
    return changed


def at_once(entry: Indexed) -> int:
    """How many records of the noun are written in one step."""
    return FILES_AT_ONCE if entry.noun.blob else AT_ONCE


def _write(entry: Indexed, ids: list[UUID]) -> int:
    rows = _locked_rows(entry, ids)
    made = made_tokens(entry, ids)
    gone = [row.pk for id, row in rows.items() if id not in made]
    if gone:
        SearchText.objects.filter(row__in=gone).delete()
        SearchRow.objects.filter(pk__in=gone).delete()
    before = dict(SearchText.objects.filter(row__in=[row.pk for row in rows.values()]).values_list("row", "tokens"))
    _write_places(entry, rows, made)
    changed = {
        id: (rows[id].pk, tokens)
        for id, (_parent, _company, tokens) in made.items()
        if before.get(rows[id].pk) != tokens
    }
    _write_texts(changed.values())
    _write_words(entry, (tokens for _row, tokens in changed.values()))
    renamed = [id for id, (row, tokens) in changed.items() if row in before and _is_renamed(entry, before[row], tokens)]
    if renamed:
        _write_referring(entry.key, renamed)
    return len(changed) + len(gone)


def _locked_rows(entry: Indexed, ids: list[UUID]) -> dict[UUID, SearchRow]:
    """A row for each of them, locked before the records are read: who comes later reads what is so later."""
    rows = SearchRow.objects.filter(noun=entry.key, record__in=ids)
    known = set(rows.values_list("record", flat=True))
    fresh = [SearchRow(noun=entry.key, record=id) for id in ids if id not in known]
    if fresh:
        SearchRow.objects.bulk_create(fresh, batch_size=AT_ONCE, ignore_conflicts=True)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return {row.record: row for row in rows.order_by("pk")}


def _write_places(entry: Indexed, rows: Mapping[UUID, SearchRow], made: Mapping[UUID, tuple[Any, Any, str]]) -> None:
    moved = []
    for id, (parent, company, _tokens) in made.items():
        row = rows[id]
        if (row.parent, row.company) != (parent, company):
            row.parent, row.company = parent, company
            moved.append(row)
    if moved:
        SearchRow.objects.bulk_update(moved, ["parent", "company"], batch_size=AT_ONCE)


def _write_texts(changed: Iterable[tuple[int, str]]) -> None:
    texts = [SearchText(row_id=row, tokens=tokens) for row, tokens in changed]
    SearchText.objects.bulk_create(
        texts, batch_size=100, update_conflicts=True, unique_fields=["row"], update_fields=["tokens"]
    )


def _write_words(entry: Indexed, changed: Iterable[str]) -> None:
    """Remember the words of names, for "did you mean", but of no person. Numbers and short words are no help there."""
    exact = {code_of(entry.key, one.name).exact for one in entry.fields if not one.personal}
    length = len(next(iter(exact), ""))
    found = {
        token[length:]
        for tokens in changed
        for token in tokens.split(" ")
        if token[:length] in exact and token[length:].isalpha() and 4 <= len(token) - length <= 40
    }
    if found:
        known = set(SearchWord.objects.filter(word__in=found).values_list("word", flat=True))
        fresh = [SearchWord(word=word, beginning=word[:2]) for word in sorted(found - known)]
        SearchWord.objects.bulk_create(fresh, batch_size=AT_ONCE, ignore_conflicts=True)


# -- what stands in a row ------------------------------------------------------------------------


def made_tokens(entry: Indexed, ids: Collection[UUID]) -> dict[UUID, tuple[UUID | None, UUID | None, str]]:
    """Parent, company and words of each of the records that exist."""
    register, path = entry.noun.register, entry.parent[0] if entry.parent else ""
    rows = register.model._default_manager.filter(pk__in=ids)
    raws = register.raw(rows, entry.fields)
    more = dict(rows.values_list("pk", path)) if path else {}
    texts = _texts(entry, ids)
    actor = Actor.system()
    lists = load_lists(register, entry.fields, ids, actor)
    readers = [(one, code_of(entry.key, one.name), reader(one, actor, lists)) for one in entry.fields]
    made = {}
    for raw in raws:
        found: list[str] = []
        for one, code, read in readers:
            found += _field_tokens(code, _said(one, raw, read), is_heading=one.name == register.heading)
        found += [TEXT_CODE + word for word in words(texts.get(raw["pk"], ""))]
        made[raw["pk"]] = (more.get(raw["pk"]), raw.get(register.company), " ".join(_fitting(found)))
    return made


def _said(one: Field, raw: Raw, read: Any) -> str:
    if one.kind is Kind.LABELS and isinstance(one.path, str):
        return "\n".join(str(text) for text in (raw[one.path] or {}).values())
    value = read(raw)
    return value.title if isinstance(value, Ref) else str(plain(value) or "")


def _field_tokens(code: Code, said: str, *, is_heading: bool) -> list[str]:
    if not said:
        return []
    found = [code.exact + word for word in words(said)]
    found += sorted(code.loose + word for word in loose_words(said))
    if is_heading and (first := start(said)):
        found.append(code.start + first)
    return found


def _texts(entry: Indexed, ids: Collection[UUID]) -> dict[UUID, str]:
    """The text of each record's file, as far as it was read."""
    if not entry.noun.blob:
        return {}
    blobs = dict(entry.noun.model._default_manager.filter(pk__in=ids).values_list("pk", entry.noun.blob))
    read = DerivedText.objects.filter(blob__in=[blob for blob in blobs.values() if blob], state=Derived.DONE)
    texts = dict(read.values_list("blob", Left("text", LONGEST_TEXT)))
    return {id: texts[blob] for id, blob in blobs.items() if blob in texts}


def _fitting(tokens: list[str]) -> list[str]:
    """The words, cut where a row would hold more than an engine takes."""
    if len(tokens) * 8 < MOST_BYTES:
        return tokens
    seen: set[str] = set()
    size = 0
    for place, token in enumerate(tokens):
        if token not in seen:
            seen.add(token)
            size += len(token.encode()) + 2
            if size > MOST_BYTES:
                return tokens[:place]
    return tokens


# -- names that stand in other records -----------------------------------------------------------


def _is_renamed(entry: Indexed, before: str, after: str) -> bool:
    code = code_of(entry.key, entry.noun.register.heading).exact
    return _of(code, before) != _of(code, after)


def _of(code: str, tokens: str) -> list[str]:
    return [token for token in tokens.split(" ") if token.startswith(code)]


def _write_referring(key: str, ids: Collection[UUID]) -> None:
    """Records are found by the names of those they refer to: a new name is written there too."""
    for entry in indexed_nouns():
        for one in entry.noun.register:
            if one.kind is Kind.REFERENCE and one.to == key and isinstance(one.path, str) and is_indexed(one):
                rows = entry.noun.model._default_manager.filter(**{f"{one.path}__in": ids})
                write_rows(entry.key, list(rows.values_list("pk", flat=True)))

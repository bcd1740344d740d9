"""B7: whatever is edited, deleted, inserted, exchanged or cut off by SQL after the sealing is found, the first bad row by name.

Eleven tamperings of each of twenty kinds, drawn by a seed; each is undone before the next. Whoever tampers has the
database, not the secret key and not the heads outside.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import models, transaction

from hetong.audit.digests import GENESIS, link_hash
from hetong.audit.models import AccessLog, Entry, EntryValues, Link
from hetong.audit.sealer import SETTLED, check, seal
from hetong.audit.services import Change, log_access, record_many
from hetong.audit.testing import removed
from hetong.kernel import clock

from .sealed import BATCHES, SIZE, SYSTEM, Heads, World

pytestmark = pytest.mark.django_db
EACH = [pytest.param(11, id="sample"), pytest.param(500, id="campaign", marks=pytest.mark.long)]


def other(field: Any, old: Any, chance: random.Random) -> Any:
    """Another value for the column; often only a little different."""
    match field:
        case models.BooleanField():
            return not old
        case models.UUIDField():
            return uuid.uuid4()
        case models.DateTimeField():
            return old + timedelta(microseconds=chance.choice((1, -1_000_000)))
        case models.JSONField():
            return chance.choice(([*old, 1] if isinstance(old, list) else {"forged": old}, "forged", 0))
        case _:
            return old[:-1] + ("y" if old.endswith("x") else "x") if old else "x"


def edit(row: models.Model, names: Any, chance: random.Random) -> None:
    """Another value in one column of the row."""
    name = chance.choice(names)
    changed = other(row._meta.get_field(name), getattr(row, name), chance)
    type(row)._default_manager.filter(pk=row.pk).update(**{name: changed})


def rehash(start: int = 1) -> None:
    """Make the links fit the entries again from ``start`` on, as whoever knows the code but not the key can."""
    before = Link.objects.filter(seq=start - 1).first()
    previous = before.hash if before else GENESIS
    for link in list(Link.objects.filter(seq__gte=start).order_by("seq")):
        previous = link_hash(previous, Entry.objects.get(pk=link.entry))
        Link.objects.filter(pk=link.pk).update(hash=previous)


def hold(row: EntryValues, **held: Any) -> None:
    """Other values in the row."""
    EntryValues.objects.filter(pk=row.pk).update(held=row.held | held)


def drop_entry(id: uuid.UUID) -> None:
    EntryValues.objects.filter(pk=id).delete()
    Entry.objects.filter(pk=id).delete()


# -- the kinds: each does one thing and says which row must be named ---------------------------------

Bad = int | str
"""The place in the chain, or a text that the name of the row holds."""


def entry_edited(world: World) -> Bad:
    link = world.link()
    columns = [f.attname for f in Entry._meta.concrete_fields]
    edit(world.entries[link.entry], columns, world.chance)
    return link.seq


def late_entry_edited(world: World) -> Bad:
    columns = [f.attname for f in Entry._meta.concrete_fields if f.attname != "id"]
    edit(world.late, columns, world.chance)
    return str(world.late.pk)


def value_edited(world: World) -> Bad:
    """Its salt, what it was or what it became; its field, or whose it is; or its form."""
    row, name, seq = world.value()
    act = world.chance.choice((*range(len(row.held[name])), "field", "entry", "form"))
    if act == "entry":
        EntryValues.objects.filter(pk=row.pk).update(entry=uuid.uuid4())
    elif act == "field":
        EntryValues.objects.filter(pk=row.pk).update(
            held={f"{one}y" if one == name else one: kept for one, kept in row.held.items()}
        )
    elif act == "form":
        hold(row, **{name: world.chance.choice(("forged", 0, [], row.held[name][:1], [*row.held[name], None]))})
    else:
        changed = list(row.held[name])
        changed[act] = world.chance.choice(([changed[act], 1], {"forged": changed[act]}, "forged", 0))
        hold(row, **{name: changed})
    return seq


def salt_edited(world: World) -> Bad:
    """That of values with one digest together: another, or none."""
    row, _name, seq = world.value()
    if "" not in row.held:
        return salt_edited(world)
    hold(row, **{"": world.chance.choice(("0" * 32, None, "", [row.held[""]]))})
    return seq


def erased_value_filled(world: World) -> Bad:
    rows = [row for row in EntryValues.objects.order_by("pk") if None in row.held.values()]
    row = world.chance.choice(rows)
    hold(row, name=world.chance.choice((["", None, "x"], ["0" * 32, "a", "x"], ["", None, None], [], "x", 0)))
    return Link.objects.get(entry=row.pk).seq


def link_edited(world: World) -> Bad:
    link = world.link()
    edit(link, ("hash", "at", "entry"), world.chance)
    return link.seq


def link_moved(world: World) -> Bad:
    link = world.link()
    Link.objects.filter(pk=link.pk).update(seq=link.seq + 1000)
    return link.seq


def entry_deleted(world: World) -> Bad:
    link = world.link()
    Entry.objects.filter(pk=link.entry).delete()
    return link.seq


def value_deleted(world: World) -> Bad:
    """One of them, or all that the entry has."""
    row, name, seq = world.value()
    if world.chance.random() < 0.5:
        EntryValues.objects.filter(pk=row.pk).delete()
    else:
        EntryValues.objects.filter(pk=row.pk).update(held={one: kept for one, kept in row.held.items() if one != name})
    return seq


def value_blanked(world: World) -> Bad:
    row, name, seq = world.value()
    hold(row, **{name: None})
    return seq


def link_deleted(world: World) -> Bad:
    link = world.link()
    Link.objects.filter(pk=link.seq).delete()
    return link.seq


def everything_of_one_deleted(world: World) -> Bad:
    """Entry, values and link; the chain after it made to fit again."""
    link = world.link()
    drop_entry(link.entry)
    Link.objects.filter(pk=link.pk).delete()
    for later in list(Link.objects.filter(seq__gt=link.seq).order_by("seq")):
        Link.objects.filter(pk=later.pk).update(seq=later.seq - 1)
    rehash(link.seq)
    return link.seq


def links_exchanged(world: World) -> Bad:
    """The order of two entries, with or without links that fit."""
    one, two = world.two()
    for link, entry in ((one, uuid.uuid4()), (two, one.entry), (one, two.entry)):
        Link.objects.filter(pk=link.pk).update(entry=entry)
    if world.chance.random() < 0.5:
        rehash(one.seq)
    return one.seq


def values_exchanged(world: World) -> Bad:
    (one, mine, first), (two, theirs, second) = world.value(), world.value()
    if one.pk == two.pk or one.held[mine] == two.held[theirs]:
        return values_exchanged(world)
    hold(one, **{mine: two.held[theirs]})
    hold(two, **{theirs: one.held[mine]})
    return min(first, second)


def contents_exchanged(world: World) -> Bad:
    """Everything two entries say, with their keyed digests."""
    one, two = world.two()
    names = [f.attname for f in Entry._meta.concrete_fields if f.attname != "id"]
    for mine, theirs in ((one, two), (two, one)):
        said = world.entries[theirs.entry]
        Entry.objects.filter(pk=mine.entry).update(**{name: getattr(said, name) for name in names})
    return one.seq


def suffix_rewritten(world: World) -> Bad:
    """One entry forged, and every link from there on made to fit, without the key."""
    link = world.link()
    Entry.objects.filter(pk=link.entry).update(reason="forged")
    rehash(link.seq)
    return link.seq


def entry_inserted(world: World) -> Bad:
    planted = world.entries[world.link().entry]
    copy = Entry.objects.get(pk=planted.pk)
    copy.pk = uuid.uuid4()
    Entry.objects.bulk_create([copy])
    seal()  # the sealer does not take it in
    return str(copy.pk)


def entry_inserted_with_link(world: World) -> Bad:
    """In the middle, everything after it moved on by one and made to fit."""
    link = world.link()
    copy = Entry.objects.get(pk=link.entry)
    copy.pk = uuid.uuid4()
    Entry.objects.bulk_create([copy])
    for later in list(Link.objects.filter(seq__gte=link.seq).order_by("-seq")):
        Link.objects.filter(pk=later.pk).update(seq=later.seq + 1)
    Link.objects.create(seq=link.seq, entry=copy.pk, hash=GENESIS, at=link.at)
    rehash(link.seq)
    return link.seq


def link_added(world: World) -> Bad:
    """A genuine entry linked by somebody else than the sealer."""
    last = world.links[-1]
    fitting = link_hash(last.hash, Entry.objects.get(pk=world.late.pk))
    Link.objects.create(seq=last.seq + 1, entry=world.late.pk, hash=fitting, at=last.at)
    return last.seq + 1


def value_inserted(world: World) -> Bad:
    """Beside the values of an entry, or of an entry that there is not."""
    link = world.link()
    planted = {"planted": ["0" * 32, 1, 2]}
    if world.chance.random() < 0.5:
        nobody = uuid.uuid4()
        EntryValues.objects.create(entry=nobody, held=planted)
        return str(nobody)
    row = EntryValues.objects.filter(pk=link.entry).first() or EntryValues(entry=link.entry, held={})
    row.held |= planted
    row.save()
    return link.seq


def tail_cut(world: World) -> Bad:
    """The end of everything; sometimes work goes on after it, and is sealed."""
    link = world.link()
    for later in world.links[link.seq - 1 :]:
        drop_entry(later.entry)
    drop_entry(world.late.pk)
    Link.objects.filter(seq__gte=link.seq).delete()
    if world.chance.random() < 0.5:
        for n in range(world.chance.choice((1, SIZE, BATCHES * SIZE * 2))):
            record_many(SYSTEM, "test.edited", [Change("test.thing", uuid.uuid4(), f"New {n}")])
        seal()
    return link.seq


def access_edited(world: World) -> Bad:
    row = world.chance.choice(world.accesses)
    columns = [f.attname for f in AccessLog._meta.concrete_fields if f.attname != "id"]
    edit(row, columns, world.chance)
    return str(row.pk)


def access_deleted(world: World) -> Bad:
    row = world.chance.choice(world.accesses)
    AccessLog.objects.filter(pk=row.pk).delete()
    after = [one for one in world.accesses if one.pk > row.pk and is_of_one_sealing(world, one, row)]
    return str(after[0].pk if after else row.pk)


def access_inserted(world: World) -> Bad:
    """Just before a row, so that it lies among the sealed ones."""
    row = world.chance.choice(world.accesses)
    planted = AccessLog.objects.get(pk=row.pk)
    planted.pk = uuid.UUID(int=row.pk.int - 1)
    AccessLog.objects.bulk_create([planted])
    return str(planted.pk)


def is_of_one_sealing(world: World, one: AccessLog, two: AccessLog) -> bool:
    places = [world.accesses.index(row) // 5 for row in (one, two)]
    return places[0] == places[1]


KINDS: tuple[Callable[[World], Bad], ...] = (
    entry_edited, late_entry_edited, value_edited, salt_edited, erased_value_filled, link_edited, link_moved, entry_deleted, value_deleted,
    value_blanked, link_deleted, everything_of_one_deleted, links_exchanged, values_exchanged, contents_exchanged,
    suffix_rewritten, entry_inserted, entry_inserted_with_link, link_added, value_inserted, tail_cut, access_edited,
    access_deleted, access_inserted,
)  # fmt: skip


def is_named(bad: Bad, where: str) -> bool:
    """Whether the finding names that row; a place in the chain may be named by the sealing in which it lies."""
    if isinstance(bad, str):
        return bad in where
    found = re.match(r"links? (\d+)(?: to (\d+))?", where)
    if found is None:
        return False
    first, last = int(found[1]), int(found[2] or found[1])
    return first <= bad <= last and last - first <= 2 * SIZE


@pytest.fixture
def heads(monkeypatch: pytest.MonkeyPatch) -> Heads:
    store = Heads()
    monkeypatch.setattr("hetong.audit.sealer.heads", lambda: store)
    return store


@pytest.mark.parametrize("count", EACH)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_tampering_is_found_and_its_first_row_named(
    kind: Callable[[World], Bad], count: int, heads: Heads
) -> None:
    # Whoever touches the entry of an erasure makes its blanked value a finding as well; that is not the row to be named.
    world = World(random.Random(f"{kind.__name__} 7"), heads)  # noqa: S311 - a seeded sample
    assert list(check()) == []
    kept, missed = list(heads.lines), []
    for number in range(count):
        with transaction.atomic():
            with removed():
                bad = kind(world)
                found = [one for one in check() if f"{one.where}: {one.what}" not in world.erased]
            transaction.set_rollback(True)
        heads.lines = list(kept)
        if not found or not is_named(bad, found[0].where):
            missed.append(f"{number}: {bad} not named by {found[:2]}")
    assert list(check()) == []
    assert not missed, "\n".join(missed)


def test_two_hundred_are_drawn() -> None:
    assert len(KINDS) * 11 >= 200


def test_what_was_written_at_the_same_time_as_a_sealing_is_not_taken_for_inserted(heads: Heads) -> None:
    """A writer who began before the sealing and commits after it has an older row than the newest sealed one."""
    now: datetime = clock.now()
    log_access(SYSTEM, "view", "test.thing", uuid.uuid4(), "early")
    seal()
    early = AccessLog.objects.get()
    older = AccessLog.objects.get()
    older.pk = uuid.UUID(int=early.pk.int - 1)
    AccessLog.objects.bulk_create([older])
    assert list(check()) == []
    with clock.set_to(now + SETTLED + timedelta(seconds=1)):
        seal()
        assert list(check()) == []
    assert Entry.objects.get(code="audit.access_sealed").params["count"] == 2

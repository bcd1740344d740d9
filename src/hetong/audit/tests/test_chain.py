"""B7, B8: the journal is append-only, sealed, and every tampering by SQL is found with the first bad row named."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from hetong.audit.gateways import FileHeads
from hetong.audit.models import AccessLog, Entry, EntryValues, Link
from hetong.audit.sealer import Finding, check, seal
from hetong.audit.services import Change, erase, log_access, record, record_many
from hetong.audit.testing import removed
from hetong.kernel.actors import Actor

SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def heads(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> FileHeads:
    store = FileHeads(tmp_path / "heads")
    monkeypatch.setattr("hetong.audit.sealer.heads", lambda: store)
    return store


def write_entries(count: int = 12) -> list[Entry]:
    what = [
        Change("test.thing", uuid.uuid4(), f"Thing {n}", None, {"name": "a"}, {"name": f"b{n}"}) for n in range(count)
    ]
    ids = [id for one in what for id in record_many(SYSTEM, "test.edited", [one])]
    return list(Entry.objects.filter(pk__in=ids).order_by("pk"))


def sql(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def uid(value: uuid.UUID) -> str:
    return str(value) if connection.vendor == "postgresql" else value.hex


def findings() -> list[Finding]:
    return list(check())


@pytest.mark.django_db
def test_an_untouched_journal_has_no_findings() -> None:
    write_entries()
    assert seal() == "12 sealed"
    assert seal() == ""
    assert findings() == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Entry, EntryValues, Link, AccessLog])
def test_rows_of_the_journal_cannot_be_changed_or_deleted(model: type) -> None:
    write_entries(2)
    log_access(SYSTEM, "view", "test.thing", uuid.uuid4())
    seal()
    table = model._meta.db_table
    to = {"audit_link": "hash = 'x'", "audit_entryvalues": "held = '{\"name\": [1, 2, 3]}'"}.get(table, "via = 'x'")
    for statement in (f"UPDATE {table} SET {to}", f"DELETE FROM {table}"):  # noqa: S608 - our own names
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(statement)


def hold(entry: Entry, held: object) -> None:
    sql("UPDATE audit_entryvalues SET held = %s WHERE entry = %s", json.dumps(held), uid(entry.pk))


@pytest.mark.django_db
def test_one_field_of_many_can_be_blanked_and_nothing_else_be_done_to_the_row() -> None:
    what = Change(
        "test.thing", uuid.uuid4(), "A thing", None, {}, {"name": "Malmö 王芳", "email": "a@b.example", "size": 3}
    )
    [entry] = Entry.objects.filter(pk__in=record_many(SYSTEM, "test.edited", [what]))
    kept = EntryValues.objects.get(entry=entry.pk).held
    blanked = kept | {"email": None}
    assert erase(SYSTEM, "test.thing", what.id, ["email", "phone"], reason="Asked for") == 1  # type: ignore[arg-type]  # it has one
    assert EntryValues.objects.get(entry=entry.pk).held == blanked
    others = (
        kept,
        blanked | {"name": [*kept["name"][:2], "Malmö 王方"]},
        blanked | {"name": ["", None, "Eva"]},
        {"name": None, "email": None},
        blanked | {"more": None},
        {},
        [],
    )
    for other in others:
        with pytest.raises(DatabaseError), transaction.atomic():
            hold(entry, other)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql("UPDATE audit_entryvalues SET entry = %s WHERE entry = %s", uid(uuid.uuid4()), uid(entry.pk))
    assert findings() == []


def forge(entry: Entry) -> None:
    sql("UPDATE audit_entry SET reason = 'because' WHERE id = %s", uid(entry.pk))


def forge_value(entry: Entry) -> None:
    hold(entry, {"name": ["00", "a", "forged"]})


def blank_value(entry: Entry) -> None:
    hold(entry, {"name": None})


def delete(entry: Entry) -> None:
    sql("DELETE FROM audit_entry WHERE id = %s", uid(entry.pk))


def delete_value(entry: Entry) -> None:
    sql("DELETE FROM audit_entryvalues WHERE entry = %s", uid(entry.pk))


def delete_link(entry: Entry) -> None:
    sql("DELETE FROM audit_link WHERE entry = %s", uid(entry.pk))


def swap(entry: Entry) -> None:
    link = Link.objects.get(entry=entry.pk)
    other = Link.objects.get(seq=link.seq + 1)
    sql("UPDATE audit_link SET entry = %s WHERE seq = %s", uid(uuid.uuid4()), link.seq)
    sql("UPDATE audit_link SET entry = %s WHERE seq = %s", uid(entry.pk), other.seq)
    sql("UPDATE audit_link SET entry = %s WHERE seq = %s", uid(other.entry), link.seq)


@pytest.mark.django_db
@pytest.mark.parametrize("tamper", [forge, forge_value, blank_value, delete, delete_value, delete_link, swap])
def test_every_tampering_is_found_and_the_first_bad_row_named(tamper: Callable[[Entry], None]) -> None:
    entries = write_entries()
    seal()
    victim = entries[4]
    seq = Link.objects.get(entry=victim.pk).seq
    with removed():
        tamper(victim)
    found = findings()
    assert found
    assert str(seq) in found[0].where


@pytest.mark.django_db
def test_an_inserted_entry_is_found_and_never_sealed() -> None:
    entry = write_entries(3)[0]
    seal()
    copy = Entry.objects.get(pk=entry.pk)
    copy.pk, copy.reason = uuid.uuid4(), "planted"
    Entry.objects.bulk_create([copy])
    seal()
    assert Link.objects.count() == 3
    assert any(str(copy.pk) in one.where for one in findings())


@pytest.mark.django_db
def test_an_inserted_link_at_the_tail_is_found_because_no_head_announced_it() -> None:
    write_entries(3)
    seal()
    late = write_entries(1)[0]
    Link.objects.create(seq=4, entry=late.pk, hash="0" * 64, at=late.at)
    assert any("no head" in one.what for one in findings())


@pytest.mark.django_db
def test_a_cut_tail_is_found_by_the_head_outside_the_database() -> None:
    entries = write_entries(5)
    seal()
    with removed():
        for entry in entries[3:]:
            delete_link(entry)
            delete_value(entry)
            delete(entry)
    found = findings()
    assert [one.where for one in found] == ["links 1 to 5"]
    assert "cut off" in found[0].what
    assert "ends at 3" in found[0].what


@pytest.mark.django_db
def test_a_crash_before_the_links_commit_leaves_nothing_to_find(
    heads: FileHeads, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_entries(3)

    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Link.objects, "bulk_create", crash)
        with pytest.raises(RuntimeError):
            seal()
    assert findings() == []
    assert seal() == "3 sealed"
    assert findings() == []


@pytest.mark.django_db
def test_a_crash_after_the_commit_is_completed_by_the_next_sealing(
    heads: FileHeads, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_entries(3)
    real = FileHeads.append

    def only_intents(self: FileHeads, head: object) -> None:
        if head.kind == "sealed":
            raise OSError("no room left")
        real(self, head)

    with monkeypatch.context() as patch:
        patch.setattr(FileHeads, "append", only_intents)
        with pytest.raises(OSError, match="no room"):
            seal()
    assert findings() == []
    seal()
    assert [head.kind for head in heads.read()][-1] == "sealed"


@pytest.mark.django_db
def test_erasing_values_keeps_the_chain_whole_and_leaves_an_entry() -> None:
    entry = write_entries(1)[0]
    seal()
    assert entry.subject is not None
    assert erase(SYSTEM, "test.thing", entry.subject, ["name"], reason="GDPR request 7") == 1
    seal()
    assert EntryValues.objects.get(entry=entry.pk).held == {"name": None}
    assert findings() == []


@pytest.mark.django_db
def test_a_value_that_could_not_be_erased_when_it_was_written_takes_the_salt_of_the_others_with_it() -> None:
    """So that nothing is left to guess it by; planted values are found all the same, and so is one that is missing."""
    what = Change("contracts.contract", uuid.uuid4(), "Pumps", None, {}, {"title": "Pumps", "reference": "R-1"})
    [id] = record_many(SYSTEM, "test.edited", [what])
    entry = Entry.objects.get(pk=id)
    assert [name for name, digest in entry.fields if not digest] == ["title", "reference"]
    seal()
    assert erase(SYSTEM, "contracts.contract", what.id, ["reference"], reason="GDPR request 9") == 1  # type: ignore[arg-type]  # it has one
    seal()
    kept = EntryValues.objects.get(entry=id).held
    assert kept == {"": None, "title": [None, "Pumps"], "reference": None}
    assert findings() == []
    for other in (kept | {"reference": [None, "R-1"]}, kept | {"title": None}, kept | {"more": [None, 1]}, {"": None}):
        with removed():
            hold(entry, other)
        assert {one.where for one in findings()} == {f"link 1, entry {id}"}


@pytest.mark.django_db
def test_values_erased_before_the_sealing_are_no_finding() -> None:
    entry = write_entries(1)[0]
    assert entry.subject is not None
    erase(SYSTEM, "test.thing", entry.subject, ["name"], reason="GDPR request 8")
    assert findings() == []


@pytest.mark.django_db
def test_what_is_planted_in_an_erased_value_is_found() -> None:
    entry = write_entries(1)[0]
    seal()
    assert entry.subject is not None
    erase(SYSTEM, "test.thing", entry.subject, ["name"], reason="GDPR request 9")
    with removed():
        hold(entry, {"name": ["", None, "planted"]})
    assert [one.where for one in findings()] == [f"link 1, entry {entry.pk}"]


@pytest.mark.django_db
def test_entries_sealed_under_an_older_secret_key_stay_genuine(settings: object) -> None:
    write_entries(2)
    seal()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 60
    assert findings() == []


@pytest.mark.django_db
def test_a_failed_act_leaves_no_entry() -> None:
    @transaction.atomic
    def act() -> None:
        record(SYSTEM, "test.done", "test.thing", uuid.uuid4())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not Entry.objects.exists()

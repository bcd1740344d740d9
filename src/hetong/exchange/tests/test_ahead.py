"""S1-11: a helper process works contracts of a large file out; what comes of them is what comes of them without it (trust A2, A11, D1)."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from hetong.accounts.models import Company
from hetong.accounts.services import seed_roles
from hetong.accounts.testing import Cast, forget_access, make_cast
from hetong.audit.gateways import FileHeads
from hetong.audit.models import Entry
from hetong.audit.sealer import check, seal
from hetong.audit.values import names_of
from hetong.config.databases import database
from hetong.config.environment import Environment
from hetong.config.roles import ROLES
from hetong.contracts.models import Contract, ContractParty, Line, StageMove
from hetong.contracts.services import seed_setup
from hetong.contracts.testing import make_party, make_type
from hetong.exchange.models import Import, RowError
from hetong.exchange.services import ahead, import_now, undo_now, working
from hetong.exchange.testing import begin_file
from hetong.jobs.models import Outbox
from hetong.jobs.worker import Cancelled
from hetong.kernel import clock
from hetong.kernel.bulk import held_back, store
from hetong.kernel.ids import new_id
from hetong.parties.models import Party, PartyKind

pytestmark = pytest.mark.usefixtures("on_disk")
CUT = Path("tests/data/ledger/procurement_first500.csv")
HEAD = "Number,Title,Counterparty number,Counterparty,Value,Signed on,Stage\n"


@pytest.fixture
def people() -> Cast:
    seed_roles(ROLES)
    seed_setup()
    if not PartyKind.objects.exists():  # a test that commits leaves nothing of what migrations bring
        import_module("hetong.parties.migrations.0002_shipped_kinds").add_shipped(apps, None)
    forget_access()
    return make_cast()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ahead.Worked | None]]:
    """A helper for small files too, which is waited for; and what it answered."""
    given: list[ahead.Worked | None] = []
    ask = ahead.Helper.answer

    def answer(self: ahead.Helper) -> ahead.Worked | None:
        given.append(ask(self))
        return given[-1]

    monkeypatch.setattr(working, "CHUNK", 60)
    monkeypatch.setattr(working, "HELPED_CHUNK", 60)
    monkeypatch.setattr(ahead, "MANY", 100)
    monkeypatch.setattr(ahead.os, "sched_getaffinity", lambda _process: {0, 1})
    monkeypatch.setattr(ahead.Helper, "is_ready", property(ahead.Helper.wait))
    monkeypatch.setattr(ahead.Helper, "answer", answer)
    return given


def left_behind(company: Company) -> dict[str, Any]:
    """What an import leaves behind of a company's contracts, but for numbers, ids and times."""
    own = {"contract__company": company}
    contracts = Contract.objects.filter(company=company).values_list(
        "title", "gross_minor", "currency", "stage", "signature", "signed_on", "starts_on", "source", "class_of", "counterparty__name",
        "version",
    )  # fmt: skip
    entries = Entry.objects.filter(company=company.pk, noun__startswith="contracts.")
    return {
        "contracts": sorted(contracts),
        "lines": sorted(Line.objects.filter(**own).values_list("title", "gross_minor", "net_minor", "currency")),
        "moves": sorted(StageMove.objects.filter(**own).values_list("verb", "from_stage", "to_stage", "on", "reason")),
        "snapshots": sorted(one.snapshot["name"] for one in ContractParty.objects.filter(**own)),
        "journal": sorted((one.noun, one.code, one.reason, one.label, *sorted(names_of(one))) for one in entries),
        "told": Counter(
            (one.code, fact["noun"], one.listener) for one in Outbox.objects.all() for fact in one.rows
            if fact["company"] == str(company.pk) and fact["noun"].startswith("contracts.")
        ),
    }  # fmt: skip


def test_what_comes_in_is_what_comes_in_without_a_helper(
    people: Cast, answers: list[ahead.Worked | None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("hetong.audit.sealer.heads", lambda: FileHeads(tmp_path / "heads"))
    admin = people.admin  # of every company
    helped = begin_file(admin, "contracts", CUT, profile="gbizinfo", company=people.north)
    counts = import_now(admin, helped)
    assert len(answers) == 9
    assert all(answers), "the helper worked nothing out"
    assert (counts["rows"], counts["created"], counts["errors"]) == (500, 500, 0)
    numbers = sorted(Contract.objects.values_list("number", flat=True))
    assert [int(number[-4:]) for number in numbers] == list(range(1, 501))
    seal()
    assert list(check()) == []

    monkeypatch.setattr(working.Contracts, "is_helped", False)
    plain = begin_file(admin, "contracts", CUT, profile="gbizinfo", company=people.south)
    assert import_now(admin, plain) == counts
    assert len(answers) == 9
    assert left_behind(people.north) == left_behind(people.south)

    again = import_now(admin, begin_file(admin, "contracts", CUT, profile="gbizinfo", company=people.north))
    assert (again["created"], again["unchanged"]) == (0, 500)


def test_what_a_helper_worked_out_is_undone_with_its_suppliers(people: Cast, answers: list[Any]) -> None:
    id = begin_file(people.lin, "contracts", CUT, profile="gbizinfo")
    import_now(people.lin, id)
    undo_now(people.lin, id)
    assert all(answers)
    assert (Contract.objects.count(), Party.objects.count()) == (0, 0)


def rows(count: int, **odd: str) -> str:
    """A file of contracts with numbers of their own; ``odd``: other rows in place of those at a place (``row_7``)."""
    lines = (
        odd.get(f"row_{n}", f"A-{n},Repair {n},,Nordic Rail AB,{n}.00 SEK,2026-01-{n % 28 + 1:02},active")
        for n in range(count)
    )
    return HEAD + "\n".join(lines)


OPTIONS = {"add_parties": True, "tax_rate": "25", "kinds": ["customer"], "country": "SE"}


def test_rows_that_are_refused_are_named_and_the_others_go_in(people: Cast, answers: list[Any]) -> None:
    file = rows(
        200,
        row_70="A-70,,,Nordic Rail AB,1.00 SEK,2026-01-01,active",
        row_130="A-3,Twice,,Nordic Rail AB,1.00 SEK,2026-01-01,active",
    )
    counts = import_now(people.lin, begin_file(people.lin, "contracts", file, options=OPTIONS))

    assert [bool(one) for one in answers] == [True, False, False, True]
    assert (counts["created"], counts["errors"]) == (198, 2)
    assert sorted(RowError.objects.values_list("line", "code")) == [(72, "required"), (132, "number_taken")]


def test_a_number_that_two_chunks_have_is_given_once(people: Cast, answers: list[Any]) -> None:
    """The second is worked out before the first is written, so that only the database can tell."""
    file = rows(120, row_70="A-50,Twice,,Nordic Rail AB,1.00 SEK,2026-01-01,active")
    import_now(people.lin, begin_file(people.lin, "contracts", file, options=OPTIONS))

    assert Contract.objects.count() == 119
    assert list(RowError.objects.values_list("line", "code")) == [(72, "number_taken")]


def test_rows_go_in_without_a_helper_that_has_died(
    people: Cast, answers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ahead.Helper.ask

    def dies(self: ahead.Helper, job: ahead.Job) -> None:
        if len(answers) == 2:
            self.kill()
        ask(self, job)

    monkeypatch.setattr(ahead.Helper, "ask", dies)
    counts = import_now(people.lin, begin_file(people.lin, "contracts", CUT, profile="gbizinfo"))

    assert (counts["created"], counts["errors"]) == (500, 0)
    assert answers[0]
    assert answers[-1] is None


def test_an_answer_is_said_to_its_end_where_nothing_is_buffered(
    people: Cast, answers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Containers often set this for all that runs in them."""
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    counts = import_now(people.lin, begin_file(people.lin, "contracts", CUT, profile="gbizinfo"))

    assert counts["created"] == 500
    assert all(answers)


def other_than_itself(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """In the helper's place a program that says it is ready and then does something else."""
    start = subprocess.Popen
    ready = "import pickle, sys, time; out = sys.stdout.buffer; pickle.dump('ready', out); out.flush(); "
    monkeypatch.setattr(
        ahead.subprocess, "Popen", lambda _args, **kwargs: start([sys.executable, "-c", ready + code], **kwargs)
    )


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("out.write(b'no answer')", id="one that says what nobody understands"),
        pytest.param("sys.stdin.buffer.read(1000); out.write(pickle.dumps([1] * 9)[:-5])", id="one that breaks off"),
        pytest.param("time.sleep(300)", id="one that does not listen"),
    ],
)
def test_rows_go_in_without_a_helper_that_has_gone_astray(
    people: Cast, answers: list[Any], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """More is asked than a pipe holds, so that whoever asks must not wait until it is read."""
    monkeypatch.setattr(ahead, "SECONDS", 2)
    monkeypatch.setattr(working, "HELPED_CHUNK", 400)
    other_than_itself(monkeypatch, code)
    id = begin_file(people.lin, "contracts", CUT, profile="gbizinfo")
    counts = import_now(people.lin, id)

    assert (counts["created"], counts["errors"]) == (500, 0)
    assert not any(answers)


def test_an_answer_that_comes_too_late_answers_no_other_question(
    people: Cast, answers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kill = ahead.Helper.kill

    def speaks_last(self: ahead.Helper) -> None:
        self._answers.put(ahead.Worked([(new_id(), 1)] * 60, []))
        kill(self)

    monkeypatch.setattr(ahead, "SECONDS", 1)
    monkeypatch.setattr(ahead.Helper, "kill", speaks_last)
    other_than_itself(monkeypatch, "time.sleep(300)")
    counts = import_now(people.lin, begin_file(people.lin, "contracts", CUT, profile="gbizinfo"))

    assert counts["created"] == 500
    assert Contract.objects.count() == 500
    assert not any(answers)


def test_rows_go_in_where_no_other_process_can_be_started(
    people: Cast, answers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise BlockingIOError("no room for another process")

    monkeypatch.setattr(ahead.subprocess, "Popen", full)
    counts = import_now(people.lin, begin_file(people.lin, "contracts", CUT, profile="gbizinfo"))

    assert (counts["created"], counts["errors"]) == (500, 0)
    assert not any(answers)


def test_what_was_handed_over_is_written_before_an_import_stops(people: Cast, answers: list[Any]) -> None:
    id = begin_file(people.lin, "contracts", CUT, profile="gbizinfo")

    def stop(done: int, _total: int) -> None:
        if done >= 180:
            raise Cancelled

    with pytest.raises(Cancelled):
        import_now(people.lin, id, stop)
    assert Contract.objects.count() == 180
    assert import_now(people.lin, id)["created"] == 500
    assert Contract.objects.count() == 500


def test_nobody_helps_where_another_process_would_see_something_else(people: Cast, answers: list[Any]) -> None:
    id = begin_file(people.lin, "contracts", CUT, profile="gbizinfo")
    of = Import.objects.get(pk=id)
    with transaction.atomic(), ahead.helper_for(of) as helper:
        assert helper is None
    with clock.set_to(clock.now()), ahead.helper_for(of) as helper:
        assert helper is None
    with ahead.helper_for(of) as helper:
        assert helper


def test_a_reader_writes_nothing(people: Cast, tmp_path: Path) -> None:
    """Should a rule change something that is there, it fails instead of getting lost."""
    entry = {**connection.settings_dict, "OPTIONS": reader_options(tmp_path), "CONN_MAX_AGE": 0}
    reader = connection.copy()
    reader.settings_dict = entry
    with pytest.raises(DatabaseError, match=r"readonly|read-only"), reader.cursor() as cursor:
        cursor.execute("UPDATE accounts_series SET next_number = 1")
    reader.close()


def reader_options(tmp_path: Path) -> dict[str, Any]:
    """How a reader opens the database of this engine."""
    url = {"HETONG_DATABASE_URL": "postgres://localhost/any"} if connection.vendor == "postgresql" else {}
    options: dict[str, Any] = database(Environment(url), tmp_path, "reader")["OPTIONS"]
    return options


def test_what_is_held_back_is_not_there_until_it_is_stored(people: Cast) -> None:
    job = ahead.Job(
        people.lin,
        [{"title": "Repair", "type": str(make_type().pk), "counterparty": str(make_party(people.lin).pk)}],
        [[]],
        [""],
        {},
        "",
    )
    with transaction.atomic(), held_back() as held:
        [made] = job.done()
        assert not Contract.objects.exists()
    store(held)
    assert Contract.objects.get().pk == made.pk

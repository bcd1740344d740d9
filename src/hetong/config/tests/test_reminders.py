"""Reminders: each mark once, to the right people, with the figures of the day (S0-18, S2-12, S2-13; trust A11)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from hetong.accounts.models import Delegation, User
from hetong.billing import services as billing
from hetong.billing.models import Invoice
from hetong.billing.services import DueShare, InvoiceOrder
from hetong.billing.services.payments import PaymentReport
from hetong.billing.testing import dues_of, make_active
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, put_into
from hetong.discussions.testing import say
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid
from hetong.kernel.testing import without_ids
from hetong.notifications import queries, services
from hetong.notifications.models import Notice, Reminder, ReminderRule
from hetong.notifications.queries import drawn, grouped
from hetong.notifications.queries.places import horizon
from hetong.notifications.queries.plan import reminder_plan
from hetong.reference.models import CalendarDay
from hetong.todos.services import add_tasks, tick

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 2)
"""A Monday."""
COLLECT = "billing.collect"


def on(day: dt.date) -> Any:
    """Noon of a day."""
    return clock.set_to(day)


def daily(day: dt.date) -> None:
    with on(day):
        services.remind()


def reminders(name: str, cast: Any, key: str = COLLECT) -> list[int]:
    """The marks at which that person was reminded, in the order in which it happened."""
    found = Reminder.objects.filter(user=cast.users[name], deadline=key)
    return list(found.order_by("at", "pk").values_list("mark", flat=True))


def notices(name: str, cast: Any) -> list[queries.Drawn]:
    """The notices of reminders of invoices, oldest first."""
    actor = getattr(cast, name)
    rows = (
        queries.find_notices(actor).filter(kind="remind.billing", facts__deadline=COLLECT).order_by("created_at", "pk")
    )
    return queries.drawn(actor, list(rows))


def left(one: queries.Drawn) -> str:
    return next((value.amount for label, value in one.values if label == "Left to pay"), "")


@pytest.fixture
def invoice(cast: Any) -> Invoice:
    """1 250.00 SEK, issued on a Monday and due thirty days later, a Wednesday."""
    with on(START):
        contract = make_active(cast.ada, "100")
        [due] = dues_of(contract)
        [issued] = billing.issue_invoices(cast.fia, [InvoiceOrder([DueShare(due.pk)])])
        drain_outbox()
    assert issued.due_on == START + dt.timedelta(days=30)
    return issued


def days_from(invoice: Invoice, *offsets: int) -> list[dt.date]:
    return [invoice.due_on + dt.timedelta(days=n) for n in offsets]


def pay(cast: Any, invoice: Invoice, minor: int) -> None:
    day = clock.today("Europe/Stockholm")
    billing.record_payments(cast.fia, [PaymentReport("in", minor, "SEK", day, contract=invoice.contract_id)])
    drain_outbox()


def test_an_unpaid_invoice_is_reminded_of_five_times_and_the_manager_from_the_fourth(
    cast: Any, invoice: Invoice
) -> None:
    """S0-18: D−7, D, D+7, D+14, D+30, exactly one notice per person and mark."""
    seen = []
    for offset in (-20, -8, -7, -6, -1, 0, 1, 6, 7, 8, 13, 14, 15, 28, 29, 30, 31, 60):
        with on(invoice.due_on + dt.timedelta(days=offset)):
            services.remind()
        if len(reminders("ada", cast)) != len(seen):
            seen.append(offset)
    assert reminders("ada", cast) == reminders("fia", cast) == [7, 0, -7, -14, -30]
    assert reminders("ben", cast) == [-14, -30]
    assert reminders("olle", cast) == []
    assert seen == [-7, 0, 7, 14, 29], "the last mark falls on a Friday before a Saturday, or on its day"


def test_a_part_payment_changes_the_amount_and_full_payment_ends_it(cast: Any, invoice: Invoice) -> None:
    """S0-18."""
    before, day, after, later, _last = days_from(invoice, -7, 0, 7, 14, 30)
    daily(before)
    assert [left(one) for one in notices("ada", cast)] == ["1250.00"]
    with on(day - dt.timedelta(days=1)):
        pay(cast, invoice, 25_000)
    daily(day)
    assert [left(one) for one in notices("ada", cast)] == ["1250.00", "1000.00"]
    with on(after - dt.timedelta(days=1)):
        pay(cast, invoice, 100_000)
    for one in (after, later):
        daily(one)
    assert reminders("ada", cast) == [7, 0]


def test_a_pause_suppresses_and_says_so(cast: Any, invoice: Invoice) -> None:
    """S0-18."""
    before, day, after, later, last = days_from(invoice, -7, 0, 7, 14, 30)
    with on(before):
        with pytest.raises(Invalid):
            services.pause_reminders(cast.ada, COLLECT, invoice.pk, until=after, reason=" ")
        with pytest.raises(Forbidden):
            services.pause_reminders(cast.cleo, COLLECT, invoice.pk, until=after, reason="Looking")
        pause = services.pause_reminders(cast.fia, COLLECT, invoice.pk, until=after, reason="They promised Friday")
    assert (pause.by_label, pause.reason) == ("Fia", "They promised Friday")
    for one in (before, day, after):
        daily(one)
    assert reminders("ada", cast) == []
    daily(after + dt.timedelta(days=1))
    assert reminders("ada", cast) == [-7], "the newest mark that passed meanwhile, not each of them"
    daily(later)
    daily(last)
    assert reminders("ada", cast) == [-7, -14, -30]


def test_a_job_that_was_down_three_days_sends_once_on_return(cast: Any, invoice: Invoice) -> None:
    """S0-18."""
    for days in (-1, 2, 2):
        day = invoice.due_on + dt.timedelta(days=days)
        call_command("daily", as_of=day.isoformat(), verbosity=0)
    assert reminders("ada", cast) == [7, 0]


def test_the_overdue_list_and_its_badge_follow_the_money(cast: Any, invoice: Invoice, client: Client) -> None:
    """S0-18: overdue list and badge, from the day after the due day until all is paid."""

    def shown(day: dt.date) -> tuple[bool, bool]:
        with on(day):
            client.force_login(cast.users["fia"])
            listed = client.get("/billing/ledger/?view=overdue").content.decode()
            card = client.get(f"/billing/invoices/{invoice.pk}/").content.decode()
        return f"/contracts/{invoice.contract_id}/" in listed, "Overdue" in card

    before, due, after = days_from(invoice, -1, 0, 1)
    assert [shown(day) for day in (before, due, after)] == [(False, False), (False, False), (True, True)]
    with on(after):
        pay(cast, invoice, 25_000)
    assert shown(after) == (True, True), "a part is not all"
    with on(after):
        pay(cast, invoice, 100_000)
    assert shown(after) == (False, False)


def test_running_it_again_and_a_clock_that_jumps_send_nothing_twice(cast: Any, invoice: Invoice) -> None:
    """Trust A11: twice on one day, back an hour, back a week."""
    daily(invoice.due_on)
    for moment in (invoice.due_on, invoice.due_on - dt.timedelta(days=7), invoice.due_on - dt.timedelta(days=1)):
        daily(moment)
    with clock.set_to(dt.datetime(2026, 3, 29, 0, 59, 59, tzinfo=dt.UTC)):  # the night in which an hour is left out
        services.remind()
    assert reminders("ada", cast) == [0]
    assert len(notices("ada", cast)) == 1


def test_who_reads_no_amounts_is_reminded_without_any(cast: Any, invoice: Invoice) -> None:
    from hetong.accounts.models import FieldRule, Role
    from hetong.accounts.services.access import bump_policy
    from hetong.kernel.actors import Actor

    FieldRule.objects.create(role=Role.objects.get(key="sales_rep"), noun="billing.invoice", field="left", level=0)
    bump_policy(Actor.system(), ())
    daily(invoice.due_on)
    [notice] = notices("ada", cast)
    stored = Notice.objects.get(user=cast.users["ada"], kind="remind.billing", facts__deadline=COLLECT)
    assert left(notice) == ""
    assert "1250" not in without_ids(str(stored.values))
    assert left(notices("fia", cast)[0]) == "1250.00"


# -- contracts -----------------------------------------------------------------------------------


def running(cast: Any, **dates: Any) -> Contract:
    """A contract in force without money."""
    contract = put_into(make_contract(cast.ada), Stage.ACTIVE)
    Contract.objects.filter(pk=contract.pk).update(**dates)
    return Contract.objects.get(pk=contract.pk)


def test_a_contract_is_warned_of_before_the_day_of_notice_not_only_before_its_end(cast: Any) -> None:
    """S2-12: 90, 60, 30 and 7 days before notice-by, and on the day; the manager in the last week."""
    notice_by = dt.date(2026, 10, 15)
    running(cast, notice_by=notice_by, ends_on=dt.date(2026, 12, 31))
    for left in (130, 91, 90, 89, 61, 60, 45, 30, 29, 10, 7, 6, 1, 0):
        with on(notice_by - dt.timedelta(days=left)):
            services.remind()
    assert reminders("ada", cast, "contracts.notice_by") == [90, 60, 30, 7, 0]
    assert reminders("ben", cast, "contracts.notice_by") == [7, 0]


def test_a_contract_that_comes_in_with_five_days_left_warns_today(cast: Any) -> None:
    """S2-12."""
    today = dt.date(2026, 6, 10)
    running(cast, notice_by=today + dt.timedelta(days=5), ends_on=dt.date(2026, 12, 31))
    with on(today):
        services.remind()
        [notice] = [
            one
            for one in queries.drawn(cast.ada, list(queries.find_notices(cast.ada)))
            if one.kind == "remind.contracts"
        ]
        assert "in 5 days" in notice.words
    assert reminders("ada", cast, "contracts.notice_by") == [7]


def test_a_new_day_is_a_new_thing_to_be_reminded_of(cast: Any) -> None:
    contract = running(cast, notice_by=dt.date(2026, 6, 15))
    with on(dt.date(2026, 6, 10)):
        services.remind()
        Contract.objects.filter(pk=contract.pk).update(notice_by=dt.date(2026, 6, 16))
        services.remind()
    assert reminders("ada", cast, "contracts.notice_by") == [7, 7]


def test_a_substitute_is_told_too_and_stands_in_for_who_left(cast: Any) -> None:
    """S2-12: a deactivated owner's substitute, then the manager."""
    running(cast, notice_by=dt.date(2026, 6, 15))
    Delegation.objects.create(
        user=cast.users["ada"], to=cast.users["lin"], starts_on=dt.date(2026, 6, 1), ends_on=dt.date(2026, 6, 12)
    )
    with on(dt.date(2026, 6, 1)):
        services.remind()
    assert reminders("ada", cast, "contracts.notice_by") == reminders("lin", cast, "contracts.notice_by") == [30]
    User.objects.filter(pk=cast.users["ada"].pk).update(is_active=False)
    with on(dt.date(2026, 6, 8)):
        services.remind()
    assert reminders("lin", cast, "contracts.notice_by") == [30, 7]
    assert reminders("ada", cast, "contracts.notice_by") == [30]
    with on(dt.date(2026, 6, 15)):
        services.remind()
    assert reminders("ben", cast, "contracts.notice_by") == [7, 0], "the manager, once for both reasons"


def test_nothing_is_told_to_nobody(cast: Any) -> None:
    """S2-12: where nobody who is asked may sign in, administrators are told."""
    running(cast, notice_by=dt.date(2026, 6, 15))
    User.objects.exclude(pk=cast.users["admin"].pk).update(is_active=False)
    with on(dt.date(2026, 6, 15)):
        services.remind()
    assert reminders("admin", cast, "contracts.notice_by") == [0]


def test_a_rule_of_a_type_goes_before_the_one_for_all(cast: Any) -> None:
    """S2-12: set per type."""
    first, second = running(cast, notice_by=dt.date(2026, 6, 15)), running(cast, notice_by=dt.date(2026, 6, 15))
    ReminderRule.objects.create(deadline="contracts.notice_by", kind=first.type_id, offsets=[3], escalates=None)
    ReminderRule.objects.create(deadline="contracts.notice_by", offsets=[45, 1], escalates=45)
    with on(dt.date(2026, 6, 10)):
        services.remind()
    assert set(Reminder.objects.filter(deadline="contracts.notice_by").values_list("subject", "mark")) == {
        (second.pk, 45)
    }
    with on(dt.date(2026, 6, 12)):
        services.remind()
    marks = set(
        Reminder.objects.filter(subject=first.pk, deadline="contracts.notice_by").values_list("mark", flat=True)
    )
    assert marks == {3}


# -- people ---------------------------------------------------------------------------------------


def test_a_task_is_reminded_of_until_it_is_done_with_and_without_a_record(cast: Any) -> None:
    """S2-13, S3-09: what people give each other to do has reminders like all else."""
    due, contract = dt.date(2026, 6, 10), make_contract(cast.ada)
    given = {"title": "Call them", "assignee": str(cast.users["lin"].pk), "due_on": due.isoformat()}
    with on(due - dt.timedelta(days=9)):
        [free] = add_tasks(cast.ada, [given])
        [bound] = add_tasks(cast.ada, [given], on=("contracts.contract", contract.pk))
    for left in (8, 5, 0, -1):
        daily(due - dt.timedelta(days=left))
    assert reminders("lin", cast, "todos.task") == [3, 3, 0, 0]
    assert reminders("ada", cast, "todos.task") == [], "who gave it has it among what was given to others"
    paths = set(Notice.objects.filter(user=cast.users["lin"], kind="remind.todos").values_list("path", flat=True))
    assert paths == {f"/todos/{one.pk}/" for one in (free, bound)}
    notices = Notice.objects.filter(user=cast.users["lin"], kind="remind.todos")
    shelves = grouped(drawn(cast.lin, list(notices)), set())
    assert {one.url for one in shelves} == paths, "a task has no page in a section, and is open to who has it"
    with on(due):
        tick(cast.lin, [free.pk])
    for late in (3, 7, 30):
        daily(due + dt.timedelta(days=late))
    assert reminders("lin", cast, "todos.task") == [3, 3, 0, 0, -3, -7], "the one that is done is silent"


def test_an_opinion_that_was_asked_on_a_customer_is_reminded_of(cast: Any) -> None:
    """S0-11: also where the record belongs to no company of ours."""
    contract = make_contract(cast.ada)
    with on(START):
        say(cast.ada, "parties.party", contract.counterparty_id, "@Lin, do you know them?")
    for after in (1, 3, 7, 20):
        daily(START + dt.timedelta(days=after))
    assert reminders("lin", cast, "discussions.asked:parties.party") == [-3, -7]


def test_the_plan_and_the_notice_name_the_same_day_where_the_record_belongs_to_no_company(cast: Any) -> None:
    """S2-12, S0-11: a mark on a Saturday comes on the Friday before, in the calendar of the first company."""
    contract = make_contract(cast.ada)
    asked = START + dt.timedelta(days=2)
    assert (asked + dt.timedelta(days=3)).strftime("%a") == "Sat"
    with on(asked):
        say(cast.ada, "parties.party", contract.counterparty_id, "@Lin, do you know them?")
        [planned] = reminder_plan(cast.lin, "parties.party", contract.counterparty_id)
    day = planned.marks[0].on
    assert day.strftime("%a") == "Fri"
    daily(day - dt.timedelta(days=1))
    assert reminders("lin", cast, planned.key) == []
    daily(day)
    assert reminders("lin", cast, planned.key) == [-3]


def test_the_plan_of_a_task_keeps_to_the_calendar_of_its_company(cast: Any) -> None:
    """S2-13: the company of the task counts, not the first one."""
    CalendarDay.objects.create(country="GB", calendar="", day=dt.date(2026, 6, 9), is_working=False, name="Off")
    [task] = add_tasks(cast.dora, [{"title": "Call them", "due_on": "2026-06-12"}])
    type(task).objects.filter(pk=task.pk).update(company_id=cast.south.pk)
    with on(dt.date(2026, 6, 1)):
        [planned] = reminder_plan(cast.dora, "todos.todo", task.pk)
    day = planned.marks[0].on
    assert day == dt.date(2026, 6, 8), "three days before is a day off in that country"
    daily(day - dt.timedelta(days=3))
    assert reminders("dora", cast, "todos.task") == []
    daily(day)
    assert reminders("dora", cast, "todos.task") == [3]


# -- working days --------------------------------------------------------------------------------


def test_what_falls_on_days_off_is_told_on_the_working_day_before() -> None:
    assert horizon("SE", dt.date(2026, 6, 5)) == dt.date(2026, 6, 7), "a Friday speaks for the weekend"
    assert horizon("SE", dt.date(2026, 6, 8)) == dt.date(2026, 6, 8)


@pytest.mark.django_db
def test_chinas_exchanged_weekends_are_worked() -> None:
    """S2-13, 调休: 2025-09-28 is a Sunday that is worked, 1 to 8 October are off."""
    assert horizon("CN", dt.date(2025, 9, 26)) == dt.date(2025, 9, 27)
    assert horizon("CN", dt.date(2025, 9, 28)) == dt.date(2025, 9, 28)
    assert horizon("CN", dt.date(2025, 9, 30)) == dt.date(2025, 10, 8)


def test_a_day_that_the_house_added_is_off(cast: Any) -> None:
    CalendarDay.objects.create(country="SE", day=dt.date(2026, 6, 9), name="Outing", is_working=False)
    running(cast, notice_by=dt.date(2026, 6, 9))
    with on(dt.date(2026, 6, 8)):
        services.remind()
    assert reminders("ada", cast, "contracts.notice_by") == [0]

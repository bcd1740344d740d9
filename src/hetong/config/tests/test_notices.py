"""Who is told of what, with which fields (S0-19, S0-33, ux 14, trust D: no amount to who may not read it)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services.access import bump_policy
from hetong.approvals.testing import approve, make_round
from hetong.billing import services as billing
from hetong.billing.models import Payment
from hetong.billing.services.payments import PaymentReport
from hetong.billing.testing import make_active, today
from hetong.contracts import services as contracts
from hetong.contracts.models import Contract
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, NotFound
from hetong.kernel.testing import without_ids
from hetong.notifications import queries, services
from hetong.notifications.models import Mail, Mute, Notice
from hetong.notifications.testing import delivered, mail_kept, text_of

pytestmark = pytest.mark.django_db
AMOUNT = 77_700
SHOWN = ("777", "1327", "1 327", "1,327", "132700")
"""How the amount and the contract's value could be written."""


@pytest.fixture
def contract(cast: Any) -> Contract:
    """Ada's contract over 1 327.00 SEK with one stage, with the agent on its team."""
    made = make_active(cast.ada, "100", price="1061.60", title="Flow metering")
    contracts.add_members(cast.ada, [made.pk], {"user": str(cast.users["gus"].pk), "role": "sales"})
    hide_money("agent")
    drain_outbox()
    Notice.objects.all().delete()
    return made


def hide_money(role: str) -> None:
    """Let the role read no amount of contracts and payments."""
    held = Role.objects.get(key=role)
    for noun, names in (("billing.payment", ("amount",)), ("contracts.contract", ("gross", "received", "open"))):
        FieldRule.objects.bulk_create(FieldRule(role=held, noun=noun, field=name, level=0) for name in names)
    bump_policy(Actor.system(), ())


def report(contract: Contract) -> PaymentReport:
    return PaymentReport("in", AMOUNT, "SEK", today(), contract=contract.pk)


def told(name: str, cast: Any) -> list[queries.Drawn]:
    """What that person is told, newest first."""
    actor: Actor = getattr(cast, name)
    return queries.drawn(actor, list(queries.find_notices(actor)))


def figures(one: queries.Drawn) -> dict[str, str]:
    return {label: getattr(value, "amount", str(value)) for label, value in one.values}


def test_a_confirmed_payment_is_told_to_owner_manager_finance_and_team_with_the_new_balance(
    cast: Any, contract: Contract
) -> None:
    """S0-19."""
    [payment] = billing.report_payments(cast.ada, [report(contract)])
    drain_outbox()
    [asked] = told("fia", cast)
    assert asked.words == "Ada reported a payment"
    assert asked.title == "Flow metering"
    assert figures(asked)["Amount"] == "777.00"
    billing.confirm_payments(cast.fia, [payment.pk])
    drain_outbox()
    for name in ("ada", "ben"):
        newest = told(name, cast)[0]
        assert newest.words == "Fia confirmed a payment", name
        assert figures(newest)["Amount"] == "777.00"
        assert figures(newest)["Received"] == "777.00", name
        assert newest.url == f"/contracts/{contract.pk}/money/"
    assert len(told("fia", cast)) == 1, "who did it is not told"
    assert told("olle", cast) == []


def test_a_reversal_sends_the_opposite(cast: Any, contract: Contract) -> None:
    """S0-19."""
    [payment] = billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    billing.reverse_payments(cast.fia, [payment.pk], reason="Bounced")
    drain_outbox()
    newest, first = told("ada", cast)
    assert first.words == "Fia confirmed a payment"
    assert newest.words == "Fia reversed a payment: it no longer counts"
    assert figures(newest)["Received"] == "0.00"


def test_who_reads_no_amounts_gets_none_in_the_app_nor_by_mail(cast: Any, contract: Contract) -> None:
    """S0-19, trust: the agent on the team is told that a payment came, without any figure."""
    with mail_kept() as kept:
        billing.record_payments(cast.fia, [report(contract)])
        messages = [one for one in delivered(kept) if one["To"] == "gus@example.test" and "confirmed" in one["Subject"]]
    [notice] = told("gus", cast)
    assert notice.words == "Fia confirmed a payment"
    stored = Notice.objects.get(user=cast.users["gus"])
    texts = [
        str(stored.values),
        str(stored.facts),
        str(notice),
        *map(text_of, messages),
        *(one["Subject"] for one in messages),
    ]
    assert len(messages) == 1
    assert not [text for text in map(without_ids, texts) for figure in SHOWN if figure in text]


def test_a_right_that_was_lost_hides_the_amount_in_older_notices(cast: Any, contract: Contract, client: Client) -> None:
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    assert "Amount" in figures(told("ada", cast)[0])
    hide_money("sales_rep")
    assert "Amount" not in figures(told("ada", cast)[0])


def test_a_record_that_was_closed_to_somebody_says_nothing_of_itself(cast: Any, contract: Contract) -> None:
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    Contract.objects.filter(pk=contract.pk).update(owner=cast.users["olle"], team=cast.sales2)
    [notice] = [one for one in told("ada", cast) if "open to you" in one.words]
    assert (notice.title, notice.url, notice.values) == ("", "", ())


def test_passing_on_tells_a_colleague_the_note_and_no_amount(cast: Any, contract: Contract) -> None:
    """S0-33."""
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    [mine] = told("ada", cast)
    services.pass_on(cast.ada, mine.id, [cast.users["gus"].pk, cast.users["lin"].pk], note="Please thank them")
    newest = told("gus", cast)[0]
    assert (newest.words, newest.note) == ("Ada passed this on to you", "Please thank them")
    assert "Amount" not in figures(newest)
    assert figures(told("lin", cast)[0])["Amount"] == "777.00"


def test_who_may_not_see_the_record_is_not_told_and_the_sender_hears_of_it(cast: Any, contract: Contract) -> None:
    """S0-33: nothing goes out where one of the colleagues may not see it."""
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    [mine] = told("ada", cast)
    with pytest.raises(Invalid):
        services.pass_on(cast.ada, mine.id, [cast.users["olle"].pk, cast.users["lin"].pk], note="Look")
    assert told("olle", cast) == []


def test_passing_on_stands_in_the_history_without_the_note(cast: Any, contract: Contract, client: Client) -> None:
    """S0-33: on the timeline."""
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    services.pass_on(cast.ada, told("ada", cast)[0].id, [cast.users["lin"].pk], note="A secret word")
    client.force_login(cast.users["ada"])
    page = client.get(f"/contracts/{contract.pk}/history/").content.decode()
    assert "passed a notice on to Lin" in page
    assert "A secret word" not in page


def test_another_ones_notice_is_not_found(cast: Any, contract: Contract) -> None:
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    [mine] = told("ada", cast)
    with pytest.raises(NotFound):
        services.pass_on(cast.lin, mine.id, [cast.users["max"].pk])


def test_an_event_told_twice_is_one_notice(cast: Any, contract: Contract) -> None:
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    before = Notice.objects.count()
    from hetong.billing.events import PaymentsConfirmed
    from hetong.kernel.events import Fact

    payment = Payment.objects.get()
    event = PaymentsConfirmed(
        cast.fia, (Fact("billing.payment", payment.pk, payment.company_id, {"contract": str(contract.pk)}),)
    )
    services.tell(Actor.system(), event)
    services.tell(Actor.system(), event)
    assert Notice.objects.count() == before + before


def test_a_muted_record_is_silent_but_for_what_asks(cast: Any, contract: Contract) -> None:
    services.mute_record(cast.ben, "contracts.contract", contract.pk)
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    assert told("ben", cast) == []
    make_round(cast.ada, "contracts.contract", contract.pk, company=contract.company_id, team=cast.sales.pk)
    drain_outbox()
    [asked] = told("ben", cast)
    assert asked.words == "Ada asks for your approval"
    assert asked.url.startswith("/approvals/")
    assert Mute.objects.count() == 1


def test_a_decision_is_told_to_who_asked(cast: Any, contract: Contract) -> None:
    make_round(cast.ada, "contracts.contract", contract.pk, company=contract.company_id, team=cast.sales.pk)
    approve(cast.ben, contract.pk)
    drain_outbox()
    assert "Ben decided on the approval" in [one.words for one in told("ada", cast)]


# -- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def notice(cast: Any, contract: Contract) -> UUID:
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    return told("ada", cast)[0].id


def test_the_bell_counts_and_the_page_lists_by_record(cast: Any, notice: UUID, client: Client) -> None:
    client.force_login(cast.users["ada"])
    page = client.get("/notices/").content.decode()
    assert "Fia confirmed a payment" in page
    assert "You own the record." in page, "why"
    assert '<span class="count count-yours" aria-hidden="true">1</span>' in page
    assert client.get("/notices/bell/").status_code == 200
    count = client.get("/notices/count/")
    assert client.get("/notices/count/", headers={"X-Live-Mark": count["X-Live-Mark"]}).status_code == 204


def test_following_a_notice_leads_to_tab_and_anchor_and_reads_it(cast: Any, notice: UUID, client: Client) -> None:
    """ux 14: also after signing in."""
    answer = client.get(f"/notices/{notice}/")
    assert answer.status_code == 302
    assert f"next=%2Fnotices%2F{notice}%2F" in answer["Location"]
    client.force_login(cast.users["ada"])
    answer = client.get(f"/notices/{notice}/")
    assert answer["Location"].endswith("/money/")
    assert queries.count_unread(cast.ada) == 0


def test_marks_mutes_and_passing_on_work_without_a_script(cast: Any, notice: UUID, client: Client) -> None:
    client.force_login(cast.users["ada"])
    assert client.post("/notices/read/", {"id": str(notice)}).status_code == 302
    assert queries.count_unread(cast.ada) == 0
    client.post(f"/notices/{notice}/unread/")
    assert queries.count_unread(cast.ada) == 1
    client.post(f"/notices/{notice}/mute/")
    assert Mute.objects.filter(user=cast.users["ada"]).exists()
    assert "Muted" in client.get("/notices/").content.decode()
    assert client.get(f"/notices/{notice}/pass-on/").status_code == 200
    refused = client.post(f"/notices/{notice}/pass-on/", {"note": "kept words"})
    assert refused.status_code == 422
    assert "kept words" in refused.content.decode()
    sent = client.post(f"/notices/{notice}/pass-on/", {"to": [str(cast.users["lin"].pk)], "note": "See this"})
    assert sent.status_code == 302
    assert told("lin", cast)[0].note == "See this"


def test_odd_ids_read_nothing_and_break_nothing(cast: Any, notice: UUID, client: Client) -> None:
    client.force_login(cast.users["ada"])
    assert client.post("/notices/read/", {"id": "'; drop"}).status_code == 302
    assert client.post("/notices/read/", {}).status_code == 302


def test_reading_the_page_costs_the_same_for_many(
    cast: Any, contract: Contract, client: Client, django_assert_max_num_queries: Any
) -> None:
    for _n in range(3):
        billing.record_payments(cast.fia, [PaymentReport("in", 100, "SEK", today(), contract=contract.pk)])
    drain_outbox()
    client.force_login(cast.users["ada"])
    client.get("/notices/")
    with django_assert_max_num_queries(15):
        client.get("/notices/")


# -- mails ---------------------------------------------------------------------------------------


def test_mails_of_one_record_stand_in_one_thread_in_the_readers_language(cast: Any, contract: Contract) -> None:
    user = cast.users["ada"]
    user.language = "sv"
    user.save()
    with mail_kept() as kept:
        billing.record_payments(cast.fia, [report(contract)])
        drain_outbox()
        payment = Payment.objects.get()
        billing.reverse_payments(cast.fia, [payment.pk], reason="Bounced")
        first, second = [one for one in delivered(kept) if one["To"] == user.email]
    assert first["References"] == second["References"] != first["Message-ID"]
    assert all(b"\r\nReferences: <" in content for to, content, _name in kept.sent if to == user.email), "not folded"
    assert "Flow metering" in first["Subject"]
    assert f"/notices/{Notice.objects.filter(user=user).order_by('created_at')[0].pk}/" in text_of(first)


def test_quiet_hours_hold_a_mail_back_until_they_end(cast: Any, contract: Contract) -> None:
    import datetime as dt

    services.set_rhythm(cast.ada, quiet_from=dt.time(20), quiet_to=dt.time(7), digest_at=dt.time(8))
    late = dt.datetime(2026, 3, 28, 22, 0, tzinfo=dt.UTC)  # 23:00 in Stockholm; the clocks go forward in that night
    with clock.set_to(late):
        billing.record_payments(
            cast.fia, [PaymentReport("in", AMOUNT, "SEK", dt.date(2026, 3, 28), contract=contract.pk)]
        )
        drain_outbox()
        mail = Mail.objects.get(user=cast.users["ada"].pk)
    assert mail.next_at == dt.datetime(2026, 3, 29, 5, 0, tzinfo=dt.UTC), "7 o'clock in summer time"


def test_a_kind_can_be_kept_for_the_summary_or_left_out_of_the_app(cast: Any, contract: Contract) -> None:
    services.set_preferences(cast.ada, {"payment_confirmed": (True, "digest")})
    services.set_preferences(cast.ben, {"payment_confirmed": (False, "off")})
    billing.record_payments(cast.fia, [report(contract)])
    drain_outbox()
    assert not Mail.objects.filter(user__in=[cast.users["ada"].pk, cast.users["ben"].pk]).exists()
    assert queries.count_unread(cast.ben) == 0
    assert queries.count_unread(cast.ada) == 1


def test_what_asks_for_one_cannot_be_switched_off_in_the_app(cast: Any) -> None:
    services.set_preferences(cast.ben, {"approval_asked": (False, "off")})
    assert [
        wish.in_app for wish in queries.preferences_of(cast.users["ben"].pk) if wish.kind.key == "approval_asked"
    ] == [True]


def test_the_settings_keep_wishes_and_send_a_test(cast: Any, client: Client) -> None:
    client.force_login(cast.users["ada"])
    assert client.get("/settings/notices/").status_code == 200
    sent = {"app_signed": "1", "mail_signed": "now", "quiet_from": "20:00", "quiet_to": "07:00", "digest_at": "08:00"}
    assert client.post("/settings/notices/", sent).status_code == 302
    [wish] = [one for one in queries.preferences_of(cast.users["ada"].pk) if one.kind.key == "signed"]
    assert wish.mail == "now"
    refused = client.post("/settings/notices/", {"quiet_from": "20:00", "digest_at": "08:00"})
    assert refused.status_code == 422
    odd = client.post("/settings/notices/", {"mail_signed": "never-ever", "digest_at": "08:00"})
    assert odd.status_code == 422
    assert client.post("/settings/notices/test/").status_code == 302
    assert Mail.objects.get(kind="test").recipient == "ada@example.test"

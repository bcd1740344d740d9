"""What is wanted together is told once, in the morning of a working day (S0-33)."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from hetong.billing import services as billing
from hetong.billing.services.payments import PaymentReport
from hetong.billing.testing import make_active
from hetong.contracts.models import Contract
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.notifications import queries, services
from hetong.notifications.models import Mail, Notice
from hetong.notifications.testing import delivered, mail_kept, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast: Any) -> Contract:
    made = make_active(cast.ada, "100", price="1061.60", title="Flow metering")
    drain_outbox()
    Notice.objects.all().delete()
    return made


def morning(day: int) -> dt.datetime:
    """Nine o'clock UTC of that day of November 2026; the 20th is a Friday."""
    return dt.datetime(2026, 11, day, 9, 0, tzinfo=dt.UTC)


def pay(cast: Any, contract: Contract, *, on: int) -> None:
    """A payment comes in the afternoon of that day of November 2026."""
    with clock.set_to(dt.datetime(2026, 11, on, 15, 0, tzinfo=dt.UTC)):
        paid = PaymentReport("in", 77_700, "SEK", dt.date(2026, 11, on), contract=contract.pk)
        billing.record_payments(cast.fia, [paid])
        drain_outbox()


def test_the_summary_comes_once_on_working_days_with_what_is_new(cast: Any, contract: Contract) -> None:
    services.set_preferences(cast.ada, {"payment_confirmed": (True, "digest")})
    pay(cast, contract, on=20)
    with clock.set_to(morning(21)):
        services.send_digests()
        assert not Mail.objects.filter(kind="digest", user=cast.users["ada"].pk).exists(), "Saturday"
    with mail_kept() as kept, clock.set_to(morning(23)):
        services.send_digests()
        services.send_digests()
        [message] = [
            one for one in delivered(kept) if one["To"] == "ada@example.test" and "new for you" in one["Subject"]
        ]
    assert "Fia confirmed a payment" in text_of(message)


def summaries(cast: Any) -> list[str]:
    """The summaries that Ada gets on the next Monday morning."""
    with mail_kept() as kept, clock.set_to(morning(23)):
        services.send_digests()
        found = [one for one in delivered(kept) if one["To"] == "ada@example.test"]
    return [text_of(one) for one in found if "new for you" in one["Subject"]]


def test_what_is_wanted_in_the_summary_alone_is_told_there_once(cast: Any, contract: Contract) -> None:
    """S0-33: not in the app, but in the summary."""
    services.set_preferences(cast.ada, {"payment_confirmed": (False, "digest")})
    pay(cast, contract, on=20)
    assert queries.count_unread(cast.ada) == 0
    [told] = summaries(cast)
    assert "Fia confirmed a payment" in told
    with clock.set_to(morning(24)):
        services.send_digests()
    assert Mail.objects.filter(kind="digest", user=cast.users["ada"].pk).count() == 1


@pytest.mark.parametrize("then", ["digest", "now"])
def test_what_was_mailed_at_once_is_in_no_summary_of_who_asks_for_those_later(
    cast: Any, contract: Contract, then: str
) -> None:
    services.set_preferences(cast.ada, {"payment_confirmed": (True, then)})
    pay(cast, contract, on=20)
    services.set_preferences(cast.ada, {"payment_confirmed": (True, "digest")})
    assert ["Fia confirmed a payment" in one for one in summaries(cast)] == ([True] if then == "digest" else [])


@pytest.mark.parametrize("before", ["", "digest", "notice"])
def test_the_first_summary_after_the_upgrade_repeats_no_mail(cast: Any, contract: Contract, before: str) -> None:
    """Migration 0007: what was told before the summaries were remembered."""
    upgrade = import_module("hetong.notifications.migrations.0007_silence_and_summaries")
    services.set_preferences(cast.ada, {"payment_confirmed": (True, "digest")})
    pay(cast, contract, on=19)
    told = Notice.objects.get(user=cast.users["ada"], kind="payment_confirmed")
    if before:
        key = {"digest": f"digest:{told.user_id}:2026-11-20", "notice": f"notice:{told.pk}"}[before]
        with clock.set_to(morning(20)):
            facts = {"count": 1, "words": "News"}
            services.send_mails(Actor.system(), [services.MailOrder(before, cast.users["ada"], key, facts)])
    upgrade.remember_what_was_mailed(apps, None)
    assert len([one for one in summaries(cast) if "Fia confirmed a payment" in one]) == (0 if before else 1)

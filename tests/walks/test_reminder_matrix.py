"""S2-13: every dated fact of every kind of record reaches its person over every channel there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from hetong.contracts.models import Contract, Loan, Original
from hetong.discussions.testing import say
from hetong.documents.models import Document
from hetong.documents.testing import make_document
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.deadlines import Deadline, deadlines
from hetong.kernel.nouns import noun
from hetong.notifications import services
from hetong.notifications.gateways import FakeChat, FakePush, use_chat, use_push
from hetong.notifications.models import ChatPost, Mail, Notice, Preference, Push, PushDevice
from hetong.notifications.queries import drawn
from hetong.notifications.services import RoomWish
from hetong.notifications.services.saying import say_reminders
from hetong.notifications.services.telling import Word, put
from hetong.notifications.table import kind_of_deadline, spoken_kinds
from tests.access.samples import Samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outside() -> Iterator[None]:
    """Robots and push services that take everything."""
    use_chat(FakeChat())
    use_push(FakePush())
    yield
    use_chat(None)
    use_push(None)


def row_of(actor: Any, one: Deadline) -> Mapping[str, Any] | None:
    """A record that the deadline may be about, with the record on whose page it stands."""
    rows = noun(one.noun).visible_to(actor)
    if one.page_path != "pk":
        rows = rows.filter(**{f"{one.page_path}__in": noun(one.page_noun).visible_to(actor).values("pk")})
    return rows.order_by("pk").values(*{"pk", one.page_path}).first()


def more(cast: Any) -> None:
    """An original that is lent, and a paper and a question to a colleague on every kind of record that has such."""
    contract = Contract.objects.visible_to(cast.admin).order_by("pk")[0]
    original = Original.objects.create(
        contract=contract, company_id=contract.company_id, copy_no=9, created_at=clock.now()
    )
    today = clock.today()
    Loan.objects.create(original=original, until=today, lent_on=today, borrower="Bank", lent_by_label="Admin")
    for one in deadlines():
        if row_of(cast.admin, one) is not None:
            continue
        on = noun(one.page_noun).visible_to(cast.admin).order_by("pk").first()
        if noun(one.noun).model is Document:
            make_document(cast.admin, one.page_noun, on.pk)
        else:
            say(cast.admin, one.page_noun, on.pk, f"@{cast.users['ben'].name} what do you think?")


def listening(cast: Any) -> None:
    """The administrator wants everything at once, everywhere; a room wants all that rooms are told."""
    kinds = {kind.key for one in deadlines() if (kind := kind_of_deadline(one.key))}
    for kind in kinds:
        Preference.objects.create(user_id=cast.admin.id, kind=kind, in_app=True, mail="now", push=True)
    PushDevice.objects.create(
        user_id=cast.admin.id, digest="d", endpoint="e", host="h", p256dh="p", auth="a", created_at=clock.now()
    )
    spoken = tuple(kind.key for kind in spoken_kinds() if kind.key in kinds)
    services.add_room(cast.admin, RoomWish(
        name="Deals", kind="dingtalk", company=cast.north.pk, secret="SEC-canary", language="en", kinds=spoken,
        address="https://oapi.dingtalk.com/robot/send?access_token=0123456789",
    ))  # fmt: skip


def test_every_dated_fact_is_told_over_every_channel(cast: Any) -> None:
    Samples(cast)
    more(cast)
    listening(cast)
    drain_outbox()
    spoken = {kind.key for kind in spoken_kinds()}
    missing: list[str] = []
    for one in deadlines():
        kind, row = kind_of_deadline(one.key), row_of(cast.admin, one)
        if kind is None or row is None:
            missing.append(f"{one.key}: no record or no kind of notice")
            continue
        word = reminder(cast.admin.id, cast.north.pk, one, kind, row)
        posts, mails = ChatPost.objects.count(), Mail.objects.count()
        made = put([word])
        say_reminders([word])
        found = {
            "in the app": len(made) == 1 and is_worded(cast.admin, made[0]),
            "by mail": Mail.objects.count() == mails + 1,
            "on a device": Push.objects.filter(notice__in=made).count() == 1,
            "in a room": kind.key not in spoken or ChatPost.objects.count() == posts + 1,
        }
        missing += [f"{one.key}: not {channel}" for channel, is_there in found.items() if not is_there]
    assert missing == []


def reminder(user: UUID, company: UUID, one: Deadline, kind: Any, row: Mapping[str, Any]) -> Word:
    """What a reminder of that record says to that person, as the scheduled job makes it."""
    page = row[one.page_path] or row["pk"]
    day = clock.today().isoformat()
    return Word(
        kind, user, "doer", one.noun, row["pk"], one.page_noun, page, f"{one.key}:{row['pk']}:{day}:7",
        one.link(noun(one.page_noun).url(page), row["pk"]), company,
        facts={"deadline": one.key, "day": day, "mark": 7}, fields=one.fields,
    )  # fmt: skip


def is_worded(actor: Any, notice: Notice) -> bool:
    """Whether it names the record and says something of its own in each of the four languages."""
    said = set()
    for language in ("en", "zh-hans", "zh-hant", "sv"):
        with translation.override(language):
            [one] = drawn(actor, [notice])
            said.add(one.words)
            if not (one.is_open and one.url and one.words):
                return False
    return len(said) > 2  # both Chinese ones may be written alike

"""What the demo's people say to each other on records, the tasks that they give, and when they last read their notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple
from uuid import UUID

from hetong.contracts.models import Contract
from hetong.discussions.models import Comment
from hetong.discussions.services import CommentOrder, add_comments
from hetong.discussions.states import Channel
from hetong.notifications.services import read_notices
from hetong.todos.services import add_tasks

from .living import CONTRACT, Act
from .made import Made
from .people import PORTAL

READ = -4
"""The day, from the demo's day, up to which everybody has read what they were told."""
FLOW = "Flow measuring systems with 36-month maintenance"


class TalkFacts(NamedTuple):
    on: str
    """The title of the contract; one thread for each contract and channel."""
    day: int
    """From the demo's day."""
    login: str
    text: str
    channel: Channel = Channel.INTERNAL


class TaskFacts(NamedTuple):
    on: str
    given: int
    due: int
    by: str
    to: str
    title: str
    note: str = ""


TALKS = (
    TalkFacts(FLOW, -6, "sales", "Skids 3 and 5 read 1.4 % low below 12 m³/h in the factory test. @陈思远, can your team run them again "
              "with the new linings before we commission?"),
    TalkFacts(FLOW, -5, "delivery", "The new linings arrived this morning, and the test bench is ours on Thursday. If both skids pass, "
              "the day of commissioning holds."),
    TalkFacts(FLOW, -5, "legal", "The contract accepts each skid by itself, so the four good ones can be delivered "
              "and billed now."),
    TalkFacts(FLOW, -4, "sales", "Then we deliver four now. @Petra Åkesson, can you split the next invoice accordingly?"),
    TalkFacts(FLOW, -4, "sales", "Two of the six skids showed a drift at low flow in our factory test. We test them again this week, "
              "at our cost; the protocol comes to you as soon as it is signed.", Channel.SHARED),
    TalkFacts("智慧水表采购与安装", -2, "executive", "客户希望分两批交货。@Petra Åkesson 首批付款比例是否可以保持 30%？"),
)  # fmt: skip
TASKS = (
    TaskFacts(FLOW, -4, 2, "sales", "sales", "Send the test protocol to Karin Ekdahl"),
    TaskFacts("Metering hall, phase 2", -3, 9, "manager", "sales", "Prepare the offer for the second metering hall",
              "Two prices, please: with and without commissioning."),
    TaskFacts("Service agreement, pumping stations", -2, 1, "sales", "legal", "Check the cap of liability before the renewal"),
    TaskFacts("压力变送器年度校准", -3, 5, "executive", "executive", "准备续约会谈"),
)  # fmt: skip


def talking(made: Made, as_of: dt.date) -> Iterable[Act]:
    """What is said and given, each on its day."""
    said = [Act(one.day, 30 + n, partial(_say, made, one)) for n, one in enumerate(TALKS)]
    given = [Act(one.given, 40 + n, partial(_give, made, one, as_of)) for n, one in enumerate(TASKS)]
    return [*said, *given, Act(READ, 50, partial(_read, made))]


def _say(made: Made, facts: TalkFacts) -> None:
    contract = _contract(made, facts.on)
    # allow: visibility — the demo's own
    before = Comment.objects.filter(thread__subject=contract, thread__channel=facts.channel).first()
    thread = before.thread_id if before else None
    add_comments(made.actor(facts.login), [CommentOrder(CONTRACT, contract, facts.text, facts.channel, thread)])


def _give(made: Made, facts: TaskFacts, as_of: dt.date) -> None:
    given = {
        "title": facts.title, "note": facts.note, "assignee": str(made.users[facts.to].pk),
        "due_on": (as_of + dt.timedelta(days=facts.due)).isoformat(),
    }  # fmt: skip
    add_tasks(made.actor(facts.by), [given], on=(CONTRACT, _contract(made, facts.on)))


def _read(made: Made) -> None:
    for login in made.users:
        if login != PORTAL[0]:
            read_notices(made.actor(login))


def _contract(made: Made, title: str) -> UUID:
    # allow: visibility — the demo's own
    id: UUID = Contract.objects.get(title=title, company__in=made.companies.values()).pk
    return id

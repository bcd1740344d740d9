"""Who hears what is said on a record without being named: S0-11, S0-12, S2-13; ux 13 and 14."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import Grant, Share
from hetong.accounts.services import share_records
from hetong.accounts.services.access import bump_policy
from hetong.config.listening import OWNERS, people_of
from hetong.config.navigation import TALKED
from hetong.contracts import services as contracts
from hetong.contracts.models import Contract
from hetong.contracts.services import add_projects
from hetong.contracts.testing import make_contract
from hetong.discussions.services import edit_comments, invite
from hetong.discussions.testing import say
from hetong.documents.testing import make_document
from hetong.jobs.testing import drain_outbox
from hetong.kernel.actors import Actor
from hetong.notifications import queries, services
from hetong.notifications.models import Mail, Notice
from hetong.notifications.testing import delivered, mail_kept, text_of
from hetong.parties.models import PartyTerms

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"


@pytest.fixture
def contract(cast: Any) -> Contract:
    """Ada's contract; nothing was told yet."""
    made = make_contract(cast.ada, title="Flow metering")
    drain_outbox()
    Notice.objects.all().delete()
    return made


def heard(name: str, cast: Any) -> list[tuple[str, str]]:
    """Kind and reason of what that person was told, in the order in which it came."""
    rows = Notice.objects.filter(user=cast.users[name]).order_by("created_at", "pk")
    return list(rows.values_list("kind", "why"))


def test_who_wrote_in_a_thread_hears_of_answers_and_the_writer_does_not(cast: Any, contract: Contract) -> None:
    """S0-11: nobody has to be named again to go on talking."""
    first = say(cast.lin, KEY, contract.pk, "Is clause 4 meant?")
    drain_outbox()
    assert heard("ada", cast) == [("commented", "owner")], "whose record it is"
    assert heard("lin", cast) == []
    say(cast.ben, KEY, contract.pk, "It is.", thread=first.thread_id)
    say(cast.ada, KEY, contract.pk, "And five.", thread=first.thread_id)
    drain_outbox()
    assert heard("lin", cast) == [("answered", "wrote"), ("answered", "wrote")]
    assert heard("ben", cast) == [("answered", "wrote")]
    assert heard("ada", cast) == [("commented", "owner"), ("commented", "owner")]
    assert heard("fia", cast) == heard("olle", cast) == []


def test_whoever_is_named_as_well_is_told_once(cast: Any, contract: Contract) -> None:
    first = say(cast.lin, KEY, contract.pk, "Is clause 4 meant?")
    drain_outbox()
    say(cast.ben, KEY, contract.pk, "@Lin it is. @Ada agrees.", thread=first.thread_id)
    drain_outbox()
    assert heard("lin", cast) == [("mentioned", "mentioned")]
    assert heard("ada", cast) == [("commented", "owner"), ("mentioned", "mentioned")]


def test_whoever_was_asked_hears_what_follows_before_they_answer(cast: Any, contract: Contract) -> None:
    first = say(cast.ada, KEY, contract.pk, "@Lin is clause 4 meant?")
    say(cast.ada, KEY, contract.pk, "I found it, never mind.", thread=first.thread_id)
    drain_outbox()
    assert heard("lin", cast) == [("mentioned", "mentioned"), ("answered", "told")]


def test_who_was_named_when_the_words_were_put_right_is_told_then(cast: Any, contract: Contract) -> None:
    first = say(cast.ada, KEY, contract.pk, "Is clause 4 meant?")
    edit_comments(cast.ada, [first.pk], {"text": "@Lin is clause 4 meant?"})
    drain_outbox()
    assert heard("lin", cast) == [("mentioned", "mentioned")]


def test_another_thread_of_the_same_record_is_another_talk(cast: Any, contract: Contract) -> None:
    say(cast.lin, KEY, contract.pk, "Is clause 4 meant?")
    drain_outbox()
    say(cast.ben, KEY, contract.pk, "Who signs?")
    drain_outbox()
    assert heard("lin", cast) == []


def test_an_answer_leads_to_its_channel(cast: Any, contract: Contract, client: Client) -> None:
    """The two channels are never mixed up: the notice opens the one in which it was said."""
    shared = say(cast.ada, KEY, contract.pk, "Good day", channel="shared")
    answer = say(cast.ben, KEY, contract.pk, "zq-shared", channel="shared", thread=shared.thread_id)
    inside = say(cast.ben, KEY, contract.pk, "zq-inside")
    drain_outbox()
    places = list(
        Notice.objects.filter(user=cast.users["ada"]).order_by("created_at", "pk").values_list("path", flat=True)
    )
    assert places == [
        f"/contracts/{contract.pk}/discussion/?channel=shared#c-{answer.pk}",
        f"/contracts/{contract.pk}/discussion/#c-{inside.pk}",
    ]
    client.force_login(cast.users["ada"])
    for place, words, others in zip(places, (b"zq-shared", b"zq-inside"), (b"zq-inside", b"zq-shared"), strict=True):
        page = client.get(place).content
        assert words in page
        assert others not in page


def test_a_muted_record_is_silent_but_for_who_is_named(cast: Any, contract: Contract) -> None:
    """S0-33: mute."""
    first = say(cast.lin, KEY, contract.pk, "Is clause 4 meant?")
    services.mute_record(cast.lin, KEY, contract.pk)
    say(cast.ben, KEY, contract.pk, "It is.", thread=first.thread_id)
    drain_outbox()
    assert heard("lin", cast) == []
    say(cast.ben, KEY, contract.pk, "@Lin is it?", thread=first.thread_id)
    drain_outbox()
    assert heard("lin", cast) == [("mentioned", "mentioned")]


def test_each_kind_is_a_wish_of_its_own(cast: Any, contract: Contract) -> None:
    """Answers are mailed at once, talk on one's records waits for the summary; either can be wished otherwise."""
    first = say(cast.lin, KEY, contract.pk, "Is clause 4 meant?")
    services.set_preferences(cast.ben, {"answered": (False, "off")})
    say(cast.ben, KEY, contract.pk, "It is.", thread=first.thread_id)
    say(cast.lin, KEY, contract.pk, "Thanks.", thread=first.thread_id)
    drain_outbox()
    mailed = Mail.objects.values_list("recipient", flat=True)
    assert set(mailed) == {"lin@example.test"}, "the owner's waits for the summary, Ben wants none"
    assert queries.count_unread(cast.ben) == 0
    services.set_preferences(cast.ada, {"commented": (True, "now")})
    say(cast.lin, KEY, contract.pk, "One more.", thread=first.thread_id)
    drain_outbox()
    assert Mail.objects.filter(recipient="ada@example.test").count() == 1


def test_who_lost_the_record_or_the_right_to_read_talk_is_told_nothing(cast: Any, contract: Contract) -> None:
    """S0-11: rights of the moment; neither the words nor that there were any."""
    invite(cast.ada, KEY, contract.pk, cast.users["olle"].pk)
    first = say(cast.olle, KEY, contract.pk, "Our lab could.")
    say(cast.lin, KEY, contract.pk, "When?", thread=first.thread_id)
    drain_outbox()
    assert ("answered", "wrote") in heard("olle", cast)
    Share.objects.filter(record=contract.pk).delete()
    for grant in Grant.objects.filter(user=cast.users["lin"]).select_related("role"):
        held = [one for one in grant.role.permissions if not one.startswith("discussions.")]
        type(grant.role).objects.filter(pk=grant.role_id).update(permissions=held)
    bump_policy(Actor.system(), ())
    Notice.objects.all().delete()
    say(cast.ada, KEY, contract.pk, "On Tuesday.", thread=first.thread_id)
    drain_outbox()
    assert heard("olle", cast) == heard("lin", cast) == []


def test_a_colleague_who_was_invited_and_the_team_hear_what_is_said(cast: Any, contract: Contract) -> None:
    """S0-12: they see the record, comment and get notifications; who may only look does not take part."""
    invite(cast.ada, KEY, contract.pk, cast.users["olle"].pk)
    share_records(cast.ada, KEY, [contract.pk], user=cast.users["lin"], level="view")
    contracts.add_members(cast.ada, [contract.pk], {"user": str(cast.users["max"].pk), "role": "delivery"})
    drain_outbox()
    Notice.objects.all().delete()
    say(cast.ada, KEY, contract.pk, "Who can test it?")
    drain_outbox()
    assert heard("olle", cast) == [("commented", "shared")]
    assert heard("max", cast) == [("commented", "member")]
    assert heard("lin", cast) == []


def test_the_owner_of_every_record_that_is_talked_about_is_known(cast: Any, contract: Contract) -> None:
    """A new kind of record with a discussion says whose it is."""
    assert set(OWNERS) == set(TALKED)
    ada = cast.users["ada"].pk
    PartyTerms.objects.filter(party=contract.counterparty_id, company=cast.north).update(owner=ada)
    [project] = add_projects(cast.ada, [{"name": "Site", "company": str(cast.north.pk)}])
    document = make_document(cast.ada, KEY, contract.pk)
    for key, id in (
        (KEY, contract.pk), ("parties.party", contract.counterparty_id), ("contracts.project", project.pk),
        ("documents.document", document.pk),
    ):  # fmt: skip
        assert people_of(key, [id])[id][ada] == "owner", key


def test_the_mail_of_an_answer_quotes_it_and_is_answered_in_turn(cast: Any, contract: Contract, settings: Any) -> None:
    """A talk can go on by mail alone."""
    settings.REPLY_ADDRESS = "answers@house.example"
    first = say(cast.lin, KEY, contract.pk, "Is clause 4 meant?")
    drain_outbox()
    with mail_kept() as kept:
        say(cast.ben, KEY, contract.pk, "It is, since May.", thread=first.thread_id)
        [message] = [one for one in delivered(kept) if one["To"] == "lin@example.test"]
    assert "It is, since May." in text_of(message)
    assert "You wrote in this discussion." in text_of(message)
    assert "answers+" in message["Reply-To"]

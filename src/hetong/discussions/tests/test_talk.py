"""Discussion on records: S0-11, S0-12, lessons of ux row 13: the two channels never mix."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import Share, User
from hetong.accounts.services import share_records
from hetong.audit.testing import values_of
from hetong.contracts.models import Contract
from hetong.contracts.services import add_projects, edit_contracts
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, walk_to
from hetong.discussions.fields import COMMENT, THREAD
from hetong.discussions.models import Comment, Mention, Thread
from hetong.discussions.queries import find_comments, offer_people, talks_of
from hetong.discussions.services import (
    CommentOrder,
    add_comments,
    edit_comments,
    invite,
    reopen_threads,
    resolve_threads,
    withdraw_comments,
)
from hetong.discussions.services.checks import NoOtherSide, OnlyReading
from hetong.discussions.services.comments import NotToCome, NotYours, OtherChannel, TooLate
from hetong.discussions.testing import say
from hetong.documents.testing import make_upload
from hetong.jobs.models import Outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from hetong.kernel.nouns import is_visible

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"


def test_who_sees_the_record_reads_and_answers_in_its_discussion(cast: Any) -> None:
    """S0-11."""
    contract = make_contract(cast.ada)
    first = say(cast.ada, KEY, contract.pk, "Is the price right?")
    say(cast.lin, KEY, contract.pk, "It is.", thread=first.thread_id)
    [talk] = talks_of(cast.ben, KEY, contract.pk, "internal")
    assert [(row["author"], row["text"]) for row in talk.comments] == [
        ("Ada", "Is the price right?"),
        ("Lin", "It is."),
    ]


def test_who_does_not_see_the_record_gets_nothing_of_it(cast: Any) -> None:
    contract = make_contract(cast.ada)
    comment = say(cast.ada, KEY, contract.pk)
    for stranger in (cast.dora, cast.olle):
        assert not Comment.objects.visible_to(stranger).exists()
        assert not Thread.objects.visible_to(stranger).exists()
        with pytest.raises(NotFound):
            find_comments(stranger, KEY, contract.pk)
        with pytest.raises(NotFound):
            say(stranger, KEY, contract.pk)
        with pytest.raises(NotFound):
            withdraw_comments(stranger, [comment.pk])
    with pytest.raises(Forbidden):
        say(cast.cleo, KEY, contract.pk)  # an auditor reads


def test_what_is_said_inside_never_reaches_the_shared_channel(cast: Any) -> None:
    """The canary of ux row 13: neither a query, nor a page, nor the API of the shared channel holds it; outsiders get none of it."""
    contract = make_contract(cast.ada)
    inside = say(cast.ada, KEY, contract.pk, "canary-inside-7")
    say(cast.ada, KEY, contract.pk, "Good day", channel="shared")
    assert "canary" not in str([t.comments for t in talks_of(cast.ada, KEY, contract.pk, "shared")])
    client = Client()
    client.force_login(User.objects.get(name="Ada"))
    shared = client.get(f"/contracts/{contract.pk}/discussion/?channel=shared")
    assert b"Good day" in shared.content
    assert b"canary-inside-7" not in shared.content
    assert b"canary-inside-7" not in client.get(f"/contracts/{contract.pk}/discussion/?live=1&channel=shared").content
    assert b"canary-inside-7" not in client.get(f"/api/v1/contracts/{contract.pk}/comments?channel=shared").content
    assert b"canary-inside-7" in client.get(f"/contracts/{contract.pk}/discussion/").content
    for kind in (ActorKind.PORTAL, ActorKind.OUTSIDER):
        outside = Actor(kind, None, "Johan", cast.admin.grants)
        assert inside not in Comment.objects.visible_to(outside)
        assert inside.thread not in Thread.objects.visible_to(outside)
        assert set(Comment.objects.visible_to(outside).values_list("thread__channel", flat=True)) <= {"shared"}


def test_an_answer_stays_in_the_channel_of_its_thread(cast: Any) -> None:
    contract, other = make_contract(cast.ada), make_contract(cast.ada, title="Another")
    first = say(cast.ada, KEY, contract.pk)
    with pytest.raises(OtherChannel):
        say(cast.ada, KEY, contract.pk, "To all", channel="shared", thread=first.thread_id)
    with pytest.raises(NotFound):
        say(cast.ada, KEY, other.pk, "Elsewhere", thread=first.thread_id)
    assert Comment.objects.count() == 1


def test_writing_to_the_other_side_is_a_right_of_its_own(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Forbidden):
        say(cast.fia, KEY, contract.pk, "Pay us", channel="shared")
    [project] = add_projects(cast.ada, [{"name": "Site", "company": str(cast.north.pk)}])
    with pytest.raises(NoOtherSide):
        say(cast.ada, "contracts.project", project.pk, channel="shared")


def test_people_are_asked_by_name_and_settled_by_answering(cast: Any) -> None:
    contract = make_contract(cast.ada)
    first = say(cast.ada, KEY, contract.pk, "@Lin and @ben, please look. Not @Olle, who sees nothing, nor a@b.example")
    assert {one.user.name for one in Mention.objects.select_related("user")} == {"Lin", "Ben"}
    say(cast.lin, KEY, contract.pk, "Fine.", thread=first.thread_id)
    assert [one.user.name for one in Mention.objects.filter(settled_at=None).select_related("user")] == ["Ben"]
    resolve_threads(cast.ada, [first.thread_id])
    assert not Mention.objects.filter(settled_at=None).exists()


def test_a_team_is_asked_by_its_name(cast: Any) -> None:
    contract = make_contract(cast.lin, team=cast.sales.pk)
    say(cast.lin, KEY, contract.pk, "@Sales what do you think")
    assert {one.user.name for one in Mention.objects.select_related("user")} == {"Ben"}  # Ada sees her own alone


def test_the_longest_name_is_meant_and_chinese_needs_no_space(cast: Any) -> None:
    for name in ("Lin Dahl", "王伟"):
        from hetong.accounts.testing import forget_access, grant, make_user

        grant(make_user(name, email=f"{hash(name)}@example.test"), "legal", cast.north)
        forget_access()
    contract = make_contract(cast.ada)
    say(cast.ada, KEY, contract.pk, "@Lin Dahl, @王伟请看")
    assert {one.user.name for one in Mention.objects.select_related("user")} == {"Lin Dahl", "王伟"}


def test_the_event_names_the_record_the_channel_and_who_was_asked(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hetong.discussions.services import checks

    heard: list[Any] = []
    monkeypatch.setattr(checks, "publish", heard.append)
    contract = make_contract(cast.ada)
    first = say(cast.lin, KEY, contract.pk)
    say(cast.ada, KEY, contract.pk, "@Ben?", thread=first.thread_id)
    [fact] = heard[-1].rows
    assert fact.noun == "discussions.comment"
    assert fact.company == cast.north.pk
    assert fact.facts == {
        "noun": KEY, "subject": str(contract.pk), "channel": "internal", "thread": str(first.thread_id),
        "mentioned": [str(cast.ben.id)], "answered": [str(cast.lin.id)],
    }  # fmt: skip


def test_only_the_author_changes_the_words_and_only_for_a_while(cast: Any) -> None:
    contract = make_contract(cast.ada)
    comment = say(cast.ada, KEY, contract.pk, "Tpyo")
    with pytest.raises(NotYours):
        edit_comments(cast.ben, [comment.pk], {"text": "Mine"})
    edit_comments(cast.ada, [comment.pk], {"text": "Typo, @Lin"})
    row = COMMENT.show(cast.lin, [comment.pk])[0]
    assert (row["text"], row["edited_at"] is not None, row.verbs) == ("Typo, @Lin", True, ())
    assert values_of(comment.pk, "text") == [(None, "Tpyo"), ("Tpyo", "Typo, @Lin")]
    assert Mention.objects.get().user.name == "Lin"
    with clock.set_to(clock.now() + dt.timedelta(hours=25)):
        assert COMMENT.show(cast.ada, [comment.pk])[0].verb("edit") is None
        with pytest.raises(TooLate):
            edit_comments(cast.ada, [comment.pk], {"text": "Later"})


def test_a_withdrawn_comment_leaves_a_trace_and_no_words(cast: Any) -> None:
    contract = make_contract(cast.ada)
    comment = say(cast.ada, KEY, contract.pk, "@Lin secret")
    with pytest.raises(NotYours):
        withdraw_comments(cast.lin, [comment.pk])
    withdraw_comments(cast.admin, [comment.pk])  # who keeps order
    row = COMMENT.show(cast.lin, [comment.pk])[0]
    assert (row["text"] or "", row["withdrawn_by"]) == ("", "Admin")
    assert not Mention.objects.filter(settled_at=None).exists()
    assert "@Lin secret" in {before for before, _after in values_of(comment.pk, "text")}
    with pytest.raises(NotToCome):
        withdraw_comments(cast.ada, [comment.pk])


def test_a_settled_thread_is_taken_up_again_by_hand_or_by_answering(cast: Any) -> None:
    contract = make_contract(cast.ada)
    first = say(cast.ada, KEY, contract.pk)
    resolve_threads(cast.lin, [first.thread_id])
    assert THREAD.show(cast.ada, [first.thread_id])[0]["resolved_by"] == "Lin"
    reopen_threads(cast.ada, [first.thread_id])
    resolve_threads(cast.lin, [first.thread_id])
    say(cast.ada, KEY, contract.pk, "One more thing", thread=first.thread_id)
    assert Thread.objects.get().resolved_at is None


def test_a_colleague_whose_invitation_is_over_is_invited_again(cast: Any) -> None:
    contract = make_contract(cast.ada)
    invite(cast.ada, KEY, contract.pk, cast.olle.id)
    Share.objects.update(ends_on=clock.today("Europe/Stockholm") - dt.timedelta(days=3))
    assert not is_visible(cast.olle, KEY, contract.pk)
    invite(cast.ada, KEY, contract.pk, cast.olle.id)
    assert is_visible(cast.olle, KEY, contract.pk)


def test_an_invited_colleague_of_another_department_comments_and_changes_nothing(cast: Any) -> None:
    """S0-12."""
    contract = make_contract(cast.ada)
    assert [one.sees for one in offer_people(cast.ada, KEY, contract.pk, "oll")] == [False]
    invite(cast.ada, KEY, contract.pk, cast.olle.id)
    assert [one.sees for one in offer_people(cast.ada, KEY, contract.pk, "oll")] == [True]
    say(cast.olle, KEY, contract.pk, "Our lab can test it.")
    with pytest.raises(Forbidden):
        edit_contracts(cast.olle, [contract.pk], {"title": "Mine"})
    assert Contract.objects.get(pk=contract.pk).title != "Mine"


def test_an_invitation_takes_no_right_away(cast: Any) -> None:
    contract = make_contract(cast.ada)
    share_records(cast.ada, KEY, [contract.pk], user=User.objects.get(name="Olle"), level="edit")
    invite(cast.ada, KEY, contract.pk, cast.olle.id)
    edit_contracts(cast.olle, [contract.pk], {"title": "Ours"})
    assert Contract.objects.get(pk=contract.pk).title == "Ours"


def test_who_may_only_read_does_not_write(cast: Any) -> None:
    contract = make_contract(cast.ada)
    share_records(cast.ada, KEY, [contract.pk], user=User.objects.get(name="Olle"), level="view")
    with pytest.raises(OnlyReading):
        say(cast.olle, KEY, contract.pk)


def test_an_agent_reads_no_discussion_unless_the_role_says_so(cast: Any) -> None:
    contract = make_contract(cast.lin, owner=cast.gus.id)
    say(cast.lin, KEY, contract.pk, "Between us")
    assert not Comment.objects.visible_to(cast.gus).exists()
    with pytest.raises(Forbidden):
        say(cast.gus, KEY, contract.pk)


def test_an_archived_record_rests_with_its_discussion(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.ARCHIVED, make_contract(cast.ada))
    with pytest.raises(Conflict):
        say(cast.ben, KEY, contract.pk)


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u200b".strip("\u200b")])
def test_nothing_is_not_said(cast: Any, text: str) -> None:
    with pytest.raises(Invalid):
        say(cast.ada, KEY, make_contract(cast.ada).pk, text)


def test_too_much_is_refused_whole_and_nothing_is_half_written(cast: Any) -> None:
    contract = make_contract(cast.ada)
    fine, long = CommentOrder(KEY, contract.pk, "Fine"), CommentOrder(KEY, contract.pk, "x" * 10_001)
    with pytest.raises(Invalid):
        add_comments(cast.ada, [fine, long])
    with pytest.raises(Invalid):
        add_comments(cast.ada, [CommentOrder(KEY, contract.pk, "Fine", channel="loud")])
    assert (Comment.objects.count(), Outbox.objects.filter(code="discussions.commented").count()) == (0, 0)


def test_files_go_with_a_comment_and_with_its_rights(cast: Any) -> None:
    contract = make_contract(cast.ada)
    comment = say(cast.ada, KEY, contract.pk, "", files=(make_upload("Sketch", "sketch.pdf"),))
    [file] = COMMENT.show(cast.lin, [comment.pk])[0]["files"]
    client = Client()
    client.force_login(User.objects.get(name="Lin"))
    assert client.get(file.url).headers["Content-Disposition"].startswith("attachment")
    client.force_login(User.objects.get(name="Olle"))
    assert client.get(file.url).status_code == 404
    withdraw_comments(cast.ada, [comment.pk])
    client.force_login(User.objects.get(name="Lin"))
    assert client.get(file.url).status_code == 404

"""Answers by mail: a reply to a notice of a comment stands in its thread, under the rights of that moment (S0-11, S0-12, trust D3, F5)."""

from __future__ import annotations

import io
import ssl
import sys
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from hetong.accounts.models import Grant
from hetong.accounts.services.access import bump_policy
from hetong.audit.models import Entry
from hetong.config.environment import Environment, SettingError
from hetong.config.mail_address import MailIn as Box
from hetong.config.mail_address import mail_in, reply_address
from hetong.contracts.models import Contract
from hetong.contracts.testing import make_contract
from hetong.discussions.models import Attachment, Comment
from hetong.discussions.services import withdraw_comments
from hetong.discussions.testing import say
from hetong.files.testing import make_pdf
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.testing import self_signed
from hetong.notifications import services
from hetong.notifications.gateways import FakeInbox, InboxUnreachable, use_inbox
from hetong.notifications.models import Mail, MailIn, ReplyAddress
from hetong.notifications.services import receiving, take_mail, take_waiting
from hetong.notifications.testing import delivered, mail_kept, text_of

from .imap import imap

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"
BOX = "answers@house.example"


@pytest.fixture(autouse=True)
def taking(settings: Any) -> Iterator[None]:
    settings.REPLY_ADDRESS = BOX
    yield
    use_inbox(None)


@pytest.fixture
def contract(cast: Any) -> Contract:
    return make_contract(cast.ada, title="Flow metering")


def asked(actor: Actor, contract: Contract, text: str = "@Lin, is the price right?", **over: Any) -> EmailMessage:
    """The mail that Lin gets of a comment in which she is named."""
    with mail_kept() as kept:
        say(actor, KEY, contract.pk, text, **over)
        return next(one for one in reversed(delivered(kept)) if one["To"] == "lin@example.test")


def reply(to: EmailMessage, text: str = "It is.", sender: str = "Lin <lin@example.test>", **headers: str) -> bytes:
    """What Lin's program sends when she answers."""
    message = EmailMessage()
    wanted = {
        "From": sender, "To": str(to["Reply-To"]), "Subject": f"Re: {to['Subject']}", "Message-ID": f"<{text[:40].encode().hex()}@lin>",
        "In-Reply-To": str(to["Message-ID"]), **headers,
    }  # fmt: skip
    for name, value in wanted.items():
        if value:
            message[name] = value
    quoted = "\n".join(f"> {line}" for line in text_of(to).splitlines())
    message.set_content(f"{text}\n\nOn Monday {to['From']} wrote:\n\n{quoted}\n")
    return message.as_bytes()


def last() -> Comment:
    return Comment.objects.select_related("thread").latest("pk")


def written_to(kept: Any, name: str) -> list[EmailMessage]:
    return [one for one in delivered(kept) if one["To"] == f"{name}@example.test"]


def test_the_answer_to_a_notice_is_a_comment_in_the_same_thread(cast: Any, contract: Contract) -> None:
    mail = asked(cast.ada, contract)
    assert text_of(mail).startswith("##- Write your answer above this line")
    assert "is the price right?" in text_of(mail)
    assert "Only colleagues read your answer." in text_of(mail)
    assert take_mail(reply(mail)).fate == "taken"
    first, answer = Comment.objects.order_by("pk")
    assert (answer.text, answer.author_label, answer.thread_id) == ("It is.", "Lin", first.thread_id)
    assert Entry.objects.filter(subject=answer.pk).values_list("via", flat=True).get() == "mail"
    assert not first.mentions.filter(settled_at=None).exists(), "she was asked and has answered"


def test_the_same_mail_is_taken_once_whichever_way_it_comes(cast: Any, contract: Contract) -> None:
    sent = reply(asked(cast.ada, contract))
    take_mail(sent)
    take_mail(b"Received: by another way\n" + sent)
    use_inbox(FakeInbox([sent]))
    assert take_waiting() == "1 taken"
    assert Comment.objects.count() == 2
    assert MailIn.objects.count() == 1


def test_a_fault_halfway_leaves_nothing_and_the_next_try_takes_it(
    cast: Any, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hetong.discussions.services import comments

    sent = reply(asked(cast.ada, contract))
    with monkeypatch.context() as broken:
        broken.setattr(comments, "tell", lambda *_a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_mail(sent)
    assert not MailIn.objects.exists()
    assert take_mail(sent).fate == "taken"
    assert Comment.objects.count() == 2


def test_an_answer_stays_in_its_channel_and_the_mail_says_who_reads_it(cast: Any, contract: Contract) -> None:
    mail = asked(cast.ben, contract, "@Lin, may we say so?", channel="shared")
    assert "is read by" in text_of(mail)
    assert take_mail(reply(mail, "Yes.")).fate == "taken"
    assert last().thread.channel == "shared"
    inside = asked(cast.ada, contract, "@Lin, between us?")
    take_mail(reply(inside, "Between us."))
    assert (last().text, last().thread.channel) == ("Between us.", "internal")


def test_files_go_through_the_judging_of_files(cast: Any, contract: Contract) -> None:
    mail = asked(cast.ada, contract)

    def with_file(name: str, content: bytes, number: int) -> bytes:
        from email import message_from_bytes, policy

        message = message_from_bytes(
            reply(mail, **{"Message-ID": f"<f{number}@lin>"}), EmailMessage, policy=policy.default
        )
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        return message.as_bytes()

    assert take_mail(with_file("offer.pdf", make_pdf(), 1)).fate == "taken"
    assert Attachment.objects.get().name == "offer.pdf"
    with mail_kept() as kept:
        assert take_mail(with_file("run.exe", b"MZ\x90\x00" * 100, 2)).fate == "refused"
        [told] = written_to(kept, "lin")
    assert "run.exe" in text_of(told)
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"sender": "Ada <ada@example.test>"}, "other_sender"),
        ({"sender": "lin@example.test, ada@example.test"}, "other_sender"),
        ({"To": BOX}, "no_address"),
        ({"To": "answers+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@house.example"}, "no_address"),
        ({"Auto-Submitted": "auto-replied"}, "automatic"),
        ({"Precedence": "bulk"}, "automatic"),
        ({"Return-Path": "<>"}, "automatic"),
    ],
)
def test_whoever_is_not_known_beyond_doubt_is_neither_heard_nor_answered(
    cast: Any, contract: Contract, over: dict[str, str], why: str
) -> None:
    """One of address and sender is not enough, and no program is written to: it could write back."""
    mail = asked(cast.ada, contract)
    with mail_kept() as kept:
        noted = take_mail(reply(mail, **over))
        assert (noted.fate, noted.why) == ("aside", why)
        assert delivered(kept) == []
    assert Comment.objects.count() == 1


def test_mails_of_our_own_are_set_aside(cast: Any, contract: Contract, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Hetong <lin@example.test>"
    assert take_mail(reply(asked(cast.ada, contract))).why == "automatic"


def test_who_lost_the_right_is_told_so_and_nothing_of_the_record(cast: Any, contract: Contract) -> None:
    """The rights are those of now, not of the day of the mail (trust D3)."""
    mail = asked(cast.ada, contract)
    Grant.objects.filter(user=cast.users["lin"]).delete()
    bump_policy(Actor.system(), ())
    with mail_kept() as kept:
        assert take_mail(reply(mail)).fate == "refused"
        [told] = written_to(kept, "lin")
    assert "you have no access to it" in text_of(told)
    assert "price" not in text_of(told)
    assert Comment.objects.count() == 1


def test_who_left_is_neither_heard_nor_answered(cast: Any, contract: Contract) -> None:
    mail = asked(cast.ada, contract)
    user = cast.users["lin"]
    user.is_active = False
    user.save()
    with mail_kept() as kept:
        assert take_mail(reply(mail)).why == "no_person"
        assert delivered(kept) == []


def test_addresses_grow_old_and_are_ended_by_their_person(cast: Any, contract: Contract) -> None:
    mail = asked(cast.ada, contract)
    with clock.set_to(clock.now() + timedelta(days=61)):
        assert take_mail(reply(mail, "Late.")).why == "reply_address_over"
    client = Client()
    client.force_login(cast.users["lin"])
    assert b"Answers by mail" in client.get("/settings/notices/").content
    client.post("/settings/notices/replies/end/")
    with mail_kept() as kept:
        assert take_mail(reply(mail, "Ended.")).why == "reply_address_over"
        [told] = written_to(kept, "lin")
    assert "no longer in use" in text_of(told)
    assert take_mail(reply(asked(cast.ada, contract, "@Lin, again?"), "New.")).fate == "taken"


def test_refusals_of_a_day_and_mails_of_an_hour_have_an_end(
    cast: Any, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_ANSWERS", 2)
    monkeypatch.setattr(receiving, "MOST_AN_HOUR", 4)
    mail = asked(cast.ada, contract)
    with mail_kept() as kept:
        fates = [take_mail(reply(mail, "", **{"Message-ID": f"<{n}@lin>"})) for n in range(5)]
        assert len(written_to(kept, "lin")) == 2
    assert [one.fate for one in fates] == ["refused"] * 4 + ["aside"]
    assert fates[-1].why == "too_many"


def test_a_mail_that_is_too_large_is_refused_in_words(
    cast: Any, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LARGEST", 2 * 1024 * 1024)
    mail = asked(cast.ada, contract)
    with mail_kept() as kept:
        assert take_mail(reply(mail, "x" * 3_000_000)).fate == "refused"
        [told] = written_to(kept, "lin")
    assert "larger than 2 MB" in text_of(told)


def test_what_is_withdrawn_or_closed_to_its_reader_is_not_quoted(cast: Any, contract: Contract) -> None:
    with mail_kept() as kept:
        comment = say(cast.ada, KEY, contract.pk, "@Lin, canary-7")
        withdraw_comments(cast.ada, [comment.pk])
        for mail in delivered(kept):
            assert "canary-7" not in mail.as_string()
            assert mail["Reply-To"] is None


def test_without_an_address_for_answers_mails_say_that_none_is_read(
    cast: Any, contract: Contract, settings: Any
) -> None:
    settings.REPLY_ADDRESS = ""
    mail = asked(cast.ada, contract)
    assert mail["Reply-To"] is None
    assert "Replies are not read." in text_of(mail)
    assert not ReplyAddress.objects.exists()


def test_only_a_digest_of_the_address_is_kept_in_the_clear(cast: Any, contract: Contract) -> None:
    mail = asked(cast.ada, contract)
    token = str(mail["Reply-To"]).partition("+")[2].partition("@")[0]
    assert len(token) == 32
    kept = " ".join(str(row) for model in (ReplyAddress, Mail, MailIn) for row in model.objects.values())
    assert token not in kept


def test_administrators_see_what_came_in_and_why_it_was_set_aside(cast: Any, contract: Contract) -> None:
    mail = asked(cast.ada, contract)
    take_mail(reply(mail))
    take_mail(reply(mail, sender="stranger@else.example"))
    client = Client()
    client.force_login(cast.users["admin"])
    page = client.get("/settings/mails/").content.decode()
    assert "stranger@else.example" in page
    assert "did not come from the person" in page
    assert "It is." not in page, "the words are in the comment alone"


def test_old_letters_and_addresses_are_forgotten(cast: Any, contract: Contract) -> None:
    take_mail(reply(asked(cast.ada, contract)))
    with clock.set_to(clock.now() + timedelta(days=91)):
        assert services.purge_received() == "1 forgotten"
    assert not ReplyAddress.objects.exists()


# -- the ways in ---------------------------------------------------------------------------------


def piped(raw: bytes, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """What the command says of a mail on its standard input."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("mail-in", *words, stdout=said)
    return said.getvalue().strip()


def test_a_mail_server_pipes_a_mail_into_the_command(
    cast: Any, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = asked(cast.ada, contract)
    assert piped(reply(mail), monkeypatch) == "taken"
    hidden = reply(mail, "Blind.", To="undisclosed@house.example")
    assert piped(hidden, monkeypatch, "--recipient", str(mail["Reply-To"]).partition("<")[2].rstrip(">")) == "taken"
    assert last().text == "Blind."


def test_a_fault_of_ours_lets_the_mail_server_come_back(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(receiving, "read_letter", lambda *_a, **_n: 1 / 0)
    with pytest.raises(CommandError) as fault:
        piped(b"x", monkeypatch)
    assert fault.value.returncode == 75
    settings.REPLY_ADDRESS = ""
    with pytest.raises(CommandError) as off:
        piped(b"x", monkeypatch)
    assert off.value.returncode == 75


def test_a_mail_that_we_cannot_take_stays_and_holds_up_no_other(
    cast: Any, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, box = receiving.read_letter, FakeInbox([b"X-Ours: broken\n\n", reply(asked(cast.ada, contract))])
    use_inbox(box)
    monkeypatch.setattr(
        receiving, "read_letter", lambda raw, **more: 1 / 0 if raw.startswith(b"X-Ours") else read(raw, **more)
    )
    assert take_waiting() == "1 left, 1 taken"
    assert last().text == "It is."
    assert box.settled == [False], "what was not taken is not marked: the next run tries again"


def test_a_folder_that_a_mail_server_fills_is_read(
    cast: Any, contract: Contract, settings: Any, tmp_path: Path
) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    settings.MAIL_IN = Box("maildir", path=tmp_path / "box")
    mail = asked(cast.ada, contract)
    (tmp_path / "box/new/1.a.house").write_bytes(reply(mail))
    (tmp_path / "box/new/2.b.house").write_bytes(reply(mail, sender="stranger@else.example"))
    assert take_waiting() == "1 aside, 1 taken"
    assert [one.name.partition(":2,")[2] for one in (tmp_path / "box").glob("*/*")] == ["S"], (
        "the stranger's stays, seen"
    )
    assert take_waiting() == ""
    settings.MAIL_IN = Box("maildir", path=tmp_path / "nowhere")
    with pytest.raises(InboxUnreachable):
        take_waiting()


def test_a_box_on_a_server_is_read_over_tls(
    cast: Any, contract: Contract, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate, tls = self_signed(tmp_path / "mail.pem", "localhost"), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    mail = asked(cast.ada, contract)
    with imap(tls, [reply(mail), reply(mail, sender="stranger@else.example")]) as server:
        settings.MAIL_IN = Box("imaps", "localhost", server.server_address[1], "hetong", "p@ss", "Hetong answers")
        with pytest.raises(InboxUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
            take_waiting()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert take_waiting() == "1 aside, 1 taken"
        assert {uid: flags for uid, (_raw, flags) in server.box.items()} == {2: {r"\Seen", r"\Flagged"}}
        assert 'SELECT "Hetong answers"' in server.said
        assert take_waiting() == ""
        settings.MAIL_IN = Box("imaps", "localhost", server.server_address[1], "hetong", "wrong")
        with pytest.raises(InboxUnreachable) as away:
            take_waiting()
    assert "wrong" not in str(away.value)
    assert last().text == "It is."


def test_settings_of_mails_that_come_in_are_read_or_refused() -> None:
    def read(box: str, address: str = BOX) -> Any:
        environment = Environment({"HETONG_REPLY_ADDRESS": address, "HETONG_MAIL_IN": box})
        return reply_address(environment), mail_in(environment)

    assert read("") == (BOX, None)
    assert read("imaps://me%40house:p%2Fw@mail.house.example/Answers%20in") == (
        BOX, Box("imaps", "mail.house.example", 993, "me@house", "p/w", "Answers in"),
    )  # fmt: skip
    assert read("imap://me:p@mail.house.example")[1] == Box("imap", "mail.house.example", 143, "me", "p", "INBOX")
    assert read("maildir:/var/mail/hetong")[1] == Box("maildir", path=Path("/var/mail/hetong"))
    for box, address in [("pop3://x", BOX), ("imaps://host", BOX), ("imaps://me:p@host/a%22b", BOX), ("maildir:/x", ""),
                         ("", "no address"), ("", f"{'x' * 32}@house.example")]:  # fmt: skip
        with pytest.raises(SettingError):
            read(box, address)

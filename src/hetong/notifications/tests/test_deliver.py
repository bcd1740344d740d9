"""Mails leave once, are tried again, and say nothing that they should not (trust D3, F5, I3)."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from hetong.accounts.models import User
from hetong.accounts.testing import make_user
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.notifications import services
from hetong.notifications.gateways import (
    FakeGateway,
    MailDeferred,
    MailDropped,
    MailRefused,
    MailUnreachable,
    SmtpGateway,
    use,
)
from hetong.notifications.kinds import KINDS
from hetong.notifications.models import Mail
from hetong.notifications.services import MailOrder, send_mails
from hetong.notifications.services.tries import MOST_ATTEMPTS
from hetong.notifications.states import State
from hetong.notifications.testing import delivered, mail_kept, text_of

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def ada() -> User:
    return make_user("Ada")


def order(to: User, key: str = "one", kind: str = "password_changed", **more: Any) -> MailOrder:
    return MailOrder(kind, to, key, **more)


def failing(*failures: Exception) -> FakeGateway:
    gateway = FakeGateway(*failures)
    use(gateway)
    return gateway


@pytest.fixture(autouse=True)
def no_gateway_stays() -> Any:
    yield
    use(None)


def test_a_mail_arrives_as_text_and_html_in_the_readers_language(ada: User) -> None:
    with mail_kept() as kept:
        send_mails(SYSTEM, [order(ada)])
        [message] = delivered(kept)
    assert message["To"] == "ada@example.test"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == Mail.objects.get().message_id
    assert "Hello Ada," in text_of(message)
    html = message.get_body(("html",))
    assert html is not None
    assert "style=" not in html.get_content()
    assert Mail.objects.get().state == State.SENT


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_kind_can_be_worded_in_every_language(ada: User, kind: str, language: str) -> None:
    ada.language = language
    with mail_kept() as kept:
        send_mails(
            SYSTEM,
            [
                order(
                    ada,
                    kind=kind,
                    params={"by": "Ben", "words": "News", "count": 3},
                    link="http://x/y" if KINDS[kind].button else "",
                )
            ],
        )
        [message] = delivered(kept)
    assert "%(" not in text_of(message)
    assert message["Subject"]


def test_the_same_key_is_sent_once(ada: User) -> None:
    assert len(send_mails(SYSTEM, [order(ada), order(ada)])) == 1
    assert send_mails(SYSTEM, [order(ada)]) == []


def test_two_workers_never_send_the_same_mail(ada: User) -> None:
    """The second worker comes while the first one is still sending."""
    send_mails(SYSTEM, [order(ada)])
    sent: list[str] = []

    class Slow:
        def send(self, recipient: str, content: bytes, name: str) -> str:
            sent.append(name)
            services.deliver_mails()
            return ""

    use(Slow())
    services.deliver_mails()
    assert len(sent) == 1


def test_what_a_killed_worker_left_is_taken_up_after_its_lease(ada: User) -> None:
    send_mails(SYSTEM, [order(ada)])

    class Killed(BaseException):
        pass

    class Dying:
        def send(self, recipient: str, content: bytes, name: str) -> str:
            raise Killed

    use(Dying())
    with pytest.raises(Killed):
        services.deliver_mails()
    gateway = failing()
    services.deliver_mails()
    assert gateway.sent == []
    with clock.set_to(clock.now() + timedelta(minutes=6)):
        services.deliver_mails()
    assert len(gateway.sent) == 1


def test_a_server_that_is_away_is_tried_again_later_with_the_same_bytes(ada: User) -> None:
    send_mails(SYSTEM, [order(ada)])
    before = Mail.objects.get().message_id
    gateway = failing(MailUnreachable("away"))
    services.deliver_mails()
    mail = Mail.objects.get()
    assert (mail.state, mail.error) == (State.WAITING, "away")
    services.deliver_mails()
    assert gateway.sent == []
    with clock.set_to(clock.now() + timedelta(minutes=2)):
        services.deliver_mails()
    assert before.encode() in gateway.sent[0][1]


def test_while_the_server_is_away_the_other_mails_wait_untried(ada: User) -> None:
    """I3: one silence of the server a run, not one for every mail."""
    send_mails(SYSTEM, [order(ada), order(ada, "two"), order(ada, "three")])
    failing(MailUnreachable("away"), MailUnreachable("away"))
    services.deliver_mails()
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_after_ten_tries_it_is_given_up_and_can_be_tried_again_by_hand(cast: Any) -> None:
    send_mails(SYSTEM, [order(cast.users["ada"])])
    gateway = failing(*[MailUnreachable("away")] * MOST_ATTEMPTS)
    at = clock.now()
    for _ in range(MOST_ATTEMPTS):
        with clock.set_to(at):
            services.deliver_mails()
        at += timedelta(hours=7)
    assert Mail.objects.get().state == State.FAILED
    client = Client()
    client.force_login(cast.users["admin"])
    assert "away" in client.get("/settings/mails/").content.decode()
    assert client.post(f"/settings/mails/{Mail.objects.get().pk}/retry/").status_code == 302
    services.deliver_mails()
    assert len(gateway.sent) == 1


def test_a_refused_address_is_not_tried_again(ada: User) -> None:
    send_mails(SYSTEM, [order(ada)])
    failing(MailRefused("550 no such user"))
    services.deliver_mails()
    assert (Mail.objects.get().state, Mail.objects.get().error) == (State.FAILED, "550 no such user")


def test_a_link_is_sealed_while_it_waits_and_forgotten_once_it_is_sent(ada: User) -> None:
    send_mails(SYSTEM, [order(ada, kind="password_reset", link="http://x/secret-link")])
    assert "secret-link" not in Mail.objects.get().content
    gateway = failing()
    services.deliver_mails()
    assert b"secret-link" in gateway.sent[0][1]
    assert Mail.objects.get().content == ""


def test_a_dead_link_is_not_sent(ada: User) -> None:
    send_mails(SYSTEM, [order(ada, kind="password_reset", link="http://x/secret-link")])
    gateway = failing()
    with clock.set_to(clock.now() + timedelta(hours=2)):
        services.deliver_mails()
    assert gateway.sent == []
    assert Mail.objects.get().state == State.FAILED


@pytest.mark.parametrize("name", ["A\r\nBcc: evil@x.example", "A\nX: 1", "A\u2028B", "A\x00B", "李雷 <a@b.example>, x"])
def test_a_name_cannot_write_a_header_of_its_own(ada: User, name: str) -> None:
    """F5."""
    with mail_kept() as kept:
        send_mails(SYSTEM, [order(ada, kind="invitation", params={"by": name, "site": name}, link="http://x/y")])
        [message] = delivered(kept)
    assert message["Bcc"] is None
    assert message["X"] is None
    assert "evil" not in str(message["To"])


def test_without_a_mail_server_a_message_lies_in_a_file_of_the_service_alone(ada: User) -> None:
    send_mails(SYSTEM, [order(ada)])
    services.deliver_mails()
    path = Path(Mail.objects.get().place)
    assert path.parent == Path(settings.MAIL["EMAIL_FILE_PATH"])
    assert b"ada@example.test" in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_mails_about_people_of_other_companies_are_not_listed(cast: Any) -> None:
    from hetong.accounts.testing import grant

    send_mails(SYSTEM, [order(cast.users["ada"]), order(cast.users["dora"], "two")])
    boss = make_user("Boss")
    grant(boss, "admin", cast.south)
    client = Client()
    client.force_login(boss)
    page = client.get("/settings/mails/").content.decode()
    assert "dora@example.test" in page
    assert "ada@example.test" not in page


class Server:
    """What smtplib would talk to."""

    def __init__(self, answer: Exception | None = None, step: str = "sendmail") -> None:
        self.answer, self.step, self.said = answer, step, []  # type: ignore[var-annotated]

    def __call__(self, host: str, port: int, timeout: float) -> Server:
        return self

    def __getattr__(self, name: str) -> Any:
        def heard(*args: Any) -> None:
            self.said.append((name, *args))
            if name == self.step and self.answer:
                raise self.answer

        return heard


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such user")}), MailRefused),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"later")}), MailDeferred),
        (smtplib.SMTPSenderRefused(451, b"4.7.1 the sender is looked up", "us@b.example"), MailDeferred),
        (smtplib.SMTPSenderRefused(530, b"authentication required", "us@b.example"), MailUnreachable),
        (smtplib.SMTPDataError(451, b"4.7.1 the virus scanner is busy"), MailDeferred),
        (smtplib.SMTPDataError(554, b"5.6.0 never"), MailRefused),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), MailUnreachable),
        (smtplib.SMTPServerDisconnected("gone"), MailDropped),
        (OSError("no route"), MailDropped),
    ],
)
def test_what_a_mail_server_answers_is_final_or_not(
    monkeypatch: pytest.MonkeyPatch, answer: Exception, expected: type[Exception]
) -> None:
    monkeypatch.setattr(smtplib, "SMTP", Server(answer))
    with pytest.raises(MailRefused if expected is MailRefused else MailUnreachable) as caught:
        SmtpGateway("h", 587, "u", "p", False, True, 1).send("a@b.example", b"x", "n")
    assert caught.type is expected


@pytest.mark.parametrize("step", ["starttls", "login"])
@pytest.mark.parametrize(
    "answer",
    [
        smtplib.SMTPResponseException(454, b"not now"),
        smtplib.SMTPResponseException(554, b"not you"),
        OSError("no route"),
    ],
)
def test_what_a_server_says_before_a_message_is_about_us_and_costs_no_mail(
    monkeypatch: pytest.MonkeyPatch, step: str, answer: Exception
) -> None:
    """I3."""
    monkeypatch.setattr(smtplib, "SMTP", Server(answer, step))
    with pytest.raises(MailUnreachable) as caught:
        SmtpGateway("h", 587, "u", "p", False, True, 1).send("a@b.example", b"x", "n")
    assert caught.type is MailUnreachable


@pytest.mark.parametrize(
    "goodbye",
    [smtplib.SMTPResponseException(421, b"closing"), smtplib.SMTPResponseException(250, b"bye"), OSError("gone")],
)
def test_a_mail_that_was_taken_is_sent_whatever_the_server_says_to_our_goodbye(
    monkeypatch: pytest.MonkeyPatch, goodbye: Exception
) -> None:
    """I3: nobody gets it twice."""
    monkeypatch.setattr(smtplib, "SMTP", Server(goodbye, "quit"))
    assert SmtpGateway("h", 587, "u", "p", False, True, 1).send("a@b.example", b"x", "n") == ""


def test_a_domain_in_other_letters_is_told_in_ascii_and_a_name_in_them_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []

    class Listening(Server):
        def sendmail(self, _sender: str, to: list[str], _content: bytes) -> None:
            told.extend(to)

    monkeypatch.setattr(smtplib, "SMTP", Listening())
    gateway = SmtpGateway("h", 25, "", "", False, False, 1)
    gateway.send("anna@åhlens.example", b"x", "n")
    assert told == ["anna@xn--hlens-lra.example"]
    with pytest.raises(MailRefused):
        gateway.send("åsa@b.example", b"x", "n")


def choking(monkeypatch: pytest.MonkeyPatch, answer: Exception) -> list[str]:
    """A real gateway to a server that answers so whatever is meant for Ada; the recipients of what it took."""
    taken: list[str] = []

    class Choking(Server):
        def sendmail(self, _sender: str, to: list[str], _content: bytes) -> None:
            if to == ["ada@example.test"]:
                raise answer
            taken.extend(to)

    monkeypatch.setattr(smtplib, "SMTP", Choking())
    use(SmtpGateway("h", 25, "", "", False, False, 1))
    return taken


@pytest.mark.parametrize(
    "answer",
    [smtplib.SMTPDataError(451, b"4.7.1 later"), smtplib.SMTPSenderRefused(450, b"4.1.8 later", "us@b.example")],
)
def test_a_mail_that_is_put_off_after_its_words_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch, ada: User, answer: Exception
) -> None:
    """I3."""
    taken = choking(monkeypatch, answer)
    send_mails(SYSTEM, [order(ada), order(make_user("Ben"), "two")])
    services.deliver_mails()
    assert taken == ["ben@example.test"]
    assert Mail.objects.filter(state=State.WAITING, is_held=False).count() == 1


def test_a_mail_on_which_the_server_hangs_up_lets_others_go_first(monkeypatch: pytest.MonkeyPatch, ada: User) -> None:
    """I3: three times it may be the server's own; then another mail finds out."""
    taken = choking(monkeypatch, smtplib.SMTPServerDisconnected("gone"))
    send_mails(SYSTEM, [order(ada), order(make_user("Ben"), "two")])
    start = clock.now()
    for minutes, expected in ((0, []), (2, []), (5, ["ben@example.test"])):
        with clock.set_to(start + timedelta(minutes=minutes)):
            services.deliver_mails()
        assert taken == expected, minutes
    assert not Mail.objects.filter(is_held=True).exists()


@pytest.mark.parametrize(
    "no",
    [
        smtplib.SMTPSenderRefused(553, b"5.7.1 Sender address rejected: not owned by user", "answers@example.test"),
        smtplib.SMTPRecipientsRefused({"a@b.example": (553, b"5.7.1 Sender address rejected: not owned by user")}),
        smtplib.SMTPDataError(550, b"5.7.60 Client does not have permissions to send as this sender"),
    ],
)
def test_a_server_that_binds_senders_to_the_login_gets_the_login_as_the_sender(
    monkeypatch: pytest.MonkeyPatch, settings: Any, no: Exception
) -> None:
    senders = []

    class Binding(Server):
        def sendmail(self, sender: str, _to: list[str], _content: bytes) -> None:
            senders.append(sender)
            if sender != "hetong@example.test":
                raise no

    settings.DEFAULT_FROM_EMAIL, settings.REPLY_ADDRESS = "Hetong <hetong@example.test>", "answers@example.test"
    monkeypatch.setattr(smtplib, "SMTP", Binding())
    gateway = SmtpGateway("h", 587, "u", "p", False, True, 1)
    assert gateway.send("a@b.example", b"x", "n") == ""
    assert senders == ["answers@example.test", "hetong@example.test"]
    settings.REPLY_ADDRESS = ""
    settings.DEFAULT_FROM_EMAIL = "Other <other@example.test>"
    with pytest.raises(MailRefused):
        gateway.send("a@b.example", b"x", "n")
    assert senders[2:] == ["other@example.test"], "the same is not asked twice"


def test_a_password_is_given_only_after_the_connection_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(smtplib, "SMTP", server)
    SmtpGateway("h", 587, "u", "p", False, True, 1).send("a@b.example", b"x", "n")
    assert [said[0] for said in server.said] == ["starttls", "login", "sendmail", "quit", "close"]

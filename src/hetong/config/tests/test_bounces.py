"""A mail that a server took and then gave back stands as failed in the log of mails (S2-13; trust F5)."""

from __future__ import annotations

from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

import pytest
from django.test import Client

from hetong.kernel.actors import Actor
from hetong.notifications.gateways.mail import return_address
from hetong.notifications.models import Mail
from hetong.notifications.services import MailOrder, send_mails, take_mail
from hetong.notifications.states import State
from hetong.notifications.testing import delivered, mail_kept

pytestmark = pytest.mark.django_db


def sent(cast: Any) -> EmailMessage:
    with mail_kept() as kept:
        send_mails(Actor.system(), [MailOrder("password_changed", cast.users["ada"], "one")])
        return delivered(kept)[0]


def report(of: str, *, action: str = "failed", is_whole: bool = True) -> bytes:
    """What a mail server writes when it gives a mail back (RFC 3464), with the whole mail or its headers alone."""
    message = MIMEMultipart("report", **{"report-type": "delivery-status"})
    message["From"], message["To"] = "MAILER-DAEMON@mx.example", "answers@house.example"
    message["Message-ID"], message["Subject"] = (
        f"<{action}{is_whole}@mx.example>",
        "Undelivered Mail Returned to Sender",
    )
    message.attach(MIMEText("I'm sorry to have to inform you …"))
    status, server, person = Message(), Message(), Message()
    status["Content-Type"], server["Reporting-MTA"] = "message/delivery-status", "dns; mx.example"
    person["Final-Recipient"], person["Action"], person["Status"] = "rfc822; ada@example.test", action, "5.1.1"
    person["Diagnostic-Code"] = "smtp; 550 no such user"
    status.set_payload([server, person])
    message.attach(status)
    returned = EmailMessage()
    returned["Message-ID"], returned["To"] = of, "ada@example.test"
    returned.set_content("Hello Ada,")
    message.attach(
        MIMEMessage(returned) if is_whole else MIMEText(f"Message-ID: {of}\nTo: ada@example.test\n", "rfc822-headers")
    )
    return message.as_bytes()


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_mail_that_came_back_stands_as_failed_with_what_the_server_said(cast: Any, is_whole: bool) -> None:
    message = sent(cast)
    noted = take_mail(report(message["Message-ID"], is_whole=is_whole))
    assert (noted.fate, noted.why) == ("aside", "returned")
    mail = Mail.objects.get()
    assert (mail.state, mail.error) == (State.FAILED, "Returned: smtp; 550 no such user")
    client = Client()
    client.force_login(cast.users["admin"])
    page = client.get("/settings/mails/").content.decode()
    assert "550 no such user" in page
    assert "could not be delivered" in page
    assert client.post(f"/settings/mails/{mail.pk}/retry/").status_code == 302
    assert Mail.objects.get().state == State.WAITING


def test_a_report_that_it_is_late_and_one_on_a_mail_of_others_change_nothing(cast: Any) -> None:
    message = sent(cast)
    assert take_mail(report(message["Message-ID"], action="delayed")).why == "automatic"
    assert take_mail(report("<another@elsewhere.example>")).why == "returned"
    assert Mail.objects.get().state == State.SENT


@pytest.mark.parametrize(("box", "expected"), [
    ("answers@house.example", "answers@house.example"), ("answers@other.example", "hetong@house.example"), ("", "hetong@house.example"),
])  # fmt: skip
def test_mails_come_back_to_the_box_that_is_read_where_the_domain_is_the_same(
    settings: Any, box: str, expected: str
) -> None:
    """Another domain in the envelope would make a stranger of the sender."""
    settings.DEFAULT_FROM_EMAIL, settings.REPLY_ADDRESS = "Hetong <hetong@house.example>", box
    assert return_address() == expected

"""Mails as programs write them: what their writers say is kept, what they quote is not; nothing breaks the reader (trust F5, G2)."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.notifications.gateways import Letter, UnreadableLetter, read_letter
from hetong.notifications.gateways.quoting import answer_in, html_text

OURS = ("hetong@house.example", "answers+")
QUOTED = "> ##- Write your answer above this line -##\n>\n> Hello Lin,\n>\n> Ada mentioned you\n"
PLAIN = QUOTED.replace("> ", "").replace(">", "")

INTRODUCED = {
    "gmail": f"Yes.\n\nOn Mon, 23 Nov 2026 at 10:00, Hetong <hetong@house.example> wrote:\n\n{QUOTED}",
    "gmail, wrapped": f"Yes.\n\nOn Mon, 23 Nov 2026, Hetong – the contracts\n<hetong@house.example> wrote:\n\n{QUOTED}",
    "gmail, wrapped at the sign": f"Yes.\n\nOn Mon, 23 Nov 2026 at 10:00, Hetong <\nhetong@house.example> wrote:\n\n{QUOTED}",
    "apple": f"Yes.\n\n> On 23 Nov 2026, at 10:00, Hetong <hetong@house.example> wrote:\n> \n{QUOTED}",
    "apple in chinese": f"Yes.\n\n> 2026年11月23日 10:00，Hetong <hetong@house.example> 写道：\n> \n{QUOTED}",
    "thunderbird in swedish": f"Yes.\n\nDen 2026-11-23 kl. 10:00, skrev Hetong:\n{QUOTED}",
    "a name alone, wrapped": f"Yes.\n\nOn Monday the 23rd of November 2026 at ten\nHetong wrote:\n{QUOTED}",
    "outlook": f"Yes.\n\n{'_' * 32}\nFrom: Hetong <hetong@house.example>\nSent: Monday\nTo: Lin\nSubject: Pump\n\n{PLAIN}",
    "outlook with names": f"Yes.\n\nFrom: Hetong\nSent: Monday\nTo: Lin\nSubject: Pump\n\n{PLAIN}",
    "outlook, older": f"Yes.\n\n-----Original Message-----\nFrom: Hetong [mailto:answers+x@house.example]\nSubject: Pump\n\n{PLAIN}",
    "qq": f'Yes.\n\n----- 原始邮件 -----\n发件人: "Hetong"<hetong@house.example>;\n主题: Pump\n\n{PLAIN}',
    "foxmail": f"Yes.\n\n \n发件人： Hetong\n发送时间： 2026\n主题： Pump\n{PLAIN}",
    "from above with a header": f"Yes.\n\nDate: Monday\nFrom: Hetong <hetong@house.example>\nTo: Lin\n\n{PLAIN}",
    "no introduction": f"Yes.\n\n{QUOTED}",
    "nothing quoted": "Yes.",
    "a signature": "Yes.\n\n-- \nLin Berg\nLegal",
    "windows lines": f"Yes.\r\n\r\nOn Monday Hetong wrote:\r\n{QUOTED}".replace("\n", "\r\n").replace("\r\r", "\r"),
    "below the quotation": f"On Monday Hetong <hetong@house.example> wrote:\n{QUOTED}\nYes.\n",
    "below the mark": f"{QUOTED}\nYes.\n",
}


@pytest.mark.parametrize("letter", INTRODUCED.values(), ids=INTRODUCED)
def test_what_programs_add_to_an_answer_is_left_out(letter: str) -> None:
    assert answer_in(letter, OURS) == "Yes."


def test_what_the_writer_says_stays_whole() -> None:
    said = (
        "Three things:\n\n- the price: 100\n- the day: Monday\n\n> is it right?\nIt is.\n\n"
        "Write to hetong@house.example: they know.\n\nBest regards\nLin"
    )
    assert answer_in(f"{said}\n\nOn Monday Hetong <hetong@house.example> wrote:\n\n{QUOTED}", OURS) == said


def test_what_stands_between_quoted_lines_is_kept() -> None:
    letter = (
        "On Monday Hetong <hetong@house.example> wrote:\n> Is the price right?\n\nIt is.\n\n> And the day?\n\nMonday.\n"
    )
    assert answer_in(letter, OURS).split() == ["It", "is.", "Monday."]


def test_html_is_read_as_text_and_quotations_in_it_are_known() -> None:
    html = (
        "<html><head><style>p{}</style><title>x</title></head><body><p>Yes,&nbsp;<b>fine</b>.</p><div>Second</div>"
        "<script>alert(1)</script>"
        "<div>On Monday Hetong &lt;hetong@house.example&gt; wrote:<br></div>"
        "<blockquote><p>##- Write above -##</p><p>Hello</p></blockquote></body></html>"
    )
    assert answer_in(html_text(html), OURS) == "Yes, fine.\nSecond"


def made(text: str = "Yes.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    wanted = {
        "From": "Lin <Lin@House.example>",
        "To": "answers+abc@house.example",
        "Message-ID": "<1@house>",
        **headers,
    }
    for name, value in wanted.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def read(message: EmailMessage) -> Letter:
    return read_letter(message.as_bytes(), ours=OURS)


def test_who_wrote_to_whom_is_read() -> None:
    letter = read(made(Cc="Max <max@house.example>", Subject="Re: Pump\n"[:8], Delivered_To="box@house.example"))
    assert letter.sender == "lin@house.example"
    assert set(letter.recipients) == {"box@house.example", "answers+abc@house.example", "max@house.example"}
    assert (letter.message_id, letter.subject, letter.is_automatic) == ("<1@house>", "Re: Pump", False)


@pytest.mark.parametrize("headers", [
    {"Auto-Submitted": "auto-replied"}, {"Auto-Submitted": "auto-generated; x"}, {"Precedence": "bulk"}, {"Precedence": "List"},
    {"List-Id": "<a.b>"}, {"X-Autoreply": "yes"}, {"Return-Path": "<>"},
])  # fmt: skip
def test_what_a_program_wrote_is_known(headers: dict[str, str]) -> None:
    """Else two programs could write to each other for ever."""
    assert read(made(**headers)).is_automatic


def test_a_person_who_says_so_is_no_program() -> None:
    assert not read(
        made(**{"Auto-Submitted": "no", "Precedence": "normal", "Return-Path": "<lin@house.example>"})
    ).is_automatic


def test_files_come_along_and_what_programs_add_does_not() -> None:
    message = made()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Ritning å.pdf")
    message.add_attachment(b"x", maintype="application", subtype="pgp-signature", filename="signature.asc")
    message.add_attachment(
        b"GIF", maintype="image", subtype="gif", disposition="inline", cid="<logo>", filename="logo.gif"
    )
    [file] = read(message).files
    assert (file.name, file.stream.read()) == ("Ritning å.pdf", b"%PDF-1.7")


def test_the_same_letter_has_one_key_and_another_person_another() -> None:
    assert read(made("Yes.")).key == read(made("Yes.", Received="by a relay")).key
    assert read(made()).key != read(made(From="max@house.example")).key
    assert read_letter(b"Subject: a\n\nb").key != read_letter(b"Subject: a\n\nc").key


def test_two_senders_are_none() -> None:
    assert read(made(From="lin@house.example, max@house.example")).sender == ""


@pytest.mark.parametrize("raw", [
    b"", b"\x00\xff\xfe", b"From: \xe5\xe4@\xff\n\nx", b"To: =?utf-8?q?=ZZ?= <a@b\nContent-Type: text/plain; charset=nonsense\n\n\xff",
    b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n--x--", b"Content-Type: text/plain; charset=\x00\n\nx",
    b"Content-Transfer-Encoding: base64\n\n!!!", b"From: <@,;:\nMessage-ID: [[<<\nContent-Disposition: ;;=\n\nx",
    b"Content-Type: multipart/alternative; boundary=a\n\n" + b"--a\nContent-Type: multipart/alternative; boundary=a\n\n" * 300,
])  # fmt: skip
def test_broken_mails_are_read_or_set_aside_as_unreadable(raw: bytes) -> None:
    try:
        letter = read_letter(raw, ours=OURS)
    except UnreadableLetter:
        return
    assert all(
        value.encode("utf-8").decode().isprintable() for value in (letter.sender, letter.subject, letter.message_id)
    )
    letter.text.encode("utf-8")


@given(st.binary(max_size=300), st.text(max_size=200))
def test_no_mail_breaks_the_reader(head: bytes, text: str) -> None:
    try:
        letter = read_letter(head + b"\n\n" + text.encode("utf-8", "surrogatepass"), ours=OURS)
    except UnreadableLetter:
        return
    assert letter.key, "every mail is known again by something"
    letter.text.encode("utf-8")


@given(st.text(alphabet="a:> \n-<hetong@.#", max_size=400))
def test_cutting_never_breaks_and_only_leaves_out(text: str) -> None:
    kept = answer_in(text, OURS)
    assert all(
        line in {one.strip() for one in text.split("\n")}
        for line in (part.strip() for part in kept.split("\n"))
        if line
    )

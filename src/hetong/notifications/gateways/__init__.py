"""The ways out to people: mail, chat rooms, devices. Each is a Protocol with its adapter and a fake for tests."""

from .chat import ChatGateway, ChatRefused, ChatUnreachable, FakeChat, Message, Robots, Room, chat_gateway, use_chat
from .inbox import FakeInbox, FolderInbox, ImapInbox, Inbox, InboxUnreachable, Waiting, inbox, use_inbox
from .letters import Bounce, Letter, LetterFile, UnreadableLetter, read_letter
from .mail import (
    MESSAGE_ID_HOST,
    ConsoleGateway,
    FakeGateway,
    FolderGateway,
    MailDeferred,
    MailDropped,
    MailGateway,
    MailRefused,
    MailUnreachable,
    SmtpGateway,
    gateway,
    sender_address,
    use,
)
from .push import (
    Device,
    FakePush,
    PushGateway,
    PushGone,
    PushRefused,
    PushServices,
    PushUnreachable,
    push_gateway,
    use_push,
)
from .quoting import MARK

__all__ = [
    "MARK", "MESSAGE_ID_HOST", "Bounce", "ChatGateway", "ChatRefused", "ChatUnreachable", "ConsoleGateway", "Device",
    "FakeChat", "FakeGateway", "FakeInbox", "FakePush", "FolderGateway", "FolderInbox", "ImapInbox", "Inbox",
    "InboxUnreachable", "Letter", "LetterFile", "MailDeferred", "MailDropped", "MailGateway", "MailRefused", "MailUnreachable",
    "Message", "PushGateway", "PushGone", "PushRefused", "PushServices", "PushUnreachable", "Robots", "Room", "SmtpGateway",
    "UnreadableLetter", "Waiting", "chat_gateway", "gateway", "inbox", "push_gateway", "read_letter",
    "sender_address", "use", "use_chat", "use_inbox", "use_push",
]  # fmt: skip

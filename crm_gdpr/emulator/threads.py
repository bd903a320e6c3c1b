"""Conversations: inboxes, channels, threads and what was said in them. State; the account turns mail into threads."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from crm_gdpr.emulator.errors import NotFound
from crm_gdpr.emulator.records import id_number

CHAT, EMAIL, FORM = "1000", "1002", "1003"
CHANNELS = {CHAT: "Live chat", EMAIL: "Email", FORM: "Forms"}
SUPPORT = "support@example.com"
INCOMING, OUTGOING = "INCOMING", "OUTGOING"
TRUNCATED_AFTER = 2_000
"""How much of a mail a message shows; the rest is in its original content."""


@dataclass(frozen=True)
class Inbox:
    id: str
    name: str
    type: str = "INBOX"


@dataclass(frozen=True)
class ChannelAccount:
    """What people write to: an address, a chat on a page."""

    id: str
    channel_id: str
    inbox_id: str
    name: str
    address: str = ""


@dataclass(frozen=True)
class Message:
    """Something said by one actor to others: ``V-`` a contact, ``E-`` an address, ``A-`` a user of ours."""

    id: str
    at_ms: int
    sender: str
    direction: str
    text: str
    subject: str = ""
    type: str = "MESSAGE"
    attachments: tuple[str, ...] = ()

    @property
    def is_truncated(self) -> bool:
        return len(self.text) > TRUNCATED_AFTER


@dataclass
class Thread:
    """One conversation with one person."""

    id: int
    account: ChannelAccount
    contact_id: int
    created_ms: int
    ticket_id: int | None = None
    status: str = "OPEN"
    closed_ms: int | None = None
    assigned_to: str = ""
    archived_ms: int | None = None
    messages: list[Message] = field(default_factory=list)

    def latest_ms(self, direction: str = "") -> int | None:
        """When the last message came, in one direction or in any; comments among ourselves do not count."""
        said = [m.at_ms for m in self.messages if m.type == "MESSAGE" and direction in ("", m.direction)]
        return max(said, default=None)

    def message(self, message_id: str) -> Message:
        for one in self.messages:
            if one.id == message_id:
                return one
        raise NotFound("message", message_id)


def _inboxes() -> dict[str, Inbox]:
    return {"700001": Inbox("700001", "Support"), "700002": Inbox("700002", "Help desk", "HELP_DESK")}


def _accounts() -> dict[str, ChannelAccount]:
    mail = ChannelAccount("710001", EMAIL, "700001", "Support", SUPPORT)
    return {mail.id: mail, "710002": ChannelAccount("710002", CHAT, "700001", "Chat on our pages")}


@dataclass
class Conversations:
    """Everything said through inboxes. Threads in the trash are there until it is emptied."""

    inboxes: dict[str, Inbox] = field(default_factory=_inboxes)
    accounts: dict[str, ChannelAccount] = field(default_factory=_accounts)
    threads: dict[int, Thread] = field(default_factory=dict)
    said: int = 0

    def account(self, address: str) -> ChannelAccount:
        """The channel account of an address, or the chat."""
        return next(one for one in self.accounts.values() if one.address == address)

    def get(self, thread_id: object, *, archived: bool = False) -> Thread:
        found = self.threads.get(id_number(thread_id))
        if found is None or (found.archived_ms is not None) is not archived:
            raise NotFound("thread", thread_id)
        return found

    def live(self) -> Iterator[Thread]:
        return (one for one in self.threads.values() if one.archived_ms is None)

    def open_with(self, contact_id: int, account: ChannelAccount) -> Thread | None:
        """The conversation a new message continues."""
        ours = (one for one in self.live() if (one.contact_id, one.account) == (contact_id, account))
        return next((one for one in ours if one.status == "OPEN"), None)

    def message_id(self) -> str:
        self.said += 1
        return f"{self.said:032x}"

    def empty_trash(self, oldest_ms: int) -> None:
        for one in [o for o in self.threads.values() if o.archived_ms is not None and o.archived_ms <= oldest_ms]:
            del self.threads[one.id]

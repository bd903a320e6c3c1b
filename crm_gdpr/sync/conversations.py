"""Chats and shared-inbox threads.  The client does not know this family; its answers are HubSpot's plain JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crm_gdpr.sync.errors import NotFound
from crm_gdpr.sync.schemas import instant
from crm_gdpr.sync.wire import Wired, walk_paths

THREADS = "/conversations/v3/conversations/threads"
STATES = ("OPEN", "CLOSED")
THREAD_PAGE, MESSAGE_PAGE = 500, 100
REACHED_BY = ("HS_EMAIL_ADDRESS", "HS_PHONE_NUMBER")  # any other identifier is a channel's, not a person's


@dataclass(frozen=True)
class Thread:
    """One conversation."""

    id: str
    contact_id: str | None
    status: str
    created_at: datetime | None
    archived: bool


@dataclass(frozen=True)
class Message:
    """One message of a thread; `parties` are HubSpot's, with names and addresses; `internal` is among colleagues."""

    id: str
    at: datetime
    incoming: bool
    subject: str
    text: str
    truncated: bool
    sender: str
    parties: tuple[str, ...]
    attachments: tuple[str, ...]
    internal: bool = False


class Conversations(Wired):
    """Threads of a person and what was said in them."""

    def threads(self, contact_id: str, *, archived: bool = False) -> list[Thread]:
        """Every thread with a contact, open ones and closed ones."""
        found: dict[str, Thread] = {}
        for status in STATES:
            asked = {"associatedContactId": contact_id, "threadStatus": status, "limit": THREAD_PAGE}
            flag = {"archived": "true"} if archived else {}
            for item in walk_paths(self._transport.get, THREADS, {**asked, **flag}):
                found[str(item.get("id"))] = _thread(item)
        return list(found.values())

    def thread(self, thread_id: str, *, archived: bool = False) -> Thread | None:
        """One thread; None where it is gone."""
        flag = "?archived=true" if archived else ""
        try:
            return _thread(self._transport.get(f"{THREADS}/{thread_id}{flag}"))
        except NotFound:
            return None

    def messages(self, thread_id: str) -> list[Message]:
        """All that was said in a thread, the oldest first; notes among colleagues are said to nobody, and marked so."""
        path = f"{THREADS}/{thread_id}/messages"
        items = walk_paths(self._transport.get, path, {"limit": MESSAGE_PAGE})
        said = [_message(item) for item in items if item.get("type") in ("MESSAGE", "COMMENT")]
        return sorted(said, key=lambda message: (message.at, message.id))

    def whole_message(self, thread_id: str, message_id: str) -> str:
        """The words of a message that the list cut short."""
        answer = self._transport.get(f"{THREADS}/{thread_id}/messages/{message_id}/original-content")
        return str(answer.get("text") or "")


def _thread(item: Mapping[str, Any]) -> Thread:
    contact = item.get("associatedContactId")
    return Thread(
        str(item.get("id")),
        str(contact) if contact else None,
        str(item.get("status") or ""),
        instant(item.get("createdAt")),
        item.get("archived") is True,
    )


def _message(item: Mapping[str, Any]) -> Message:
    return Message(
        id=str(item.get("id")),
        at=instant(item.get("createdAt")) or datetime.fromtimestamp(0, UTC),
        incoming=item.get("direction") == "INCOMING",
        subject=str(item.get("subject") or ""),
        text=str(item.get("text") or ""),
        truncated=str(item.get("truncationStatus") or "").startswith("TRUNCATED"),
        sender=next(iter(_names(item.get("senders"))), ""),
        parties=tuple(dict.fromkeys([*_names(item.get("senders")), *_names(item.get("recipients"))])),
        attachments=tuple(
            str(each["fileId"]) for each in item.get("attachments") or () if isinstance(each, dict) and "fileId" in each
        ),
        internal=item.get("type") == "COMMENT",
    )


def _names(parties: object) -> Iterator[str]:
    """Names and addresses of those who wrote or were written to."""
    for party in parties if isinstance(parties, list) else ():
        if isinstance(party, dict):
            if party.get("name"):
                yield str(party["name"])
            for identifier in (party.get("deliveryIdentifier"), *(party.get("deliveryIdentifiers") or ())):
                if isinstance(identifier, dict) and identifier.get("type") in REACHED_BY and identifier.get("value"):
                    yield str(identifier["value"])

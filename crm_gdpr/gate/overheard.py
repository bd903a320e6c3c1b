"""Conversations of colleagues in which a person is named, or may be.  No API rewrites them: a person is asked to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crm_gdpr.gate.redaction import Words, redacted
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.conversations import Message
from crm_gdpr.sync.errors import Forbidden, NotFound

MOST = 200  # colleagues of one person whose conversations are read; each costs two calls and one for each thread


def overheard(hubspot: HubSpot, colleagues: Iterable[str], words: Words) -> list[str]:
    """Return the conversations that hold any of the words, among those of the first colleagues."""
    found = {
        f"threads/{thread}"
        for contact_id in list(colleagues)[:MOST]
        for thread in _threads(hubspot, contact_id)
        if _tells(hubspot, thread, words)
    }
    return sorted(found)


def _threads(hubspot: HubSpot, contact_id: str) -> Iterator[str]:
    try:
        yield from (thread.id for thread in hubspot.threads(contact_id))
    except NotFound:  # somebody who never had one
        return


def _tells(hubspot: HubSpot, thread: str, words: Words) -> bool:
    """Tell whether any message holds the words; what may not be read may."""
    try:
        return any(_names(hubspot, thread, message, words) for message in hubspot.messages(thread))
    except Forbidden:
        return True


def _names(hubspot: HubSpot, thread: str, message: Message, words: Words) -> bool:
    text = hubspot.whole_message(thread, message.id) if message.truncated else message.text
    parts = (text, message.subject, *message.parties)
    return bool(redacted({str(at): part for at, part in enumerate(parts)}, words))

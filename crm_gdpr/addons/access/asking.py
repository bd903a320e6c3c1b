"""From a message to a request: what it asks for, whom it may be about, and when its clock began (Art. 12(3)).

One message opens each right once.  A mail may reach us twice, as a ticket and as a mail logged by sales; it is the
same request then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.access.language import language_of
from crm_gdpr.addons.access.steps import open_request
from crm_gdpr.policy import Right, asked
from crm_gdpr.policy.detect import is_reply

if TYPE_CHECKING:
    from crm_gdpr.env import Env

TWICE = timedelta(days=2)  # the same words on two ways to us
BY_ITSELF = ("EMAIL", "CONVERSATIONS", "FORWARD_TO_CRM", "BOT", "BCC_TO_CRM")  # records that a mail or chat made
FRESH = timedelta(minutes=15)


@dataclass(frozen=True)
class Message:
    """Something a person wrote or said: where it stands, when it came, and whose it may be."""

    ref: str
    received_at: datetime
    subject: str = ""
    text: str = ""
    contacts: Sequence[str] = ()
    ticket_id: str | None = None
    bulk: bool = False
    thread: str = ""  # the conversation it belongs to, where people repeat themselves


def open_for(env: Env, message: Message, *, by: str) -> list[int]:
    """Open a request for each right the message asks for; what asks for nothing is left alone."""
    rights = asked(message.subject, message.text, bulk=message.bulk)
    opened = [open_one(env, message, right, by=by) for right in rights]
    return [number for number in opened if number is not None]


def open_one(env: Env, message: Message, right: Right, *, by: str) -> int | None:
    """Open one request; None when the message has opened it before, on this or another way."""
    if env.store.requests.by_ref(message.ref, right.value) is not None:
        return None
    if _came_twice(env, message, right) or _was_met(env, message, right) or _is_about_it(env, message, right):
        return None
    zone = ZoneInfo(env.policy.controller.timezone)
    alone = message.contacts[0] if len(message.contacts) == 1 else None  # none or several: support chooses
    number = open_request(
        env,
        right=right,
        received_on=message.received_at.astimezone(zone).date(),
        received_at=message.received_at,
        contact_id=alone,
        candidates=() if alone else message.contacts,
        ticket_id=message.ticket_id,
        ref=message.ref,
        language=language_of(f"{message.subject}\n{message.text}"),
        by=by,
    )
    if number is not None:
        tag_newcomers(env, message)
    return number


def tag_newcomers(env: Env, message: Message) -> None:
    """Say of a contact that HubSpot made from this very message that it is here for the request and nothing else."""
    names = ("hs_object_source", "createdate", "gdpr_source")
    for record in env.hubspot.read_many("contacts", message.contacts, names).values():
        made_by_mail = record.properties.get("hs_object_source") in BY_ITSELF
        made_at = record.properties.get("createdate")
        if not made_by_mail or not made_at or record.properties.get("gdpr_source") == "request":
            continue
        if abs(datetime.fromisoformat(made_at) - message.received_at) <= FRESH:
            evidence = f"made from the request itself: {message.ref}"
            values = {
                "gdpr_source": "request",
                "gdpr_source_evidence": evidence,
                "gdpr_legal_basis": "keep_records_right: legal_obligation",
            }
            env.hubspot.update("contacts", record.id, values)
            env.record("source.request", actor="access", contact_id=record.id, message=message.ref)


def _came_twice(env: Env, message: Message, right: Right) -> bool:
    """Tell whether the same person's same request came on another way a moment before."""
    people = set(message.contacts)
    for other in env.store.requests.all(open_only=True):
        about = {other.contact_id} if other.contact_id else set(other.candidates)
        if other.right == right.value and other.ref != message.ref and people & about and other.received_at:
            another_way = (other.ref or "").partition("/")[0] != message.ref.partition("/")[0]
            if another_way and abs(other.received_at - message.received_at) <= TWICE:
                return True
    return False


def _was_met(env: Env, message: Message, right: Right) -> bool:
    """Tell whether the same conversation has a request for this that is open, or was closed after these words."""
    said_on = message.received_at.date()
    return bool(message.thread) and any(
        other.right == right.value
        and (other.ref or "").startswith(f"{message.thread}/")
        and (other.closed_on is None or said_on < other.closed_on)
        for other in env.store.requests.all()
    )


def _is_about_it(env: Env, message: Message, right: Right) -> bool:
    """Tell whether a mail answers one about a request that is open and about everybody it may be from."""
    people = set(message.contacts)
    return (
        bool(people)
        and is_reply(message.subject)
        and any(
            other.right == right.value and people <= set(other.ids) for other in env.store.requests.all(open_only=True)
        )
    )

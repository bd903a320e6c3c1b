"""What HubSpot tells us that may be a request: a ticket, a chat, a mail logged by sales, a note that somebody asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.asking import Message, open_for, open_one
from crm_gdpr.addons.access.meaning import plain
from crm_gdpr.policy import Right

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event
    from crm_gdpr.sync import Record

TICKET = ("subject", "content", "createdate")
MAIL = (
    *("hs_timestamp", "hs_email_direction", "hs_email_subject", "hs_email_text", "hs_email_html"),
    *("hs_email_headers", "hs_lastmodifieddate"),
)
TO_US = ("INCOMING_EMAIL", "FORWARDED_EMAIL")
ASKED = "gdpr_asked_for"
WATERMARK = "access.mail"
OVERLAP = timedelta(minutes=10)  # the search index lags behind a write
FIRST_LOOK = timedelta(days=31)
LIST_SIGNS = ("list-unsubscribe", "list-id", "precedence: bulk", '"precedence": "bulk"')


def ticket_opened(env: Env, event: Event) -> None:
    """Open what a new ticket asks for; any other ticket is left alone."""
    ticket = env.hubspot.read("tickets", event.object_id, TICKET, associations=("contacts", "emails"))
    if ticket is None:
        env.record("ticket.gone", actor="access", ticket=event.object_id, event=event.type)
        return
    mail = first_mail(env, ticket)
    text = "\n".join(filter(None, (plain(ticket.properties.get("content") or ""), _text(mail) if mail else "")))
    message = Message(
        ref=f"tickets/{ticket.id}",
        received_at=_received_at(env, ticket, mail),
        subject=ticket.properties.get("subject") or "",
        text=text,
        contacts=ticket.associations.get("contacts", ()),
        ticket_id=ticket.id,
        bulk=_is_listed(mail),
    )
    open_for(env, message, by="access")


def chatted(env: Env, event: Event) -> None:
    """Open what a visitor asks for in a chat, from the moment they ask; what our side wrote asks for nothing."""
    hubspot = env.hubspot.interactive()
    thread = hubspot.thread(event.object_id)
    if thread is None:
        return
    place = f"threads/{thread.id}"
    for said in hubspot.messages(thread.id):
        if said.incoming:
            message = Message(
                ref=f"{place}/{said.id}",
                received_at=said.at,
                subject=said.subject,
                text=hubspot.whole_message(thread.id, said.id) if said.truncated else said.text,
                contacts=(thread.contact_id,) if thread.contact_id else (),
                thread=place,
            )
            open_for(env, message, by="access")


def person_asked(env: Env, event: Event) -> None:
    """Open what sales or support noted after a call; the note is cleared, so that it can be made again."""
    contact = env.hubspot.read("contacts", event.object_id, (ASKED,))
    wanted = None if contact is None else contact.properties.get(ASKED)
    if contact is None or wanted not in {right.value for right in Right}:
        return
    at = datetime.fromtimestamp(event.occurred_ms / 1000, UTC)
    message = Message(ref=f"contacts/{contact.id}/{at:%Y%m%dT%H%M%S}", received_at=at, contacts=(contact.id,))
    open_one(env, message, Right(wanted), by="sales")
    env.hubspot.update("contacts", contact.id, {ASKED: None})


def look_through_mail(env: Env) -> None:
    """Read the mails logged since the last look, and open what they ask for."""
    started = env.clock.now()
    mark = env.store.notes.get(WATERMARK)
    since = datetime.fromisoformat(mark) - OVERLAP if mark else started - FIRST_LOOK
    for page in env.hubspot.changed("emails", since, MAIL):
        incoming = [mail for mail in page if mail.properties.get("hs_email_direction") in TO_US]
        people = env.hubspot.associated("emails", "contacts", [mail.id for mail in incoming])
        for mail in incoming:
            open_for(env, logged(mail, people.get(mail.id, ()), started), by="access")
    env.store.notes.put(WATERMARK, started.isoformat())


def logged(mail: Record, contacts: tuple[str, ...], seen_at: datetime) -> Message:
    """A mail in the CRM as a message."""
    stamp = mail.properties.get("hs_timestamp")
    return Message(
        ref=f"emails/{mail.id}",
        received_at=datetime.fromisoformat(stamp) if stamp else seen_at,
        subject=mail.properties.get("hs_email_subject") or "",
        text=_text(mail),
        contacts=contacts,
        bulk=_is_listed(mail),
    )


def first_mail(env: Env, ticket: Record) -> Record | None:
    """Return the mail that a ticket began with, as far as one stands on it."""
    mails = env.hubspot.read_many("emails", ticket.associations.get("emails", ()), MAIL).values()
    incoming = [mail for mail in mails if mail.properties.get("hs_email_direction") in TO_US]
    return min(incoming, key=lambda mail: mail.properties.get("hs_timestamp") or "~", default=None)


def _received_at(env: Env, ticket: Record, mail: Record | None) -> datetime:
    """The clock starts when the mail came in, not when somebody made a ticket of it; the undated counts from now."""
    stamps = [ticket.properties.get("createdate"), mail.properties.get("hs_timestamp") if mail else None]
    return min((datetime.fromisoformat(stamp) for stamp in stamps if stamp), default=env.clock.now())


def _text(mail: Record) -> str:
    return mail.properties.get("hs_email_text") or plain(mail.properties.get("hs_email_html") or "")


def _is_listed(mail: Record | None) -> bool:
    headers = ((mail.properties.get("hs_email_headers") if mail else None) or "").casefold()
    return any(sign in headers for sign in LIST_SIGNS)

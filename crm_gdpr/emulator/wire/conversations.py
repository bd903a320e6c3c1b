"""Conversations: inboxes, channels, threads, messages and actors.

No official file is at hand; the shapes are those of HubSpot's reference pages (``developers.hubspot.com``:
get-thread and get-message of 2026-09-beta) and ``hubspot.md`` section 10.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.instants import text, to_ms
from crm_gdpr.emulator.records import id_number
from crm_gdpr.emulator.threads import CHANNELS, INCOMING, TRUNCATED_AFTER, ChannelAccount, Inbox, Message, Thread
from crm_gdpr.emulator.wire.answers import answer, batch, nothing
from crm_gdpr.emulator.wire.call import Call, needed, words

_PAGE, _MOST = 100, 500


def list_inboxes(call: Call) -> Response:
    return _page(call, list(call.portal.conversations.inboxes.values()), lambda one: _inbox(call, one))


def read_inbox(call: Call, id_: str) -> Response:
    return answer(_inbox(call, _one(call.portal.conversations.inboxes, "inbox", id_)))


def list_channels(call: Call) -> Response:
    return _page(call, list(CHANNELS.items()), lambda pair: {"id": pair[0], "name": pair[1]})


def read_channel(_call: Call, id_: str) -> Response:
    return answer({"id": id_, "name": _one(CHANNELS, "channel", id_)})


def list_accounts(call: Call) -> Response:
    inbox, channel = call.request.args.get("inboxId"), call.request.args.get("channelId")
    found = [
        one
        for one in call.portal.conversations.accounts.values()
        if inbox in (None, one.inbox_id) and channel in (None, one.channel_id)
    ]
    return _page(call, found, lambda one: _account(call, one))


def read_account(call: Call, id_: str) -> Response:
    return answer(_account(call, _one(call.portal.conversations.accounts, "channel account", id_)))


def list_threads(call: Call) -> Response:
    """Threads of one contact, by status, in order of id; those in the trash only when asked for."""
    args, archived = call.request.args, call.flag("archived")
    contact, status, inbox = args.get("associatedContactId"), args.get("threadStatus"), args.get("inboxId")
    since = call.moment("latestMessageTimestampAfter") or 0
    found = [
        one
        for one in call.portal.conversations.threads.values()
        if (one.archived_ms is not None) is archived
        and contact in (None, str(call.portal.heir("contacts", one.contact_id)))
        and status in (None, one.status)
        and inbox in (None, one.account.inbox_id)
        and (one.latest_ms() or 0) >= since
    ]
    return _page(call, found, lambda one: _thread(call, one))


def read_thread(call: Call, thread_id: str) -> Response:
    return answer(_thread(call, call.portal.conversations.get(thread_id, archived=call.flag("archived"))))


def update_thread(call: Call, thread_id: str) -> Response:
    """Status, or out of the trash with ``archived`` false."""
    if call.body.get("archived") is False and call.flag("archived"):
        call.portal.restore_thread(thread_id)
    changed = call.portal.set_thread(thread_id, status=str(call.body.get("status") or ""), actor=call.actor)
    return answer(_thread(call, changed))


def archive_thread(call: Call, thread_id: str) -> Response:
    call.portal.archive_thread(thread_id, actor=call.actor)
    return nothing()


def list_messages(call: Call, thread_id: str) -> Response:
    """The newest first, unless told otherwise."""
    thread = call.portal.conversations.get(thread_id, archived=call.flag("archived"))
    oldest_first = call.request.args.get("sort") == "createdAt"
    found = thread.messages if oldest_first else thread.messages[::-1]
    return _page(call, found, lambda one: _message(call, thread, one))


def send_message(call: Call, thread_id: str) -> Response:
    body, thread = call.body, call.portal.conversations.get(thread_id)
    type_ = str(needed(body, "type"))
    if type_ not in ("MESSAGE", "COMMENT"):
        raise Malformed(f"type is MESSAGE or COMMENT, not {type_}")
    sent = call.portal.reply(thread_id, str(needed(body, "text")), actor=call.actor, comment=type_ == "COMMENT")
    return answer(_message(call, thread, thread.message(sent)), 201)


def read_message(call: Call, thread_id: str, message_id: str) -> Response:
    thread = call.portal.conversations.get(thread_id)
    return answer(_message(call, thread, thread.message(message_id)))


def read_original(call: Call, thread_id: str, message_id: str) -> Response:
    """All of it, also where the message itself was cut short."""
    found = call.portal.conversations.get(thread_id).message(message_id)
    return answer({"text": found.text, "richText": f"<div>{found.text}</div>"})


def read_actor(call: Call, actor_id: str) -> Response:
    return answer(_actor(call, actor_id))


def read_actors(call: Call) -> Response:
    """Those nobody knows are reported beside the others."""
    found, errors = [], []
    for actor_id in words(needed(call.body, "inputs"), "inputs"):
        try:
            found.append(_actor(call, actor_id))
        except NotFound as refusal:
            errors.append({"status": "error", "category": "OBJECT_NOT_FOUND", "message": str(refusal)})
    return answer(batch(found, errors, call.portal.clock.now()), 207 if errors else 200)


def _actor(call: Call, actor_id: str) -> dict[str, Any]:
    kind, _, key = actor_id.partition("-")
    if kind == "V" and id_number(key) >= 0:
        person = call.portal.record("contacts", call.portal.heir("contacts", int(key))).properties
        name = " ".join(part for part in (person.get("firstname"), person.get("lastname")) if part)
        return {"id": actor_id, "type": "VISITOR", "name": name, "email": person.get("email", "")}
    if kind == "A":
        for owner in call.portal.owners.values():
            if str(owner.user_id) == key:
                name = f"{owner.first_name} {owner.last_name}"
                return {"id": actor_id, "type": "AGENT", "name": name, "email": owner.email}
    if kind == "E" and "@" in key:
        return {"id": actor_id, "type": "EMAIL", "name": key, "email": key}
    raise NotFound("actor", actor_id)


def _inbox(call: Call, one: Inbox) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "type": one.type, **_always(call)}


def _account(call: Call, one: ChannelAccount) -> dict[str, Any]:
    shown = {
        "id": one.id,
        "channelId": one.channel_id,
        "inboxId": one.inbox_id,
        "name": one.name,
        "active": True,
        "authorized": True,
        **_always(call),
    }
    return {**shown, "deliveryIdentifier": _delivered_to(one.address)} if one.address else shown


def _thread(call: Call, one: Thread) -> dict[str, Any]:
    times = {
        "latestMessageTimestamp": one.latest_ms(),
        "latestMessageReceivedTimestamp": one.latest_ms(INCOMING),
        "latestMessageSentTimestamp": one.latest_ms("OUTGOING"),
        "closedAt": one.closed_ms,
    }
    shown: dict[str, Any] = {
        "id": str(one.id),
        "createdAt": text(one.created_ms),
        "status": one.status,
        "inboxId": one.account.inbox_id,
        "originalChannelId": one.account.channel_id,
        "originalChannelAccountId": one.account.id,
        "associatedContactId": str(call.portal.heir("contacts", one.contact_id)),
        "spam": False,
        "archived": one.archived_ms is not None,
        **{name: text(at_ms) for name, at_ms in times.items() if at_ms is not None},
    }
    if one.assigned_to:
        shown["assignedTo"] = one.assigned_to
    if one.ticket_id and "TICKET" in call.names("association"):
        shown["threadAssociations"] = {"associatedTicketId": str(one.ticket_id)}
    return shown


def _message(call: Call, thread: Thread, one: Message) -> dict[str, Any]:
    person = call.portal.live["contacts"].get(call.portal.heir("contacts", thread.contact_id))
    theirs = _delivered_to(person.properties.get("email", "") if person else "")
    ours, incoming = _delivered_to(thread.account.address), one.direction == INCOMING
    visitor = f"V-{call.portal.heir('contacts', thread.contact_id)}"
    sender = {"actorId": visitor if incoming else one.sender, "deliveryIdentifier": theirs if incoming else ours}
    receiver = {"recipientField": "TO", "deliveryIdentifier": ours if incoming else theirs}
    shown = {
        "id": one.id,
        "type": one.type,
        "conversationsThreadId": str(thread.id),
        "createdAt": text(one.at_ms),
        "createdBy": sender["actorId"],
        "client": {"clientType": "HUBSPOT"},
        "senders": [sender],
        "recipients": [] if one.type == "COMMENT" else [receiver],
        "archived": False,
        "text": one.text[:TRUNCATED_AFTER],
        "richText": f"<div>{one.text[:TRUNCATED_AFTER]}</div>",
        "attachments": [{"fileId": id_, "type": "FILE", "fileUsageType": "OTHER"} for id_ in one.attachments],
    }
    if one.type == "COMMENT":
        return shown
    return {
        **shown,
        "subject": one.subject,
        "truncationStatus": "TRUNCATED" if one.is_truncated else "NOT_TRUNCATED",
        "status": {"statusType": "RECEIVED" if incoming else "SENT"},
        "direction": one.direction,
        "channelId": thread.account.channel_id,
        "channelAccountId": thread.account.id,
    }


def _delivered_to(address: str) -> dict[str, str]:
    type_ = "HS_EMAIL_ADDRESS" if address else "CHANNEL_SPECIFIC_OPAQUE_ID"
    return {"type": type_, "value": address or "chat"}


def _page(call: Call, found: Sequence[Any], show: Callable[[Any], Mapping[str, Any]]) -> Response:
    start, limit = call.after(), call.number("limit", _PAGE, _MOST)
    body: dict[str, Any] = {"results": [show(one) for one in found[start : start + limit]]}
    if len(found) > start + limit:
        body["paging"] = {"next": call.beyond(str(start + limit))}
    return answer(body)


def _one(known: Mapping[str, Any], what: str, id_: str) -> Any:
    if id_ not in known:
        raise NotFound(what, id_)
    return known[id_]


def _always(call: Call) -> dict[str, Any]:
    at = text(to_ms(call.portal.start))
    return {"createdAt": at, "updatedAt": at, "archived": False}

"""People writing to support or chatting: threads, tickets, engagements, and what stays when the person goes.

No official file is at hand: the keys are those of HubSpot's reference pages for a thread and a message.
"""

import json
from typing import Any

import pytest

from crm_gdpr.emulator import Portal, Running
from crm_gdpr.emulator.account import Event
from crm_gdpr.emulator.payloads import payload
from crm_gdpr.emulator.subscribed import subscription
from tests.emulator.conftest import Api

ANNA = "anna@example.se"
BASE = "/conversations/conversations/2026-09"
THREAD = {"id", "createdAt", "status", "inboxId", "originalChannelId", "originalChannelAccountId", "spam", "archived"}
THREAD |= {"associatedContactId", "latestMessageTimestamp", "latestMessageReceivedTimestamp"}
MESSAGE = {"id", "type", "conversationsThreadId", "createdAt", "createdBy", "client", "senders", "recipients", "text"}
MESSAGE |= {"archived", "richText", "attachments", "subject", "truncationStatus", "status", "direction"}
MESSAGE |= {"channelId", "channelAccountId"}


def results(api: Api, path: str) -> list[Any]:
    found: list[Any] = api("GET", f"{BASE}{path}").json()["results"]
    return found


@pytest.mark.parametrize("base", [BASE, "/conversations/v3/conversations"])
def test_a_thread_and_its_messages_look_as_the_reference_pages_show(portal: Portal, api: Api, base: str):
    thread = portal.write_in(ANNA, "Hej, det går inte att logga in", "Inloggning")
    portal.reply(thread, "Vi tittar på det")
    shown = api("GET", f"{base}/threads/{thread}").json()
    assert set(shown) == {*THREAD, "latestMessageSentTimestamp"}
    newest, first = api("GET", f"{base}/threads/{thread}/messages").json()["results"]
    assert set(first) == set(newest) == MESSAGE
    assert (first["direction"], newest["direction"]) == ("INCOMING", "OUTGOING")
    assert first["senders"][0]["actorId"] == f"V-{shown['associatedContactId']}"
    assert first["senders"][0]["deliveryIdentifier"] == {"type": "HS_EMAIL_ADDRESS", "value": ANNA}


def test_a_mail_to_support_makes_contact_ticket_and_engagement(portal: Portal, api: Api):
    thread = portal.write_in(ANNA, "Hej", "Inloggning")
    anna = portal.find("contacts", ANNA, "email")
    assert anna.properties["hs_object_source"] == "EMAIL"
    (ticket,), (mail,) = (portal.associated(anna, kind) for kind in ("tickets", "emails"))
    assert portal.value("tickets", str(ticket), "source_type") == "EMAIL"
    assert portal.value("emails", str(mail), "hs_email_from_email") == ANNA
    assert mail in portal.associated(portal.record("tickets", ticket), "emails")
    told = api("GET", f"{BASE}/threads/{thread}?association=TICKET").json()
    assert told["threadAssociations"] == {"associatedTicketId": str(ticket)}


def test_a_chat_is_no_mail_and_a_switch_leaves_the_ticket_out(portal: Portal):
    portal.switches = portal.switches.changed(conversations_open_tickets=False)
    portal.write_in(ANNA, "Hej", to="")
    anna = portal.find("contacts", ANNA, "email")
    assert not portal.associated(anna, "tickets")
    assert not portal.associated(anna, "emails")


def test_writing_again_goes_on_in_the_open_thread(portal: Portal):
    first = portal.write_in(ANNA, "Hej")
    assert portal.write_in("Anna@Example.se", "Hallå?") == first
    portal.set_thread(first, status="CLOSED")
    assert portal.write_in(ANNA, "Ny sak") != first


def test_an_additional_address_is_the_same_person(portal: Portal):
    anna = portal.add_contact(email=ANNA, hs_additional_emails="a@example.se")
    portal.write_in("a@example.se", "Hej")
    assert [one.contact_id for one in portal.conversations.live()] == [int(anna)]


def test_threads_are_found_by_contact_and_status(portal: Portal, api: Api):
    anna, bo = portal.write_in(ANNA, "Hej"), portal.write_in("bo@example.se", "Hej")
    person = portal.find("contacts", ANNA, "email").id
    assert [one["id"] for one in results(api, f"/threads?associatedContactId={person}")] == [anna]
    api("PATCH", f"{BASE}/threads/{bo}", {"status": "CLOSED"})
    assert [one["id"] for one in results(api, "/threads?threadStatus=OPEN")] == [anna]
    assert len(results(api, "/threads?limit=1")) == 1


def test_a_long_mail_is_cut_and_its_original_is_whole(portal: Portal, api: Api):
    thread, text = portal.write_in(ANNA, "x" * 5_000), "x" * 5_000
    message = results(api, f"/threads/{thread}/messages")[0]
    assert (message["truncationStatus"], len(message["text"])) == ("TRUNCATED", 2_000)
    original = api("GET", f"{BASE}/threads/{thread}/messages/{message['id']}/original-content").json()
    assert original == {"text": text, "richText": f"<div>{text}</div>"}


def test_a_comment_is_among_ourselves(portal: Portal, api: Api):
    thread = portal.write_in(ANNA, "Hej")
    sent = api("POST", f"{BASE}/threads/{thread}/messages", {"type": "COMMENT", "text": "Kund?"})
    assert (sent.status_code, sent.json()["recipients"]) == (201, [])
    assert "latestMessageSentTimestamp" not in api("GET", f"{BASE}/threads/{thread}").json()


def test_the_trash_is_emptied_after_thirty_days(portal: Portal, api: Api):
    thread = portal.write_in(ANNA, "Hej")
    assert api("DELETE", f"{BASE}/threads/{thread}").status_code == 204
    assert results(api, "/threads") == []
    assert [one["id"] for one in results(api, "/threads?archived=true")] == [thread]
    assert api("PATCH", f"{BASE}/threads/{thread}?archived=true", {"archived": False}).status_code == 200
    api("DELETE", f"{BASE}/threads/{thread}")
    portal.advance(days=31)
    assert results(api, "/threads?archived=true") == []


def test_actors_are_told_by_kind_and_the_unknown_reported(portal: Portal, api: Api):
    portal.add_owner("elin@example.com", "Elin", "Ek")
    anna = portal.add_contact(email=ANNA, firstname="Anna")
    asked = {"inputs": [f"V-{anna}", "A-9001", "E-x@example.se", "V-7"]}
    answer = api("POST", f"{BASE}/actors/batch/read", asked)
    assert answer.status_code == 207
    assert [one["type"] for one in answer.json()["results"]] == ["VISITOR", "AGENT", "EMAIL"]
    assert api("GET", f"{BASE}/actors/V-{anna}").json()["email"] == ANNA


def test_inboxes_channels_and_accounts_belong_together(api: Api):
    inboxes, channels = results(api, "/inboxes"), {one["id"] for one in results(api, "/channels")}
    accounts = results(api, "/channel-accounts")
    assert {one["channelId"] for one in accounts} <= channels
    assert {one["inboxId"] for one in accounts} <= {one["id"] for one in inboxes}
    for path, one in (("inboxes", inboxes[0]), ("channel-accounts", accounts[0])):
        assert api("GET", f"{BASE}/{path}/{one['id']}").json() == one
    assert api("GET", f"{BASE}/channels/1002").json() == {"id": "1002", "name": "Email"}


def test_erasure_takes_the_conversation_and_leaves_the_ticket(portal: Portal, api: Api):
    thread = portal.write_in(ANNA, "Hej")
    anna = portal.find("contacts", ANNA, "email")
    (ticket,) = portal.associated(anna, "tickets")
    portal.purge(str(anna.id))
    assert api("GET", f"{BASE}/threads/{thread}").status_code == 404
    assert portal.is_live(str(ticket))


def test_conversations_are_told_without_their_source(portal: Portal, running: Running):
    heard: list[Event] = []
    portal.listeners.append(heard.append)
    thread = portal.write_in(ANNA, "Hej")
    portal.set_thread(thread, assigned_to="9001")
    portal.archive_thread(thread)
    portal.purge(str(portal.find("contacts", ANNA, "email").id))
    told = [one for one in heard if one.kind == "conversations"]
    assert [one.what for one in told] == ["creation", "newMessage", "propertyChange", "deletion", "privacyDeletion"]
    shown = [payload(portal, one, subscription(1, f"conversation.{one.what}", portal.kinds), 1) for one in told]
    assert all("changeSource" not in one and one["objectId"] == int(thread) for one in shown)
    assert (shown[1]["messageType"], shown[2]["propertyName"]) == ("MESSAGE", "assignedTo")
    assert json.dumps(shown)


def test_the_wire_needs_the_scopes(portal: Portal, api: Api):
    thread = portal.write_in(ANNA, "Hej")
    api("POST", "/_emulator/tokens", {"token": "any", "scopes": ["conversations.read"]})
    assert api("GET", f"{BASE}/threads/{thread}").status_code == 200
    assert api("DELETE", f"{BASE}/threads/{thread}").status_code == 403

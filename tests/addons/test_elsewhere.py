"""What HubSpot keeps beside records reaches the answer: chats, forms, lists, mailings, events, files; and chats ask."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.access.answer import compose
from crm_gdpr.addons.access.proposing import notes_of
from crm_gdpr.addons.access.redact import STAFF, Review, redacted
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.emulator.lists import NewList
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.schemas import Draft
from tests.addons.test_completeness import asked, part
from tests.events import event


@pytest.fixture
def anna(portal: Portal) -> str:
    return portal.add_contact(email="anna@example.com", firstname="Anna", createdate="2025-01-01T09:00:00Z")


def test_everything_beside_records_is_read(env, portal, anna):
    portal.write_in("anna@example.com", "hej chatt-canary", to="")
    form = portal.add_form("Boka en demo")
    portal.submit_form(form, {"email": "Anna@Example.com", "message": "form-canary"})
    portal.submit_form(form, {"email": "bo@example.com", "message": "somebody-else"})
    mailed = portal.add_list(NewList("Inbjudna canary", "contacts"))
    portal.add_to_list(mailed.id, [int(anna)])
    portal.subscribe("anna@example.com", next(iter(portal.preferences.types)), "ticked canary")
    portal.add_event("e_visited_page", anna, page="event-canary")
    file = portal.add_file("offert.txt", b"file-canary")
    portal.log("note", [anna], hs_note_body="se filen", hs_attachment_ids=file)

    answer, files = compose(env, asked(env, anna))
    for kind, canary in (
        ("conversations", "chatt-canary"),
        ("forms", "form-canary"),
        ("lists", "Inbjudna canary"),
        ("mailings", "ticked canary"),
        ("events", "event-canary"),
        ("files", "offert.txt"),
    ):
        assert canary in str(part(answer, kind).rows), kind
    assert "somebody-else" not in str(answer)
    assert files == {file: b"file-canary"}
    assert all(each.reconciles for each in answer.parts)
    assert {each.kind for each in answer.parts if each.not_read} <= {"object_types", "beyond"}


def test_what_colleagues_said_among_themselves_is_no_exchange_with_the_person(env, portal, anna):
    """Our own were named in it, and nobody was asked whether it was a memory note."""
    thread = portal.write_in("anna@example.com", "hej", to="")
    portal.reply(thread, "Vi svarar på måndag, hälsar Sam Sand")
    portal.reply(thread, "Minns att Sam Sand har träffat henne", comment=True)
    answer, _ = compose(env, asked(env, anna))
    assert (part(answer, "conversations").found, part(answer, "comments").found) == (2, 1)
    assert [row.ref for row in notes_of(answer)] == [row.ref for row in part(answer, "comments").rows]
    shown = redacted(answer, Review({"Sam Sand": STAFF}))
    assert "Sam Sand" in str(part(shown, "conversations").rows)
    assert "Sam Sand" not in str(part(shown, "comments").rows)
    withheld = part(redacted(answer, Review(notes=frozenset(row.ref for row in notes_of(answer)))), "comments")
    assert (withheld.found, withheld.included, withheld.reconciles) == (1, 0, True)


def test_files_that_may_not_be_read_are_told_and_not_passed_over(env, emulator, portal, anna):
    """They stopped the whole answer."""
    file = portal.add_file("offert.txt", b"x")
    portal.log("note", [anna], hs_note_body="se filen", hs_attachment_ids=file)
    emulator.guard.faults.waiting = [Fault(match="/files", status=403, times=9)]
    answer, files = compose(env, asked(env, anna))
    told = part(answer, "files")
    assert (told.found, told.included, files) == (1, 0, {})
    assert told.not_read
    assert told.reconciles


def test_an_object_type_of_the_accounts_own_is_read(env, portal, anna):
    kind = portal.define(
        Draft("licence", "Licence", "Licences", [Property("number", "Number", "")], associated=("CONTACT",))
    )
    made = portal.create(kind.kind.name, {"number": "licence-canary"}, actor=SALES)
    portal.associate(("contacts", int(anna)), (kind.kind.name, made.id), None, actor=SALES)
    answer, _ = compose(env, asked(env, anna))
    (licences,) = [each for each in answer.parts if each.title.en == "Licences"]
    assert licences.found == licences.included == 1
    assert "licence-canary" in str(licences.rows)


def test_form_pages_are_read_once_a_day_for_all(env, emulator, portal, anna):
    form = portal.add_form("Boka en demo")
    portal.submit_form(form, {"email": "anna@example.com", "message": "form-canary"})
    bo = portal.add_contact(email="bo@example.com")
    first, _ = compose(env, asked(env, anna))
    second, _ = compose(env, asked(env, bo))
    assert part(first, "forms").found == 1
    assert part(second, "forms").found == 0
    assert second.calls < first.calls


def test_a_chat_opens_a_request_once(env, portal, anna, deliver, work):
    thread = portal.write_in("anna@example.com", "Vilka uppgifter har ni om mig?", to="")
    portal.reply(thread, "GDPR: vi återkommer")
    for number in (1, 2):
        deliver(
            event(portal, "conversation.newMessage", thread, occurredAt=number, messageId="m", messageType="MESSAGE")
        )
    work()
    (request,) = env.store.requests.all()
    assert (request.right, request.contact_id) == ("A15", anna)
    assert request.ref.startswith(f"threads/{thread}/")


def test_the_clock_of_a_chat_starts_when_somebody_asks_and_they_may_ask_again_later(env, portal, anna, deliver, work):
    """The first greeting was weeks old, and the second request of a long thread was never seen."""
    thread = portal.write_in("anna@example.com", "Hej, är ni där?", to="")

    def say(words: str, number: int) -> None:
        portal.write_in("anna@example.com", words, to="")
        told = {"occurredAt": number, "messageId": str(number), "messageType": "MESSAGE"}
        deliver(event(portal, "conversation.newMessage", thread, **told))
        work()

    portal.advance(days=40)
    asked_on = env.today()
    say("Vilka uppgifter har ni om mig?", 1)
    say("Hallå? Vilka uppgifter har ni om mig?", 2)
    (first,) = env.store.requests.all()
    assert first.received_on == asked_on
    portal.advance(days=1)
    env.store.requests.change(first.id, status="fulfilled", closed_on=env.today())
    portal.advance(days=200)
    say("Vilka uppgifter har ni om mig nu?", 3)
    assert sorted(each.received_on for each in env.store.requests.all()) == [asked_on, env.today()]


def test_an_ordinary_chat_opens_nothing(env, portal, anna, deliver, work):
    thread = portal.write_in("anna@example.com", "Har ni öppet?", to="")
    deliver(event(portal, "conversation.newMessage", thread, messageId="m", messageType="MESSAGE"))
    work()
    assert env.store.requests.all() == []

"""Stories: how a request reaches the register, by ticket, by a mail that sales logged, by a note after a call."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from crm_gdpr.addons.access import asking
from crm_gdpr.addons.access.handlers import ASKED, look_through_mail
from crm_gdpr.addons.access.jobs import forget
from crm_gdpr.addons.access.language import language_of, spoken
from crm_gdpr.addons.dialogue.reconcile import reconcile_fully
from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import mail
from crm_gdpr.policy import Right
from tests.events import event
from tests.policy.mails import ALL


@pytest.fixture
def anna(portal: Portal) -> str:
    return portal.add_contact(email="anna@example.com", firstname="Anna", createdate="2025-01-01T09:00:00Z")


def logged(portal: Portal, people: list[str], subject: str, text: str = "", **more: str) -> str:
    given = {"hs_email_direction": "INCOMING_EMAIL", "hs_email_subject": subject, "hs_email_text": text}
    return portal.log("email", people, **{**given, **more})


def rights(env) -> list[str]:
    return sorted(request.right for request in env.store.requests.all())


def notes_on(env, kind: str, id_: str) -> list[str]:
    ids = env.hubspot.associated(kind, "notes", [id_])[id_]
    return [
        note.properties["hs_note_body"] or ""
        for note in env.hubspot.read_many("notes", ids, ("hs_note_body",)).values()
    ]


def test_a_ticket_opens_every_right_it_asks_for(env, portal, anna, deliver, work):
    content = "Vilka uppgifter har ni om mig? Och radera mina uppgifter sedan."
    ticket = portal.add_ticket(subject="Hej", content=content, contacts=[anna])
    deliver(event(portal, "ticket.creation", ticket))
    work()
    assert rights(env) == ["A15", "A17"]
    assert {request.language for request in env.store.requests.all()} == {"sv"}


def test_the_clock_starts_when_the_mail_came_not_when_the_ticket_was_made(env, portal, anna, deliver, work):
    came = logged(portal, [anna], "GDPR", hs_timestamp="2026-10-01T08:00:00Z")
    ticket = portal.add_ticket(subject="GDPR", contacts=[anna])
    portal.link(("emails", came), ("tickets", ticket))
    deliver(event(portal, "ticket.creation", ticket))
    work()
    (request,) = env.store.requests.all()
    assert (request.received_on, request.due_on) == (date(2026, 10, 1), date(2026, 11, 2))


def test_support_finds_the_acknowledgement_on_the_ticket_once(env, portal, anna, deliver, work):
    ticket = portal.add_ticket(subject="GDPR", contacts=[anna])
    deliver(event(portal, "ticket.creation", ticket))
    work()
    (request,) = env.store.requests.all()
    env.store.requests.change(request.id, status="initiated")
    env.registry.jobs["access.acknowledge"].run(env, request.id)
    (note,) = [body for body in notes_on(env, "tickets", ticket) if "[1 received]" in body]
    assert request.due_on.isoformat() in note


def test_a_mail_that_sales_logged_opens_a_request(env, portal, anna):
    logged(portal, [anna], "Re: demo", "Vad har ni sparat om mig?", hs_timestamp="2026-11-01T09:00:00Z")
    logged(portal, [anna], "Re: demo", "Torsdag passar bra.")
    logged(portal, [anna], "Sv: GDPR", "Ert svar om GDPR", hs_email_direction="EMAIL")
    look_through_mail(env)
    look_through_mail(env)
    (request,) = env.store.requests.all()
    assert (request.right, request.contact_id, request.received_on) == ("A15", anna, date(2026, 11, 1))


def test_a_newsletter_opens_nothing(env, portal, anna):
    logged(portal, [anna], "Vilka uppgifter har ni om mig?", hs_email_headers=json.dumps({"List-Unsubscribe": "<x>"}))
    logged(portal, [anna], "Nyhetsbrev: GDPR", "Läs mer.\n\nAvregistrera dig")
    look_through_mail(env)
    assert rights(env) == []


def test_the_same_mail_as_ticket_and_as_logged_mail_is_one_request(env, portal, anna, deliver, work):
    logged(portal, [anna], "GDPR")
    deliver(event(portal, "ticket.creation", portal.add_ticket(subject="GDPR", contacts=[anna])))
    work()
    look_through_mail(env)
    assert rights(env) == ["A15"]


def test_a_second_mail_of_another_day_is_a_request_of_its_own(env, portal, anna):
    logged(portal, [anna], "GDPR", hs_timestamp="2026-10-20T09:00:00Z")
    logged(portal, [anna], "GDPR", hs_timestamp="2026-11-01T09:00:00Z")
    look_through_mail(env)
    assert rights(env) == ["A15", "A15"]


def test_an_answer_about_a_request_that_is_open_is_no_new_one(env, portal, anna):
    """Every "Sv: GDPR" to our acknowledgement opened another, with a clock of its own."""
    logged(portal, [anna], "GDPR", hs_timestamp="2026-10-20T09:00:00Z")
    logged(portal, [anna], "Sv: GDPR", "Ja, det är jag.", hs_timestamp="2026-10-25T09:00:00Z")
    look_through_mail(env)
    assert rights(env) == ["A15"]
    (request,) = env.store.requests.all()
    env.store.requests.change(request.id, status="fulfilled", closed_on=env.today())
    logged(portal, [anna], "Sv: GDPR", "Nu vill jag ha ett nytt.", hs_timestamp="2026-11-01T09:00:00Z")
    look_through_mail(env)
    assert rights(env) == ["A15", "A15"]


def test_an_answer_that_somebody_else_may_have_sent_is_a_request_of_its_own(env, portal, anna):
    """A reply with both in it was taken for one about Anna's open request, and Bo's was lost."""
    bo = portal.add_contact(email="bo@example.com", createdate="2025-01-01T09:00:00Z")
    first = asking.Message("emails/1", env.clock.now(), subject="GDPR", contacts=(anna,))
    reply = asking.Message("emails/2", env.clock.now(), subject="Sv: GDPR", contacts=(anna, bo))
    asking.open_one(env, first, Right.ACCESS, by="kim")
    number = asking.open_one(env, reply, Right.ACCESS, by="kim")
    assert env.store.requests.get(number).candidates == (anna, bo)


def test_somebody_who_asked_by_telephone_is_noted_on_the_contact(env, portal, anna, deliver, work):
    portal.edit("contacts", anna, **{ASKED: "A16"})
    told = event(portal, "contact.propertyChange", anna, propertyName=ASKED, propertyValue="A16")
    deliver(told)
    deliver({**told, "attemptNumber": 1})
    work()
    (request,) = env.store.requests.all()
    assert (request.right, request.contact_id) == ("A16", anna)
    assert not portal.value("contacts", anna, ASKED)


@pytest.mark.parametrize("right", ["A15", "A16", "A18", "A20"])
def test_nothing_is_archived_or_erased_while_a_request_is_open(env, portal, anna, right):
    message = asking.Message("emails/1", env.clock.now(), contacts=(anna,))
    asking.open_one(env, message, Right(right), by="kim")
    assert env.store.requests.is_open(anna)


@pytest.mark.parametrize("right", ["A17", "A21"])
def test_a_request_to_be_forgotten_keeps_nothing(env, portal, anna, right):
    asking.open_one(env, asking.Message("emails/1", env.clock.now(), contacts=(anna,)), Right(right), by="kim")
    assert not env.store.requests.is_open(anna)


def test_everybody_it_may_be_about_is_kept_until_support_has_chosen(env, portal, anna):
    other = portal.add_contact(email="anna.ek@example.com")
    asking.open_one(env, asking.Message("emails/1", env.clock.now(), contacts=(anna, other)), Right.ACCESS, by="kim")
    assert env.store.requests.with_open_request() == {anna, other}


def test_a_contact_that_the_request_itself_made_is_here_for_the_request(env, portal):
    made = portal.add_contact(email="new@example.com", actor=mail("new@example.com"))
    asking.open_one(env, asking.Message("tickets/1", env.clock.now(), contacts=(made,)), Right.ACCESS, by="access")
    assert portal.value("contacts", made, "gdpr_source") == "request"


def test_whoever_is_here_for_a_request_alone_is_let_go_of_when_its_period_ends(env, portal):
    made, other = (portal.add_contact(email=f"{name}@example.com", actor=mail(name)) for name in ("new", "old"))
    portal.edit("contacts", other, gdpr_source="inbound")
    portal.edit("contacts", made, gdpr_source="request")
    for contact in (made, other):
        message = asking.Message(f"tickets/{contact}", env.clock.now(), contacts=(contact,))
        number = asking.open_one(env, message, Right.ACCESS, by="access")
        env.store.requests.change(number, status="fulfilled", closed_on=env.today())
    portal.edit("contacts", other, gdpr_source="inbound")
    reconcile_fully(env)
    portal.advance(days=729)
    forget(env)
    assert not portal.value("contacts", made, "gdpr_not_relevant_since")
    portal.advance(days=4)
    forget(env)
    assert portal.value("contacts", made, "gdpr_not_relevant_since") == env.today().isoformat()
    assert not portal.value("contacts", other, "gdpr_not_relevant_since")


def test_nobody_who_came_for_a_request_and_stayed_is_let_go_of(env, portal):
    """A customer's contact, and one we have talked with since, were marked as not relevant."""
    buyer, talker, unread = (portal.add_contact(email=f"{n}@example.com", actor=mail(n)) for n in ("a", "b", "c"))
    for contact in (buyer, talker, unread):
        message = asking.Message(f"tickets/{contact}", env.clock.now(), contacts=(contact,))
        number = asking.open_one(env, message, Right.ACCESS, by="access")
        env.store.requests.change(number, status="fulfilled", closed_on=env.today())
        portal.edit("contacts", contact, gdpr_source="request")
    company = portal.add_company(name="Kund AB")
    portal.link(("contacts", buyer), ("companies", company))
    portal.add_deal(companies=[company], dealstage="closedwon")
    portal.advance(days=10)
    logged(portal, [talker], "Hej", "Torsdag passar bra.", hs_timestamp=env.clock.now().isoformat())
    portal.advance(days=730)
    reconcile_fully(env)
    env.store.index.forget(unread)
    forget(env)
    for contact in (buyer, talker, unread):
        assert not portal.value("contacts", contact, "gdpr_not_relevant_since")


def test_somebody_known_before_keeps_their_source(env, portal, anna):
    asking.open_one(env, asking.Message("tickets/1", env.clock.now(), contacts=(anna,)), Right.ACCESS, by="access")
    assert portal.value("contacts", anna, "gdpr_source") != "request"


def test_every_one_of_the_sixty_mails_opens_what_it_asks_for(env, portal):
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    for number, (subject, text, wanted) in enumerate(ALL):
        asking.open_for(env, asking.Message(f"emails/{number}", now, subject, text), by="access")
        opened = [r.right for r in env.store.requests.all() if r.ref == f"emails/{number}"]
        assert " ".join(sorted(opened)) == wanted, subject


@pytest.mark.parametrize(
    ("text", "language"),
    [("Vad har ni om mig?", "sv"), ("What do you have about me?", "en"), ("12345", None), ("", None)],
)
def test_the_language_is_that_of_the_words(text, language):
    assert language_of(text) == language


def test_the_first_known_language_is_spoken():
    assert (spoken(None, "en-us"), spoken("fi", None), spoken("sv", "en")) == ("en", "sv", "sv")

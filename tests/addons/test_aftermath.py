"""Stories: what follows an erasure until nothing is left to do."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
import responses

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up, refuse_erasure, request_erasure
from crm_gdpr.addons.erasure.incidents import open_incident
from crm_gdpr.addons.erasure.watching import watch
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.schemas import Draft
from crm_gdpr.emulator.tokens import Token
from crm_gdpr.policy import Text
from crm_gdpr.policy.book import Recipient
from crm_gdpr.policy.facts import Event
from crm_gdpr.sync.scan import Found, Rows
from crm_gdpr.sync.scopes import SCOPES, WHERE_LICENSED
from tests.addons.nights import carry_out, in_bin, in_review, let_pass, silent, states, told, uncapped, won_once


@pytest.fixture
def officer(portal, env):
    return portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")


@pytest.fixture
def jane(portal, env, officer):
    return silent(portal, firstname="Jane", lastname="Doe", phone="+46701234567")


def erased(env, person):
    reconcile(env, full=True)
    request_erasure(env, person, by="kim")
    carry_out(env)


def with_recipient(env, name="Ekonomi", **more):
    text = Text(sv="Ekonomisystemet", en="The accounting system")
    other = Recipient(name, "processor", text, text, **more)
    return replace(env, policy=replace(env.policy, recipients=(*env.policy.recipients, other)))


def tasks(portal, words):
    return [t.properties for t in portal.live["tasks"] if words in t.properties["hs_task_subject"]]


# --- read again


def test_an_erasure_is_read_again_after_thirty_days_and_closed_when_the_bin_has_let_go(portal, env, jane):
    portal.log("note", contacts=[jane])
    erased(env, jane)
    let_pass(env, portal, 29)
    follow_up(env)
    assert env.store.cases.of(jane).state == "gone"
    let_pass(env, portal, 1)
    follow_up(env)
    assert env.store.cases.of(jane).state == "verified"
    let_pass(env, portal, 61)
    follow_up(env)
    assert env.store.cases.of(jane).state == "closed"
    assert told(env, jane)[-2:] == ["erase.verified", "erase.closed"]


def test_what_is_back_is_not_verified_but_told(portal, env, jane):
    own = portal.log("note", contacts=[jane])
    erased(env, jane)
    portal.restore("notes", own)
    let_pass(env, portal, 30)
    follow_up(env)
    assert env.store.cases.of(jane).state == "gone"
    (task,) = tasks(portal, "An erased person is still in HubSpot")
    assert f"notes/{own}" in task["hs_task_body"]


def test_who_comes_back_with_a_restored_copy_is_erased_again(portal, env, jane):
    env = uncapped(env)
    copy = portal.snapshot()
    erased(env, jane)
    portal.restore_snapshot(copy)
    reconcile(env, full=True)
    plan = carry_out(env)
    assert states(env, plan) == {jane: ("erase", "done")}
    assert portal.is_gone(jane)


def test_who_is_back_and_has_asked_for_their_data_is_answered_first(portal, env, jane):
    env = uncapped(env)
    copy = portal.snapshot()
    erased(env, jane)
    portal.restore_snapshot(copy)
    reconcile(env, full=True)
    env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=jane)
    plan = carry_out(env)
    assert states(env, plan) == {jane: ("erase", "skipped")}
    assert portal.is_live(jane)


def kept_mail(portal, env, person):
    """Erase somebody of whom bookkeeping keeps one e-mail to the end of 2030."""
    deal = won_once(portal, person)
    mail = portal.log("email", contacts=[person], hs_timestamp="2023-02-01T10:00:00Z", hs_email_subject="Order")
    portal.link(("emails", mail), ("deals", deal))
    erased(env, person)
    let_pass(env, portal, 30)
    follow_up(env)
    return mail


# --- what no API removes


def test_a_deal_that_names_the_person_is_a_task_until_somebody_has_done_it(portal, env, jane, officer):
    deal = portal.add_deal(contacts=[jane], dealname="Licens till Jane Doe", dealstage="closedlost")
    erased(env, jane)
    follow_up(env)
    follow_up(env)
    (task,) = tasks(portal, "Remove what is left of an erased person")
    assert f"/app/deals/{deal}" in task["hs_task_body"]
    assert task["hubspot_owner_id"] == officer
    assert "Jane" not in str(task)
    let_pass(env, portal, 14)
    follow_up(env)
    assert len(tasks(portal, "1 errands after erasures are open")) == 1
    (errand,) = env.store.errands.waiting("left")
    portal.edit("tasks", errand.task_id, hs_task_status="COMPLETED")
    follow_up(env)
    assert env.store.errands.waiting("left") == []
    assert "rest.removed" in told(env, jane)


def test_what_is_tied_to_a_won_deal_is_kept_with_its_ground(portal, env, jane):
    deal = won_once(portal, jane)
    mail = portal.log("email", contacts=[jane], hs_timestamp="2023-02-01T10:00:00Z", hs_email_subject="Order")
    note = portal.log("note", contacts=[jane], hs_timestamp="2023-02-01T10:00:00Z", hs_note_body="Jane Doe beställde")
    for kind, id_ in (("emails", mail), ("notes", note)):
        portal.link((kind, id_), ("deals", deal))
    erased(env, jane)
    assert portal.is_gone(jane)
    assert portal.is_live(mail)
    assert env.store.cases.of(jane).frozen["kept"] == [f"emails/{mail} 17(3)(b) 2030-12-31"]
    assert portal.is_archived(note)
    (copy,) = portal.live["notes"]
    assert copy.properties["hs_note_body"] == "[raderad] beställde"


def test_what_was_kept_goes_after_its_last_day_and_not_before(portal, env, jane):
    deal = won_once(portal, jane)
    file, ours = portal.add_file("order.pdf", b"order"), portal.add_file("brochure.pdf", b"ours")
    said = {"hs_timestamp": "2023-02-01T10:00:00Z", "hs_email_subject": "Order"}
    mail = portal.log("email", contacts=[jane], hs_attachment_ids=f"{file};{ours}", **said)
    portal.log("note", hs_note_body="till någon annan", hs_attachment_ids=ours)
    portal.link(("emails", mail), ("deals", deal))
    erased(env, jane)
    assert len(env.store.cases.of(jane).frozen["kept"]) == 3
    let_pass(env, portal, (date(2030, 12, 31) - env.today()).days)
    follow_up(env)
    assert portal.is_live(mail)
    let_pass(env, portal, 1)
    env.store.pause.stop("kim", env.today(), "wait")
    follow_up(env)
    assert portal.is_live(mail), "one switch stops everything"
    env.store.pause.resume(env.today())
    follow_up(env)
    assert portal.is_archived(mail)
    assert [each.id for each in portal.files.live()] == [int(ours)]
    assert "kept.let_go" in told(env, jane)
    let_pass(env, portal, 90)
    follow_up(env)
    assert env.store.cases.of(jane).state == "closed"


@pytest.mark.parametrize("step", ["store.cases.Cases.keep", "store.cases.Cases.put", "sync.HubSpot.archive"])
def test_letting_go_of_what_was_kept_can_be_broken_off(portal, env, jane, monkeypatch, step):
    mail = kept_mail(portal, env, jane)
    let_pass(env, portal, (date(2031, 1, 1) - env.today()).days)
    with monkeypatch.context() as broken:
        broken.setattr(f"crm_gdpr.{step}", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            follow_up(env)
    follow_up(env)
    assert portal.is_archived(mail)
    frozen = env.store.cases.of(jane).frozen
    assert (frozen["kept"], frozen["waits"], frozen["left"]) == ([], [f"emails/{mail}"], [])


@pytest.mark.parametrize(
    ("kind", "ground", "until"),
    [("invoices", "17(3)(b)", "2030-12-31"), ("commerce_payments", "17(3)(b)", "2030-12-31"),
     ("quotes", "17(3)(e)", "2033-12-31")],
)  # fmt: skip
def test_what_is_tied_to_an_invoice_a_payment_or_a_quote_is_kept(portal, env, jane, kind, ground, until):
    portal.define(Draft(kind, kind, kind, [Property("hs_title", "Title", "")], associated=("CONTACT", "EMAIL")))
    (name,) = [each for each in portal.live if each.endswith(f"_{kind}")]
    made = portal.create(name, {"hs_title": "17"}, actor=SALES)
    mail = portal.log("email", contacts=[jane], hs_timestamp="2023-02-01T10:00:00Z", hs_email_subject="Se bilaga")
    portal.link(("emails", mail), (name, str(made.id)))
    erased(env, jane)
    assert portal.is_live(mail)
    assert env.store.cases.of(jane).frozen["kept"] == [f"emails/{mail} {ground} {until}"]


def test_what_hubspot_refuses_to_let_go_of_keeps_nobody_elses_case_open(portal, env, emulator, jane):
    other = silent(portal, "other@example.com")
    mail = kept_mail(portal, uncapped(env), jane)
    erased(uncapped(env), other)
    let_pass(env, portal, (date(2031, 1, 1) - env.today()).days)
    emulator.guard.faults.waiting.append(Fault(match=f"/emails/{mail}", method="DELETE", status=400, times=9))
    follow_up(env)
    assert portal.is_live(mail)
    assert told(env, jane)[-1] == "step.skipped"
    assert env.store.cases.of(other).state in ("verified", "closed")


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_form_that_cannot_be_read_is_named_and_stops_no_other(portal, env, emulator, jane, status):
    broken, whole = portal.add_form(), portal.add_form()
    in_bin(env, portal)
    portal.submit_form(whole, {"email": "jane@example.com"})
    carry_out(env)
    emulator.guard.faults.waiting.append(Fault(match=f"/submissions/forms/{broken}", status=status, times=9))
    follow_up(env)
    frozen = env.store.cases.of(jane).frozen
    assert f"forms/{broken}" in frozen["unread"]
    assert f"forms/{whole}/" in str(frozen["left"])


def test_a_record_of_the_accounts_own_kind_that_names_the_person_is_told(portal, env, jane):
    kind = portal.define(
        Draft("licence", "Licence", "Licences", [Property("user", "User", "")], associated=("CONTACT",))
    )
    made = portal.create(kind.kind.name, {"user": "Jane Doe"}, actor=SALES)
    portal.associate(("contacts", int(jane)), (kind.kind.name, made.id), None, actor=SALES)
    erased(env, jane)
    assert env.store.cases.of(jane).frozen["left"] == [f"{kind.kind.name}/{made.id}"]


@pytest.fixture
def john(portal, jane):
    """A colleague of the same company."""
    firm = portal.add_company(name="Exempel AB", lifecyclestage="lead")
    person = portal.add_contact(email="john@example.com", firstname="John", lastname="Roe")
    for each in (jane, person):
        portal.link(("contacts", each), ("companies", firm))
    return person


LONG = "Ja. " * 600


@pytest.mark.parametrize(
    "said",
    ["Fråga Jane Doe.", "Ring 070-123 45 67", f"{LONG} Hälsa jane@example.com", "Jane vet."],
    ids=["by name", "by number", "past where HubSpot cuts it short", "perhaps"],
)
def test_a_colleagues_conversation_that_names_the_person_is_a_task(portal, env, john, jane, said):
    thread = portal.write_in("john@example.com", said, "Offert", to="")
    portal.write_in("stranger@example.com", "Jane Doe", to="")
    erased(env, jane)
    assert env.store.cases.of(jane).frozen["left"] == [f"threads/{thread}"]
    follow_up(env)
    (task,) = tasks(portal, "Ta bort det som är kvar")
    assert f"threads/{thread}" in task["hs_task_body"]
    assert "delete what in it names the person" in task["hs_task_body"]
    assert thread in [each.id for each in env.hubspot.threads(john)], "it is the colleague's"


def test_what_colleagues_said_of_it_among_themselves_is_a_task_too(portal, env, john, jane):
    thread = portal.write_in("john@example.com", "Hej", to="")
    portal.reply(thread, "Jane Doe ska inte svara här", comment=True)
    erased(env, jane)
    assert env.store.cases.of(jane).frozen["left"] == [f"threads/{thread}"]


def test_a_colleagues_conversation_about_somebody_else_is_left_alone(portal, env, john, jane):
    portal.write_in("john@example.com", "Hej, John Roe här på Exempel AB", to="")
    erased(env, jane)
    assert env.store.cases.of(jane).frozen["left"] == []


def test_colleagues_beyond_the_first_are_named_as_unread(portal, env, john, jane, monkeypatch):
    monkeypatch.setattr("crm_gdpr.gate.overheard.MOST", 0)
    monkeypatch.setattr("crm_gdpr.gate.others.MOST", 0)
    portal.write_in("john@example.com", "Jane Doe", to="")
    erased(env, jane)
    assert env.store.cases.of(jane).frozen["unread"] == ["threads"]


def test_a_shared_engagement_with_a_sensitive_value_is_left_to_a_person(portal, env, john, jane):
    portal.catalogue("notes").create(Property("diagnosis", "Diagnos", "note", sensitivity="sensitive"))
    other = portal.log("note", contacts=[jane, john], hs_note_body="Jane Doe ringde")
    note = portal.log("note", contacts=[jane, john], hs_note_body="Jane Doe mår bra", diagnosis="frisk")
    erased(env, jane)
    assert portal.is_live(note)
    assert portal.value("notes", note, "diagnosis") == "frisk"
    assert not portal.is_live(other)
    assert env.store.cases.of(jane).frozen["left"] == [f"notes/{note}"]


def test_what_is_made_anew_without_sight_of_sensitive_values_says_so(portal, env, emulator, john, jane):
    portal.log("note", contacts=[jane, john], hs_note_body="Jane Doe ringde")
    portal.log("call", contacts=[jane, john], hs_call_body="Om ingenting")
    token = env.settings.access_token
    emulator.guard.tokens.named[token] = Token(token, portal.app_id, scopes=frozenset({*SCOPES, *WHERE_LICENSED}))
    erased(env, jane)
    frozen = env.store.cases.of(jane).frozen
    assert "sensitive notes" in frozen["unread"]
    assert "sensitive calls" not in frozen["unread"]


def test_what_is_still_there_after_the_erasure_is_named_at_once(portal, env, jane, monkeypatch):
    own = portal.log("note", contacts=[jane])
    monkeypatch.setattr("crm_gdpr.sync.HubSpot.archive", lambda *_: True)  # HubSpot says yes and does nothing
    erased(env, jane)
    assert env.store.cases.of(jane).frozen["left"] == [f"notes/{own}"]
    line = env.store.ledger.lines(subject=env.pseudonym(jane))[-1]
    assert (line.action, line.detail["left"]) == ("erase.done", [f"notes/{own}"])


# --- recipients


def test_a_recipient_is_told_by_a_signed_call_until_it_answers(portal, env, jane, work, monkeypatch):
    env = with_recipient(env, notify="https://ekonomi.example.se/radera")
    monkeypatch.setattr("crm_gdpr.jobs.run.boot", lambda: env)
    erased(env, jane)
    with responses.RequestsMock() as other:
        other.add_passthru(env.settings.base_url)
        other.post("https://ekonomi.example.se/radera", status=503)
        other.post("https://ekonomi.example.se/radera", status=204)
        follow_up(env)
        work()
        call = other.calls[-1].request
    assert json.loads(call.body)["contact_ids"] == [jane]
    key = hmac.new(env.settings.secret_key.encode(), b"crm_gdpr/recipient/Ekonomi", hashlib.sha256).hexdigest()
    signed = f"{call.headers['X-CRM-GDPR-Timestamp']}.{call.body}"
    assert call.headers["X-CRM-GDPR-Signature"] == hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()
    assert told(env, jane).count("recipient.told") == 1
    let_pass(env, portal, 1)
    follow_up(env)
    work()
    assert told(env, jane).count("recipient.told") == 1


def test_a_recipient_who_never_answers_is_chased(portal, env, jane, work, monkeypatch):
    env = with_recipient(env, notify="https://ekonomi.example.se/radera")
    monkeypatch.setattr("crm_gdpr.jobs.run.boot", lambda: env)
    erased(env, jane)
    with responses.RequestsMock() as other:
        other.add_passthru(env.settings.base_url)
        other.post("https://ekonomi.example.se/radera", status=503)
        follow_up(env)
        work()
    let_pass(env, portal, 14)
    follow_up(env)
    (task,) = tasks(portal, "errands after erasures are open")
    assert "Ekonomi: " in task["hs_task_body"]


def test_recipients_with_long_names_are_each_told_of_each_person(portal, env, jane, officer):
    """Cut off at the end, one person's key was another's."""
    env, kim = uncapped(with_recipient(env, name="Ekonomisystemet" * 20)), silent(portal, "kim@example.com")
    erased(env, jane)
    erased(env, kim)
    follow_up(env)
    assert len(tasks(portal, "Erase a person in Ekonomi")) == 2


def test_a_recipient_without_an_address_is_a_task(portal, env, jane):
    env = with_recipient(env)
    erased(env, jane)
    follow_up(env)
    follow_up(env)
    (task,) = tasks(portal, "Erase a person in Ekonomi")
    assert jane in task["hs_task_body"]


# --- refused, or wrong


def test_a_refusal_names_its_ground_and_the_request_is_over(portal, env, jane):
    portal.edit("contacts", jane, gdpr_erasure_requested_on="2026-11-01")
    refuse_erasure(env, jane, ground="e", why="tvist om faktura", by="kim")
    assert not portal.value("contacts", jane, "gdpr_erasure_requested_on")
    line = env.store.ledger.lines(subject=env.pseudonym(jane))[-1]
    assert (line.action, line.detail) == ("erasure.refused", {"ground": "17(3)(e)"})
    (note,) = portal.associated(portal.record("contacts", int(jane)), "notes")
    assert "tvist om faktura" in portal.value("notes", str(note), "hs_note_body")


def test_a_wrong_deletion_opens_an_incident_once_with_the_hour_to_notify_by(portal, env, jane):
    for _ in range(2):
        open_incident(env, jane, why="fel <b>person", by="kim")
    (task,) = tasks(portal, "Wrong deletion")
    by = env.clock.now() + timedelta(hours=72)
    assert f"before {by:%Y-%m-%d %H:%M} UTC" in task["hs_task_subject"]
    assert "fel &lt;b&gt;person" in task["hs_task_body"]
    assert told(env, jane) == ["incident.opened"]
    assert "person" not in str(env.store.ledger.lines()[-1].detail)
    (incident,) = env.store.incidents.all()
    assert incident.report_by - incident.known_at == timedelta(hours=72)
    assert "person" not in incident.what
    (errand,) = env.store.errands.waiting("incident")
    portal.edit("tasks", errand.task_id, hs_task_status="COMPLETED")
    follow_up(env)
    assert env.store.incidents.all()[0].closed_at is not None
    assert told(env, jane) == ["incident.opened", "incident.closed"]


def test_the_incident_carries_the_ledger_of_what_was_done(portal, env, jane):
    erased(env, jane)
    open_incident(env, jane, why="fel person", by="kim")
    (task,) = tasks(portal, "Wrong deletion")
    assert "erase.begun, plan 1, approved by kim" in task["hs_task_body"]
    done = [line.seq for line in env.store.ledger.lines(subject=env.pseudonym(jane))][:-1]
    assert env.store.incidents.all()[0].what.endswith(", ".join(map(str, done)))


def test_a_dialogue_found_later_that_should_have_kept_the_person_is_an_incident(portal, env, jane):
    in_review(env, portal)
    carry_out(env)
    call = Event(ref="calls/9", kind="call", disposition="connected", on=date(2026, 10, 1))
    env.store.index.keep("calls", Rows(events=(Found(call, contacts=(jane,)),)), 1)
    watch(env)
    watch(env)
    assert len(tasks(portal, "Wrong deletion")) == 1
    assert len(tasks(portal, "Restore before")) == 1

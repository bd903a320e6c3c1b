"""Stories: a request for erasure from the console, from the confirmed identity to the answer on the ticket."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.access.steps import accept, open_request
from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up
from crm_gdpr.addons.erasure.requests import answer_requests
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.policy import Right
from tests.addons.copies import Copy
from tests.addons.nights import carry_out, states, told, won_once
from tests.addons.pages import post, sign_in

MARK = "GDPR: radera mig"


@pytest.fixture
def jane(portal):
    return portal.add_contact(email="jane@example.com", firstname="Jane", lastname="Doe", gdpr_source="inbound")


@pytest.fixture
def asked(env, portal, jane):
    """A request by ticket, whose identity somebody has confirmed."""
    ticket = portal.add_ticket(contacts=[jane], subject=MARK, content="Radera mina uppgifter")
    reconcile(env, full=True)
    number = open_request(
        env, right=Right.ERASURE, received_on=env.today(), contact_id=jane, by="kim", ticket_id=ticket
    )
    accept(env, env.store.requests.get(number), note="ringdes upp", by="kim")
    return number, ticket


def press(client, number, what, **form):
    return post(client, f"/console/requests/{number}/{what}", page=f"/console/requests/{number}", **form)


def letters(portal, ticket):
    notes = portal.associated(portal.record("tickets", int(ticket)), "notes")
    return " ".join(portal.value("notes", str(note), "hs_note_body") for note in notes)


def test_a_confirmed_request_is_carried_out_and_answered_on_the_ticket(portal, env, client, work, jane, asked):
    number, ticket = asked
    sign_in(client, env)
    press(client, number, "erase")
    work()
    assert portal.is_gone(jane)
    answer_requests(env)
    answer_requests(env)
    request = env.store.requests.get(number)
    assert (request.status, request.outcome) == ("fulfilled", "erased")
    assert "Vi har raderat dina uppgifter" in letters(portal, ticket)
    assert letters(portal, ticket).count(f"[{number} erased]") == 1
    assert told(env, jane).count("request.done") == 1


@pytest.mark.parametrize("read_again", [False, True], ids=["at once", "after a full reading"])
def test_a_store_restored_from_a_copy_with_its_journal_closes_the_requests_of_who_is_erased(
    portal, env, client, work, jane, asked, read_again
):
    number, ticket = asked
    copy = Copy(env)
    sign_in(client, env)
    press(client, number, "erase")
    work()
    assert portal.is_gone(jane)
    copy.put_back(journal_too=True)
    assert env.store.requests.get(number).is_open
    if read_again:
        reconcile(env, full=True)
    follow_up(env)
    assert states(env, carry_out(env)) == {jane: ("erase", "done")}
    answer_requests(env)
    assert env.store.requests.get(number).outcome == "erased"
    assert letters(portal, ticket).count(f"[{number} erased]") == 1


def test_what_is_kept_is_named_in_the_answer_with_its_ground(portal, env, client, work, jane, asked):
    number, ticket = asked
    deal = won_once(portal, jane)
    mail = portal.log("email", contacts=[jane], hs_timestamp="2023-02-01T10:00:00Z", hs_email_subject="Order")
    portal.link(("emails", mail), ("deals", deal))
    reconcile(env, full=True)
    sign_in(client, env)
    press(client, number, "erase")
    work()
    answer_requests(env)
    assert "1 e-postmeddelanden och filer" in letters(portal, ticket)
    assert "2030-12-31" in letters(portal, ticket)
    assert "17(3)(b)" in letters(portal, ticket)
    assert f"emails/{mail} 17(3)(b) 2030-12-31" in client.get(f"/console/people/{jane}").text


def test_a_refusal_names_its_ground_to_the_person_and_closes_the_request(portal, env, client, jane, asked):
    number, ticket = asked
    sign_in(client, env)
    press(client, number, "keep", ground="e", why="tvist om faktura 17")
    assert env.store.requests.get(number).status == "rejected"
    assert "17(3)(e), rättsliga anspråk" in letters(portal, ticket)
    assert "Du kan klaga" in letters(portal, ticket)
    assert portal.is_live(jane)
    assert [line.detail for line in env.store.ledger.lines() if line.action == "erasure.refused"] == [
        {"ground": "17(3)(e)"}
    ]


@pytest.mark.parametrize("by_ticket", [True, False], ids=["by ticket", "by mail"])
def test_a_refusal_to_somebody_in_the_recycle_bin_is_laid_where_hubspot_takes_it(
    portal, env, client, jane, asked, by_ticket
):
    number, ticket = asked
    if not by_ticket:
        env.store.requests.change(number, ticket_id=None)
    portal.archive("contacts", jane)
    sign_in(client, env)
    press(client, number, "keep", ground="e", why="tvist om faktura 17")
    assert env.store.requests.get(number).status == "rejected"
    where = letters(portal, ticket) if by_ticket else client.get(f"/console/requests/{number}").text
    assert "17(3)(e), rättsliga anspråk" in where


def test_a_refusal_that_is_broken_off_leaves_no_wish_standing(portal, env, emulator, client, jane, asked):
    number, _ = asked
    portal.edit("contacts", jane, gdpr_erasure_requested_on="2026-11-01")
    sign_in(client, env)
    emulator.guard.faults.waiting = [Fault(match="/notes", status=403, times=9)]
    assert press(client, number, "keep", ground="e", why="tvist om faktura 17").status_code == 502
    assert not portal.value("contacts", jane, "gdpr_erasure_requested_on")
    assert env.store.requests.get(number).is_open, "it can be refused again"


def test_nobody_is_erased_before_the_identity_is_confirmed(portal, env, client, work, jane):
    reconcile(env, full=True)
    number = open_request(env, right=Right.ERASURE, received_on=env.today(), contact_id=jane, by="kim")
    sign_in(client, env)
    assert press(client, number, "erase").status_code == 409
    assert "crm-gdpr erase" not in client.get(f"/console/requests/{number}").text
    work()
    assert portal.is_live(jane)


def test_a_hold_is_told_to_whoever_would_erase(portal, env, client, work, jane, asked):
    portal.edit("contacts", jane, gdpr_hold_reason="tvist", gdpr_hold_by="kim", gdpr_hold_until="2027-06-01")
    reconcile(env, full=True)
    sign_in(client, env)
    assert press(client, asked[0], "erase").status_code == 409
    work()
    assert portal.is_live(jane)

"""Stories: the store is put back from an older copy.  A no is a no, who was erased stays erased, and it is said."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from crm_gdpr.addons.access.jobs import forget
from crm_gdpr.addons.access.steps import accept, open_request
from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up, request_erasure
from crm_gdpr.addons.erasure.requests import answer_requests, refuse_request
from crm_gdpr.addons.objection.links import link_for
from crm_gdpr.addons.objection.taking import object_to, withdraw
from crm_gdpr.addons.register.journal import keep_journal, rewrite_journal
from crm_gdpr.addons.retention.answering import take_undated
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.holds import hold, release
from crm_gdpr.addons.retention.planning import make_plan
from crm_gdpr.diagnosis import diagnose
from crm_gdpr.emulator.actor import imported
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.gate import Refused
from crm_gdpr.jobs import assemble
from crm_gdpr.policy import Right
from crm_gdpr.store.suppression import WrongKey
from tests.addons.copies import Copy
from tests.addons.nights import (
    approved,
    carry_out,
    in_bin,
    in_review,
    let_pass,
    planned,
    silent,
    states,
    told,
    uncapped,
)
from tests.addons.pages import post, sign_in
from tests.events import event

JANE = "jane@example.com"
OFFICER = "sam@example.se"


@pytest.fixture
def settle(settle_by_queue):
    """A worker looks into the journal before it works."""
    return settle_by_queue


@pytest.fixture
def jane(portal):
    return portal.add_contact(email=JANE, firstname="Jane", gdpr_source="inbound")


@pytest.fixture
def watched(env, portal):
    """The system, with an officer to be told."""
    sam = portal.add_owner(OFFICER, "Sam", "Ek")
    controller = replace(env.policy.controller, officer=OFFICER)
    return replace(env, policy=replace(env.policy, controller=controller)), sam


def said(portal, what="äldre kopia"):
    """Return the tasks that tell of it, each with its owner and its text."""
    tasks = [task.properties for task in portal.live["tasks"]]
    found = [task for task in tasks if what in task["hs_task_subject"]]
    return [(task.get("hubspot_owner_id"), task["hs_task_body"]) for task in found]


def doctor(env):
    (found,) = [each for each in diagnose(env) if each.what == "journal"]
    return found.state, found.advice


def go_on(env):
    env.store.pause.resume(env.today())


def test_a_no_said_since_the_copy_is_known_when_somebody_brings_the_person_back(portal, env, jane, settle):
    settle()
    copy = Copy(env)
    object_to(env, jane, how="phone", by="kim")
    settle()
    portal.purge(jane)
    portal.blocklist.clear()
    settle()
    copy.put_back()
    back = portal.add_contact(actor=imported("77"), email=JANE)
    settle()
    assert portal.value("contacts", back, "gdpr_quarantined_on")
    assert env.store.objections.get(1).by == "kim"


def test_a_no_by_the_link_that_waited_for_hubspot_waits_in_the_journal_too(portal, env, client, work, jane):
    copy = Copy(env)
    assert client.post(link_for(env, jane).removeprefix(env.settings.public_url)).status_code == 200
    copy.put_back()
    keep_journal(env)
    work()
    (held,) = env.store.objections.of([jane])
    assert (held.channel, held.in_force) == ("link", True)
    assert portal.value("contacts", jane, "gdpr_objected_on")


def test_a_no_withdrawn_since_the_copy_holds_again_and_is_named(portal, watched, jane, settle):
    env, _ = watched
    number = object_to(env, jane, how="phone", by="kim")
    settle()
    copy = Copy(env)
    withdraw(env, number, by="kim", why="she wrote")
    copy.put_back()
    keep_journal(env)
    assert env.store.objections.get(number).in_force
    ((_, body),) = said(portal)
    assert f"/console/objections/{number}" in body
    assert "ended after the copy: 1 nej" in body


def test_the_officer_is_told_once_since_when_what_came_back_and_what_cannot_be_known(portal, watched, jane, settle):
    env, sam = watched
    keep_journal(env)
    since = env.clock.now().isoformat(timespec="seconds")
    copy = Copy(env)
    portal.advance(hours=30)
    object_to(env, jane, how="phone", by="kim")
    keep_journal(env)
    until, lines = env.clock.now().isoformat(timespec="seconds"), env.store.ledger.verify().lines
    copy.put_back()
    assert doctor(env)[0] == "look"
    for _ in range(3):
        keep_journal(env)
    ((owner, body),) = said(portal)
    assert owner == sam
    for part in (since, until, f"{lines} rader", "1 nej / objections", "loggboksrader", "ledger lines", "resume --by"):
        assert part in body, part
    (line,) = [each for each in env.store.ledger.lines() if each.action == "store.older"]
    assert line.detail["back"] == {"objections": 1}
    assert env.store.ledger.verify().holds
    assert doctor(env)[0] == "ok"


def test_nobody_goes_until_a_named_person_has_looked(portal, env):
    jane = silent(portal)
    in_review(env, portal)
    keep_journal(env)
    copy = Copy(env)
    env.store.pause.stop("kim", env.today(), "we have lost the consent forms")
    keep_journal(env)
    copy.put_back()
    plan = approved(env)
    for _ in range(2):
        with pytest.raises(Refused, match="older copy"):
            apply_plan(env, plan.id)
    assert portal.is_live(jane)
    go_on(env)
    apply_plan(env, plan.id)
    assert portal.is_archived(jane)


def test_whom_we_archived_since_the_copy_is_no_deletion_by_others_and_goes_when_due(portal, env, settle):
    jane = silent(portal)
    in_review(env, portal)
    copy = Copy(env)
    carry_out(env)
    assert portal.is_archived(jane)
    archived_on = env.today()
    copy.put_back()
    env.queue.enqueue("erasure.watch_bin", "the-night-after")
    settle()
    keep_journal(env)
    case = env.store.cases.of(jane)
    assert (case.way, case.state) == ("bin", "in_bin")
    assert env.store.foreign.count(archived_on) == 0
    go_on(env)
    let_pass(env, portal, 81)
    assert states(env, carry_out(env)) == {jane: ("erase", "done")}
    assert env.store.cases.of(jane).state == "awaiting_bin"


def test_a_hold_put_on_somebody_in_the_bin_since_the_copy_is_not_lifted(portal, env):
    jane = silent(portal)
    in_bin(env, portal, 5)
    keep_journal(env)
    copy = Copy(env)
    hold(env, jane, reason="dispute", until="2027-06-01", by="sam")
    keep_journal(env)
    copy.put_back()
    keep_journal(env)
    go_on(env)
    let_pass(env, portal, 81)
    reconcile(env, full=True)
    assert make_plan(env) is None
    assert env.store.index.known(jane).facts.contact.hold
    rewrite_journal(env)
    assert '"hold": "hold"' in env.settings.journal.read_text()


def test_a_hold_released_in_the_bin_since_the_copy_holds_again_and_is_named(portal, watched):
    env, _ = watched
    jane = silent(portal)
    in_bin(env, portal, 5)
    hold(env, jane, reason="dispute", until="2027-06-01", by="sam")
    copy = Copy(env)
    release(env, jane, by="sam")
    copy.put_back()
    keep_journal(env)
    assert env.store.index.known(jane).facts.contact.hold
    ((_, body),) = said(portal)
    assert "ended after the copy: 1 låsningar" in body
    assert f"/console/people/{jane}" in body


def test_an_erasure_refused_since_the_copy_to_somebody_in_the_bin_is_not_carried_out(portal, env):
    jane = silent(portal)
    in_bin(env, portal, 5)
    told_on = {"received_on": env.today(), "ticket_id": portal.add_ticket()}
    number = open_request(env, right=Right.ERASURE, contact_id=jane, by="kim", **told_on)
    accept(env, env.store.requests.get(number), note="ringdes upp", by="kim")
    request_erasure(env, jane, by="kim")
    copy = Copy(env)
    refuse_request(env, env.store.requests.get(number), ground="e", why="tvist om faktura 17", by="sam")
    reconcile(env, full=True)
    assert make_plan(env) is None
    copy.put_back()
    keep_journal(env)
    go_on(env)
    reconcile(env, full=True)
    assert make_plan(env) is None


def test_a_hold_asked_for_since_the_copy_still_waits_for_the_officer(portal, watched, deliver, work):
    env, _ = watched
    jane = silent(portal)
    in_review(env, portal)
    copy = Copy(env)
    portal.edit("contacts", jane, gdpr_review_answer="hold")
    deliver(event(portal, "contact.propertyChange", jane, propertyName="gdpr_review_answer"))
    work()
    copy.put_back()
    keep_journal(env)
    reconcile(env, full=True)
    assert make_plan(env) is None
    (errand,) = env.store.errands.waiting("hold_asked")
    portal.edit("tasks", errand.task_id, hs_task_status="COMPLETED")
    take_undated(env)
    assert states(env, planned(env)) == {jane: ("archive", "waiting")}


def test_who_was_restored_since_the_copy_starts_over(portal, env, settle):
    jane = silent(portal)
    in_bin(env, portal, 5)
    copy = Copy(env)
    portal.restore("contacts", jane)
    settle()
    assert env.store.cases.of(jane).state == "restored"
    copy.put_back()
    settle()
    keep_journal(env)
    assert env.store.cases.of(jane).state == "restored"
    assert env.store.cases.of(jane).restores == 1
    assert env.store.stages.get(jane) is None


@pytest.fixture
def asked(env, portal, jane):
    """A request for erasure by ticket, whose identity somebody has confirmed."""
    ticket = portal.add_ticket(contacts=[jane], subject="GDPR: radera mig", content="Radera mina uppgifter")
    reconcile(env, full=True)
    number = open_request(
        env, right=Right.ERASURE, received_on=env.today(), contact_id=jane, by="kim", ticket_id=ticket
    )
    accept(env, env.store.requests.get(number), note="ringdes upp", by="kim")
    return number


def test_who_was_erased_on_request_since_the_copy_is_answered(portal, env, client, work, jane, asked):
    copy = Copy(env)
    sign_in(client, env)
    post(client, f"/console/requests/{asked}/erase", page=f"/console/requests/{asked}")
    work()
    assert portal.is_gone(jane)
    copy.put_back()
    keep_journal(env)
    assert env.store.cases.of(jane).state == "gone"
    assert env.store.requests.get(asked).is_open
    answer_requests(env)
    assert env.store.requests.get(asked).outcome == "erased"
    follow_up(env)
    assert env.store.foreign.count(env.today()) == 0


def test_who_is_back_with_hubspots_own_copy_is_erased_again(portal, env, client, work, jane, asked):
    env = uncapped(env)
    store, account = Copy(env), portal.snapshot()
    sign_in(client, env)
    post(client, f"/console/requests/{asked}/erase", page=f"/console/requests/{asked}")
    work()
    assert portal.is_gone(jane)
    portal.restore_snapshot(account)
    store.put_back()
    keep_journal(env)
    plan = planned(env)
    assert states(env, plan) == {jane: ("erase", "waiting")}, "in a plan, for a person to approve"
    assert portal.is_live(jane)
    go_on(env)
    answer_requests(env)  # the one that the copy has open is answered
    assert states(env, carry_out(env)) == {jane: ("erase", "done")}
    assert portal.is_gone(jane)


def test_a_request_opened_since_the_copy_keeps_its_number_and_its_person(portal, watched, jane, work):
    env, _ = watched
    reconcile(env, full=True)
    copy = Copy(env)
    lost = open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=jane, by="kim")
    work()
    accept(env, env.store.requests.get(lost), note="ringdes upp", by="kim")
    copy.put_back()
    new = open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=jane, by="kim")
    work()
    assert new != lost
    request = env.store.requests.get(lost)
    assert (request.contact_id, request.status, request.identity_by) == (jane, "initiated", None)
    letters = " ".join(note.properties["hs_note_body"] for note in portal.live["notes"])
    assert f"[{lost} received]" in letters
    assert f"[{new} received]" in letters, "a number given twice would have kept this letter back"
    keep_journal(env)
    ((_, body),) = said(portal)
    assert f"/console/requests/{lost}" in body


def test_a_store_made_from_nothing_knows_who_said_no_and_no_other_key(portal, env, jane, settle, migrated, tmp_path):
    object_to(env, jane, how="phone", by="kim")
    settle()
    fresh = tmp_path / "fresh.db"
    fresh.write_bytes(migrated.read_bytes())
    settings = replace(env.settings, database_url=f"sqlite:///{fresh}")
    new = assemble(settings)
    keep_journal(new)
    assert new.store.objections.of([jane])[0].in_force
    other = replace(new, settings=replace(settings, pseudonym_key="another"))
    with pytest.raises(WrongKey):
        other.digests([("email", JANE)])
    new.store.database.close()


@pytest.mark.parametrize("lost", ["file", "folder"])
def test_a_journal_that_is_gone_is_written_anew_and_told(portal, watched, jane, lost):
    env, sam = watched
    object_to(env, jane, how="phone", by="kim")
    keep_journal(env)
    env.settings.journal.unlink()
    if lost == "folder":
        env.settings.files.rmdir()
    assert doctor(env)[0] == "look"
    for _ in range(2):
        keep_journal(env)
    ((owner, body),) = said(portal, "Journalen saknades")
    assert owner == sam
    assert "CRM_GDPR_FILES" in body
    assert env.store.pause.now() is None, "nothing of the store is lost"
    assert "journal.anew" in [line.action for line in env.store.ledger.lines()]
    assert doctor(env)[0] == "ok"


def test_a_journal_that_cannot_be_read_stops_destruction_and_nothing_else(portal, env, jane, settle):
    silent(portal, "john@example.com")
    in_review(env, portal)
    plan = approved(env)
    keep_journal(env)
    env.settings.journal.unlink()
    env.settings.journal.mkdir()
    with pytest.raises(Refused, match="journal cannot be read"):
        apply_plan(env, plan.id)
    assert doctor(env)[0] == "broken"
    object_to(env, jane, how="phone", by="kim")
    settle()
    assert portal.value("contacts", jane, "gdpr_objected_on")


def test_hubspot_being_away_puts_off_the_telling_alone(portal, watched, emulator, jane):
    env, _ = watched
    keep_journal(env)
    copy = Copy(env)
    object_to(env, jane, how="phone", by="kim")
    copy.put_back()
    emulator.guard.faults.waiting = [Fault(match="/tasks", status=403, times=1)]
    with pytest.raises(Exception, match="403"):
        keep_journal(env)
    assert env.store.objections.of([jane])[0].in_force
    assert "older copy" in env.store.pause.now().why
    keep_journal(env)
    assert len(said(portal)) == 1


def test_the_journal_is_no_stray_and_holds_no_address(portal, env, jane, settle):
    object_to(env, jane, how="phone", by="kim")
    settle()
    rewrite_journal(env)
    os.utime(env.settings.journal, (0, 0))
    forget(env)
    text = env.settings.journal.read_text()
    assert jane in text
    assert JANE not in text
    assert told(env, jane)

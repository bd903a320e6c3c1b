"""Stories: to be forgotten on request, and what HubSpot says about people deleted there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import follow_up, request_erasure
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.planning import make_plan
from crm_gdpr.emulator.faults import Fault
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
from tests.events import event


@pytest.fixture
def jane(portal, env):
    """Somebody we talk to: without the request there would be no reason to let go."""
    person = portal.add_contact(email="jane@example.com", gdpr_source="inbound")
    portal.log("call", contacts=[person], hs_call_disposition="f240bbac-87c9-4f6e-bf70-924b57d47db7")
    reconcile(env, full=True)
    return person


def ask(env, person):
    verdict = request_erasure(env, person, by="kim")
    return verdict.verdict


def test_whoever_asks_is_gone_at_once(portal, env, jane):
    own = portal.log("note", contacts=[jane])
    other = portal.add_contact(email="other@example.com", gdpr_source="inbound")
    shared = portal.log("email", contacts=[jane, other])
    assert ask(env, jane) == "erase"
    plan = carry_out(env)
    assert states(env, plan) == {jane: ("erase", "done")}
    assert portal.is_gone(jane)
    assert portal.is_archived(own)
    assert portal.is_live(shared)
    assert portal.is_live(other)
    assert told(env, jane) == ["erasure.requested", "erase.begun", "erase.done"]
    assert env.store.index.known(jane) is None
    assert env.store.ledger.verify().holds


def test_the_ledger_names_nobody_and_still_answers(portal, env, jane):
    ask(env, jane)
    carry_out(env)
    lines = env.store.ledger.lines()
    assert "jane@example.com" not in str(lines)
    assert env.pseudonym(jane) in {line.subject for line in lines}
    assert jane not in {str(line.subject) for line in lines}


def test_a_hold_stands_against_a_request(portal, env, jane):
    portal.edit("contacts", jane, gdpr_hold_reason="tvist", gdpr_hold_by="kim", gdpr_hold_until="2027-06-01")
    reconcile(env, full=True)
    assert ask(env, jane) == "keep"


def test_for_a_customer_a_person_decides(portal, env, jane):
    portal.link(("contacts", jane), ("companies", portal.add_company(lifecyclestage="customer")))
    reconcile(env, full=True)
    assert ask(env, jane) == "unknown"


def test_a_hold_placed_after_the_approval_keeps(portal, env, jane):
    ask(env, jane)
    plan = approved(env)
    portal.edit("contacts", jane, gdpr_hold_reason="tvist", gdpr_hold_by="kim", gdpr_hold_until="2027-06-01")
    apply_plan(env, plan.id)
    assert states(env, plan) == {jane: ("erase", "skipped")}
    assert portal.is_live(jane)


def test_a_request_taken_back_after_the_approval_keeps(portal, env, jane):
    ask(env, jane)
    plan = approved(env)
    portal.edit("contacts", jane, gdpr_erasure_requested_on="")
    apply_plan(env, plan.id)
    assert states(env, plan) == {jane: ("erase", "skipped")}
    assert portal.is_live(jane)


def test_a_request_for_somebody_we_do_not_know_answers_nothing(env):
    assert request_erasure(env, "999999", by="kim") is None
    assert env.store.ledger.lines() == []


def test_a_colleague_who_joined_an_engagement_meanwhile_keeps_it(portal, env, jane):
    own = portal.log("note", contacts=[jane])
    ask(env, jane)
    plan = approved(env)
    other = portal.add_contact(email="other@example.com", gdpr_source="inbound")
    portal.link(("notes", own), ("contacts", other))
    apply_plan(env, plan.id)
    assert portal.is_gone(jane)
    assert portal.is_live(own)


def test_someone_deleted_for_good_in_hubspot_is_forgotten_here_too(portal, env, jane, deliver, work):
    portal.purge(jane)
    deliver(event(portal, "contact.privacyDeletion", jane))
    work()
    assert told(env, jane) == ["erasure.seen"]
    assert states(env, carry_out(env)) == {jane: ("erase", "done")}
    assert env.store.index.known(jane) is None


def test_a_hold_outlives_a_deletion_for_good_by_somebody_else(portal, env, jane, deliver, work):
    own = portal.log("note", contacts=[jane])
    portal.edit("contacts", jane, gdpr_hold_reason="tvist", gdpr_hold_by="kim", gdpr_hold_until="2027-06-01")
    reconcile(env, full=True)
    portal.purge(jane)
    deliver(event(portal, "contact.privacyDeletion", jane))
    work()
    for _ in range(2):
        reconcile(env, full=True)
        assert make_plan(env) is None, "nobody is asked every night about somebody who is held"
        let_pass(env, portal, 1)
    assert portal.is_live(own)


def test_an_answer_that_is_owed_comes_before_the_erasure(portal, env, jane):
    ask(env, jane)
    plan = approved(env)
    asked = env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=jane)
    apply_plan(env, plan.id)
    assert states(env, plan) == {jane: ("erase", "skipped")}
    assert portal.is_live(jane)
    env.store.requests.change(asked, status="fulfilled")
    let_pass(env, portal, 1)
    assert states(env, carry_out(env)) == {jane: ("erase", "done")}


def test_someone_deleted_for_good_while_in_the_bin_closes_the_case(portal, env, deliver, work):
    jane = silent(portal)
    in_bin(env, portal)
    carry_out(env)
    let_pass(env, portal, 10)
    deliver(event(portal, "contact.privacyDeletion", jane))
    work()
    assert env.store.cases.of(jane).state == "gone"
    assert told(env, jane)[-1] == "erase.done"


def test_a_rumour_of_deletion_does_not_forget_someone_who_is_still_there(portal, env, jane, deliver, work):
    """An event is a rumour: the record is read before anything is forgotten."""
    deliver(event(portal, "contact.privacyDeletion", jane))
    work()
    assert env.store.index.known(jane) is not None
    assert "erasure.seen" not in told(env, jane)


def test_the_case_is_not_closed_while_hubspot_still_answers(portal, env, work):
    jane = silent(portal)
    in_bin(env, portal)
    carry_out(env)
    env.queue.enqueue("erasure.follow_up", "too-early")
    work()
    assert env.store.cases.of(jane).state == "awaiting_bin"
    assert "erase.done" not in told(env, jane)


def test_an_erasure_under_way_is_not_planned_again(portal, env):
    silent(portal)
    in_review(env, portal)
    carry_out(env)
    let_pass(env, portal, 81)
    carry_out(env)
    with pytest.raises(AssertionError, match="nobody is due"):
        planned(env)


def test_a_request_for_access_opened_before_a_merge_keeps_the_survivor(portal, env):
    portal.switches = portal.switches.changed(merge_makes_new_record=False)
    jane, other = silent(portal), silent(portal, "j.doe@example.com")
    in_review(env, portal)
    env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=other)
    plan = approved(env)
    portal.merge("contacts", jane, other)
    apply_plan(env, plan.id)
    assert portal.is_live(jane)
    assert states(env, plan)[jane] == ("archive", "skipped")


@pytest.mark.parametrize("cleaned", [False, True], ids=["before the erase step", "after it"])
def test_whoever_empties_the_bin_by_hand_leaves_no_engagement_behind(portal, env, deliver, work, cleaned):
    portal.switches = portal.switches.changed(purge_archived="accept")
    jane = silent(portal)
    own = portal.log("note", contacts=[jane], hs_note_body="jane@example.com")
    in_bin(env, portal, 81 if cleaned else 5)
    if cleaned:
        carry_out(env)
    portal.purge(jane)
    deliver(event(portal, "contact.privacyDeletion", jane))
    work()
    if not cleaned:
        assert portal.is_live(own), "nothing goes but by an approved plan"
        assert states(env, carry_out(env)) == {jane: ("erase", "done")}
    assert portal.is_archived(own)
    assert env.store.cases.of(jane).state == "gone"
    assert told(env, jane)[-1] == "erase.done"


@pytest.mark.parametrize(("way", "state"), [("bin", "awaiting_bin"), ("gdpr-delete", "gone")])
def test_whether_the_bin_is_waited_for_is_a_matter_of_policy(portal, env, way, state):
    portal.switches = portal.switches.changed(purge_archived="accept")
    destruction = replace(env.policy.destruction, timed_out=way)
    env = replace(env, policy=replace(env.policy, destruction=destruction))
    jane = silent(portal)
    in_bin(env, portal)
    carry_out(env)
    assert env.store.cases.of(jane).state == state


def test_a_store_restored_from_a_copy_forgets_again_whom_it_knew(portal, env, jane):
    """HubSpot has erased them since; the next full reading shows it."""
    copy = Copy(env)
    ask(env, jane)
    carry_out(env)
    copy.put_back()
    assert env.store.index.known(jane) is not None
    reconcile(env, full=True)
    assert env.store.index.known(jane) is None


@pytest.mark.parametrize("purge", ["accept", "refuse"], ids=["HubSpot takes it", "HubSpot refuses it"])
def test_whoever_asks_while_in_the_bin_is_erased_as_far_as_hubspot_lets_us(portal, env, purge):
    portal.switches = portal.switches.changed(purge_archived=purge)
    jane = silent(portal)
    own = portal.log("note", contacts=[jane], hs_note_body="jane@example.com")
    in_bin(env, portal, 5)
    assert ask(env, jane) == "erase"
    assert states(env, carry_out(env)) == {jane: ("erase", "done")}
    assert portal.is_archived(own)
    taken = purge == "accept"
    assert portal.is_gone(jane) is taken
    assert env.store.cases.of(jane).state == ("gone" if taken else "awaiting_bin")
    for _ in range(30):
        let_pass(env, portal, 3)
        follow_up(env)
    assert portal.is_gone(jane)
    assert env.store.cases.of(jane).state in ("gone", "verified", "closed")


@pytest.mark.parametrize("purge", ["accept", "refuse"], ids=["HubSpot takes it", "HubSpot refuses it"])
def test_whoever_timed_out_leaves_by_the_bin_and_is_on_no_block_list(portal, env, purge):
    portal.switches = portal.switches.changed(purge_archived=purge)
    jane = silent(portal)
    in_bin(env, portal)
    carry_out(env)
    let_pass(env, portal, 10)
    follow_up(env)
    assert env.store.cases.of(jane).state == "gone"
    assert portal.blocklist == set()


def test_what_a_colleague_shares_outlives_an_erasure_after_a_restored_copy(portal, env):
    """The copy that the first erasure made is not in the restored account: it is made again, not believed."""
    env = uncapped(env)
    jane, other = silent(portal), portal.add_contact(email="other@example.com", gdpr_source="inbound")
    portal.log("note", contacts=[jane, other], hs_note_body="jane@example.com ringde")
    reconcile(env, full=True)
    copy = portal.snapshot()
    for _ in range(2):
        ask(env, jane)
        carry_out(env)
        assert portal.is_gone(jane)
        (note,) = portal.live["notes"]
        assert note.properties["hs_note_body"] == "[raderad] ringde"
        portal.restore_snapshot(copy)
        reconcile(env, full=True)


def test_what_a_colleague_in_the_bin_shared_is_not_made_anew_for_nobody(portal, env):
    """A copy without anybody would never be found again, the least by their own erasure."""
    env = uncapped(env)
    jane, other = silent(portal), portal.add_contact(email="other@example.com", gdpr_source="inbound")
    note = portal.log("note", contacts=[jane, other], hs_note_body="jane@example.com ringde")
    portal.archive("contacts", other)
    reconcile(env, full=True)
    ask(env, jane)
    carry_out(env)
    assert portal.is_archived(note)
    assert list(portal.live["notes"]) == []


def test_whom_somebody_deleted_for_good_leaves_a_task_for_what_others_share(portal, env, deliver, work):
    """Their names are gone before we could know them: a person must look."""
    officer = portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")
    jane, other = silent(portal), portal.add_contact(email="other@example.com", gdpr_source="inbound")
    shared = portal.log("note", contacts=[jane, other], hs_note_body="jane@example.com ringde")
    reconcile(env, full=True)
    portal.purge(jane)
    deliver(event(portal, "contact.privacyDeletion", jane))
    work()
    carry_out(env)
    follow_up(env)
    assert env.store.cases.of(jane).frozen["left"] == [f"notes/{shared}"]
    (task,) = [t.properties for t in portal.live["tasks"] if "what is left" in t.properties["hs_task_subject"]]
    assert (task["hubspot_owner_id"], f"/app/notes/{shared}" in task["hs_task_body"]) == (officer, True)


def test_a_file_goes_only_when_hubspot_says_that_nothing_else_carries_it(portal, env, emulator, jane):
    """Not knowing is no: where the search is refused, a person must tell."""
    file = portal.add_file("cv.pdf", b"cv")
    portal.log("note", contacts=[jane], hs_attachment_ids=file)
    ask(env, jane)
    emulator.guard.faults.waiting.append(Fault(match="notes/search", method="POST", status=400, times=10))
    carry_out(env)
    assert portal.is_gone(jane)
    assert [each.id for each in portal.files.live()] == [int(file)]
    assert env.store.cases.of(jane).frozen["left"] == [f"files/{file}"]

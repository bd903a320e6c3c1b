"""Stories: restored by somebody, deleted by somebody else, or wanted after all, while HubSpot's recycle bin lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.handlers import refuse_erasure, request_erasure
from crm_gdpr.addons.erasure.watching import created as made
from crm_gdpr.addons.erasure.watching import watch
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.approving import approve_plan
from crm_gdpr.addons.retention.holds import NotHeld, hold, release
from crm_gdpr.addons.retention.planning import make_plan
from crm_gdpr.addons.retention.reconsidering import reconsider
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.env import Event
from crm_gdpr.gate import CapReached
from tests.addons.nights import approved, carry_out, in_bin, in_review, let_pass, notes, planned, silent, states, told
from tests.events import created, event


@pytest.fixture
def officer(portal, env):
    return portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")


@pytest.fixture
def jane(portal, env, officer):
    """Somebody in the bin, put there by us."""
    person = silent(portal)
    in_review(env, portal)
    carry_out(env)
    assert portal.is_archived(person)
    return person


def asked(portal, words):
    return [t.properties for t in portal.live["tasks"] if words in t.properties["hs_task_subject"]]


# --- restored


@pytest.mark.parametrize("by_webhook", [True, False], ids=["told by webhook", "seen at night"])
def test_a_restore_is_respected_and_asked_about_again(portal, env, jane, deliver, work, by_webhook):
    portal.restore("contacts", jane)
    if by_webhook:
        deliver(event(portal, "contact.restore", jane))
        deliver(event(portal, "contact.restore", jane, occurredAt=1))
        work()
    watch(env)
    watch(env)
    assert told(env, jane).count("archive.undone") == 1
    assert env.store.cases.of(jane).restores == 1
    assert states(env, planned(env)) == {jane: ("review", "waiting")}
    carry_out(env)
    let_pass(env, portal, 29)
    assert make_plan(env) is None, "thirty days to review, attest or hold"


def test_a_second_restore_goes_to_the_officer(portal, env, jane, officer):
    for _ in range(2):
        portal.restore("contacts", jane)
        watch(env)
        reconcile(env, full=True)
        carry_out(env)
        let_pass(env, portal, 7)
        let_pass(env, portal, 24)
        carry_out(env)
    (task,) = asked(portal, "second time")
    assert task["hubspot_owner_id"] == officer


def test_a_rumour_of_a_restore_changes_nothing(portal, env, jane, deliver, work):
    deliver(event(portal, "contact.restore", jane))
    work()
    assert env.store.cases.of(jane).state == "in_bin"


# --- wanted after all


def test_a_new_customer_status_while_in_the_bin_asks_to_restore_before_it_empties(portal, env, officer):
    firm = portal.add_company()
    jane = silent(portal)
    portal.link(("contacts", jane), ("companies", firm))
    in_review(env, portal)
    carry_out(env)
    watch(env)
    assert asked(portal, "Restore before") == []
    portal.edit("companies", firm, lifecyclestage="customer")
    portal.advance(hours=1)
    reconcile(env)
    watch(env)
    watch(env)
    (task,) = asked(portal, "Restore before 2027-03-02: The organisation is a customer.")
    assert (task["hs_task_priority"], task["hubspot_owner_id"]) == ("HIGH", officer)
    assert "jane" not in str(task)


def test_who_writes_again_from_the_same_address_is_known_while_in_the_bin(portal, env, jane, deliver, work):
    again = portal.add_contact(email="jane@example.com")
    stranger = portal.add_contact(email="other@example.com")
    deliver(created(portal, again), created(portal, stranger))
    work()
    assert len(asked(portal, "the person is in touch again")) == 1


def test_many_creations_are_looked_at_together(portal, emulator, env, jane):
    people = [portal.add_contact(email=f"p{n}@example.com") for n in range(30)]
    emulator.guard.calls.clear()
    made(env, [Event(type="contact.creation", object_id=person, occurred_ms=1) for person in people])
    assert sum(n for (_, path, _), n in emulator.guard.calls.items() if "/crm/" in path) == 1


def test_an_errand_is_closed_when_somebody_has_done_it(portal, env, jane, deliver, work):
    deliver(created(portal, portal.add_contact(email="jane@example.com")))
    work()
    (errand,) = env.store.errands.waiting("restore")
    portal.edit("tasks", errand.task_id, hs_task_status="COMPLETED")
    watch(env)
    assert env.store.errands.waiting("restore") == []


# --- deleted by somebody else


@pytest.fixture
def deleted(portal, env, officer):
    """Somebody we never meant to delete, with a call of their own and a note with a colleague in it."""
    person = portal.add_contact(email="kim@example.com", gdpr_source="website")
    other = portal.add_contact(email="other@example.com", gdpr_source="website")
    own = portal.log("call", contacts=[person])
    shared = portal.log("note", contacts=[person, other])
    reconcile(env, full=True)
    portal.archive("contacts", person)
    return person, own, shared


@pytest.mark.parametrize("by_webhook", [True, False], ids=["told by webhook", "seen at night"])
def test_whoever_somebody_else_deletes_is_cleaned_when_the_bin_ends(portal, env, deleted, deliver, work, by_webhook):
    person, own, shared = deleted
    if by_webhook:
        deliver(event(portal, "contact.deletion", person))
        work()
    watch(env)
    assert told(env, person) == ["deletion.seen"]
    assert env.store.foreign.count(env.today()) == 1
    assert make_plan(env) is None, "the bin has not emptied"
    assert portal.is_live(own)
    for _ in range(31):
        let_pass(env, portal, 3)
    plan = carry_out(env)
    assert states(env, plan) == {person: ("erase", "done")}
    assert portal.is_archived(own)
    assert portal.is_live(shared)
    assert told(env, person) == ["deletion.seen", "erase.begun", "erase.done"]


def test_whoever_somebody_else_deletes_and_restores_is_left_alone(portal, env, deleted):
    person, own, _ = deleted
    watch(env)
    portal.restore("contacts", person)
    watch(env)
    assert env.store.cases.of(person).state == "restored"
    assert portal.is_live(own)


def test_a_customers_contact_deleted_by_somebody_is_named_in_the_alarm_and_asked_back(portal, env, officer):
    firm = portal.add_company(lifecyclestage="customer")
    person = portal.add_contact(email="kim@example.com", gdpr_source="customer")
    portal.link(("contacts", person), ("companies", firm))
    reconcile(env, full=True)
    portal.archive("contacts", person)
    watch(env)
    watch(env)
    assert env.store.foreign.customers(env.today()) == [firm]
    assert len(asked(portal, "Restore before")) == 1


def test_what_lay_in_the_bin_before_we_came_was_not_deleted_today(portal, env, officer):
    """The first night of an account with a full bin threw the breaker, and named deletions of today."""
    people = [portal.add_contact(email=f"old{number}@example.com") for number in range(2)]
    for person in people:
        portal.archive("contacts", person)
    portal.advance(days=5)
    watch(env)
    assert env.store.foreign.count(env.today()) == 0
    assert {env.store.cases.of(person).opened_on for person in people} == {env.today() - timedelta(days=5)}


def test_a_request_while_in_the_bin_asks_to_restore(portal, env, jane):
    env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=jane)
    watch(env)
    assert len(asked(portal, "The person has an open request")) == 1


def test_a_hold_while_in_the_bin_asks_to_restore(portal, env, jane):
    hold(env, jane, reason="tvist", until="2027-06-01", by="kim")
    watch(env)
    assert len(asked(portal, "The record is on hold")) == 1
    let_pass(env, portal, 81)
    assert make_plan(env) is None, "and nothing of theirs is erased"


def test_a_refusal_while_in_the_bin_is_remembered(portal, env, jane):
    request_erasure(env, jane, by="kim")
    refuse_erasure(env, jane, ground="e", why="tvist", by="kim")
    assert env.store.index.known(jane).facts.contact.erasure_requested_on is None
    assert told(env, jane)[-1] == "erasure.refused"
    reconcile(env, full=True)
    assert make_plan(env) is None


def test_what_was_noted_in_the_bin_reaches_hubspot_with_the_restore(portal, env, jane):
    hold(env, jane, reason="tvist", until="2027-06-01", by="kim")
    request_erasure(env, jane, by="kim")
    portal.restore("contacts", jane)
    watch(env)
    assert "recycle bin" in portal.value("contacts", jane, "gdpr_hold_reason")
    assert portal.value("contacts", jane, "gdpr_erasure_requested_on") == env.today().isoformat()
    reconcile(env, full=True)
    assert make_plan(env) is None


def test_a_hold_in_the_bin_is_asked_about_and_can_be_released(portal, env, jane, officer):
    """It kept what was left of them for ever: no record could say when it ends, and no command could end it."""
    hold(env, jane, reason="tvist", until="2027-06-01", by="kim")
    for _ in range(31):
        let_pass(env, portal, 3)
    reconsider(env)
    (task,) = asked(portal, "1 holds and customer flags")
    assert f"crm-gdpr release {jane}" in task["hs_task_body"]
    assert task["hubspot_owner_id"] == officer
    assert make_plan(env) is None
    release(env, jane, by="dana")
    assert states(env, carry_out(env)) == {jane: ("erase", "done")}


def test_a_hold_on_somebody_nobody_knows_is_refused(portal, env):
    with pytest.raises(NotHeld, match="contact 4711 is neither in HubSpot nor in its recycle bin"):
        hold(env, "4711", reason="tvist", until="2027-06-01", by="kim")


def test_a_talk_with_the_organisation_while_in_the_bin_asks_to_restore(portal, env, officer):
    firm = portal.add_company()
    person = silent(portal)
    portal.link(("contacts", person), ("companies", firm))
    in_review(env, portal)
    carry_out(env)
    portal.log("meeting", [], [firm], hs_meeting_outcome="COMPLETED")
    reconcile(env, full=True)
    watch(env)
    assert len(asked(portal, "Restore before")) == 1


def test_our_own_deletions_are_not_taken_for_somebody_elses(portal, env, jane, deliver, work):
    deliver(event(portal, "contact.deletion", jane))
    work()
    watch(env)
    assert env.store.foreign.count(env.today()) == 0
    assert "deletion.seen" not in told(env, jane)


# --- broken off, or half told


def test_a_restore_broken_off_half_way_never_ends_in_an_erasure(portal, env, jane, monkeypatch):
    """The case said restored, the stage still said archived: the live contact was deleted for good."""
    let_pass(env, portal, 81)
    portal.restore("contacts", jane)
    with monkeypatch.context() as broken:
        broken.setattr("crm_gdpr.store.stages.Stages.clear", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            watch(env)
    plan = make_plan(env)
    if plan is not None:
        approve_plan(env, plan.id, plan.hash, by="kim")
        apply_plan(env, plan.id)
    assert portal.is_live(jane)
    watch(env)
    assert env.store.stages.get(jane) is None
    assert told(env, jane)[-1] == "archive.undone"


def test_whom_a_reading_begun_before_the_archive_took_for_live_stays_in_the_index(portal, env, jane):
    env.store.index.archived(jane, archived=False)  # as that reading leaves it
    watch(env)
    reconcile(env, full=True)
    assert env.store.index.known(jane) is not None


def test_the_gate_never_deletes_somebody_live_by_the_ladder(portal, env, jane):
    let_pass(env, portal, 81)
    plan = approved(env)
    portal.restore("contacts", jane)
    env.store.cases.restored(jane, env.today())  # and nothing more was noted
    apply_plan(env, plan.id)
    assert portal.is_live(jane)
    assert notes(env, plan) == {jane: "restored by a person in HubSpot"}


def test_what_is_left_of_people_deleted_by_others_goes_under_the_caps_too(portal, env, officer):
    people = [portal.add_contact(email=f"p{n}@example.com", gdpr_source="website") for n in range(2)]
    for person in people:
        portal.log("call", contacts=[person])
    reconcile(env, full=True)
    for person in people:
        portal.archive("contacts", person)
    watch(env)
    for _ in range(31):
        let_pass(env, portal, 3)
    tight = replace(env, policy=replace(env.policy, destruction=replace(env.policy.destruction, max_per_hour=1)))
    plan = approved(tight)
    with pytest.raises(CapReached):
        apply_plan(tight, plan.id)
    assert len(portal.live["calls"]) == 1


def test_an_open_request_keeps_what_is_left_of_somebody_deleted_by_others(portal, env, deleted):
    person, own, _ = deleted
    watch(env)
    env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=person)
    for _ in range(31):
        let_pass(env, portal, 3)
    assert make_plan(env) is None
    assert portal.is_live(own)


def test_so_does_one_that_was_opened_after_the_approval(portal, env, deleted):
    person, own, _ = deleted
    watch(env)
    for _ in range(31):
        let_pass(env, portal, 3)
    plan = approved(env)
    env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=person)
    apply_plan(env, plan.id)
    assert states(env, plan) == {person: ("erase", "skipped")}
    assert portal.is_live(own)


def test_a_full_reading_leaves_whoever_is_in_the_bin_the_dialogue_they_are_judged_by(portal, env):
    person = silent(portal)
    call = portal.log(
        "call",
        contacts=[person],
        hs_call_disposition="f240bbac-87c9-4f6e-bf70-924b57d47db7",
        hs_timestamp="2025-01-20T09:00:00Z",
    )
    in_bin(env, portal, days=3)
    assert portal.is_archived(person)
    for _ in range(2):
        reconcile(env, full=True)
        assert [event.ref for event in env.store.index.known(person).facts.dialogue] == [f"calls/{call}"]


@pytest.mark.parametrize(("subscribes", "state"), [(True, "skipped"), (False, "done")])
def test_what_the_company_subscribes_to_meanwhile_keeps_who_is_in_the_bin(portal, env, subscribes, state):
    person, firm = silent(portal), portal.add_company(lifecyclestage="lead", createdate="2023-01-10T09:00:00Z")
    portal.link(("contacts", person), ("companies", firm))
    in_review(env, portal)
    carry_out(env)
    if subscribes:
        paid = portal.create("subscriptions", {"hs_subscription_status": "active"}, actor=SALES).id
        portal.link(("companies", firm), ("subscriptions", str(paid)))
    let_pass(env, portal, 81)
    assert states(env, carry_out(env)) == {person: ("erase", state)}

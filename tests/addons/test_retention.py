"""Stories: from silence to the recycle bin and out of it, and everything that stops it on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.approving import NotApproved, approve_plan, start_plan
from crm_gdpr.addons.retention.holds import hold, release
from crm_gdpr.addons.retention.planning import make_plan, plan_night
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.gate import Refused
from crm_gdpr.policy import load_policy
from tests.addons.nights import (
    approved,
    carry_out,
    in_bin,
    in_review,
    let_pass,
    notes,
    planned,
    silent,
    states,
    told,
    uncapped,
)


@pytest.fixture
def jane(portal, env):
    return silent(portal)


def test_someone_silent_is_reviewed_first(portal, env, jane):
    plan = carry_out(env)
    assert states(env, plan) == {jane: ("review", "done")}
    assert env.store.stages.get(jane) == ("review", env.today())
    assert portal.is_live(jane)
    assert told(env, jane) == ["review.begun"]


def test_the_owner_gets_one_task_that_names_nobody(portal, env):
    owner = portal.add_owner("sven@example.com", "Sven", "Säljare")
    for name in ("jane", "kim"):
        silent(portal, f"{name}@example.com", hubspot_owner_id=owner)
    carry_out(env)
    (task,) = portal.live["tasks"]
    assert task.properties["hubspot_owner_id"] == owner
    assert "2" in task.properties["hs_task_subject"]
    assert "example.com" not in str(task.properties)


def test_sales_sees_the_stage_and_the_next_step_in_hubspot(portal, env, jane):
    carry_out(env)
    assert portal.value("contacts", jane, "gdpr_stage") == "review"
    assert portal.value("contacts", jane, "gdpr_next_step") == "archive"


def test_nobody_is_archived_before_the_time_to_answer_has_passed(portal, env, jane):
    carry_out(env)
    let_pass(env, portal, 29)
    assert make_plan(env) is None


def test_without_an_answer_the_reviewed_are_archived(portal, env, jane):
    in_review(env, portal)
    plan = carry_out(env)
    assert states(env, plan) == {jane: ("archive", "done")}
    assert portal.is_archived(jane)
    assert told(env, jane) == ["review.begun", "archive.begun", "archive.done"]
    assert env.store.cases.of(jane).state == "in_bin"
    assert env.store.ledger.verify().holds


def test_at_the_end_of_the_bin_the_person_is_gone(portal, env, jane, work):
    own = portal.log("call", contacts=[jane], hs_timestamp="2023-02-01T10:00:00Z")
    other = portal.add_contact(email="other@example.com", gdpr_source="website")
    shared = portal.log("email", contacts=[jane, other], hs_timestamp="2023-02-02T10:00:00Z")
    in_review(env, portal)
    carry_out(env)
    assert portal.is_live(own), "what hangs on a person can be regretted as long as the person"
    let_pass(env, portal, 81)
    plan = carry_out(env)
    assert states(env, plan) == {jane: ("erase", "done")}
    assert portal.is_archived(own)
    assert portal.is_live(shared)
    assert env.store.cases.of(jane).state == "awaiting_bin"
    let_pass(env, portal, 10)
    env.queue.enqueue("erasure.follow_up", "follow-up")
    work()
    assert portal.is_gone(jane)
    assert env.store.cases.of(jane).state == "gone"
    assert env.store.index.known(jane) is None
    assert env.store.stages.get(jane) is None
    assert told(env, jane)[-2:] == ["erase.begun", "erase.done"]
    assert portal.is_live(other)


def test_someone_restored_in_hubspot_starts_over(portal, env, jane):
    in_review(env, portal)
    carry_out(env)
    portal.restore("contacts", jane)
    plan = planned(env)
    assert states(env, plan) == {jane: ("review", "waiting")}
    assert env.store.cases.of(jane).state == "restored"
    assert told(env, jane)[-1] == "archive.undone"


def test_someone_restored_after_the_erasure_was_approved_is_left_alone(portal, env, jane):
    in_bin(env, portal)
    plan = approved(env)
    portal.restore("contacts", jane)
    apply_plan(env, plan.id)
    assert states(env, plan) == {jane: ("erase", "skipped")}
    assert portal.is_live(jane)


# --- what came between the approval and the step


def talk(portal, jane):
    portal.log(
        "email", contacts=[jane], hs_email_direction="INCOMING_EMAIL", hs_email_subject="Ja tack", hs_email_text="Ring!"
    )


def make_customer(portal, jane):
    portal.link(("contacts", jane), ("companies", portal.add_company(lifecyclestage="customer")))


def open_deal(portal, jane):
    portal.add_deal(contacts=[jane])


def put_hold(portal, jane):
    portal.edit("contacts", jane, gdpr_hold_reason="tvist", gdpr_hold_by="kim", gdpr_hold_until="2027-06-01")


def restrict(portal, jane):
    portal.edit("contacts", jane, gdpr_restricted="true")


def open_ticket(portal, jane):
    portal.add_ticket(contacts=[jane], subject="Fråga om pris")


def plan_meeting(portal, jane):
    portal.log("meeting", contacts=[jane], hs_meeting_outcome="SCHEDULED", hs_timestamp="2027-01-10T10:00:00Z")


def object_to_it(portal, jane):
    portal.edit("contacts", jane, gdpr_objected_on="2026-12-01")


def merge_away(portal, jane):
    portal.merge("contacts", portal.add_contact(email="other@example.com"), jane)


def hide_the_outcome(portal, jane):
    portal.log("call", contacts=[jane], hs_timestamp="2026-06-01T10:00:00Z")


KEEPS = [talk, make_customer, open_deal, put_hold, restrict]
CAME_BETWEEN = {
    talk: "now keep: Last dialogue: email",
    make_customer: "now keep: The organisation is a customer",
    open_deal: "now keep: A deal is open",
    open_ticket: "now keep: A ticket is open",
    put_hold: "now keep: The record is on hold",
    restrict: "now keep: Processing is restricted",
    plan_meeting: "now review: A meeting is planned",
    object_to_it: "now unknown: What the plan was approved on has changed: objected.",
    merge_away: "no longer there, or has become part of another",
    hide_the_outcome: "now unknown: It is not clear whether calls/",
}


@pytest.mark.parametrize(("happens", "why"), CAME_BETWEEN.items(), ids=[f.__name__ for f in CAME_BETWEEN])
def test_what_came_after_the_approval_is_respected(portal, env, jane, happens, why):
    in_review(env, portal)
    plan = approved(env)
    happens(portal, jane)
    apply_plan(env, plan.id)
    assert states(env, plan) == {jane: ("archive", "skipped")}
    assert why in notes(env, plan)[jane]
    assert not portal.is_archived(jane)
    assert told(env, jane)[-1] == "step.skipped"


def test_a_request_opened_after_the_approval_is_answered_first(portal, env, jane):
    in_review(env, portal)
    plan = approved(env)
    env.store.requests.open(right="A15", received_on=env.today(), due_on=env.today(), contact_id=jane)
    apply_plan(env, plan.id)
    assert "The person has an open request" in notes(env, plan)[jane]
    assert portal.is_live(jane)


def test_who_objected_between_is_taken_up_by_the_next_plan_with_the_new_reason(portal, env, jane):
    in_review(env, portal)
    plan = approved(env)
    object_to_it(portal, jane)
    apply_plan(env, plan.id)
    (item,) = env.store.plans.items(planned(env).id)
    assert (item.step, item.verdict["because"][0]["code"]) == ("archive", "objected")


@pytest.mark.parametrize(
    ("kind", "status", "ends", "why"),
    [("contacts", 400, "failed", "400"), ("companies", 404, "skipped", "The organisation is not known")],
    ids=["the person", "the organisation"],
)
def test_whoever_cannot_be_read_is_passed_over_with_the_reason(portal, env, jane, emulator, kind, status, ends, why):
    portal.link(("contacts", jane), ("companies", portal.add_company()))
    in_review(env, portal)
    plan = approved(env)
    gate = env.gate
    gate.approved(plan.id)
    emulator.guard.faults.waiting.append(Fault(match=f"/{kind}/", method="GET", status=status, times=100))
    assert gate.carry_out(plan.id, jane).state == ends
    assert why in notes(env, plan)[jane]
    assert told(env, jane)[-1] == "step.skipped"
    assert portal.is_live(jane)


def test_a_customer_beside_their_own_company_keeps_them(portal, env, jane):
    portal.link(("contacts", jane), ("companies", portal.add_company(name="Egna AB")))
    in_review(env, portal)
    plan = approved(env)
    portal.link(("contacts", jane), ("companies", portal.add_company(lifecyclestage="customer")))
    apply_plan(env, plan.id)
    assert states(env, plan) == {jane: ("archive", "skipped")}
    assert "customer" in notes(env, plan)[jane]


@pytest.mark.parametrize("happens", KEEPS, ids=lambda f: f.__name__)
def test_what_came_before_the_plan_keeps_out_of_it(portal, env, jane, happens):
    in_review(env, portal)
    happens(portal, jane)
    env.store.notes.drop("watermark")
    portal.advance(hours=1)
    reconcile(env)
    assert make_plan(env) is None


def test_someone_deleted_by_hand_after_the_approval_is_passed_over(portal, env, jane):
    in_review(env, portal)
    plan = approved(env)
    portal.purge(jane)
    apply_plan(env, plan.id)
    assert states(env, plan) == {jane: ("archive", "skipped")}


def test_a_hold_is_placed_and_released_by_name(portal, env, jane):
    hold(env, jane, reason="tvist", until="2027-06-01", by="kim")
    assert portal.value("contacts", jane, "gdpr_hold_by") == "kim"
    release(env, jane, by="kim")
    assert not portal.value("contacts", jane, "gdpr_hold_reason")
    assert told(env, jane) == ["hold.placed", "hold.released"]


# --- what the gate and the approval refuse


def touched(portal):
    return len(list(portal.bin["contacts"]))


def test_a_wrong_hash_is_refused_and_nothing_is_touched(portal, env, jane):
    in_review(env, portal)
    plan = planned(env)
    with pytest.raises(NotApproved, match="hash is not that of plan"):
        approve_plan(env, plan.id, "0" * 64, by="kim")
    with pytest.raises(Refused, match="is not approved"):
        apply_plan(env, plan.id)
    assert touched(portal) == 0


def test_an_unknown_plan_is_refused(env):
    with pytest.raises(NotApproved, match="plan 77 is not known"):
        approve_plan(env, 77, "0" * 64, by="kim")
    with pytest.raises(Refused, match="plan 77 is not known"):
        start_plan(env, 77)


def test_a_plan_is_approved_once(portal, env, jane):
    plan = approved(env)
    with pytest.raises(NotApproved, match="approved already, by kim"):
        approve_plan(env, plan.id, plan.hash, by="other")


def test_a_plan_that_was_changed_after_the_approval_is_refused(portal, env, jane):
    in_review(env, portal)
    plan = approved(env)
    with env.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE plan_items SET step = 'erase'")
    with pytest.raises(Refused, match="no longer matches"):
        apply_plan(env, plan.id)
    assert touched(portal) == 0


def test_a_plan_carried_out_is_not_started_again(portal, env, jane):
    in_review(env, portal)
    plan = carry_out(env)
    before = len(env.store.ledger.lines())
    with pytest.raises(NotApproved, match="was carried out on"):
        start_plan(env, plan.id)
    apply_plan(env, plan.id)
    assert [line.action for line in env.store.ledger.lines()[before:]] == []
    assert touched(portal) == 1


def test_someone_who_is_not_in_the_plan_is_not_touched(portal, env, jane):
    in_review(env, portal)
    plan = approved(env)
    kim = silent(portal, "kim@example.com")
    with pytest.raises(Refused, match="is not to be archived or erased"):
        env.gate.carry_out(plan.id, kim)
    assert portal.is_live(kim)


def test_the_packaged_policy_is_not_armed(portal, env, jane):
    in_review(env, portal)
    plan = approved(env)
    with pytest.raises(Refused, match="nothing is armed"):
        apply_plan(replace(env, policy=load_policy(None)), plan.id)
    assert touched(portal) == 0


def test_a_pause_stops_until_a_named_person_resumes(portal, env, jane):
    in_review(env, portal)
    plan = approved(env)
    env.store.pause.stop("kim", env.today(), "holiday")
    with pytest.raises(Refused, match=r"stopped by kim on .*: holiday"):
        apply_plan(env, plan.id)
    assert touched(portal) == 0
    env.store.pause.resume(env.today())
    apply_plan(env, plan.id)
    assert portal.is_archived(jane)


@pytest.mark.parametrize("days", [4, 400, -2])
def test_a_calendar_that_jumps_throws_the_breaker(portal, env, jane, days):
    in_review(env, portal)
    plan_night(env)
    plan = approved(env)
    portal.clock.advance(days=days)
    plan_night(env)
    with pytest.raises(Refused, match=rf"stopped by breaker .*: the calendar moved {days} days"):
        apply_plan(env, plan.id)
    assert touched(portal) == 0
    env.store.pause.resume(env.today())
    assert env.gate.approved(plan.id)


def test_a_jump_between_the_night_and_the_run_is_noticed_by_the_gate(portal, env, jane):
    in_review(env, portal)
    plan = approved(env)
    portal.advance(days=30)
    with pytest.raises(Refused, match="calendar moved 30 days"):
        apply_plan(env, plan.id)
    assert touched(portal) == 0


def test_a_breaker_that_has_tripped_stays_so_on_the_following_nights(portal, env, jane):
    plan_night(env)
    portal.advance(days=30)
    plan_night(env)
    portal.advance(days=1)
    plan_night(env)
    assert env.store.pause.now().by == "breaker"
    assert [line.action for line in env.store.ledger.lines()].count("breaker.tripped") == 1


def test_an_ordinary_night_is_no_jump(portal, env, jane):
    plan_night(env)
    portal.advance(days=3)
    plan_night(env)
    assert env.store.pause.now() is None


def test_no_more_people_a_day_than_the_cap_and_the_rest_the_next_day(portal, env):
    people = [silent(portal, f"p{n}@example.com") for n in range(3)]
    in_review(env, portal)
    plan = approved(env)
    for day in range(1, 4):
        if day < 3:
            with pytest.raises(Refused, match="cap of 1 people a day"):
                apply_plan(env, plan.id)
        else:
            apply_plan(env, plan.id)
        assert touched(portal) == day
        let_pass(env, portal, 1)
    assert all(portal.is_archived(person) for person in people)
    assert set(states(env, plan).values()) == {("archive", "done")}


def test_the_cap_is_a_number_of_people_too(portal, env):
    for n in range(3):
        silent(portal, f"p{n}@example.com")
    wide = uncapped(env)
    wide = replace(wide, policy=replace(wide.policy, destruction=replace(wide.policy.destruction, max_per_run=2)))
    in_review(wide, portal)
    with pytest.raises(Refused, match="cap of 2"):
        carry_out(wide)
    assert touched(portal) == 2


def test_a_plan_runs_through_the_queue(portal, env, jane, work):
    in_review(env, portal)
    plan = approved(env)
    start_plan(env, plan.id)
    work()
    assert portal.is_archived(jane)
    assert env.store.plans.get(plan.id).applied_at is not None

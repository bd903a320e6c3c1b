"""Stories: who approves a plan, what stops it before the first deletion, and what another policy would change."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.erasure.requests import plan_erasure
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.approving import NotApproved, approve_plan, start_plan, waits_for_second
from crm_gdpr.addons.retention.debt import debt
from crm_gdpr.addons.retention.planning import make_plan, plan_night
from crm_gdpr.addons.retention.preview import preview
from crm_gdpr.cli import cli
from crm_gdpr.diagnosis import diagnose
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.env import Env
from crm_gdpr.gate import CapReached, Refused
from tests.addons.nights import (
    approved,
    carry_out,
    in_review,
    let_pass,
    notes,
    planned,
    silent,
    states,
    uncapped,
)


def changed(env: Env, table: str, **values: object) -> Env:
    """Return the same system under another policy."""
    return replace(env, policy=replace(env.policy, **{table: replace(getattr(env.policy, table), **values)}))


@pytest.fixture
def jane(portal, env):
    return silent(portal)


@pytest.fixture
def due(portal, env):
    """Three people whose archive is due, and room to archive them all."""
    people = [silent(portal, f"p{number}@example.com") for number in range(3)]
    wide = changed(env, "destruction", max_share=1.0)
    in_review(wide, portal)
    return wide, people


def archived(portal, people):
    return sum(portal.is_archived(person) for person in people)


def cause(env):
    return [line.detail["cause"] for line in env.store.ledger.lines() if line.action == "breaker.tripped"]


# --- approval


def test_a_large_plan_takes_two_different_people(portal, due):
    env, people = due
    env = changed(env, "destruction", two_approvers_above=2)
    plan = planned(env)
    assert approve_plan(env, plan.id, plan.hash, by="Åsa") is False
    with pytest.raises(Refused, match="a second person must approve"):
        apply_plan(env, plan.id)
    for same in (" åsa", "A\N{COMBINING RING ABOVE}sa"):
        with pytest.raises(NotApproved, match="approved already, by Åsa"):
            approve_plan(env, plan.id, plan.hash, by=same)
    with pytest.raises(NotApproved, match="somebody with a name"):
        approve_plan(env, plan.id, plan.hash, by=" ")
    assert approve_plan(env, plan.id, plan.hash, by="kim") is True
    with pytest.raises(NotApproved, match="approved already, by Åsa and kim"):
        approve_plan(env, plan.id, plan.hash, by="robin")
    apply_plan(env, plan.id)
    assert archived(portal, people) == 3


def test_nobody_decides_without_a_name(portal, env, jane, monkeypatch):
    plan = planned(env)
    monkeypatch.setattr("crm_gdpr.cli.deciding.boot", lambda: env)
    told = CliRunner().invoke(cli, ["approve", str(plan.id), "--hash", plan.hash, "--by", " "])
    assert (told.exit_code, "somebody must decide" in told.output) == (2, True)
    assert env.store.plans.get(plan.id).approvers == ()


def test_a_small_plan_takes_one_and_a_review_none_more(portal, env, jane):
    env = changed(env, "destruction", two_approvers_above=1)
    plan = planned(env)
    assert approve_plan(env, plan.id, plan.hash, by="kim") is True
    assert not waits_for_second(env, plan.id)


def test_the_gate_asks_todays_policy_how_many_must_approve(portal, due):
    env, people = due
    plan = approved(env)
    with pytest.raises(Refused, match="a second person"):
        apply_plan(changed(env, "destruction", two_approvers_above=2), plan.id)
    assert archived(portal, people) == 0


@pytest.mark.parametrize(
    ("up_to", "armed", "happens"),
    [(3, True, True), (2, True, False), (3, False, False)],
    ids=["few", "many", "dry run"],
)
def test_policy_approves_few_by_itself(portal, due, work, up_to, armed, happens, monkeypatch):
    env, people = due
    env = changed(env, "destruction", automatic=True, automatic_up_to=up_to, armed=armed)
    monkeypatch.setattr("crm_gdpr.jobs.run.boot", lambda: env)
    reconcile(env, full=True)
    plan_night(env)
    work()
    assert archived(portal, people) == (3 if happens else 0)


def test_nothing_is_approved_by_itself_while_stopped(portal, due):
    env, _ = due
    env = changed(env, "destruction", automatic=True)
    env.store.pause.stop("kim", env.today(), "holiday")
    reconcile(env, full=True)
    plan_night(env)
    assert env.store.plans.newest(1)[0].approved_by is None


def test_the_facts_of_each_person_stand_in_the_plan(portal, env, jane):
    plan = planned(env)
    (item,) = env.store.plans.items(plan.id)
    assert item.facts["contact"]["created_on"] == "2023-01-10"


def test_a_plan_that_is_done_names_people_by_hash_the_night_after(portal, env, jane):
    plan = carry_out(env)
    plan_night(env)
    assert env.store.plans.get(plan.id).closed_on is None, "the day it ran it can still be read"
    let_pass(env, portal, 1)
    plan_night(env)
    (item,) = env.store.plans.items(plan.id)
    assert (item.contact_id, item.facts) == (env.pseudonym(jane), {})
    assert env.store.plans.proven(env.store.plans.get(plan.id))
    with pytest.raises(Refused, match="no longer matches"):
        env.gate.approved(plan.id)


# --- caps and breakers


def test_no_more_people_an_hour_than_the_cap_and_the_rest_the_next(portal, due):
    env, people = due
    env = changed(env, "destruction", max_per_hour=2)
    plan = approved(env)
    with pytest.raises(CapReached, match="2 people an hour"):
        apply_plan(env, plan.id)
    assert archived(portal, people) == 2
    portal.advance(hours=1)
    apply_plan(env, plan.id)
    assert archived(portal, people) == 3


def test_what_a_cap_left_goes_on_by_itself(portal, due, work, monkeypatch):
    env, people = due
    env = changed(env, "destruction", max_per_hour=2)
    monkeypatch.setattr("crm_gdpr.jobs.run.boot", lambda: env)
    plan = approved(env)
    env.queue.enqueue("retention.apply", "first", plan_id=plan.id)
    work()
    assert archived(portal, people) == 2
    assert env.store.work.failed() == []
    portal.advance(hours=1)
    env.queue.enqueue("retention.go_on", "second")
    work()
    assert archived(portal, people) == 3
    assert env.store.plans.get(plan.id).applied_at is not None


def test_a_request_for_erasure_hides_nothing_of_what_a_cap_left(portal, due, work, monkeypatch):
    env, people = due
    env = changed(env, "destruction", max_per_hour=2)
    monkeypatch.setattr("crm_gdpr.jobs.run.boot", lambda: env)
    asked = portal.add_contact(email="asked@example.com", gdpr_source="inbound")
    plan = approved(env)
    with pytest.raises(CapReached):
        apply_plan(env, plan.id)
    alone = plan_erasure(env, asked, by="kim")
    portal.advance(hours=1)
    env.queue.enqueue("retention.go_on", "hour")
    work()
    assert archived(portal, people) == 3
    assert portal.is_gone(asked)
    assert env.store.plans.get(alone.id).applied_at is not None


def test_a_request_for_erasure_hides_nobody_past_their_date(portal, due):
    env, people = due
    asked = portal.add_contact(email="asked@example.com", gdpr_source="inbound")
    reconcile(env, full=True)
    plan_night(env)
    plan_erasure(env, asked, by="kim")
    let_pass(env, portal, 1)
    plan_night(env)
    assert debt(env)["unapproved"] == len(people)


def test_a_plan_nobody_started_does_not_go_on_by_itself(portal, due, work, monkeypatch):
    env, people = due
    monkeypatch.setattr("crm_gdpr.jobs.run.boot", lambda: env)
    approved(env)
    env.queue.enqueue("retention.go_on", "hour")
    work()
    assert archived(portal, people) == 0


def test_nor_does_one_of_a_single_person(portal, env, work):
    jane = silent(portal)
    in_review(env, portal)
    plan = approved(env)
    env.queue.enqueue("retention.go_on", "hour")
    work()
    assert portal.is_live(jane)
    start_plan(env, plan.id)
    work()
    assert not portal.is_live(jane)


def test_a_plan_far_larger_than_usual_stops_before_the_first_deletion(portal, due):
    env, people = due
    env = changed(env, "breaker", spike_above=2)
    plan = approved(env)
    with pytest.raises(Refused, match=r"archives or erases 3 people; the median of 30 days is 0"):
        apply_plan(env, plan.id)
    assert archived(portal, people) == 0
    assert cause(env) == ["spike"]
    env.store.pause.resume(env.today())
    apply_plan(env, plan.id)
    assert archived(portal, people) == 3, "a named person has looked"


def test_a_plan_like_those_of_other_days_is_no_spike(portal, due):
    env, people = due
    env = changed(env, "breaker", spike_above=2)
    for _ in range(2):
        planned(env)
        let_pass(env, portal, 1)
    apply_plan(env, approved(env).id)
    assert archived(portal, people) == 3


def test_customers_that_vanish_stop_everything(portal, due):
    env, people = due
    firms = [portal.add_company(lifecyclestage="customer") for _ in range(10)]
    reconcile(env, full=True)
    plan_night(env)
    portal.edit("companies", firms[0], lifecyclestage="lead")
    plan = approved(env)
    assert env.gate.approved(plan.id), "a tenth may go"
    portal.edit("companies", firms[1], lifecyclestage="lead")
    plan = approved(env)
    with pytest.raises(Refused, match="customers went down from 10 to 8"):
        apply_plan(env, plan.id)
    assert archived(portal, people) == 0
    env.store.pause.resume(env.today())
    assert env.gate.approved(plan.id)


def test_an_emptied_customer_list_is_seen_at_night(portal, env):
    firms = [portal.add_company(lifecyclestage="customer") for _ in range(3)]
    reconcile(env, full=True)
    plan_night(env)
    for firm in firms:
        portal.edit("companies", firm, lifecyclestage="lead")
    reconcile(env, full=True)
    plan_night(env)
    assert cause(env) == ["customers"]


def test_a_status_that_cannot_be_read_stops_everything(portal, due):
    env, people = due
    env = changed(env, "relationship", contract_until="avtal_slut")
    env.store.plans.approve(planned_anyway(env, people), "kim", env.clock.now())
    plan = env.store.plans.newest(1)[0]
    with pytest.raises(Refused, match="no property avtal_slut"):
        apply_plan(env, plan.id)
    assert archived(portal, people) == 0
    assert cause(env) == ["status"]


@pytest.mark.parametrize(
    "what",
    ["properties/2026-09/companies", "pipelines/2026-09/deals", "pipelines/2026-09/tickets", "contacts/subscriptions"],
)
def test_a_status_that_may_not_be_read_stops_everything(portal, due, emulator, what):
    env, people = due
    plan = approved(env)
    emulator.guard.faults.waiting.append(Fault(match=what, status=403, times=10))
    with pytest.raises(Refused, match="who is a customer cannot be read: HubSpot: 403"):
        apply_plan(env, plan.id)
    assert archived(portal, people) == 0
    assert cause(env) == ["status"]


def test_who_subscribes_is_kept_by_the_gate_though_the_night_did_not_see_it(portal, due):
    env, people = due
    plan = approved(env)
    paid = portal.create("subscriptions", {"hs_subscription_status": "active"}, actor=SALES).id
    portal.link(("contacts", people[0]), ("subscriptions", str(paid)))
    apply_plan(env, plan.id)
    assert not portal.is_archived(people[0])
    assert env.store.plans.item(plan.id, people[0]).state == "skipped"
    assert archived(portal, people) == 2


def test_whom_the_gate_kept_nobody_is_asked_to_approve_every_night(portal, due):
    env, people = due
    paid = portal.create("subscriptions", {"hs_subscription_status": "active"}, actor=SALES).id
    portal.link(("contacts", people[0]), ("subscriptions", str(paid)))
    carry_out(env)
    for _ in range(7):
        plan_night(env)
        assert make_plan(env) is None
        let_pass(env, portal, 1)
    plan = carry_out(env)
    assert states(env, plan) == {people[0]: ("archive", "skipped")}, "looked at again after a week"
    portal.edit("subscriptions", str(paid), hs_subscription_status="")
    let_pass(env, portal, 7)
    assert planned(env) is not None


def planned_anyway(env, people):
    """Plan by what the index knew before the property went."""
    plan = make_plan(env)
    assert plan is not None
    assert env.store.plans.destructive(plan.id) == len(people)
    return plan.id


def test_many_deletions_by_others_stop_everything_and_name_the_customers_hit(portal, due):
    env, people = due
    env = changed(env, "breaker", foreign_deletions=1)
    plan = approved(env)
    env.store.foreign.add("901", env.today(), None)
    assert env.gate.approved(plan.id)
    env.store.foreign.add("902", env.today(), "77")
    assert env.store.foreign.add("902", env.today(), "77") is False
    with pytest.raises(Refused, match=r"2 contacts were deleted .* customers hit: companies 77"):
        apply_plan(env, plan.id)
    assert archived(portal, people) == 0
    env.store.pause.resume(env.today())
    apply_plan(env, plan.id)
    assert archived(portal, people) == 3, "a named person has looked"


def test_deletions_of_the_day_before_are_not_too_late_to_stop_anything(portal, due):
    env, _ = due
    env = changed(env, "breaker", foreign_deletions=1)
    plan = approved(env)
    for contact_id in ("901", "902"):
        env.store.foreign.add(contact_id, env.today() - timedelta(days=1), None)
    with pytest.raises(Refused, match="2 contacts were deleted in HubSpot on 2026"):
        apply_plan(env, plan.id)


# --- another policy


def test_a_new_policy_is_previewed(portal, env, jane, policy_file, monkeypatch):
    talker = portal.add_contact(email="kim@example.com", createdate="2026-03-01T09:00:00Z", gdpr_source="website")
    reconcile(env, full=True)
    sooner = policy_file.with_name("sooner.toml")
    sooner.write_text(policy_file.read_text().replace("review_months = 12", "review_months = 6", 1))
    monkeypatch.setattr("crm_gdpr.jobs.boot", lambda: env)
    told = CliRunner().invoke(cli, ["policy", "diff", str(sooner), "--json"])
    assert json.loads(told.output)["review"] == {"gained": [talker], "lost": []}
    told = CliRunner().invoke(cli, ["policy", "diff", str(sooner)])
    assert "review   +1, -0" in told.output


def test_the_same_policy_changes_nothing(portal, env, jane):
    reconcile(env, full=True)
    assert not any(change.gained or change.lost for change in preview(env, env.policy).values())


# --- promise debt


def owed(env):
    return {cause: count for cause, count in debt(env).items() if count}


def test_people_past_their_date_are_counted_by_what_stands_in_the_way(portal, due, client):
    env, people = due
    dry = changed(env, "destruction", armed=False)
    reconcile(env, full=True)
    plan_night(dry)
    assert owed(env) == {"dry_run": 3, "no_owner": 3}
    assert 'crm_gdpr_promise_debt{cause="dry_run"} 3.0' in client.get("/metrics").text
    env.store.pause.stop("kim", env.today(), "holiday")
    plan_night(env)
    assert owed(env)["paused"] == 3
    env.store.pause.resume(env.today())
    let_pass(env, portal, 1)
    plan_night(env)
    assert owed(env)["unapproved"] == 3
    assert next(f.advice for f in diagnose(env) if f.what == "promise debt").startswith(
        "3 people past their date: their"
    )
    tight = changed(env, "destruction", max_per_run=1)
    with pytest.raises(CapReached):
        apply_plan(tight, approved(tight).id)
    let_pass(env, portal, 1)
    plan_night(tight)
    assert owed(env)["cap"] == 2
    assert archived(portal, people) == 1


def test_one_whom_hubspot_refuses_does_not_keep_the_others(portal, env, emulator):
    """The run ended at the first refusal, every night anew, and nobody after that person ever went."""
    env = uncapped(env)
    first, second = silent(portal), silent(portal, "second@example.com")
    in_review(env, portal)
    plan = approved(env)
    refusal = Fault(match=f"/contacts/{first}", method="DELETE", status=400, times=10)
    emulator.guard.faults.waiting.append(refusal)
    apply_plan(env, plan.id)
    assert states(env, plan) == {first: ("archive", "failed"), second: ("archive", "done")}
    assert portal.is_live(first)
    assert "400" in notes(env, plan)[first]

"""Stories: owners are asked once a week, know what each answer does, and are told once more before the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.debt import debt
from crm_gdpr.addons.retention.planning import make_plan, plan_night
from crm_gdpr.addons.retention.reminding import remind
from crm_gdpr.emulator.faults import Fault
from tests.addons.nights import approved, carry_out, in_review, let_pass, notes, silent, states, told


@pytest.fixture
def sven(portal):
    return portal.add_owner("sven@example.com", "Sven", "Säljare")


def few(env, people=2):
    """Ask about so many people a week."""
    return replace(env, policy=replace(env.policy, review=replace(env.policy.review, digest_people=people)))


def tasks(portal, owner=None):
    found = [task.properties for task in portal.live["tasks"]]
    return [task for task in found if owner in (None, task.get("hubspot_owner_id"))]


def test_a_digest_says_who_why_until_when_and_what_each_answer_does(portal, env, sven):
    jane = silent(portal, hubspot_owner_id=sven)
    carry_out(env)
    (task,) = tasks(portal, sven)
    body = task["hs_task_body"]
    assert f"/app/contacts/{jane}" in body
    assert "Ingen dialog finns; räknat från att kontakten skapades 2023-01-10." in body
    assert "No dialogue on record" in body
    assert "archived on 2026-12-02 without an answer" in body
    for answer in ("Attest a talk", "Let go", "Ask for a hold", "No answer"):
        assert answer in body
    assert "gdpr_stage=review" in body
    assert "jane" not in str(task), "a task outlives the person, and names nobody"


def test_at_install_everyone_is_reviewed_at_once_and_the_longest_silent_are_listed(portal, env, sven):
    people = [
        portal.add_contact(email=f"p{n}@example.com", createdate=f"202{n}-01-10T09:00:00Z", gdpr_source="website",
                           hubspot_owner_id=sven)
        for n in (3, 1, 2)
    ]  # fmt: skip
    env = few(env)
    plan = carry_out(env)
    assert set(states(env, plan).values()) == {("review", "done")}
    (task,) = tasks(portal, sven)
    body = task["hs_task_body"]
    assert body.index(f"/contacts/{people[1]}") < body.index(f"/contacts/{people[2]}")
    assert f"/contacts/{people[0]}" not in body
    assert "and 1 more in the list" in body


def test_later_no_owner_is_asked_twice_a_week_or_about_more_than_the_limit(portal, env, sven):
    env = few(env)
    silent(portal, "first@example.com", hubspot_owner_id=sven)
    carry_out(env)
    later = [silent(portal, f"later{n}@example.com", hubspot_owner_id=sven) for n in range(3)]
    let_pass(env, portal, 3)
    plan = carry_out(env)
    assert {notes(env, plan)[id_] for id_ in later} == {"waits for the owner's next digest, on 2026-11-09"}
    let_pass(env, portal, 3)
    let_pass(env, portal, 1)
    plan = carry_out(env)
    assert sorted(states(env, plan)[id_][1] for id_ in later) == ["done", "done", "skipped"]
    assert len(tasks(portal, sven)) == 2


def test_who_has_no_active_owner_is_the_company_owners(portal, env, sven):
    firm = portal.add_company(hubspot_owner_id=sven)
    jane = silent(portal, hubspot_owner_id="99999")
    portal.link(("contacts", jane), ("companies", firm))
    carry_out(env)
    assert len(tasks(portal, sven)) == 1


def test_who_has_no_owner_at_all_is_the_officers(portal, env):
    officer = portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")
    silent(portal)
    carry_out(env)
    assert len(tasks(portal, officer)) == 1


def test_an_owner_is_not_told_twice_when_the_run_was_broken_off(portal, env, sven, monkeypatch):
    jane = silent(portal, hubspot_owner_id=sven)
    plan = approved(env)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(env.store.stages, "reach", killed)
        with pytest.raises(KeyboardInterrupt):
            apply_plan(env, plan.id)
    apply_plan(env, plan.id)
    assert len(tasks(portal, sven)) == 1
    assert told(env, jane) == ["review.begun"]


def test_a_task_that_hubspot_refuses_keeps_no_other_owners_back(portal, env, sven, emulator):
    anna = portal.add_owner("anna@example.com", "Anna", "Säljare")
    theirs, hers = sorted((sven, anna))
    first, second = (silent(portal, f"p{owner}@example.com", hubspot_owner_id=owner) for owner in (theirs, hers))
    emulator.guard.faults.waiting.append(Fault(match="/tasks", method="POST", status=400))
    plan = approved(env)
    with pytest.raises(Exception, match="400"):
        apply_plan(env, plan.id)
    assert states(env, plan) == {first: ("review", "waiting"), second: ("review", "done")}
    apply_plan(env, plan.id)
    assert states(env, plan) == {first: ("review", "done"), second: ("review", "done")}


def test_the_owner_is_told_once_more_thirty_days_before_the_archive(portal, env, sven):
    jane = portal.add_contact(
        email="jane@example.com", createdate="2025-10-20T09:00:00Z", gdpr_source="website", hubspot_owner_id=sven
    )
    carry_out(env)  # review after 12 months; the archive is due on 2027-07-20
    let_pass(env, portal, 200)
    remind(env)
    assert len(tasks(portal, sven)) == 1, "too early"
    let_pass(env, portal, 25)  # 2027-06-15
    remind(env)
    remind(env)
    assert told(env, jane) == ["review.begun", "review.reminded"]
    (_, task) = tasks(portal, sven)
    assert "Sista chansen" in task["hs_task_body"]
    assert "2027-07-20" in task["hs_task_body"]


@pytest.fixture
def soon(portal, env, sven):
    """Two people of one owner; the archive of the first is near, that of the second will be in two days."""
    people = [
        portal.add_contact(email=f"{day}@example.com", createdate=day, gdpr_source="website", hubspot_owner_id=sven)
        for day in ("2025-10-20T09:00:00Z", "2025-10-24T09:00:00Z")
    ]
    carry_out(env)
    let_pass(env, portal, 225)
    return people


def test_an_owner_is_reminded_once_a_week_at_most(portal, env, soon):
    first, second = soon
    remind(env)
    let_pass(env, portal, 3)
    remind(env)
    assert "review.reminded" in told(env, first)
    assert "review.reminded" not in told(env, second), "three days after the last one"
    let_pass(env, portal, 4)
    remind(env)
    assert told(env, second).count("review.reminded") == 1
    assert told(env, first).count("review.reminded") == 1


def test_nobody_is_reminded_while_everything_is_stopped_or_nothing_is_armed(portal, env, sven, soon):
    before = len(tasks(portal, sven))
    unarmed = replace(env, policy=replace(env.policy, destruction=replace(env.policy.destruction, armed=False)))
    remind(unarmed)
    env.store.pause.stop("kim", env.today(), "holiday")
    remind(env)
    assert len(tasks(portal, sven)) == before
    env.store.pause.resume(env.today())
    remind(env)
    assert len(tasks(portal, sven)) == before + 1


def test_whose_archive_follows_soon_after_the_review_is_not_told_twice(portal, env, sven):
    silent(portal, hubspot_owner_id=sven)
    in_review(env, portal)
    remind(env)
    assert len(tasks(portal, sven)) == 1


# --- nobody goes on silence without the second digest, however long everything stood still


@pytest.fixture
def jane(portal, env, sven):
    """In review since 2026-11-02; the archive is due on 2027-07-20."""
    jane = portal.add_contact(
        email="jane@example.com", createdate="2025-10-20T09:00:00Z", gdpr_source="website", hubspot_owner_id=sven
    )
    carry_out(env)
    return jane


def unarmed(env):
    return replace(env, policy=replace(env.policy, destruction=replace(env.policy.destruction, armed=False)))


def paused(env, portal):
    env.store.pause.stop("kim", env.today(), "holiday")
    let_pass(env, portal, 365)
    a_night(env)
    env.store.pause.resume(env.today())


def dry(env, portal):
    let_pass(env, portal, 365)
    a_night(unarmed(env))


def undelivered(env, portal):
    """No night could ask anybody anything."""
    let_pass(env, portal, 365)


def a_night(env):
    reconcile(env, full=True)
    plan_night(env)
    remind(env)


@pytest.mark.parametrize("stands_still", [paused, dry, undelivered])
def test_after_a_long_stop_the_owner_is_told_and_has_thirty_days(portal, env, sven, jane, stands_still):
    stands_still(env, portal)
    assert told(env, jane) == ["review.begun"]
    assert make_plan(env) is None, "past the date, and not told of it"
    a_night(env)
    assert told(env, jane)[1:] == ["review.reminded"]
    body = tasks(portal, sven)[-1]["hs_task_body"]
    assert f"archived on {env.today() + timedelta(days=30)} without an answer" in body
    let_pass(env, portal, 29)
    a_night(env)
    assert make_plan(env) is None
    assert debt(env)["reminding"] == 1
    let_pass(env, portal, 1)
    carry_out(env)
    assert portal.is_archived(jane)
    assert told(env, jane).count("review.reminded") == 1


def test_a_plan_approved_before_the_stop_takes_nobody_after_it(portal, env, sven, jane):
    let_pass(env, portal, 230)
    remind(env)
    let_pass(env, portal, 31)
    plan = approved(env)
    assert states(env, plan) == {jane: ("archive", "waiting")}
    env.store.pause.stop("kim", env.today(), "holiday")
    let_pass(env, portal, 365)
    env.store.pause.resume(env.today())
    apply_plan(env, plan.id)
    assert "second digest" in notes(env, plan)[jane]
    assert portal.is_live(jane)


def test_after_a_stop_what_somebody_answered_needs_no_second_digest(portal, env, jane):
    portal.edit("contacts", jane, gdpr_review_answer="let_go", gdpr_review_answered_on="2026-12-01")
    paused(env, portal)
    remind(env)
    carry_out(env)
    assert portal.is_archived(jane)
    assert "review.reminded" not in told(env, jane)


def test_an_inactive_owner_is_stood_in_for_and_the_second_digest_still_comes(portal, env, jane):
    officer = portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")
    portal.edit("contacts", jane, hubspot_owner_id="")
    let_pass(env, portal, 230)
    remind(env)
    assert len(tasks(portal, officer)) == 1
    let_pass(env, portal, 31)
    carry_out(env)
    assert portal.is_archived(jane)


def test_a_second_digest_that_hubspot_refuses_keeps_its_people_and_no_other_owners_back(
    portal, env, sven, jane, emulator
):
    anna = portal.add_owner("anna@example.com", "Anna", "Säljare")
    hers = portal.add_contact(
        email="her@example.com", createdate="2025-10-20T09:00:00Z", gdpr_source="website", hubspot_owner_id=anna
    )
    carry_out(env)
    let_pass(env, portal, 230)
    first, second = (who for _, who in sorted(((sven, jane), (anna, hers))))
    emulator.guard.faults.waiting.append(Fault(match="/tasks", method="POST", status=400))
    with pytest.raises(Exception, match="400"):
        remind(env)
    assert [told(env, who).count("review.reminded") for who in (first, second)] == [0, 1]
    let_pass(env, portal, 31)
    carry_out(env)
    assert portal.is_live(first)
    assert portal.is_archived(second)
    remind(env)
    let_pass(env, portal, 30)
    carry_out(env)
    assert portal.is_archived(first)


def test_those_past_their_time_are_left_out_of_mailings_from_the_first_day(portal, env):
    jane = silent(portal)
    fresh = portal.add_contact(email="fresh@example.com", gdpr_source="website")
    reconcile(env, full=True)
    assert make_plan(env)
    assert portal.value("contacts", jane, "gdpr_marketing_blocked") == "true"
    assert not portal.value("contacts", fresh, "gdpr_marketing_blocked")

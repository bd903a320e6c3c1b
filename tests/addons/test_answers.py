"""Stories: what an owner answers in a review takes effect, and a hold that is asked for waits for the officer."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.retention.answering import take_undated
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.planning import make_plan
from crm_gdpr.emulator.faults import Fault
from tests.addons.nights import approved, in_review, let_pass, notes, planned, silent, states, told
from tests.events import event


@pytest.fixture
def officer(portal, env):
    return portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")


@pytest.fixture
def jane(portal, env, officer):
    """Somebody whose review has begun, and who has been silent for very long."""
    person = silent(portal)
    in_review(env, portal)
    return person


def answer(portal, person, word):
    portal.edit("contacts", person, gdpr_review_answer=word)
    return event(portal, "contact.propertyChange", person, propertyName="gdpr_review_answer")


def asked(portal):
    return [t.properties for t in portal.live["tasks"] if "asks for a hold" in t.properties["hs_task_subject"]]


@pytest.mark.parametrize("by_webhook", [True, False], ids=["told by webhook", "seen at night"])
def test_an_answer_gets_its_day(portal, env, jane, deliver, work, by_webhook):
    change = answer(portal, jane, "let_go")
    if by_webhook:
        deliver(change)
        work()
    take_undated(env)
    assert portal.value("contacts", jane, "gdpr_review_answered_on") == env.today().isoformat()
    assert told(env, jane).count("review.answered") == 1
    (item,) = env.store.plans.items(planned(env).id)
    assert item.verdict["because"][0]["code"] == "let_go"


def test_a_new_answer_in_a_later_review_gets_a_new_day(portal, env, jane, deliver, work):
    portal.edit("contacts", jane, gdpr_review_answered_on="2024-01-01")
    deliver(answer(portal, jane, "let_go"))
    work()
    assert portal.value("contacts", jane, "gdpr_review_answered_on") == env.today().isoformat()


def test_a_hold_that_is_asked_for_goes_to_the_officer_once(portal, env, jane, deliver, work, officer):
    change = answer(portal, jane, "hold")
    deliver(change)
    deliver({**change, "occurredAt": change["occurredAt"] + 1})
    work()
    (task,) = asked(portal)
    assert (task["hubspot_owner_id"], task["hs_task_priority"]) == (officer, "HIGH")
    assert "jane" not in str(task)


def test_a_hold_is_asked_for_though_the_first_attempt_was_broken_off(portal, env, jane, monkeypatch):
    answer(portal, jane, "hold")
    with monkeypatch.context() as broken:
        broken.setattr("crm_gdpr.addons.retention.answering.ask", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_undated(env)
    take_undated(env)
    assert len(asked(portal)) == 1


def test_a_hold_asked_for_again_while_the_officer_has_not_answered_is_one_task(portal, env, jane, emulator):
    """A night after a webhook whose day HubSpot would not take, say."""
    portal.edit("contacts", jane, gdpr_review_answer="hold")
    emulator.guard.faults.waiting.append(Fault(match=f"/contacts/{jane}", method="PATCH", status=400))
    with pytest.raises(Exception, match="400"):
        take_undated(env)
    let_pass(env, portal, 1)
    take_undated(env)
    assert len(asked(portal)) == 1
    let_pass(env, portal, 1)
    portal.edit("contacts", jane, gdpr_review_answered_on="")
    take_undated(env)
    assert len(asked(portal)) == 1


def test_nobody_is_archived_while_a_hold_is_asked_for(portal, env, jane, deliver, work):
    plan = approved(env)
    deliver(answer(portal, jane, "hold"))
    work()
    apply_plan(env, plan.id)
    assert "The owner has asked for a hold" in notes(env, plan)[jane]
    assert make_plan(env) is None
    (errand,) = env.store.errands.waiting("hold_asked")
    portal.edit("tasks", errand.task_id, hs_task_status="COMPLETED")
    let_pass(env, portal, 1)
    take_undated(env)
    assert states(env, planned(env)) == {jane: ("archive", "waiting")}


def test_an_answer_taken_back_before_it_is_read_is_none(portal, env, jane, deliver, work):
    change = answer(portal, jane, "hold")
    portal.edit("contacts", jane, gdpr_review_answer="")
    deliver(change)
    work()
    assert asked(portal) == []

"""Stories: somebody about whom something is unknown is asked about, first of the owner, then of the officer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.retention.unclear import ask_about_unclear
from tests.addons.nights import in_review, let_pass, silent


@pytest.fixture
def sven(portal):
    return portal.add_owner("sven@example.com", "Sven", "Säljare")


@pytest.fixture
def dana(portal, env):
    return portal.add_owner(env.policy.controller.officer, "Dana", "Skydd")


@pytest.fixture
def unclear(portal, env, sven, dana):
    """Somebody due for archive, but for a call of which nobody said how it went."""
    person = silent(portal, hubspot_owner_id=sven)
    in_review(env, portal)
    portal.log("call", contacts=[person])
    night(env)
    assert [known.contact_id for known in env.store.index.everyone(verdicts=("unknown",))] == [person]
    return person


def night(env):
    reconcile(env, full=True)
    ask_about_unclear(env)


def asked(portal, owner):
    found = [task.properties for task in portal.live["tasks"]]
    return [t for t in found if t.get("hubspot_owner_id") == owner and "unclear" in t["hs_task_subject"]]


def test_the_owner_is_asked_after_a_month_and_the_officer_after_two(portal, env, unclear, sven, dana):
    let_pass(env, portal, 29)
    night(env)
    assert asked(portal, sven) == []
    for _ in range(3):
        let_pass(env, portal, 1)
        night(env)
    (task,) = asked(portal, sven)
    assert f"/app/contacts/{unclear}" in task["hs_task_body"]
    assert "call" in task["hs_task_body"].lower()
    assert asked(portal, dana) == []
    for _ in range(2):
        let_pass(env, portal, 29)
        night(env)
    assert (len(asked(portal, sven)), len(asked(portal, dana))) == (1, 1)


def test_who_is_clear_again_is_not_asked_about_and_starts_anew(portal, env, unclear, sven):
    (call,) = portal.associated(portal.record("contacts", int(unclear)), "calls")
    portal.edit("calls", str(call), hs_call_disposition="9d9162e7-6cf3-4944-bf63-4dff82258764")  # busy
    let_pass(env, portal, 31)
    night(env)
    assert asked(portal, sven) == []
    assert env.store.notes.get("unclear") == {}


def test_nobody_is_asked_twice_a_week_or_about_more_than_the_limit(portal, env, sven, dana):
    people = [silent(portal, f"p{number}@example.com", hubspot_owner_id=sven) for number in range(2)]
    in_review(env, portal)
    for person in people:
        portal.log("call", contacts=[person])
    env = replace(env, policy=replace(env.policy, review=replace(env.policy.review, digest_people=1)))
    night(env)
    let_pass(env, portal, 31)
    for _ in range(2):
        night(env)
    assert len(asked(portal, sven)) == 1
    let_pass(env, portal, 7)
    night(env)
    bodies = [task["hs_task_body"] for task in asked(portal, sven)]
    assert [sum(f"/{person}" in body for body in bodies) for person in people] == [1, 1]

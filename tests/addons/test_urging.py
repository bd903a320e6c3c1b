"""A request that runs out of time is loud: in HubSpot, in doctor, and no louder than the identity allows."""

from __future__ import annotations

import pytest

from crm_gdpr.addons.access import identity, steps
from crm_gdpr.addons.access.urging import is_overdue, look, urge
from crm_gdpr.policy import Right


@pytest.fixture
def number(env, portal) -> int:
    anna = portal.add_contact(email="anna@example.com", createdate="2025-01-01T09:00:00Z")
    return steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=anna, by="kim")


def tasks(portal) -> list[tuple[str, str]]:
    made = [task.properties for task in portal.live["tasks"]]
    return [(each["hs_task_subject"], each.get("hs_task_priority") or "") for each in made]


def test_a_week_before_it_is_due_somebody_is_asked_once(env, portal, number):
    urge(env)
    assert tasks(portal) == []
    portal.advance(days=24)
    urge(env)
    urge(env)
    ((subject, priority),) = tasks(portal)
    assert env.store.requests.get(number).due_on.isoformat() in subject
    assert priority != "HIGH"
    assert [state for state, _ in look(env)] == ["ok"]


def test_overdue_it_is_urgent_every_week_until_it_is_answered(env, portal, number):
    for _ in range(3):
        portal.advance(days=35)
        urge(env)
    assert [priority for _, priority in tasks(portal)] == ["HIGH"] * 3
    ((state, said),) = look(env)
    assert (state, f"request {number}" in said) == ("broken", True)
    env.store.requests.change(number, status="fulfilled", closed_on=env.today())
    portal.advance(days=7)
    urge(env)
    assert len(tasks(portal)) == 3
    assert [state for state, _ in look(env)] == ["ok"]


def test_while_the_identity_is_asked_for_nothing_is_overdue(env, portal, number):
    request = env.store.requests.get(number)
    identity.send_link(env, request, "anna@example.com", by="kim")
    portal.advance(days=40)
    request = env.store.requests.get(number)
    assert not is_overdue(request, env.today())
    assert request.last_day(env.today()) > env.today()
    urge(env)
    assert tasks(portal) == []

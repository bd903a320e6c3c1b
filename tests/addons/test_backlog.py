"""Who is past their time when the system comes: counted, and told when the last of them is archived."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.retention.backlog import Backlog, backlog, last_day
from crm_gdpr.addons.retention.debt import debt
from crm_gdpr.addons.retention.planning import plan_night
from tests.addons.nights import carry_out, in_review, silent

DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("by_day", "a_day", "days"),
    [
        pytest.param({0: 1}, 100, 0, id="one"),
        pytest.param({0: 100}, 100, 0, id="as many as a day takes"),
        pytest.param({0: 101}, 100, 1, id="one more"),
        pytest.param({0: 250, 1: 50}, 100, 2, id="some join those who wait"),
        pytest.param({0: 250, 30: 1}, 100, 30, id="and some come when the others have gone"),
        pytest.param({0: 150, 1: 150}, 100, 2, id="what a day left over goes before"),
        pytest.param({0: 150, 2: 100}, 100, 2, id="but not for ever"),
    ],
)
def test_the_last_day(by_day, a_day, days):
    due = {DAY + timedelta(days=n): count for n, count in by_day.items()}
    assert last_day(due, a_day) == DAY + timedelta(days=days)


@pytest.fixture
def tight(env):
    """At most two people a day."""
    return replace(
        env, policy=replace(env.policy, destruction=replace(env.policy.destruction, max_per_run=2, max_share=1.0))
    )


def test_the_end_of_the_backlog_is_known_from_the_first_night(portal, tight):
    for number in range(5):
        silent(portal, f"p{number}@example.com")
    portal.add_contact(email="young@example.com", createdate="2025-09-10T09:00:00Z", gdpr_source="website")
    assert backlog(tight) is None
    reconcile(tight, full=True)
    first = tight.today() + timedelta(days=30)
    assert backlog(tight) == Backlog(5, 2, first + timedelta(days=2))
    in_review(tight, portal)
    reconcile(tight, full=True)
    assert backlog(tight) == Backlog(5, 2, tight.today() + timedelta(days=2))
    with pytest.raises(Exception, match="cap of 2"):
        carry_out(tight)
    assert backlog(tight) == Backlog(3, 2, tight.today() + timedelta(days=1))


def test_in_a_dry_run_those_past_their_time_are_a_debt_before_any_review(portal, env):
    silent(portal)
    portal.add_contact(email="young@example.com", createdate="2025-09-10T09:00:00Z", gdpr_source="website")
    dry = replace(env, policy=replace(env.policy, destruction=replace(env.policy.destruction, armed=False)))
    reconcile(dry, full=True)
    plan_night(dry)
    assert debt(dry)["dry_run"] == 1

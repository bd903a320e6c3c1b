"""A verdict stands as long as it says: judging the same facts sooner says the same."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings

from crm_gdpr.policy import decide, facts_from_json, load_policy, stands_until
from tests.policy.lives import lives

POLICY = load_policy()


@settings(max_examples=400, deadline=None)
@given(lives())
def test_judging_sooner_says_the_same(lived):
    life, today = lived
    facts = facts_from_json(life)
    verdict = decide(facts, POLICY, today)
    until = min(stands_until(facts, verdict, today), date(2040, 1, 1))
    last = until - timedelta(days=1)
    for day in {today + (last - today) // 2, last} - {today}:
        assert decide(facts, POLICY, day).verdict == verdict.verdict

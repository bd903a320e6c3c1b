"""The product and a naive reading of the same page agree on every life we can think of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from crm_gdpr.policy import decide, facts_from_json, load_policy
from tests.policy.lives import lives
from tests.policy.oracle import judge

POLICY = load_policy()
Life = tuple[dict[str, Any], date]


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives())
def test_policy_and_oracle_agree(life: Life) -> None:
    agree(*life)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives())
def test_policy_and_oracle_agree_on_many_lives(life: Life) -> None:
    agree(*life)


def agree(facts: dict[str, Any], on: date) -> None:
    opinion = judge(facts, on)
    got = decide(facts_from_json(facts), POLICY, on)
    last = got.last_dialogue
    assert (got.verdict, last.on if last else None) == (opinion.verdict, opinion.last_on)
    assert last is None or (last.ref, last.whose) in opinion.names

"""The days of the steps ahead are those on which the verdict will take them."""

from __future__ import annotations

from datetime import date

import pytest

from crm_gdpr.policy import decide, facts_from_json, load_policy, steps_ahead
from tests.policy.test_decide import archive, firm, life, mail, review

POLICY = load_policy()
TODAY = date(2026, 6, 15)


def days(facts: dict, reached: str | None = None) -> dict[str, str]:
    return {each.step: each.on.isoformat() for each in steps_ahead(facts_from_json(facts), POLICY, TODAY, reached)}


@pytest.mark.parametrize(
    ("facts", "ahead"),
    [
        pytest.param(
            life(mail("2026-01-31")),
            {"review": "2027-01-31", "archive": "2027-10-31", "erase": "2028-01-24"},
            id="after the last dialogue, by the bin's 85 days",
        ),
        pytest.param(
            life(source="outreach", created_on="2026-02-01"),
            {"review": "2026-10-01", "archive": "2026-11-01", "erase": "2027-01-25"},
            id="sooner for those who never answered",
        ),
        pytest.param(
            life(mail("2026-01-31"), objected_on="2026-06-01"),
            {"review": "2026-06-15", "archive": "2026-07-15", "erase": "2026-10-03"},
            id="at once after an objection",
        ),
        pytest.param(
            life(mail("2024-01-31"), org=firm(open_deals=["deals/1"])),
            {"review": "2026-06-15", "archive": "2026-07-15", "erase": "2026-10-03"},
            id="as if what keeps ended today",
        ),
        pytest.param(life(created_on=None), {}, id="none without a clock"),
    ],
)
def test_the_steps_ahead(facts, ahead):
    assert days(facts) == ahead


def test_a_step_that_is_reached_lies_behind():
    assert days(life(mail("2025-02-01"), **review("2026-03-01")), "review") == {
        "archive": "2026-11-01",
        "erase": "2027-01-25",
    }
    assert days(life(mail("2024-02-01"), **archive("2026-05-01")), "archive") == {"erase": "2026-07-20"}


def test_the_first_step_ahead_is_the_one_the_verdict_names():
    for facts in (life(mail("2026-01-31")), life(mail("2025-02-01"), **review("2026-03-01"))):
        verdict = decide(facts_from_json(facts), POLICY, TODAY)
        assert verdict.next == steps_ahead(facts_from_json(facts), POLICY, TODAY, verdict.reached)[0]

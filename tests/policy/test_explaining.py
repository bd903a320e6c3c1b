"""What people are told of a verdict: everything that was weighed, counted or not, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm_gdpr.policy import explained, facts_from_json, load_policy

POLICY = load_policy()
BY_PERSON = replace(POLICY, retention=replace(POLICY.retention, clock="person"))
ON = date(2026, 6, 15)


def told(policy=POLICY, **contact):
    facts = facts_from_json({
        "contact": {"id": "101", **contact},
        "dialogue": [
            {"ref": "emails/1", "kind": "email", "direction": "in", "on": "2026-02-03", "status": "SENT"},
            {"ref": "notes/2", "kind": "note", "on": "2026-03-01"},
        ],
        "organisation": {
            "id": "7",
            "dialogue": [{"ref": "calls/3", "kind": "call", "disposition": "connected", "on": "2026-04-01"}],
        },
    })  # fmt: skip
    return {each.event.ref: (each.counts, each.whose) for each in explained(facts, policy, ON)}


def test_what_counts_and_what_does_not_are_both_told():
    assert told() == {
        "emails/1": ("yes", "person"),
        "notes/2": ("no", "person"),
        "calls/3": ("yes", "organisation"),
    }


@pytest.mark.parametrize(
    ("policy", "contact"),
    [
        pytest.param(POLICY, {"not_relevant": {"since": "2026-05-01", "why": "left"}}, id="who left is judged alone"),
        pytest.param(BY_PERSON, {}, id="the policy counts the person's own dialogue only"),
    ],
)
def test_the_organisations_dialogue_is_told_not_to_count(policy, contact):
    assert told(policy, **contact)["calls/3"] == ("no", "organisation")


def test_a_talk_that_the_owner_vouched_for_is_told_as_attested():
    talks = [{"on": "2026-05-01", "reason": "fair"}, {"on": "2026-07-01", "reason": "typo"}]
    found = told(attested=talks)
    assert found["attested/2026-05-01"] == ("yes", "attested")
    assert found["attested/2026-07-01"] == ("no", "attested")

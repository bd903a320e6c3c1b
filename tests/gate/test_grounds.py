"""What a plan was approved on, and what may have changed since without making it another."""

from __future__ import annotations

from datetime import date

import pytest

from crm_gdpr.gate.grounds import as_approved
from crm_gdpr.policy import Text, Verdict
from crm_gdpr.policy.verdict import LastDialogue, Reason
from tests.addons.nights import carry_out, in_bin, silent, states, uncapped


def verdict(on: str | None, *codes: str, step: str = "erase") -> Verdict:
    last = None if on is None else LastDialogue(date.fromisoformat(on), f"emails/{on}", "organisation")
    return Verdict("101", step, tuple(Reason(code, Text(sv=code, en=code)) for code in codes), last)


@pytest.mark.parametrize(
    ("approved", "now", "stands"),
    [
        pytest.param(verdict("2024-01-01"), verdict("2024-01-01"), True, id="the same"),
        pytest.param(
            verdict("2024-01-01"), verdict("2023-12-31"), True, id="the dialogue went, an earlier one is left"
        ),
        pytest.param(verdict("2024-01-01"), verdict(None), True, id="the dialogue went, none is left"),
        pytest.param(verdict("2024-01-01"), verdict("2024-01-02"), False, id="a later dialogue"),
        pytest.param(verdict(None), verdict("2024-01-01"), False, id="a dialogue where none was known"),
        pytest.param(verdict("2024-01-01"), verdict("2024-01-01", "objected"), False, id="an objection since"),
        pytest.param(verdict("2024-01-01", "let_go"), verdict("2024-01-01"), False, id="let go no more"),
        pytest.param(
            verdict("2024-01-01", "erasure_requested"),
            verdict("2025-01-01", "erasure_requested"),
            True,
            id="whoever asked is kept by no dialogue",
        ),
        pytest.param(
            verdict("2024-01-01"), verdict("2024-01-01", step="keep"), True, id="another verdict is left as it is"
        ),
    ],
)
def test_a_verdict_goes_on_as_approved(approved: Verdict, now: Verdict, stands: bool):
    found = as_approved(now, approved.to_json())
    assert (found == now) is stands
    assert stands or found.because[0].code == "changed"


def test_colleagues_who_go_together_do_not_keep_each_other(portal, env):
    env, firm = uncapped(env), portal.add_company(name="Exempel AB")
    people = [silent(portal, f"{name}@example.com") for name in ("anna", "bo")]
    for person in people:
        portal.link(("contacts", person), ("companies", firm))
    portal.log("email", people[:1], hs_email_direction="INCOMING_EMAIL", hs_timestamp="2023-05-02T10:00:00Z")
    in_bin(env, portal)
    assert states(env, carry_out(env)) == dict.fromkeys(people, ("erase", "done"))

"""What another policy would change: who becomes due, and who no longer is, by step, before it takes effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.reconcile import judge

if TYPE_CHECKING:
    from datetime import date

    from crm_gdpr.env import Env
    from crm_gdpr.policy import Policy, Verdict
    from crm_gdpr.store.index import Known

STEPS = ("review", "archive", "erase", "unknown")


@dataclass
class Change:
    """The contacts that a step would gain and lose."""

    gained: list[str]
    lost: list[str]


def preview(env: Env, new: Policy) -> dict[str, Change]:
    """Judge everyone known by both policies, today."""
    asked, today = env.store.requests.with_open_request(), env.today()
    changes = {step: Change([], []) for step in STEPS}
    for known in env.store.index.everyone():
        now, then = (_step(known, known.contact_id in asked, policy, today) for policy in (env.policy, new))
        if then != now and then:
            changes[then].gained.append(known.contact_id)
        if then != now and now:
            changes[now].lost.append(known.contact_id)
    return changes


def _step(known: Known, asked: bool, policy: Policy, on: date) -> str | None:
    """Return the step that is due, or on which the person stands; None for someone kept."""
    verdict: Verdict = judge(known, asked, policy, on)
    return verdict.verdict if verdict.verdict in STEPS else None

"""What was approved, held against what is so now: who goes on other grounds than those is the next plan's matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_gdpr.policy import Text, Verdict
from crm_gdpr.policy.verdict import UNSURE, Reason

REQUESTED = "erasure_requested"
AT_ONCE = frozenset(("objected", "not_relevant", "let_go", REQUESTED))
HOLD_IS_ASKED = Reason(
    "hold_asked",
    Text(
        sv="Ägaren har bett om en låsning, och ingen har svarat än.",
        en="The owner has asked for a hold, and nobody has answered yet.",
    ),
)
NOT_TOLD = Reason(
    "not_reminded",
    Text(
        sv="Ägaren har inte i tid fått den andra påminnelsen om att tystnad släpper kontakten.",
        en="The owner has not had, in time, the second digest that says that silence lets the contact go.",
    ),
)


def as_approved(verdict: Verdict | None, approved: Mapping[str, Any]) -> Verdict | None:
    """Return the verdict where it rests on what was approved; else one that touches nothing and says what changed.

    A dialogue that is there no more changes nothing: colleagues who go in the same run take theirs along.
    """
    if verdict is None or verdict.verdict != approved["verdict"]:
        return verdict
    now = verdict.to_json()
    changed = (haste(now) ^ haste(approved)) | later(now, approved)
    if not changed:
        return verdict
    what = ", ".join(sorted(changed))
    text = Text(
        sv=f"Det som planen godkändes på har ändrats: {what}.", en=f"What the plan was approved on has changed: {what}."
    )
    return replace(verdict, verdict=UNSURE, because=(Reason("changed", text), *verdict.because))


def haste(verdict: Mapping[str, Any]) -> frozenset[str]:
    """Return what lets somebody go before their period is over."""
    return AT_ONCE & {reason["code"] for reason in verdict["because"]}


def later(verdict: Mapping[str, Any], approved: Mapping[str, Any]) -> frozenset[str]:
    """Return the dialogue that has come since; whoever asked to be erased is kept by none."""
    last, before = verdict["last_dialogue"], approved["last_dialogue"]
    if REQUESTED in haste(verdict) or last is None or (before is not None and last["on"] <= before["on"]):
        return frozenset()
    return frozenset((last["ref"],))

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


def as_approved(verdict: Verdict | None, approved: Mapping[str, Any]) -> Verdict | None:
    """Return the verdict where it rests on what was approved; else one that touches nothing and says what changed."""
    if verdict is None or verdict.verdict != approved["verdict"]:
        return verdict
    now, then = grounds(verdict.to_json()), grounds(approved)
    if now == then:
        return verdict
    what = ", ".join(sorted(now ^ then))
    text = Text(
        sv=f"Det som planen godkändes på har ändrats: {what}.", en=f"What the plan was approved on has changed: {what}."
    )
    return replace(verdict, verdict=UNSURE, because=(Reason("changed", text), *verdict.because))


def grounds(verdict: Mapping[str, Any]) -> frozenset[str]:
    """Return what a verdict rests on: what makes haste, and the dialogue counted from; a request asks for none."""
    haste = AT_ONCE & {reason["code"] for reason in verdict["because"]}
    last = verdict.get("last_dialogue")
    return haste if REQUESTED in haste or last is None else haste | {last["ref"]}

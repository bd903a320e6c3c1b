"""What sales sees of our conclusions on a contact.  The store holds the truth; an edit of these is put back."""

from __future__ import annotations

from crm_gdpr.policy import Verdict

MIRROR = (
    "gdpr_last_dialogue_on",
    "gdpr_last_dialogue_event",
    "gdpr_stage",
    "gdpr_next_step",
    "gdpr_next_step_on",
    "gdpr_next_step_why",
    "gdpr_marketing_blocked",
)
DUE = ("review", "archive", "erase")  # past their time: nothing is marketed from the first day on


def mirror_of(verdict: Verdict) -> dict[str, str]:
    """Return the properties as they should stand for this verdict; empty text where there is nothing to say."""
    last, then = verdict.last_dialogue, verdict.next
    why = " ".join(reason.text.sv for reason in verdict.because[:2])
    values = (
        last.on.isoformat() if last else "",
        last.ref if last else "",
        verdict.reached or "",
        then.step if then else "",
        then.on.isoformat() if then else "",
        why,
        "true" if verdict.verdict in DUE else "",
    )
    return dict(zip(MIRROR, values, strict=True))

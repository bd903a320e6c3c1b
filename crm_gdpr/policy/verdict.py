"""The answer of the policy: a verdict that carries its reasons and the event it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_gdpr.policy.text import Text

KEEP, REVIEW, ARCHIVE, ERASE, UNSURE = "keep", "review", "archive", "erase", "unknown"

# First reasons of whoever is wanted, though HubSpot's bin has them or a copy brought them back.
WANTED = frozenset(("hold", "restricted", "request_open", "customer", "contract_runs"))

NAMED_BY_OTHERS = "named_by_others"  # why somebody in the bin is taken out of what others share, and nothing more

# From the gentlest to the hardest; unknown touches nothing, so nothing is gentler.
HARDNESS = {UNSURE: 0, KEEP: 0, REVIEW: 1, ARCHIVE: 2, ERASE: 3}


@dataclass(frozen=True)
class LastDialogue:
    """The event the clock counts from; for an attested talk `on` is the day the clock counts from."""

    on: date
    ref: str
    whose: str


@dataclass(frozen=True)
class Next:
    """The next step and the day it will be due if nothing happens."""

    step: str
    on: date


@dataclass(frozen=True)
class Reason:
    """One reason, for people in two languages and for programs by its code."""

    code: str
    text: Text
    ref: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What is to become of one person.

    `reached` is the step they stand on, if today's clock still bears it; `since` the day the next one became due.
    """

    contact: str
    verdict: str
    because: tuple[Reason, ...]
    last_dialogue: LastDialogue | None = None
    next: Next | None = None
    reached: str | None = None
    since: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as `crm-gdpr decide` prints it."""
        last, step = self.last_dialogue, self.next
        return {
            "contact": self.contact,
            "verdict": self.verdict,
            "last_dialogue": {"on": last.on.isoformat(), "ref": last.ref, "whose": last.whose} if last else None,
            "next": {"step": step.step, "on": step.on.isoformat()} if step else None,
            "because": [
                {"code": r.code, "text": {"sv": r.text.sv, "en": r.text.en}, "ref": r.ref} for r in self.because
            ],
        }

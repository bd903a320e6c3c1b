"""Told in time: by when a person must know that we hold their data, and what shows that they do (Art. 13, 14).  Pure.

Due is the earliest of one calendar month after collection, the first communication, and the first disclosure to others
(Art. 14(3)).  Who contacts us is told with the first answer (Art. 13).  Only evidence discharges: a mail that carried
the notice and arrived, a call in which it was given, a form that showed it, or that the person has the information.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from crm_gdpr.policy.calendar import add_months
from crm_gdpr.policy.text import Text

FROM_THE_PERSON = ("inbound", "website", "request")  # Art. 13; of all others we know from elsewhere, Art. 14
ON_NO_LADDER = ("customer", "other", "request")  # kept for another reason than a dialogue: overdue until told
SOON = timedelta(days=5)
GIVEN_UP = timedelta(days=30)
KINDS = ("mail", "call", "form", "informed")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Something that may show that the person was told; `carried`: the notice was in it, `arrived`: it came through."""

    ref: str
    kind: str
    on: date
    carried: bool = True
    arrived: bool = True

    @property
    def tells(self) -> bool:
        """Intention is no evidence: a mail that bounced and a call nobody answered told nobody."""
        return self.kind in KINDS and self.carried and self.arrived


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What is known of one person.  `backlog`: collected before the clock was started here; told in tranches."""

    source: str
    collected_on: date | None
    first_message_on: date | None = None
    first_disclosed_on: date | None = None
    evidence: tuple[Evidence, ...] = ()
    backlog: bool = False
    tranche_on: date | None = None


@dataclass(frozen=True)
class Told:
    """How it stands: told, open, soon, overdue, given_up, backlog or unknown; by when, since when, and why."""

    state: str
    due_on: date | None
    because: Text
    told_on: date | None = None
    ref: str | None = None
    late: bool = False

    @property
    def blocks_marketing(self) -> bool:
        """Nobody is marketed to who should have been told; the notice itself may be sent."""
        return self.state in ("overdue", "given_up")


def told(duty: Duty, on: date) -> Told:
    """Return how the duty to inform one person stands on a day."""
    if duty.collected_on is None:
        return Told("unknown", None, Text(sv="Insamlingsdagen är okänd.", en="The day of collection is not known."))
    due = due_on(duty, duty.collected_on)
    proof = first_proof(duty.evidence, on)
    if proof is not None:
        because = Text(sv=f"Informerad {proof.on} ({proof.ref}).", en=f"Told on {proof.on} ({proof.ref}).")
        return Told("told", due, because, proof.on, proof.ref, late=proof.on > due)
    if duty.backlog and duty.tranche_on is None:
        return Told("backlog", None, Text(sv="Väntar på det samlade utskicket.", en="Waits for the bulk notice."))
    return _open(duty, due, on)


def due_on(duty: Duty, collected_on: date) -> date:
    """Return the day by which the person must have been told; a month too short ends early."""
    if duty.backlog and duty.tranche_on is not None:
        return add_months(duty.tranche_on, 1)
    days = (add_months(collected_on, 1), duty.first_message_on, duty.first_disclosed_on)
    return max(collected_on, min(day for day in days if day is not None))


def first_proof(evidence: Iterable[Evidence], on: date) -> Evidence | None:
    """Return the earliest evidence that counts by this day."""
    proofs = [each for each in evidence if each.tells and each.on <= on]
    return min(proofs, key=lambda each: (each.on, each.ref), default=None)


def _open(duty: Duty, due: date, on: date) -> Told:
    article = Text(sv="artikel 13", en="Art. 13") if duty.source in FROM_THE_PERSON else Text("artikel 14", "Art. 14")
    if on >= due + GIVEN_UP and duty.source not in ON_NO_LADDER:
        return Told(
            "given_up", due, _says(article, f"30 dagar efter {due}: inte relevant längre", f"30 days past {due}")
        )
    if on > due or _spoke_first(duty, due, on):
        return Told("overdue", due, _says(article, f"skulle ha informerats {due}", f"was to be told on {due}"))
    state = "soon" if on >= due - SOON else "open"
    return Told(state, due, _says(article, f"ska informeras senast {due}", f"must be told by {due}"))


def _spoke_first(duty: Duty, due: date, on: date) -> bool:
    """A first message or disclosure that told nothing is overdue at once, on its own day."""
    done = [day for day in (duty.first_message_on, duty.first_disclosed_on) if day is not None]
    return not duty.backlog and on >= due and any(day <= due for day in done)


def _says(article: Text, sv: str, en: str) -> Text:
    return Text(sv=f"Personen {sv} ({article.sv}).", en=f"The person: {en} ({article.en}).")

"""Made-up lives in the shape that `crm-gdpr decide` reads, crowded around the days where verdicts turn.

Days are drawn as distances from the day of judgement and become dates at the end, so that no strategy is made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.policy.oracle import months_after

ABSENT: Any = object()
ABROAD = "SOMETHING_NEW"
MONTHS = (0, 8, 9, 12, 20, 21, 24, 33, 36)
DAYS = (0, 10, 29, 30, 31, 79, 80, 81, 84, 85, 86, 110, 115)
TODAYS = ("2026-06-15", "2026-02-28", "2028-02-29", "2026-03-31", "2026-05-31", "2026-08-31", "2026-12-31")


@dataclass(frozen=True)
class Ago:
    """A day so many months and days before the day of judgement."""

    months: int
    days: int

    def before(self, on: date) -> str:
        return (months_after(on, -self.months) - timedelta(days=self.days)).isoformat()


def weighed(*values: Any) -> st.SearchStrategy[Any]:
    """Draw one of these values; named twice means twice as often.  Strategies among them are drawn from."""
    return st.one_of(*(v if isinstance(v, st.SearchStrategy) else st.just(v) for v in values))


def seldom(usual: Any, *unusual: Any, one_in: int = 8) -> st.SearchStrategy[Any]:
    """Draw the usual value, and one time in so many one of the others."""
    return weighed(*[usual] * (one_in - 1), weighed(*unusual))


def shape(keys: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw an object; an absent value takes its key along."""
    parts = {key: value if isinstance(value, st.SearchStrategy) else st.just(value) for key, value in keys.items()}

    @st.composite
    def an_object(draw: st.DrawFn) -> dict[str, Any]:
        drawn = {key: draw(part) for key, part in parts.items()}
        return {key: value for key, value in drawn.items() if value is not ABSENT}

    return an_object()


def options(*values: Any) -> st.SearchStrategy[Any]:
    """Draw one of these values."""
    return st.sampled_from(values)


turning = st.builds(lambda m, d, slip: Ago(m, max(0, d + slip)), options(*MONTHS), options(*DAYS), options(0, 0, 1, -1))
past = weighed(turning, turning, turning, st.integers(0, 1500).map(lambda days: Ago(0, days)))
coming = options(Ago(0, 0), Ago(0, -1), Ago(0, -30), Ago(0, -200))
days = seldom(past, coming, one_in=5)
flag = seldom(False, options(True, None, ABSENT), one_in=25)
direction = options("in", "in", "in", "in", "out", None, ABSENT, ABROAD)
automatic = seldom(ABSENT, st.booleans())

EVENT = {"ref": st.integers(1, 9).map(lambda number: f"events/{number}"), "on": seldom(days, None, ABSENT, one_in=25)}
STATUS = options("SENT", "SENT", ABSENT, None, "BOUNCED", "FAILED", ABROAD)
DISPOSITION = options("connected", "busy", "no answer", "left voicemail", "left live message", "wrong number")
OUTCOME = options("COMPLETED", "COMPLETED", "CANCELED", "NO_SHOW", "RESCHEDULED", "SCHEDULED", None, ABSENT, ABROAD)
CHANNEL = options("WHATS_APP", "SMS", "LINKEDIN_MESSAGE", "SMS", "SMS", ABROAD)
events = st.one_of(
    shape({**EVENT, "kind": "email", "direction": direction, "automatic": automatic, "status": STATUS}),
    shape({**EVENT, "kind": "call", "disposition": weighed("connected", DISPOSITION, None, ABSENT, ABROAD)}),
    shape({**EVENT, "kind": "meeting", "outcome": OUTCOME}),
    shape({**EVENT, "kind": "communication", "direction": direction, "channel": CHANNEL}),
    shape({**EVENT, "kind": "ticket", "direction": direction, "request": automatic}),
    shape({**EVENT, "kind": "deal", "automatic": automatic}),
    shape({**EVENT, "kind": options("form", "note", "task", "unsubscribe", ABROAD)}),
)
lists = st.lists(events, max_size=3, unique_by=lambda event: event["ref"])
dialogues = seldom(weighed([], lists), lists.map(lambda found: found * 2), ABSENT, one_in=20)

talks = st.lists(shape({"on": days, "reason": "met at a fair"}), max_size=2)
answers = shape({"on": days, "answer": options("let_go", "let_go", "let_go", "attest", "hold")})
contacts = shape({
    "id": "101",
    "created_on": seldom(past, None, ABSENT),
    "source": options("outreach", "website", None, ABSENT, ABROAD),
    "hold": seldom(None, {"reason": "dispute"}, ABSENT, one_in=25),
    "restricted": flag,
    "request_open": flag,
    "objected_on": seldom(None, days, days, ABSENT),
    "attested": seldom([], talks, talks, talks, talks, None, ABSENT, one_in=4),
    "review_answer": seldom(None, answers, answers, answers, ABSENT, one_in=4),
    "erasure_requested_on": seldom(None, days, days, ABSENT, one_in=20),
    "not_relevant": seldom(None, *[shape({"since": days, "why": "left"})] * 2, ABSENT),
})  # fmt: skip
standing = shape({"stage": options("review", "review", "archive", "archive"), "stage_on": days})
stages = weighed(standing, standing, standing, standing, options({}, {"stage": None}, {"stage": ABROAD}))

organisation = shape({
    "id": "7",
    "customer": flag,
    "contract_until": seldom(None, days, days, ABSENT, one_in=12),
    "relationship_ended_on": seldom(None, days, days, ABSENT),
    "open_deals": seldom([], ["12"], ABSENT, one_in=25),
    "open_tickets": seldom([], ["34"], ABSENT, one_in=25),
    "dialogue": dialogues,
})  # fmt: skip
organisations = seldom(weighed(None, organisation), ABSENT, one_in=20)

todays = weighed(options(*map(date.fromisoformat, TODAYS)), st.dates(date(2025, 1, 1), date(2029, 12, 31)))
people = st.builds(dict.__or__, contacts, stages)
some = shape({"contact": people, "dialogue": dialogues, "organisation": organisations})


def dated(value: Any, on: date) -> Any:
    """Turn every distance into a date."""
    if isinstance(value, Ago):
        return value.before(on)
    if isinstance(value, dict):
        return {key: dated(inner, on) for key, inner in value.items()}
    return [dated(inner, on) for inner in value] if isinstance(value, list) else value


@st.composite
def lives(draw: st.DrawFn) -> tuple[dict[str, Any], date]:
    """Draw facts and the day they are judged."""
    on = draw(todays)
    return dated(draw(some), on), on

"""What is a dialogue: the rows of policy.toml, put to each event.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from crm_gdpr.policy.book import DialogueRow, Policy
from crm_gdpr.policy.facts import Event, Facts, Unknown
from crm_gdpr.policy.text import Text

YES, NO, UNCLEAR, PLANNED = "yes", "no", "unknown", "planned"
_WAY = attrgetter(*(name for name in Event.__dataclass_fields__ if name not in ("ref", "on")))

UNLISTED = Text(sv="typen finns inte i policyn", en="the policy does not list this kind")
LATER = Text(sv="ligger efter dagen som bedöms", en="lies after the day that is judged")
UNDATED = Text(sv="saknar datum", en="has no date")


@dataclass(frozen=True)
class Considered:
    """One event and whether it counts (yes · no · unknown · planned), whose it is, and why."""

    event: Event
    whose: str
    counts: str
    why: Text


def trace(facts: Facts, policy: Policy, on: date) -> tuple[Considered, ...]:
    """Consider every event of the person and of the organisation, oldest first, each once."""
    own = _events(facts.dialogue)
    organisation = facts.organisation
    theirs = () if isinstance(organisation, Unknown) or organisation is None else _events(organisation.dialogue)
    of_person = [e for e in own if e.kind != "deal"]
    refs = {e.ref for e in of_person}
    of_organisation = [e for e in (*theirs, *(e for e in own if e.kind == "deal")) if e.ref not in refs]
    considered = [consider(e, "person", policy, on) for e in of_person]
    considered += [consider(e, "organisation", policy, on) for e in of_organisation]
    if len({c.event.ref for c in considered}) < len(considered):
        considered = sorted(set(considered), key=lambda c: repr(c.event))
    return tuple(sorted(considered, key=lambda c: (c.event.on or date.min, c.event.ref, c.whose)))


def consider(event: Event, whose: str, policy: Policy, on: date) -> Considered:
    """Put one event to the rows; the first that fits decides."""
    row = row_of(event, policy)
    counts, why = (UNCLEAR, UNLISTED) if row is None else (row.counts, row.why)
    if counts == NO:
        return Considered(event, whose, NO, why)
    if event.on is None:
        return Considered(event, whose, UNCLEAR, UNDATED)
    if counts == PLANNED:
        return Considered(event, whose, PLANNED if event.on >= on else UNCLEAR, why)
    if event.on > on and not (counts == UNCLEAR and event.kind == "meeting"):
        return Considered(event, whose, NO, LATER)
    return Considered(event, whose, counts, why)


def fits(row: DialogueRow, event: Event) -> bool:
    """Tell whether a row speaks of this event."""
    return row.kind == event.kind and all(event.field(name) in allowed for name, allowed in row.when.items())


def row_of(event: Event, policy: Policy) -> DialogueRow | None:
    """Return the first row that fits; events are many and differ in few ways, so each way is looked up once."""
    way = _WAY(event)
    if way not in policy.rows_met:
        policy.rows_met[way] = next((row for row in policy.dialogue if fits(row, event)), None)
    return policy.rows_met[way]


def _events(events: Iterable[Event] | Unknown) -> tuple[Event, ...]:
    return () if isinstance(events, Unknown) else tuple(events)

"""The rules of the verdict a second time: naive, from the same page, sharing nothing with the product.

Facts as JSON and a day in, a word out.  What is not known is answered in every way it could turn out, one world each,
and the words that the worlds give are compared: that is rule 6 without any cleverness.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

GENTLE_FIRST = ["unknown", "keep", "review", "archive", "erase"]
LONG, SHORT = (12, 21, 24), (8, 9, 12)
NO_ANSWER = {"busy", "no answer", "left voicemail", "left live message", "wrong number"}
STATUSES = {None, "SENT", "SENDING", "SCHEDULED", "BOUNCED", "FAILED"}
CHANNELS = {None, "WHATS_APP", "SMS", "LINKEDIN_MESSAGE"}

World = dict[str, Any]


@dataclass(frozen=True)
class Opinion:
    """The word, the day of the last dialogue and whoever may be named for it; ties leave several."""

    verdict: str
    last_on: date | None
    names: frozenset[tuple[str, str]]


def judge(facts: dict[str, Any], on: date) -> Opinion:
    """Say what the page says of these facts on this day."""
    others = worlds(facts, on)
    known = next(others)
    word = verdict(known, on)
    if word in ("archive", "erase") and any(gentler(verdict(other, on), word) for other in others):
        word = "unknown"
    last_on, names = last_dialogue(known)
    return Opinion(word, last_on, names)


def gentler(one: str, other: str) -> bool:
    """Tell whether one word is easier on the record than the other."""
    return GENTLE_FIRST.index(one) < GENTLE_FIRST.index(other)


def months_after(day: date, months: int) -> date:
    """Go forward whole months; a day that the month lacks becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# What one event may turn out to be.


def outcomes(event: dict[str, Any], on: date) -> set[str]:
    """Return everything this event may be: yes, no, planned."""
    day = when(event.get("on"))
    may_be = kinds_of_answer(event, day, on)
    if day is None:
        return may_be if may_be == {"no"} else may_be | {"no"}
    if day > on:
        return {"planned", "no"} & may_be or {"no"}
    return may_be


def kinds_of_answer(event: dict[str, Any], day: date | None, on: date) -> set[str]:
    """Read the table of what is a dialogue."""
    kind = event.get("kind")
    if kind == "meeting":
        return meeting(event.get("outcome"), day, on)
    if kind == "call":
        return call(event.get("disposition"))
    if kind in ("note", "task", "unsubscribe") or event.get("request"):
        return {"no"}
    if kind in ("form", "deal"):
        return {"no"} if event.get("automatic") else {"yes"}
    if kind in ("email", "communication", "ticket"):
        return message(event)
    return {"yes", "no"}


def meeting(outcome: str | None, day: date | None, on: date) -> set[str]:
    """A meeting not closed is planned until its day has passed."""
    if outcome == "COMPLETED":
        return {"yes"}
    if outcome in ("CANCELED", "NO_SHOW", "RESCHEDULED"):
        return {"no"}
    coming = {"planned"} if day is None or day >= on else set()
    if outcome in (None, "SCHEDULED"):
        return coming if coming and day else {"yes", "no"} | coming
    return {"yes", "no"} | coming


def call(disposition: str | None) -> set[str]:
    """A call counts when somebody was reached."""
    if disposition == "connected":
        return {"yes"}
    return {"no"} if disposition in NO_ANSWER else {"yes", "no"}


def message(event: dict[str, Any]) -> set[str]:
    """A message counts when it came from the person, arrived, and was written by somebody."""
    if event.get("direction") == "out" or event.get("automatic") or event.get("status") in ("BOUNCED", "FAILED"):
        return {"no"}
    listed = event.get("status") in STATUSES and event.get("channel") in CHANNELS
    return {"yes"} if event.get("direction") == "in" and listed else {"yes", "no"}


# All the worlds these facts allow; the first holds only what is known.


def worlds(facts: dict[str, Any], on: date) -> Iterator[World]:
    """Give the world of the known facts, then every world that the unknown ones allow."""
    base: World = dict(facts["contact"]) | {
        "own": set(), "theirs": set(), "own_plan": False, "their_plan": False, "talks": set(),
        "customer": False, "deal": False, "ticket": False, "contract": None, "ended": None,
    }  # fmt: skip
    questions = [[{}, {key: True}] for key in ("hold", "restricted", "request_open") if key not in facts["contact"]]
    if "attested" in facts["contact"]:
        base["talks"] = {(when(a["on"]), f"attested/{a['on']}") for a in facts["contact"]["attested"] or []}
        base["talks"] = {talk for talk in base["talks"] if talk[0] <= on}
    else:
        questions.append([{}, {"talks": {(on, "?")}}])
    ask_organisation(facts, base, questions, on)
    own = facts.get("dialogue")
    seen = {event["ref"] for event in own or [] if event.get("kind") != "deal"}
    ask_events(own, "own", base, questions, on)
    organisation = facts.get("organisation")
    if organisation:
        theirs = organisation.get("dialogue")
        fresh = theirs if theirs is None else [event for event in theirs if event["ref"] not in seen]
        if "dialogue" in organisation:
            fresh = fresh or []
        ask_events(fresh, "theirs", base, questions, on)
    base["left"] = passed((base.get("not_relevant") or {}).get("since"), on)
    yield base
    for answers in product(*(reversed(question) for question in questions)):
        yield merged(base, *answers)


def ask_organisation(facts: dict[str, Any], base: World, questions: list[list[World]], on: date) -> None:
    """Take what is known of the organisation, ask for the rest."""
    if "organisation" not in facts:
        questions.append([{}, {"customer": True}])
        return
    organisation = facts["organisation"] or {
        "customer": False, "open_deals": [], "open_tickets": [], "contract_until": None, "relationship_ended_on": None,
    }  # fmt: skip
    words = {"customer": "customer", "open_deals": "deal", "open_tickets": "ticket"}
    for key, word in words.items():
        if key in organisation:
            base[word] = bool(organisation[key])
        else:
            questions.append([{}, {word: True}])
    for key, word in {"contract_until": "contract", "relationship_ended_on": "ended"}.items():
        if key in organisation:
            base[word] = when(organisation[key])
        else:
            questions.append([{}, {word: on}])


def ask_events(
    events: list[dict[str, Any]] | None, whose: str, base: World, questions: list[list[World]], on: date
) -> None:
    """Take the events that are plain, ask for the others; no list at all may hide anything."""
    plan = "own_plan" if whose == "own" else "their_plan"
    if events is None:
        questions.append([{}, {whose: {(on, "?")}}, {plan: True}])
        return
    for event in events:
        side, its_plan = ("theirs", "their_plan") if event.get("kind") == "deal" else (whose, plan)
        turns: dict[str, World] = {
            "no": {},
            "yes": {side: {(when(event.get("on")) or on, event["ref"])}},
            "planned": {its_plan: True},
        }
        may_be = [turns[word] for word in ("no", "yes", "planned") if word in outcomes(event, on)]
        base.update(merged(base, may_be[0]))
        questions.append(may_be)


def merged(base: World, *answers: World) -> World:
    """Add answers to a world."""
    world = dict(base)
    for answer in answers:
        for key, value in answer.items():
            world[key] = world[key] | value if isinstance(value, set) else value
    return world


def when(day: str | None) -> date | None:
    """Read a day."""
    return date.fromisoformat(day) if day else None


# The word in one world, rule by rule.


def verdict(world: World, on: date) -> str:
    """Apply rules 4, 11, 9, 10, 1-3 and 5 to a world without anything unknown."""
    if world["left"]:
        world = world | {"theirs": set(), "their_plan": False, "ended": None, "contract": None}
        world |= {"customer": False, "deal": False, "ticket": False}
    under_contract = world["contract"] is not None and on <= world["contract"]
    if passed(world.get("erasure_requested_on"), on):
        if world.get("hold"):
            return "keep"
        return "unknown" if world["customer"] or under_contract else "erase"
    keepers = ("hold", "restricted", "request_open", "customer", "deal", "ticket")
    if under_contract or any(world.get(key) for key in keepers):
        return "keep"
    word = walk(world, on)
    capped = (world["own_plan"] or world["their_plan"]) and word in ("archive", "erase")
    return "review" if capped else word


def walk(world: World, on: date) -> str:
    """Climb the ladder from the stage that today's clock bears."""
    start = ladder_start(world)
    at_once = [day for day in (passed(world.get("objected_on"), on), world["left"]) if day]
    if start is None and not at_once:
        return "unknown"
    rungs = [months_after(start, months) for months in ladder(world)] if start else [date.max] * 3
    let_go = let_go_on(world, on, min([rungs[0], *at_once]))
    review_due = min([rungs[0], *at_once])
    earliest = review_due + timedelta(days=30) if at_once else date.max
    archive_due = min([rungs[1], *(max(day, earliest) for day in at_once), *([let_go] if let_go else [])])
    hurried = bool(at_once or let_go)
    stage, began = world.get("stage"), when(world.get("stage_on"))
    if began and began <= on and stage == "archive" and began >= archive_due:
        erase_due = min(rungs[2], began + timedelta(days=85))
        if hurried:
            erase_due = began
        return "erase" if on >= max(erase_due, began + timedelta(days=80)) else "archive"
    if began and began <= on and stage == "review" and began >= review_due:
        ready = on >= began + timedelta(days=30)
        return "archive" if ready and (hurried or on >= rungs[1]) else "review"
    return "review" if on >= review_due else "keep"


def let_go_on(world: World, on: date, review_due: date) -> date | None:
    """Return the day the owner let go in a review, unless something has come after."""
    answer = world.get("review_answer") or {}
    day, began = when(answer.get("on")), when(world.get("stage_on"))
    if answer.get("answer") != "let_go" or day is None or began is None or max(day, began) > on:
        return None
    if world.get("stage") == "review" and not (review_due <= began <= day):
        return None
    if world.get("stage") == "archive" and day > began:
        return None
    if world.get("stage") not in ("review", "archive"):
        return None
    return None if any(talk[0] > day for talk in world["own"] | world["talks"]) else day


def ladder(world: World) -> tuple[int, int, int]:
    """Choose the ladder of rule 2."""
    answered = world["own"] or world["theirs"] or world["talks"]
    related = world["customer"] or world["contract"] or world["ended"]
    return SHORT if world.get("source") == "outreach" and not answered and not related else LONG


def ladder_start(world: World) -> date | None:
    """Return where the ladder starts: rules 1, 7 and 8."""
    return counted(world)[0]


def last_dialogue(world: World) -> tuple[date | None, frozenset[tuple[str, str]]]:
    """Return the day of the last dialogue and all who could be named for it."""
    return counted(world)[1:]


def counted(world: World) -> tuple[date | None, date | None, frozenset[tuple[str, str]]]:
    """Return the start, the last dialogue and its names; a talk only ever carries the clock forward."""
    events = [(day, ref, "person") for day, ref in world["own"]]
    if not world["left"]:
        events += [(day, ref, "organisation") for day, ref in world["theirs"]]
    last_on = max((day for day, _, _ in events), default=None)
    start = last_on or when(world.get("created_on"))
    if start is None:
        return None, None, frozenset()
    if world["ended"] and not world["left"]:
        start = max(start, world["ended"])
    talk_on = max((day for day, _ in world["talks"]), default=start)
    if talk_on <= start:
        return start, last_on, frozenset((ref, whose) for day, ref, whose in events if day == last_on)
    carried = min(talk_on, months_after(start, 12))
    return carried, carried, frozenset((ref, "attested") for day, ref in world["talks"] if day >= carried)


def passed(day: str | None, on: date) -> date | None:
    """Return the day if it has come."""
    found = when(day)
    return found if found and found <= on else None
